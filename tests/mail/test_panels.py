"""What other pages show of the outbox."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from portal.mail import delivery
from portal.mail.links import absolute_url, without_secrets
from portal.records import clock

pytestmark = pytest.mark.django_db
PANEL = Template("{% load mail_panels %}{% mails_about person %}")


def panel(person, user):
    request = SimpleNamespace(user=user)
    return PANEL.render(Context({"person": person, "user": user, "request": request}))


def test_the_panel_tells_what_went_out_and_what_is_to_come(put, person, officer):
    sent = put()
    delivery.drain()
    coming = put("vital", due=clock.now() + timedelta(days=3))
    html = panel(person, officer)
    assert f'href="/mail/outgoingmails/{sent.pk}/">A note for Bat-Erdene' in html
    assert f'href="/mail/outgoingmails/{coming.pk}/">Vital' in html
    assert "due 16 Oct 2026, 10:00" in html
    assert html.index("Vital") < html.index("A note for")


def test_the_panel_shows_nothing_to_who_may_not_read_mails(put, person, officer):
    put()
    assert "bat@example.mn" not in panel(person, person)
    assert "bat@example.mn" in panel(person, officer)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_takes_one_query_at_any_length(put, person, officer, rows, django_assert_num_queries):
    for number in range(rows):
        put(key=f"note:{number}")
    with django_assert_num_queries(1):
        assert panel(person, officer).count("bat@example.mn") == rows


def test_a_refused_address_is_shown_with_the_person_and_with_nobody_else(put, person, officer, mail_server):
    mail_server.rcpt_answers = ["550 5.1.1 No <such> user"]
    put()
    delivery.drain()
    bounced = Template("{% load mail_panels %}{% address_bounced people %}")
    html = bounced.render(Context({"people": person}))
    assert "Mail to bat@example.mn does not arrive." in html
    assert "The mail server refused the address on 13 October 2026: 5.1.1 No &lt;such&gt; user." in html
    assert bounced.render(Context({"people": [officer]})).strip() == ""
    assert "bat@example.mn" in bounced.render(Context({"people": [officer, person]}))


def test_links_in_mails_are_whole(settings):
    settings.SITE_URL = "https://training.example"
    template = Template(
        '{% load mail_links %}{% absolute "mail:outgoingmail-detail" 7 %} {% absolute path %}'
    )
    text = template.render(Context({"path": "/verify/abc/"}))
    assert text == "https://training.example/mail/outgoingmails/7/ https://training.example/verify/abc/"
    assert absolute_url("verify/") == "https://training.example/verify/"


@pytest.mark.parametrize(
    "text",
    [
        "at 09:00 in Seoul",
        "https://training.example:8443/verify/9f2c/",
        "17:30:00",
        "a:b:c",
        "Message-ID: <x@y>",
    ],
)
def test_ordinary_text_has_no_secrets(text):
    assert without_secrets(text) == text
