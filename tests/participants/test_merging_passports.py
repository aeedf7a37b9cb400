"""Two entries that are one person: the passport, its scans and what was agreed go with them, and nothing is lost."""

import pytest
from django.urls import reverse

from participants import workflow
from participants.models import Consent, Document, Passport
from portal.accounts.roles import Role
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = "E7340471"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def keep():
    return factories.make_trainee("Saruul Bat")


@pytest.fixture
def lose():
    return factories.make_trainee("Saruul Batt", user=True)


def merge(client, keep, lose):
    address = reverse("participants:trainee-merge", args=[keep.pk])
    return client.post(f"{address}?other={lose.pk}&keep={keep.pk}", {"reason": "Same passport."})


def reveal(client, trainee):
    address = reverse("participants:passport-reveal", args=[trainee.pk])
    return client.post(address, {"reason": "visa invitation"}).content.decode()


def test_the_number_opens_for_the_person_who_stays(client, officer, keep, lose):
    factories.make_passport(lose, NUMBER)
    assert merge(client, keep, lose).status_code == 302
    assert Passport.objects.get().trainee == keep
    assert NUMBER in reveal(client, keep)
    assert client.post(reverse("participants:passport-find"), {"number": NUMBER}).url == reverse(
        "participants:trainee-detail", args=[keep.pk]
    )


def test_consents_and_papers_come_along_and_go_with_the_person(client, officer, keep, lose, private_files):
    workflow.consents.give(lose, by=lose.user, purpose="passport", language="en")
    photo = factories.make_document(lose, "photo")
    workflow.documents.check(photo, by=officer)
    merge(client, keep, lose)
    assert [row.trainee for row in (Consent.objects.get(), Document.objects.get())] == [keep, keep]
    keep.refresh_from_db()
    assert keep.photo_id == photo.file_id
    path = private_files / photo.file.path
    assert workflow.documents.erase_all(keep, by=officer, reason="asked for") == 1
    assert not path.exists()


def test_of_two_passports_a_person_says_which_is_wrong_and_the_other_stays(client, officer, keep, lose):
    factories.make_passport(keep, "AB1234567")
    factories.make_passport(lose, NUMBER)
    response = merge(client, keep, lose)
    assert response.status_code == 409
    assert "Both have this, and only one may: passport" in response.content.decode()
    assert Passport.objects.count() == 2
    erase = reverse("participants:passport-erase", args=[keep.pk])
    assert (
        f'href="{erase}"'
        in client.get(reverse("participants:trainee-detail", args=[keep.pk])).content.decode()
    )
    assert client.post(erase, {"reason": ""}).status_code == 422
    assert client.post(erase, {"reason": "The old passport."}).status_code == 302
    assert Event.objects.about(keep).get(verb="erase_passport").reason == "The old passport."
    assert client.post(erase, {"reason": "Again."}).status_code == 409
    assert merge(client, keep, lose).status_code == 302
    assert NUMBER in reveal(client, keep)


def test_a_number_that_does_not_open_holds_the_merge_up(client, officer, keep, lose, settings):
    factories.make_passport(lose, NUMBER)
    keys, settings.PASSPORT_KEYS = (
        settings.PASSPORT_KEYS,
        ["other:a secret that has sealed none of the numbers"],
    )
    response = merge(client, keep, lose)
    assert response.status_code == 409
    assert "This number cannot be read any more" in response.content.decode()
    settings.PASSPORT_KEYS = keys
    assert Passport.objects.get().number.plain == NUMBER


def test_a_consent_withdrawn_in_one_entry_holds_for_the_passport_in_the_other(
    client, officer, keep, lose, private_files
):
    factories.make_passport(keep, NUMBER)
    factories.make_document(keep, "passport")
    workflow.consents.give(lose, by=lose.user, purpose="passport", language="en")
    workflow.consents.withdraw(lose, by=lose.user, purpose="passport")
    response = merge(client, keep, lose)
    assert response.status_code == 409
    assert "has withdrawn the consent to keep the passport" in response.content.decode()
    client.post(reverse("participants:passport-erase", args=[keep.pk]), {"reason": "Consent withdrawn."})
    assert Document.objects.get().file is None
    assert merge(client, keep, lose).status_code == 302
