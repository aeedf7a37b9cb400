"""Nominations by partner contacts: invited by staff, one by one by a link that closes at the deadline."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participants.models import Document, Passport, Trainee
from participants.workflow import consents
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
from programs.models import Call, Enrollment, Program, Quota
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
    "papers": "programs:call-papers",
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


def paper(kind):
    return {"kind": kind, "file": SimpleUploadedFile("scan.pdf", PDF)}


# Invited -------------------------------------------------------------------------------------------


def test_staff_see_the_mails_before_anybody_is_invited(client, officer):
    contact = factories.make_contact()
    cohort = factories.make_cohort(state="nominating", nominate_by=DEADLINE)
    page = reverse("programs:cohort-calls", args=[cohort.pk])
    response = client.post(page, {"contacts": [contact.pk]})
    assert "Invite 1 contact to nominate?" in text_of(response)
    assert "Please nominate by Tuesday, 20 October 2026." in text_of(response)
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
    monkeypatch.setattr("programs.views.papers.UPLOADS_AN_HOUR", 0)
    letter = {"kind": "recommendation", "file": SimpleUploadedFile("letter.pdf", PDF)}
    enrollment = Enrollment.objects.get()
    assert client.post(address("papers", call, enrollment.pk), letter).status_code == 422
    assert not Document.objects.exists()


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
    letter = enrollment.trainee.documents.get()
    assert (letter.kind, letter.received_from, letter.file.content_type) == (
        "recommendation", "Saruul Bat", "application/pdf",
    )  # fmt: skip
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
    page = address("papers", call, enrollment.pk)
    assert client.post(page, paper("recommendation")).status_code == 302
    page = address("take-back", call, enrollment.pk)
    assert client.post(page, {"reason": "Changed her mind."}).status_code == 302
    events = Event.objects.about(enrollment, enrollment.trainee)
    assert {event.actor for event in events} == {user}
    assert {event.verb for event in events} == {"register", "nominate", "receive_paper", "withdraw"}


def test_opening_the_link_changes_nothing(client, call):
    before = Event.objects.count()
    for name in ("open", "nominate"):
        assert client.get(address(name, call)).status_code == 200
    assert (Event.objects.count(), Enrollment.objects.count()) == (before, 0)


def test_the_page_says_what_is_missing_for_each(client, call):
    Program.objects.update(papers=["passport", "cv"])
    client.post(address("nominate", call), nominee())
    text = text_of(client.get(address("open", call)))
    wanted = (
        "e-mail, specialty, languages, in practice since (year), Passport (scan), CV, Recommendation letter"
    )
    assert wanted in text
    enrollment = Enrollment.objects.get()
    client.post(address("papers", call, enrollment.pk), paper("recommendation"))
    text = text_of(client.get(address("open", call)))
    assert "Recommendation letter" not in text
    assert "Passport (scan), CV" in text


def test_what_is_no_letter_is_refused_at_the_field_and_nothing_typed_is_lost(client, call):
    trick = SimpleUploadedFile(
        "letter.pdf", b"<html><script>alert(1)</script>", content_type="application/pdf"
    )
    response = client.post(address("nominate", call), nominee(letter=trick))
    assert response.status_code == 422
    assert "Use a PDF, or a JPEG or PNG picture." in text_of(response)
    assert 'value="Bolormaa Dorj"' in response.content.decode()
    assert not Trainee.objects.exists()


# Papers --------------------------------------------------------------------------------------------


@pytest.fixture
def nominated(call):
    Program.objects.update(papers=["passport", "cv", "insurance"])
    return factories.make_enrollment(
        cohort=call.cohort,
        trainee=factories.make_trainee("Bolormaa Dorj", institution=call.contact.institution),
        nominated_by=call.contact.institution,
    )


def test_a_contact_hands_in_every_paper_by_the_link_and_sees_none(client, call, nominated):
    page = address("papers", call, nominated.pk)
    assert "4 papers are still missing" in text_of(client.get(page))
    for kind in ("passport", "cv", "insurance", "recommendation"):
        assert client.post(page, paper(kind)).status_code == 302
    response = client.get(page)
    assert "All papers are with us. Thank you." in text_of(response)
    assert "/documents/" not in response.content.decode()
    kept = Document.objects.filter(trainee=nominated.trainee)
    assert {(one.kind, one.received_from) for one in kept} == {
        (kind, "Saruul Bat") for kind in ("passport", "cv", "insurance", "recommendation")
    }


def test_a_refused_paper_is_asked_for_again_with_the_reason(client, call, nominated):
    factories.make_document(nominated.trainee, "cv", state="refused", reason="only the first page")
    text = text_of(client.get(address("papers", call, nominated.pk)))
    assert "only the first page" in text
    assert "4 papers are still missing" in text


def test_a_scan_of_the_passport_is_not_taken_from_a_contact_after_the_person_said_no(client, call, nominated):
    consents.withdraw(nominated.trainee, by=PORTAL, purpose="passport")
    response = client.post(address("papers", call, nominated.pk), paper("passport"))
    assert response.status_code == 422
    assert "A scan of the passport is kept only after the person has agreed to it." in text_of(response)
    assert not Document.objects.exists()


def test_papers_come_after_the_deadline_until_the_training_begins(client, call, nominated):
    page, nominate = address("papers", call, nominated.pk), address("nominate", call)
    with clock.at(DEADLINE + timedelta(days=1)):
        assert client.post(page, paper("cv")).status_code == 302
        assert client.post(nominate, nominee()).status_code == 422
        assert "can hand in what is missing" in text_of(client.get(address("open", call)))
    with clock.at(call.cohort.first_day):
        assert client.get(page).status_code == 410


def test_nothing_is_taken_of_who_does_not_come(client, call, nominated):
    enrollments.reject(nominated, by=PORTAL, reason="too late")
    page = address("papers", call, nominated.pk)
    assert "No papers are needed of this person any more." in text_of(client.get(page))
    assert client.post(page, paper("cv")).status_code == 422
    assert not Document.objects.exists()


def test_a_contact_who_signs_in_hands_in_without_a_link(client, call, nominated):
    Call.objects.all().delete()  # they came by a list
    client.force_login(call.contact.user)
    home = client.get(reverse("desk:today"))
    page = reverse("programs:enrollment-papers", args=[nominated.pk])
    assert page in home.content.decode()
    assert client.post(page, paper("cv")).status_code == 302
    event = Event.objects.about(nominated.trainee).get(verb="receive_paper")
    assert event.actor == call.contact.user
    assert "CV" not in [item.label for item in client.get(page).context["missing"]]


def test_a_contact_of_another_institution_hands_in_nothing(client, nominated):
    stranger = factories.make_contact(institution=factories.make_institution("Second Hospital"))
    client.force_login(stranger.user)
    page = reverse("programs:enrollment-papers", args=[nominated.pk])
    assert client.post(page, paper("cv")).status_code == 404
    assert not Document.objects.exists()


def test_the_institution_is_not_told_what_the_person_does_not_want_told(client, call, nominated):
    consents.withdraw(nominated.trainee, by=PORTAL, purpose="abroad")
    enrollments.accept(nominated, by=PORTAL)
    text = text_of(client.get(address("open", call)))
    assert "not told: the person has asked for that" in text
    assert "Accepted" not in text
    with pytest.raises(NoLongerWanted, match="do not want it told"):
        render.preview(OutgoingMail.objects.get(kind="nomination_accepted_contact"))


def test_after_the_deadline_nobody_is_nominated_and_words_say_so(client, call):
    page = address("nominate", call)
    with clock.at(DEADLINE):
        assert client.post(page, nominee()).status_code == 302
    with clock.at(DEADLINE + timedelta(days=1)):
        response = client.post(page, nominee(passport_name="Somebody Late"))
    assert response.status_code == 422
    assert Enrollment.objects.count() == 1


def test_the_link_itself_ends_with_the_eve_of_the_training(call):
    token = calls.token_for(call)
    assert calls._until(call) == datetime(2026, 11, 2, tzinfo=clock.SEOUL)
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


def test_another_number_of_a_known_person_is_asked_about_before_it_takes_the_place_of_the_first(client, call):
    known = factories.make_trainee(
        "Bolormaa Dorj", institution=call.contact.institution, birth_date=date(1985, 4, 3)
    )
    factories.make_passport(known, "E1111111")
    scan = factories.make_document(known, "passport", state="checked")
    typed = nominee(same_as=str(known.pk), passport_number="E2222222")
    response = client.post(address("nominate", call), typed)
    assert response.status_code == 422
    assert "Another passport number is kept of this person." in text_of(response)
    assert Passport.objects.get().number.plain == "E1111111"
    assert client.post(address("nominate", call), typed | {"replaces_number": "on"}).status_code == 302
    assert Passport.objects.get().number.plain == "E2222222"
    scan.refresh_from_db()
    assert (scan.state, scan.checked_by) == ("received", None)
    again = Event.objects.about(scan).get(verb="check_again")
    assert (again.actor_name, again.reason) == ("Saruul Bat", "The passport number was changed.")


def test_the_same_number_of_a_known_person_asks_nothing(client, call):
    known = factories.make_trainee(
        "Bolormaa Dorj", institution=call.contact.institution, birth_date=date(1985, 4, 3)
    )
    factories.make_passport(known, "E1111111")
    typed = nominee(same_as=str(known.pk), passport_number="e 111-1111")
    assert client.post(address("nominate", call), typed).status_code == 302


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


@pytest.mark.parametrize("name", ["papers", "take-back"])
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
