from email import message_from_bytes, policy

import pytest
from django.template import engines
from django.template.loaders.locmem import Loader

from portal.mail import kinds, render, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def times():
    """A kind that prints a time and one of Django's own words."""
    templates = {
        "emails/test/times.subject.txt": "{% load i18n %}{% translate 'Monday' %}",
        "emails/test/times.txt": "{{ mail.due|date:'H:i' }}",
        "emails/test/times.html": '{% extends "emails/_base.html" %}{% block why %}Why.{% endblock %}',
    }
    engine = engines["django"].engine
    engine.template_loaders.insert(0, Loader(engine, templates))
    kinds.kind("times", template="test/times")(lambda mail: {})
    yield
    engine.template_loaders.pop(0)


@pytest.mark.parametrize(
    ("language", "subject", "lang"),
    [("ko", "월요일", "ko"), ("en", "Monday", "en"), ("mn", "Monday", "en")],  # not a kind for readers
)
def test_a_mail_is_wholly_in_the_recipients_language_where_offered(
    put, person, times, language, subject, lang
):
    person.language = language
    texts = render.preview(put("times", to=person))
    assert texts["subject"] == subject
    assert f'<html lang="{lang}">' in texts["html"]


@pytest.mark.parametrize(
    ("zone", "time"), [("Asia/Ulaanbaatar", "09:00"), ("Asia/Seoul", "10:00"), ("Nowhere/At-all", "10:00")]
)
def test_times_are_the_recipients(put, person, times, zone, time):
    person.time_zone = zone
    assert render.preview(put("times", to=person))["text"] == f"{time}\n"


def test_the_version_changes_with_the_templates(put, times):
    mail = put("times")
    before = render.preview(mail)["template_version"]
    assert render.preview(mail)["template_version"] == before
    loader = engines["django"].engine.template_loaders[0]
    loader.templates_dict["emails/test/times.txt"] += "!"
    assert render.preview(mail)["template_version"] != before


def test_html_is_escaped_and_text_is_not(put, person):
    texts = render.preview(put(context={"word": "<b>"}))
    assert "Say & do: <b>" in texts["text"]
    assert "Say &amp; do: &lt;b&gt;" in texts["html"]


def test_two_apps_cannot_name_a_kind_alike():
    def context(mail):
        return {}

    context.__module__ = "somewhere.mails"
    with pytest.raises(Exception, match="Two apps register mails of the kind “note”"):
        kinds.kind("note", template="x")(context)


@pytest.mark.parametrize(
    ("address", "in_ascii"),
    [
        ("a@한글.kr", "a@xn--bj0bj06e.kr"),
        ("a@example.org", "a@example.org"),
        ('"a,b"@한글.kr', '"a,b"@xn--bj0bj06e.kr'),
    ],
)
def test_a_domain_in_any_letters_is_written_as_mail_servers_write_it(put, person, address, in_ascii):
    person.email, person.name = address, "김서연"
    mail = put(to=person)
    states.freeze(states.claim(), render.rendered(mail, {"person": person}))
    mail.refresh_from_db()
    head = message_from_bytes(bytes(mail.raw), policy=policy.default)
    assert str(head["to"].addresses[0].addr_spec) == in_ascii
    assert render.FrozenMessage(mail).recipients() == [in_ascii]
