"""Nominations by partner contacts: invited by staff, one by one by a link that closes at the deadline."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participants.models import Passport, Trainee
from partners.models import Contact
from portal.accounts import links
from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import Mailing, OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from portal.records.models import Event
from programs import calls
from programs.models import Call, Enrollment, Quota
from programs.workflow import enrollments
from tests import factories

pytestmark = pytest.mark.django_db
DEADLINE = date(2026, 10, 20)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def call():
    contact = factories.make_contact(name="Saruul Bat")
    cohort = factories.make_cohort(state="nominating", nominate_by=DEADLINE)
    return Call.objects.create(cohort=cohort, contact=contact)


PAGES = {
    "open": "programs:call-open",
    "nominate": "programs:call-nominate",
    "letter": "programs:call-letter",
    "take-back": "programs:call-take-back",
}


def address(name, call, *rest):
    return reverse(PAGES[name], args=[calls.token_for(call), *rest])


def nominee(**facts):
    return {
        "passport_name": "Bolormaa Dorj",
        "birth_date": "1985-04-03",
        "language": "mn",
        "recommended_by_organization": "First National Hospital",
        "recommended_by_person": "Director Tsend",
        "recommended_on": "2026-10-01",
        **facts,
    }


# Invited -------------------------------------------------------------------------------------------


def test_staff_see_the_mails_before_anybody_is_invited(client, officer):
    contact = factories.make_contact()
    cohort = factories.make_cohort(state="nominating", nominate_by=DEADLINE)
    page = reverse("programs:cohort-calls", args=[cohort.pk])
    response = client.post(page, {"contacts": [contact.pk]})
    assert "Invite 1 contact to nominate?" in text_of(response)
    assert "Please nominate until Tuesday, 20 October 2026." in text_of(response)
    assert not Call.objects.exists()
    assert client.post(page, {"contacts": [contact.pk], "confirmed": "1"}).status_code == 302
    assert Call.objects.get().contact == contact
    assert [mail.kind for mail in Mailing.objects.get().mails.all()] == ["nomination_call"]


def test_nobody_chosen_means_nobody_invited(client, officer):
    factories.make_contact()
    cohort = factories.make_cohort(state="nominating")
    response = client.post(reverse("programs:cohort-calls", args=[cohort.pk]), {"confirmed": "1"})
    assert response.status_code == 422
    assert "Nobody is chosen, so nobody is invited." in text_of(response)
    assert not Call.objects.exists()


def test_nobody_is_invited_while_nominations_are_closed(client, officer):
    contact, cohort = factories.make_contact(), factories.make_cohort()
    response = client.post(
        reverse("programs:cohort-calls", args=[cohort.pk]), {"contacts": [contact.pk], "confirmed": "1"}
    )
    assert response.status_code == 409
    assert "The nominations for this cohort are not open." in text_of(response)
    assert (Call.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_a_revoked_link_ends_at_once_and_says_so(client, officer, call):
    token_page = address("open", call)
    assert client.get(token_page).status_code == 200
    assert (
        client.post(reverse("programs:call-revoke", args=[call.pk]), {"reason": "Left."}).status_code == 302
    )
    response = client.get(token_page)
    assert response.status_code == 410
    assert "the invitation was revoked" in text_of(response)


@pytest.mark.parametrize(
    "change", [{"archived_at": clock.now()}, {"until": ApproximateDate(2026, 9)}], ids=["archived", "left"]
)
def test_who_has_left_office_holds_no_link_and_gets_none(client, officer, call, change):
    token_page, invite = address("open", call), reverse("programs:cohort-calls", args=[call.cohort_id])
    assert client.get(token_page).status_code == 200
    assert list(client.get(invite).context["form"].fields["contacts"].queryset) == [call.contact]
    Contact.objects.filter(pk=call.contact_id).update(**change)
    assert client.get(token_page).status_code == 410
    assert client.post(address("nominate", call), nominee()).status_code == 410
    assert list(client.get(invite).context["form"].fields["contacts"].queryset) == []
    assert Trainee.objects.count() == 0


def test_a_link_is_not_used_without_end(client, call, monkeypatch):
    monkeypatch.setattr("programs.views.calls.SENT_AN_HOUR", 1)
    assert client.post(address("nominate", call), nominee()).status_code == 302
    again = client.post(address("nominate", call), nominee(passport_name="Somebody Else"))
    assert (again.status_code, Trainee.objects.count()) == (422, 1)
    assert "Wait an hour, then try again." in text_of(again)
    letter = {"letter": SimpleUploadedFile("letter.pdf", PDF)}
    enrollment = Enrollment.objects.get()
    assert client.post(address("letter", call, enrollment.pk), letter).status_code == 422
    enrollment.refresh_from_db()
    assert enrollment.letter is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_invitations_costs_the_same_for_one_and_for_three(
    client, officer, count, django_assert_num_queries
):
    cohort = factories.make_cohort(state="nominating")
    for number in range(count):
        institution = factories.make_institution(f"Hospital {number}")
        Call.objects.create(cohort=cohort, contact=factories.make_contact(institution=institution))
    page = reverse("programs:cohort-calls", args=[cohort.pk])
    client.get(page)
    with django_assert_num_queries(9):
        response = client.get(page)
    assert len(response.context["calls"]) == count


# Nominated -----------------------------------------------------------------------------------------


def test_a_contact_nominates_by_the_link_without_signing_in(client, call):
    letter = SimpleUploadedFile("letter.pdf", PDF)
    response = client.post(address("nominate", call), nominee(letter=letter))
    assert response.status_code == 302
    enrollment = Enrollment.objects.get()
    assert enrollment.trainee.institution == enrollment.nominated_by == call.contact.institution
    assert (enrollment.recommended_by_person, enrollment.recommended_on) == (
        "Director Tsend",
        date(2026, 10, 1),
    )
    assert enrollment.letter.content_type == "application/pdf"
    assert Event.objects.about(enrollment).filter(verb="nominate").get().actor_name == "Saruul Bat"
    mail = OutgoingMail.objects.get(kind="nomination_received_contact")
    assert mail.recipient == call.contact


def test_one_person_sent_twice_at_one_moment_is_nominated_once(client, call, monkeypatch):
    """The form of the second click was checked before the first was written; the verb looks again under its lock."""
    client.post(address("nominate", call), nominee())
    monkeypatch.setattr("programs.forms.calls.NomineeForm._twins", lambda form, cleaned: [])
    response = client.post(address("nominate", call), nominee())
    assert response.status_code in (409, 422)
    assert "Somebody who looks alike was put forward just now." in text_of(response)
    assert (Trainee.objects.count(), Enrollment.objects.count()) == (1, 1)


def test_what_a_contact_does_signed_in_is_recorded_of_their_account(client, call):
    user = factories.make_user(Role.CONTACT, name="Saruul Bat")
    call.contact.user = user
    call.contact.save()
    client.force_login(user)
    client.post(address("nominate", call), nominee())
    enrollment = Enrollment.objects.get()
    page = address("letter", call, enrollment.pk)
    assert client.post(page, {"letter": SimpleUploadedFile("letter.pdf", PDF)}).status_code == 302
    page = address("take-back", call, enrollment.pk)
    assert client.post(page, {"reason": "Changed her mind."}).status_code == 302
    events = Event.objects.about(enrollment, enrollment.trainee)
    assert {event.actor for event in events} == {user}
    assert {event.verb for event in events} == {"register", "nominate", "attach_letter", "withdraw"}


def test_opening_the_link_changes_nothing(client, call):
    before = Event.objects.count()
    for name in ("open", "nominate"):
        assert client.get(address(name, call)).status_code == 200
    assert (Event.objects.count(), Enrollment.objects.count()) == (before, 0)


def test_the_page_says_what_is_missing_for_each(client, call):
    client.post(address("nominate", call), nominee())
    text = text_of(client.get(address("open", call)))
    assert "e-mail, specialty, languages, in practice since (year), letter of recommendation" in text
    enrollment = Enrollment.objects.get()
    client.post(address("letter", call, enrollment.pk), {"letter": SimpleUploadedFile("l.pdf", PDF)})
    assert "letter of recommendation" not in text_of(client.get(address("open", call)))


def test_what_is_no_letter_is_refused_at_the_field_and_nothing_typed_is_lost(client, call):
    trick = SimpleUploadedFile(
        "letter.pdf", b"<html><script>alert(1)</script>", content_type="application/pdf"
    )
    response = client.post(address("nominate", call), nominee(letter=trick))
    assert response.status_code == 422
    assert (
        "“letter.pdf” is none of these: PDF, JPEG, PNG. Its content was looked at, not its name."
        in text_of(response)
    )
    assert 'value="Bolormaa Dorj"' in response.content.decode()
    assert not Trainee.objects.exists()


def test_after_the_deadline_nobody_is_nominated_and_words_say_so(client, call):
    page = address("nominate", call)
    with clock.at(DEADLINE):
        assert client.post(page, nominee()).status_code == 302
    with clock.at(DEADLINE + timedelta(days=1)):
        response = client.post(page, nominee(passport_name="Somebody Late"))
    assert response.status_code == 422
    assert Enrollment.objects.count() == 1


def test_the_link_itself_ends_with_the_day_of_the_deadline(call):
    token = calls.token_for(call)
    left = calls._until(call) - clock.now()
    assert left == timedelta(days=7, hours=14)
    assert calls.call_for(token) == call
    with pytest.raises(links.BadLink):
        calls.call_for(token + "x")


def test_the_quota_of_the_region_is_enforced_in_words(client, call):
    Quota.objects.create(cohort=call.cohort, region=factories.make_region("Mongolia"), seats=1)
    client.post(address("nominate", call), nominee())
    response = client.post(
        address("nominate", call), nominee(passport_name="Ganbat Od", birth_date="1990-01-01")
    )
    assert "The quota of Mongolia, 1 seat, is used up." in text_of(response)
    assert (Enrollment.objects.count(), Trainee.objects.count()) == (1, 1)


def test_somebody_known_at_the_institution_is_asked_about_and_nominated_again(client, call):
    known = factories.make_trainee(
        "Dorjiin Bolormaa", institution=call.contact.institution, birth_date=date(1985, 4, 3)
    )
    response = client.post(address("nominate", call), nominee())
    assert response.status_code == 422
    assert "The name is the same, written in another way. The birth date is the same." in text_of(response)
    assert client.post(address("nominate", call), nominee(same_as=str(known.pk))).status_code == 302
    assert Enrollment.objects.get().trainee == known
    assert Trainee.objects.count() == 1


def test_a_stranger_who_looks_alike_is_not_shown_to_a_contact(client, call):
    elsewhere = factories.make_institution("Secret Hospital")
    factories.make_trainee(
        "Bolormaa Dorj", institution=elsewhere, birth_date=date(1985, 4, 3), email="b@secret.org"
    )
    response = client.post(address("nominate", call), nominee(email="b@secret.org"))
    text = text_of(response)
    assert "Secret Hospital" not in text
    assert "This address cannot be used here." in text
    assert client.post(address("nominate", call), nominee()).status_code == 302


def test_a_passport_number_is_sealed_and_never_shown_again(client, call):
    client.post(address("nominate", call), nominee(passport_number="E1234567"))
    passport = Passport.objects.get()
    assert (passport.basis, passport.sent_by) == ("sent", call.contact.institution)
    assert "E1234567" not in client.get(address("open", call)).content.decode()
    other = nominee(passport_name="Ganbat Od", birth_date="1990-01-01", passport_number="E1234567")
    response = client.post(address("nominate", call), other)
    assert response.status_code == 422
    assert Enrollment.objects.count() == 1


def test_the_number_of_a_stranger_s_passport_tells_nothing_of_whose_it_is(client, call):
    from participants import passports as numbers
    from participants.workflow import passports

    stranger = factories.make_trainee(
        "Hidden Person", institution=factories.make_institution("Secret Hospital")
    )
    passports.enter(stranger, by=PORTAL, number=numbers.normalize("E7654321"), sent_by=stranger.institution)
    text = text_of(client.post(address("nominate", call), nominee(passport_number="E7654321")))
    assert "The portal knows this passport already." in text
    assert "Hidden Person" not in text


def test_a_nominee_is_taken_back_before_the_decision_and_not_after(client, call):
    client.post(address("nominate", call), nominee())
    enrollment = Enrollment.objects.get()
    page = address("take-back", call, enrollment.pk)
    enrollments.accept(enrollment, by=PORTAL)
    response = client.post(page, {"reason": "Left the hospital."})
    assert "It is decided already. Please write to the province." in text_of(response)
    second = factories.make_enrollment(cohort=call.cohort, nominated_by=call.contact.institution)
    assert client.post(address("take-back", call, second.pk), {"reason": "Ill."}).status_code == 302
    second.refresh_from_db()
    assert second.state == "withdrawn"


@pytest.mark.parametrize("name", ["letter", "take-back"])
def test_another_institution_s_nominee_is_not_there(client, call, name):
    other = factories.make_institution("Second Hospital")
    enrollment = factories.make_enrollment(cohort=call.cohort, nominated_by=other)
    assert client.post(address(name, call, enrollment.pk), {"reason": "x"}).status_code == 404
    assert str(enrollment.trainee) not in text_of(client.get(address("open", call)))


@pytest.mark.parametrize("count", [1, 3])
def test_the_contact_s_page_costs_the_same_for_one_and_for_three(
    client, call, count, django_assert_num_queries
):
    for _number in range(count):
        factories.make_enrollment(cohort=call.cohort, nominated_by=call.contact.institution)
    page = address("open", call)
    client.get(page)
    with django_assert_num_queries(5):
        assert len(client.get(page).context["rows"]) == count


# At home -------------------------------------------------------------------------------------------


def test_a_contact_who_signs_in_finds_open_calls_and_own_nominees(client, call):
    factories.make_enrollment(
        cohort=call.cohort,
        trainee=factories.make_trainee("Bolormaa Dorj"),
        nominated_by=call.contact.institution,
    )
    stranger = factories.make_institution("Second Hospital")
    factories.make_enrollment(
        cohort=call.cohort, trainee=factories.make_trainee("Hidden Person"), nominated_by=stranger
    )
    client.force_login(call.contact.user)
    text = text_of(client.get(reverse("desk:today")))
    assert "You are invited to nominate" in text
    assert "Bolormaa Dorj" in text
    assert "Hidden Person" not in text


def test_the_mail_carries_the_link_and_is_not_wanted_after_the_deadline(client, officer, call):
    page = reverse("programs:cohort-calls", args=[call.cohort_id])
    client.post(page, {"contacts": [call.contact_id], "confirmed": "1"})
    mail = OutgoingMail.objects.get(kind="nomination_call")
    assert (
        render.preview(mail)["subject"]
        == "[Action required] Please nominate by Tuesday, 20 October 2026: Clinical training"
    )
    assert "/programs/calls/open/" in render.preview(mail)["text"]
    with clock.at(DEADLINE + timedelta(days=1)), pytest.raises(NoLongerWanted, match="any more"):
        render.preview(mail)
