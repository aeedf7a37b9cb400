"""Erasing a person at their wish: nothing names them any more, every count is as it was, and the trail says so."""

from datetime import date

import jwt
import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from participants.models import FollowUp, Graduation, Trainee
from participants.workflow import followups
from portal.accounts.roles import Role
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from programs.models import Certificate, Enrollment, WithdrawnBadge
from programs.workflow import certificates
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "Zanabazar Quillwort"
WORDS = ("Quillwort", "quillwort", "Кюилворт", "zanabazar.q@example.org", "+97699112233")
OTHER = "Bystander Person"


@pytest.fixture
def manager(client):
    user = factories.make_user(Role.MANAGER, name="Kim Manager")
    client.force_login(user)
    return user


@pytest.fixture
def person(settings, tmp_path):
    """Somebody who has been through all of it, with their name in every place it can get to."""
    trainee = factories.make_trainee(
        CANARY,
        user=True,
        email="zanabazar.q@example.org",
        local_name="Занабазар Кюилворт",
        phone="+97699112233",
        emergency_contact="The mother of Zanabazar Quillwort",
        specialty=factories.make_specialty("surgery"),
    )
    factories.make_passport(trainee)
    factories.make_document(trainee, "cv")
    factories.make_duplicate(trainee)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    factories.make_certificate(enrollment=enrollment, state="issued")
    followup = FollowUp.objects.filter(graduation__trainee=trainee).order_by("months").first()
    followups.open_followup(followup, by=PORTAL)
    followups.answer(
        followup, by=trainee.user, applied="I, Zanabazar Quillwort, use it", procedures="UBE", taught=4,
        post="changed", workplace="Clinic of Quillwort",
    )  # fmt: skip
    followups.keep_draft(
        FollowUp.objects.filter(graduation__trainee=trainee).order_by("months").last(), {"applied": CANARY}
    )
    about_others = outbox.put(
        "certificate", to=factories.make_user(), about=enrollment.certificates.get(), key="copy"
    )
    OutgoingMail.objects.filter(pk=about_others.pk).update(subject=f"The certificate of {CANARY}")
    return Trainee.objects.get(pk=trainee.pk)


def erase(client, trainee, certificate="keep", **changes):
    data = {"wish": "letter", "certificate": certificate, "name": trainee.passport_name, **changes}
    return client.post(reverse("programs:trainee-erase", args=[trainee.pk]), data)


def places_with(word):
    """Where in the database a word stands: each column of each table as text, as a dump holds it."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name IN "
            "(SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')"
        )
        for table, column in cursor.fetchall():
            value = f"encode(\"{column}\", 'escape')" if _is_bytes(table, column) else f'"{column}"::text'
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {value} LIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return sorted(found)


def _is_bytes(table, column):
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            fields = {field.column: field for field in model._meta.local_concrete_fields}
            return isinstance(fields.get(column), models.BinaryField)
    return False


def counts():
    return {
        "people": Trainee.objects.count(),
        "graduates": Graduation.objects.count(),
        "enrollments": sorted(Enrollment.objects.values_list("state", flat=True)),
        "certificates": sorted(Certificate.objects.values_list("number", flat=True)),
        "answered": FollowUp.objects.filter(state="answered").count(),
        "taught": sum(filter(None, FollowUp.objects.values_list("taught", flat=True))),
        "from Mongolia": Trainee.objects.filter(
            models.Q(nationality="MN") | models.Q(nationality="", institution__region__country="MN")
        ).count(),
        "surgeons": Trainee.objects.filter(specialty__name="surgery").count(),
    }


def test_the_canary_is_in_many_places_before(person):
    assert len(places_with("Quillwort")) > 8


def test_no_dump_of_the_database_names_the_person_afterwards(client, manager, person):
    assert erase(client, person, "forget").status_code == 302
    assert [place for word in WORDS for place in places_with(word)] == []


def test_where_they_agree_the_core_of_the_certificate_alone_keeps_the_name(client, manager, person):
    code = Certificate.objects.get().code
    erase(client, person, "keep")
    assert places_with("Quillwort") == ["programs_certificate.printed"]
    assert [place for word in WORDS[1:] for place in places_with(word)] == []
    page = client.get(reverse("public:verify-code", args=[code])).content.decode()
    assert CANARY in page


def test_where_they_do_not_agree_the_certificate_is_unknown(client, manager, person):
    code = Certificate.objects.get().code
    erase(client, person, "forget")
    page = client.get(reverse("public:verify-code", args=[code])).content.decode()
    assert CANARY not in page
    assert Certificate.objects.get().number != ""


def badge_and_list(client, code):
    """What the badge made of this code is called, and what the public list says of it and of others."""
    claims = jwt.decode(
        client.get(reverse("public:verify-badge", args=[code])).content, options={"verify_signature": False}
    )
    return claims["id"], lambda: [
        tuple(line.values())
        for line in client.get(reverse("public:issuer-revoked")).json()["revokedCredential"]
    ]


@pytest.mark.parametrize(("choice", "listed"), [("keep", False), ("forget", True)])
def test_a_badge_ends_with_the_certificate_it_was_made_of(client, manager, person, choice, listed):
    name, on_the_list = badge_and_list(client, Certificate.objects.get().code)
    erase(client, person, choice)
    assert on_the_list() == ([(name, True, "withdrawn")] if listed else [])


def test_a_badge_that_was_revoked_before_stays_on_the_list(client, manager, person):
    certificate = Certificate.objects.get()
    name, on_the_list = badge_and_list(client, certificate.code)
    certificates.ask_revocation(certificate, by=factories.make_user(Role.OFFICER), reason="not completed")
    certificates.revoke(certificate, by=manager)
    erase(client, person, "forget")
    assert (name, True, "withdrawn") in on_the_list()
    assert [field.name for field in WithdrawnBadge._meta.get_fields()] == ["identifier"]


def test_no_count_changes(client, manager, person):
    before = counts()
    erase(client, person)
    assert counts() == before


def test_others_keep_what_is_theirs_even_a_namesake(client, manager, person):
    namesake = factories.make_trainee(CANARY, email="other@example.org")
    erase(client, person, "forget")
    namesake.refresh_from_db()
    assert namesake.passport_name == CANARY
    assert places_with("zanabazar.q@example.org") == []
    assert Trainee.objects.get(pk=person.pk).passport_name == "(erased)"


def test_the_trail_says_so_without_naming_them(client, manager, person):
    erase(client, person)
    event = Event.objects.get(verb="erase")
    assert (event.actor, event.subject_name) == (manager, "(erased)")
    assert event.data == {"wish": "letter", "certificate": True}


def test_their_files_and_their_account_are_gone(client, manager, person, django_capture_on_commit_callbacks):
    user, file = person.user, person.documents.get().file
    printed = Certificate.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        erase(client, person)
    for gone in (file, printed):
        with pytest.raises(FileNotFoundError):
            gone.open()
    user.refresh_from_db()
    assert (user.is_active, user.name) == (False, "(erased)")
    address = reverse("programs:certificate-download", args=[Certificate.objects.get().pk])
    assert client.get(address).status_code == 404


def test_pages_still_stand_afterwards(client, manager, person):
    erase(client, person)
    graduation = Graduation.objects.get()
    for name, pk in (
        ("participants:trainee-detail", person.pk),
        ("participants:graduation-detail", graduation.pk),
        ("programs:certificate-detail", Certificate.objects.get().pk),
    ):
        page = client.get(reverse(name, args=[pk]))
        assert page.status_code == 200
        assert "Quillwort" not in page.content.decode().replace(Certificate.objects.get().printed["name"], "")
    assert "(erased)" not in client.get(reverse("participants:trainee-list")).content.decode()


def test_what_goes_and_what_stays_is_shown_first_and_nothing_happens(client, manager, person):
    page = client.get(reverse("programs:trainee-erase", args=[person.pk])).content.decode()
    assert "Papers: 1, passports: 1" in page
    assert "1 entries of the alumni register" in page
    assert Trainee.objects.get(pk=person.pk).passport_name == CANARY


@pytest.mark.parametrize("changes", [{"name": "Somebody Else"}, {"wish": ""}, {"certificate": ""}])
def test_it_needs_the_name_once_more_and_every_answer(client, manager, person, changes):
    assert erase(client, person, **changes).status_code == 422
    assert Trainee.objects.get(pk=person.pk).erased_at is None


def test_who_still_takes_part_is_not_erased(client, manager):
    enrollment = factories.make_enrollment(state="accepted")
    answer = erase(client, enrollment.trainee)
    assert answer.status_code == 409
    assert "still nominated or taking part" in answer.content.decode()


def test_an_officer_erases_nobody(client, person):
    client.force_login(factories.make_user(Role.OFFICER))
    assert erase(client, person).status_code == 403


def test_nobody_is_written_to_afterwards(client, manager, person):
    erase(client, person)
    assert not FollowUp.objects.filter(state__in=["scheduled", "open"]).exists()
    with clock.at(date(2030, 1, 1)):
        followups.due_work(say=lambda line: None)
    assert not OutgoingMail.objects.filter(state="queued", recipient_name=CANARY).exists()
