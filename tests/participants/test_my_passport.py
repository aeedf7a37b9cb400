"""A trainee keeps the passport on their own page: with consent, sealed, and never shown whole."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from participants.models import Consent, Duplicate, Passport
from portal.accounts.roles import Role
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

NUMBER = "E7340471"


@pytest.fixture
def trainee():
    return factories.make_trainee("Nomin-Erdene Tsogt", user=True, nationality="MN")


@pytest.fixture
def page(client, trainee):
    client.force_login(trainee.user)
    return reverse("participants:my-passport")


def typed(**facts):
    return {"number": NUMBER, "issuing_country": "MN", "expires": "2030-01-31", "agrees": "on", **facts}


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_one_s_own_passport_is_kept_with_the_consent_and_shown_by_its_last_characters(client, trainee, page):
    assert "No passport number is kept of you." in text_of(client.get(page))
    assert client.post(page, typed()).status_code == 302
    passport = Passport.objects.get()
    assert (passport.number.plain, passport.expires, passport.basis) == (NUMBER, date(2030, 1, 31), "consent")
    word = Consent.objects.get()
    assert (word.purpose, word.action, word.by) == ("passport", "given", trainee.user)
    assert {e.actor for e in Event.objects.about(trainee).filter(verb="enter_passport")} == {trainee.user}
    shown = client.get(page)
    assert "••••471" in text_of(shown)
    assert NUMBER not in shown.content.decode()


def test_without_consent_no_number_is_kept(client, page):
    response = client.post(page, typed(agrees=""))
    assert response.status_code == 422
    assert "Without this we may not keep your passport number." in text_of(response)
    assert not Passport.objects.exists()
    assert not Consent.objects.exists()


def test_what_was_typed_comes_back_in_no_page_but_the_rest_does(client, page):
    response = client.post(page, typed(expires="2020-01-31"))
    assert response.status_code == 422
    assert NUMBER not in response.content.decode()
    assert 'value="2020-01-31"' in response.content.decode()
    assert "Type it once more: a number is never put back into a page." in text_of(response)


def test_an_empty_number_keeps_the_one_that_stands(client, trainee, page):
    client.post(page, typed())
    assert client.post(page, typed(number="", expires="2031-05-01")).status_code == 302
    passport = Passport.objects.get()
    assert (passport.number.plain, passport.expires) == (NUMBER, date(2031, 5, 1))
    assert "agrees" not in client.get(page).context["form"].fields


def test_the_number_of_somebody_else_tells_nothing_of_whose_it_is_and_the_province_is_shown_the_pair(
    client, trainee, page
):
    other = factories.make_trainee("Hidden Person")
    factories.make_passport(other, NUMBER)
    response = client.post(page, typed())
    assert response.status_code == 422
    text = text_of(response)
    assert "This number cannot be kept." in text
    assert "Hidden" not in text
    assert not Consent.objects.exists()
    pair = Duplicate.objects.get()
    assert {pair.one, pair.other} == {trainee, other}
    assert (pair.strength, pair.evidence) == ("strong", ["passport"])


def test_the_pair_stays_when_the_register_is_looked_through(client, trainee, page):
    factories.make_passport(factories.make_trainee("Hidden Person"), NUMBER)
    client.post(page, typed())
    client.force_login(factories.make_user(Role.OFFICER))
    client.post(reverse("participants:duplicate-look"))
    assert Duplicate.objects.get().evidence == ["passport"]


def test_numbers_are_not_tried_without_end(client, page, monkeypatch):
    monkeypatch.setattr("participants.views.my.PASSPORTS_AN_HOUR", 1)
    assert client.post(page, typed()).status_code == 302
    assert "Wait an hour, then try again." in text_of(client.post(page, typed(number="E7340472")))
    assert Passport.objects.get().number.plain == NUMBER


def test_who_has_an_account_and_no_training_is_told_so(client):
    client.force_login(factories.make_user(Role.TRAINEE))
    assert "No training is recorded for you" in text_of(client.get(reverse("participants:my-passport")))
