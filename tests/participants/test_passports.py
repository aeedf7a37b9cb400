"""Passport numbers: read in one spelling, sealed, found by index, shown to few, and each look kept."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from participants import passports, workflow
from participants.models import Consent, Passport
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from portal.records.models import AccessRecord, Event
from portal.records.transitions import NotNow
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db

NUMBER = "E7340471"
OLD = "old:the secret that was used before this one came"
NEW = "new:the secret that is to be used from this day on"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def trainee():
    return factories.make_trainee("Nomin-Erdene Tsogt", nationality="MN")


def screen(name, trainee):
    names = {"edit": "participants:passport-edit", "reveal": "participants:passport-reveal"}
    return reverse(names[name], args=[trainee.pk])


def form_of(trainee, number=NUMBER, **facts):
    return {"number": number, "issuing_country": "MN", "sent_by": trainee.institution_id, **facts}


# Reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["E7340471", " e734 0471 ", "E-7340471", "e734\u20100471", "Ｅ７３４０４７１", "E734\u200b0471"]
)
def test_a_number_has_one_spelling_however_it_is_typed(typed):
    assert passports.normalize(typed).plain == NUMBER


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("АA123456", "“А” is a Cyrillic letter. Type the Latin letter that stands in the passport."),
        ("EО734047", "“О” is a Cyrillic letter. Type the Latin letter that stands in the passport."),
        ("ΕE734047", "“Ε” is a Greek letter. Type the Latin letter that stands in the passport."),
        ("E734/047", "“/” stands in no passport number. Type Latin letters and digits only."),
        (
            "none",
            "A passport number has 5 to 15 letters and digits, at least one of them a digit.",
        ),
        ("E1", "A passport number has 5 to 15 letters and digits, at least one of them a digit."),
    ],
)
def test_what_is_no_passport_number_is_refused_with_what_is_wrong(typed, said):
    with pytest.raises(ValidationError) as refused:
        passports.normalize(typed)
    assert refused.value.messages == [said]


@pytest.mark.parametrize("typed", ["900101-1234567", "9001015234567", "900101-1******"])
def test_a_registration_number_is_never_taken_and_not_repeated(client, officer, trainee, typed):
    response = client.post(screen("edit", trainee), form_of(trainee, typed))
    (error,) = response.context["form"].errors["number"]
    assert error.startswith("This looks like a Korean resident or alien registration number.")
    assert typed not in error
    assert Passport.objects.count() == 0


def test_a_number_that_is_printed_by_accident_shows_its_mask():
    number = passports.normalize(NUMBER)
    assert (str(number), repr(number), f"{[number]}") == ("••••471", "••••471", "[••••471]")


# Sealing -------------------------------------------------------------------------------------------


def test_a_sealed_number_opens_beside_its_own_row_only():
    sealed = passports.seal(passports.normalize(NUMBER), to="trainee:1")
    assert passports.unseal(sealed, to="trainee:1").plain == NUMBER
    with pytest.raises(passports.Unreadable):
        passports.unseal(sealed, to="trainee:2")


def test_two_seals_of_one_number_have_nothing_in_common_but_their_index():
    number = passports.normalize(NUMBER)
    one, other = (passports.seal(number, to="trainee:1").data for _ in range(2))
    assert one != other
    assert passports.index_of(number) == passports.index_of(passports.normalize("e 7340471"))
    assert passports.index_of(number) != passports.index_of(passports.normalize("E7340472"))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([], "is empty"),
        (["one:too short"], "32 characters"),
        (["no name"], "32 characters"),
        ([OLD, OLD], "each name once"),
    ],
)
def test_without_usable_keys_nothing_starts(settings, keys, said):
    settings.PASSPORT_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=said):
        passports.check_settings()


def test_a_changed_number_and_a_missing_key_are_said_in_words(client, officer, settings):
    settings.PASSPORT_KEYS = [OLD]
    passport = factories.make_passport(number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participants_passport SET sealed = set_byte(sealed, 14, (get_byte(sealed, 14) + 1) % 256)"
        )
    for keys in ([OLD], [NEW]):
        settings.PASSPORT_KEYS = keys
        response = client.post(screen("reveal", passport.trainee), {"reason": "visa invitation"})
        assert response.status_code == 409
        assert "cannot be read any more" in response.content.decode()


# Keeping -------------------------------------------------------------------------------------------


def test_an_officer_enters_a_passport_and_the_trail_says_only_that(client, officer, trainee):
    response = client.post(screen("edit", trainee), form_of(trainee, expires="2030-05-01"))
    assert response.url == reverse("participants:trainee-detail", args=[trainee.pk])
    passport = Passport.objects.get()
    assert (passport.masked, passport.issuing_country, passport.basis) == ("••••471", "MN", "sent")
    event = Event.objects.about(trainee).get()
    assert (event.verb, event.data) == (
        "enter_passport",
        {"passport": ["expires", "issuing_country", "number"], "basis": "sent"},
    )
    page = client.get(response.url).content.decode()
    assert "••••471" in page
    assert NUMBER not in page


def test_no_number_is_kept_without_consent_or_who_sent_it(client, officer, trainee):
    response = client.post(screen("edit", trainee), form_of(trainee, sent_by=""))
    assert response.status_code == 422
    assert response.context["form"].errors["sent_by"] == [
        "The person has not agreed that the number is kept. "
        "Say which institution sent it, or ask the person first."
    ]
    consent = {"purpose": "passport", "version": "2026-11", "language": "en", "by_name": "they"}
    Consent.objects.create(trainee=trainee, action="given", **consent)
    assert client.post(screen("edit", trainee), form_of(trainee, sent_by="")).status_code == 302
    assert Passport.objects.get().basis == "consent"


def test_the_form_shows_the_mask_and_an_empty_field_keeps_the_number(client, officer, trainee):
    factories.make_passport(trainee, NUMBER)
    page = client.get(screen("edit", trainee)).content.decode()
    assert "••••471 stands here" in page
    assert NUMBER not in page
    client.post(screen("edit", trainee), form_of(trainee, "", expires="2031-01-01"))
    passport = Passport.objects.get()
    assert (passport.number.plain, str(passport.expires)) == (NUMBER, "2031-01-01")


def test_an_expired_passport_is_refused(client, officer, trainee):
    response = client.post(screen("edit", trainee), form_of(trainee, expires="2020-01-01"))
    assert response.context["form"].errors["expires"] == ["This passport has expired. Enter the new one."]


def test_the_number_of_somebody_else_is_refused_with_their_name(client, officer, trainee):
    factories.make_passport(factories.make_trainee("Bat-Erdene Dorj"), NUMBER)
    response = client.post(screen("edit", trainee), form_of(trainee, "e734-0471"))
    assert response.context["form"].errors["number"] == [
        "This is the number of Bat-Erdene Dorj already. Is it the same person?"
    ]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_people_entered_with_one_number_at_the_same_moment_do_not_both_get_it():
    people = [factories.make_trainee() for _ in range(2)]

    def entering(person):
        def job():
            try:
                factories.make_passport(person, NUMBER)
            except NotNow as error:
                return error.messages
            return "kept"

        return job

    answers = at_once(*map(entering, people))
    assert answers.count("kept") == 1
    assert Passport.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_unique_index_both_would_get_it():
    """The negative control: it is the index that holds, not the check."""
    people = [factories.make_trainee() for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE participants_passport DROP CONSTRAINT participants_passport_index_key")
    try:
        at_once(*[lambda person=person: factories.make_passport(person, NUMBER) for person in people])
        assert Passport.objects.count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM participants_passport")
            cursor.execute(
                'ALTER TABLE participants_passport ADD CONSTRAINT participants_passport_index_key UNIQUE ("index")'
            )


# Looking -------------------------------------------------------------------------------------------


def test_a_number_is_shown_once_after_a_reason_and_the_look_is_kept(client, officer):
    passport = factories.make_passport(number=NUMBER)
    address = screen("reveal", passport.trainee)
    page = client.get(address).content.decode()
    assert NUMBER not in page
    assert AccessRecord.objects.count() == 0
    response = client.post(address, {"reason": "visa invitation letter"}, REMOTE_ADDR="10.9.8.7")
    assert NUMBER in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    look = AccessRecord.objects.get()
    assert (look.by, look.about, look.what) == (officer, passport.trainee, "passport_number")
    assert (look.reason, look.ip) == ("visa invitation letter", "10.9.8.7")
    assert NUMBER not in client.get(address).content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "ok"])
def test_without_a_reason_nothing_is_shown(client, officer, reason):
    passport = factories.make_passport(number=NUMBER)
    response = client.post(screen("reveal", passport.trainee), {"reason": reason})
    assert response.status_code == 422
    assert NUMBER not in response.content.decode()
    assert AccessRecord.objects.count() == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_who_may_not_is_shown_nothing_and_not_even_that_there_is_one(client, role):
    passport = factories.make_passport(number=NUMBER)
    client.force_login(factories.make_user(role))
    for name in ("edit", "reveal"):
        assert client.post(screen(name, passport.trainee), {"reason": "curious"}).status_code == 403
    page = client.get(reverse("participants:trainee-detail", args=[passport.trainee_id])).content.decode()
    assert "471" not in page
    with pytest.raises(PermissionDenied):
        workflow.passports.reveal(passport, by=factories.make_user(role), reason="curious", request=None)
    assert AccessRecord.objects.count() == 0


def test_a_person_is_found_by_the_number_that_stands_in_no_address(client, officer):
    passport = factories.make_passport(number=NUMBER)
    factories.make_passport()
    address = reverse("participants:passport-find")
    response = client.post(address, {"number": "e734 0471"})
    assert response.url == reverse("participants:trainee-detail", args=[passport.trainee_id])
    unknown = client.post(address, {"number": "E0000000X"})
    assert unknown.context["form"].errors["number"] == ["No person with this number is known."]


def test_the_admin_shows_the_mask(client):
    passport = factories.make_passport(number=NUMBER)
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    pages = [
        reverse("admin:participants_passport_changelist"),
        reverse("admin:participants_passport_change", args=[passport.pk]),
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert "••••471" in text
        assert NUMBER not in text
        assert passport.index not in text


# Rotation ------------------------------------------------------------------------------------------


def test_after_a_new_key_every_number_is_sealed_with_it_and_read_without_the_old_one(settings, capsys):
    settings.PASSPORT_KEYS = [OLD]
    kept = [factories.make_passport(number=f"E734047{n}") for n in range(3)]
    settings.PASSPORT_KEYS = [NEW, OLD]
    call_command("rotate_passport_keys")
    assert "3 number(s) sealed with the key “new”" in capsys.readouterr().out
    settings.PASSPORT_KEYS = [NEW]
    plain = [p.number.plain for p in Passport.objects.order_by("pk")]
    assert plain == ["E7340470", "E7340471", "E7340472"]
    assert len(kept) == 3
    call_command("rotate_passport_keys")
    assert "0 number(s)" in capsys.readouterr().out


def test_a_rotation_that_was_stopped_goes_on_where_it_was(settings, monkeypatch, capsys):
    settings.PASSPORT_KEYS = [OLD]
    for number in range(3):
        factories.make_passport(number=f"E734047{number}")
    settings.PASSPORT_KEYS = [NEW, OLD]
    monkeypatch.setattr("participants.management.commands.rotate_passport_keys.BATCH", 1)
    seal_anew, calls = workflow.passports.seal_anew, []

    def stopped(passport):
        calls.append(passport)
        if len(calls) > 1:
            raise KeyboardInterrupt
        seal_anew(passport)

    monkeypatch.setattr("participants.management.commands.rotate_passport_keys.seal_anew", stopped)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_passport_keys")
    assert Passport.objects.filter(key_id="new").count() == 1
    monkeypatch.setattr("participants.management.commands.rotate_passport_keys.seal_anew", seal_anew)
    call_command("rotate_passport_keys")
    assert Passport.objects.filter(key_id="new").count() == 3


def test_one_number_that_cannot_be_read_is_named_and_holds_up_no_other(settings, capsys):
    settings.PASSPORT_KEYS = [OLD]
    lost = factories.make_passport()
    settings.PASSPORT_KEYS = [NEW]
    factories.make_passport()
    settings.PASSPORT_KEYS = ["third:the third secret of them all, long enough too", NEW]
    call_command("rotate_passport_keys")
    captured = capsys.readouterr()
    assert "1 number(s) sealed with the key “third”" in captured.out
    assert f"1 could not be read; enter them again. Trainees: {lost.trainee_id}" in captured.err


def test_a_new_secret_of_the_index_finds_everybody_after_a_round_over_all(settings):
    passport = factories.make_passport(number=NUMBER)
    settings.PASSPORT_INDEX_KEY = "a new secret of the index, as long as needed"
    number = passports.normalize(NUMBER)
    assert workflow.passports.find(number) is None
    call_command("rotate_passport_keys", all=True)
    assert workflow.passports.find(number) == passport


def test_erasing_leaves_nothing_but_the_fact(officer):
    passport = factories.make_passport(number=NUMBER)
    trainee = passport.trainee
    workflow.passports.erase(passport, by=PORTAL, reason="90 days after departure")
    assert not Passport.objects.exists()
    event = Event.objects.about(trainee).first()
    assert (event.verb, event.reason, event.data) == ("erase_passport", "90 days after departure", {})
    assert not re.search("471", str(list(Event.objects.about(trainee).values())))
