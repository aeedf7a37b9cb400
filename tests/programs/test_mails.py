"""What the mails about placements and certificates say, word for word where it matters."""

from datetime import date

import pytest

from portal.accounts.roles import Role
from portal.accounts.workflow import deactivate, take_role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import merging
from portal.records.actors import PORTAL
from programs import effects
from programs.workflow import certificates, cohorts, enrollments, placements, requests
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    lead = factories.make_user(name="Kim Lead")
    return factories.make_cohort(state="nominating", name_ko="2026년 가을 의료연수", lead_officer=lead)


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", name_ko="명지병원")


def drafted(cohort, hospital, name, **fields):
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee(name, **fields), state="accepted"
    )
    department = factories.make_department(hospital=hospital, specialty=f"specialty of {name}")
    return factories.make_placement(enrollment=enrollment, department=department, last_day=date(2026, 11, 20))


def mail_of(kind):
    mail = OutgoingMail.objects.get(kind=kind)
    return mail, render.preview(mail)


def test_the_request_names_the_deadline_the_trainees_and_one_link(cohort, hospital, settings):
    coordinator = factories.make_coordinator(hospital, name="Park Ji-won").user
    drafted(
        cohort,
        hospital,
        "Nomin-Erdene Tsogt",
        korean_name="노민에르데네 촉트",
        email="n@secret.example",
        phone="5555",
    )
    drafted(cohort, hospital, "Dilshod Rakhimov")
    requests.request_all(cohort, by=PORTAL)
    mail, texts = mail_of("placement_request")
    assert mail.address == coordinator.email
    assert texts["subject"] == "[Action required] 2 trainees: please answer by Tuesday, 20 October 2026"
    lines = [line for line in texts["text"].splitlines() if line]
    assert lines[:2] == [
        "Dear Park Ji-won,",
        "Please answer by Tuesday, 20 October 2026: can Myongji Hospital take these trainees?",
    ]
    assert (
        "- 노민에르데네 촉트 (Nomin-Erdene Tsogt)\n  Specialty of Nomin-Erdene Tsogt, 2–20 November 2026\n"
        in texts["text"]
    )
    assert "- Dilshod Rakhimov\n" in texts["text"]
    link = f"{settings.SITE_URL}/programs/placements/answer/"
    assert texts["text"].count(link) == 1
    assert f'href="{link}' in texts["html"]
    for text in (texts["text"], texts["html"]):
        assert "secret.example" not in text
        assert "5555" not in text


def test_the_request_leaves_out_what_was_answered_meanwhile_and_is_not_sent_for_nothing(cohort, hospital):
    factories.make_coordinator(hospital)
    one, other = drafted(cohort, hospital, "Answered Early"), drafted(cohort, hospital, "Still Open")
    requests.request_all(cohort, by=PORTAL)
    placements.confirm(one, by=PORTAL)
    _, texts = mail_of("placement_request")
    assert "Answered Early" not in texts["text"]
    assert "Still Open" in texts["text"]
    placements.confirm(other, by=PORTAL)
    with pytest.raises(NoLongerWanted):
        mail_of("placement_request")


def test_the_request_is_in_the_coordinators_language(cohort, hospital):
    factories.make_coordinator(
        hospital, user=factories.make_user(Role.COORDINATOR, language="ko", name="박지원")
    )
    drafted(cohort, hospital, "Dilshod Rakhimov")
    requests.request_all(cohort, by=PORTAL)
    _, texts = mail_of("placement_request")
    assert '<html lang="ko">' in texts["html"]
    assert "2026년 가을 의료연수" in texts["text"]
    assert "2026년 11월 2일~20일" in texts["text"]


def test_the_cancellation_says_who_does_not_come_and_why(cohort, hospital):
    factories.make_coordinator(hospital)
    placement = drafted(cohort, hospital, "Dilshod Rakhimov")
    placements.request(placement, by=PORTAL)
    placements.cancel(placement, by=PORTAL, reason="He is ill")
    _, texts = mail_of("placement_cancelled")
    assert texts["subject"] == "Dilshod Rakhimov does not come (2–20 November 2026)"
    assert (
        "Dilshod Rakhimov was to come to Myongji Hospital, Specialty of Dilshod Rakhimov, 2–20 November 2026, "
        "and does not come." in texts["text"]
    )
    assert "The reason: He is ill" in texts["text"]
    assert "The reason: He is ill" in texts["html"]


def test_one_mail_tells_a_coordinator_of_all_that_one_act_cancels(cohort, hospital):
    second = factories.make_hospital("Ansan Hospital")
    both = factories.make_coordinator(hospital, name="Park Ji-won").user
    factories.make_coordinator(second, user=both)
    factories.make_coordinator(second, name="Seo Yu-na")
    for place, name in ((hospital, "Dilshod Rakhimov"), (second, "Bolormaa Dorj"), (second, "Nurlan Asanov")):
        drafted(cohort, place, name)
    requests.request_all(cohort, by=PORTAL)
    told = " ".join(str(effect) for effect in effects.of_cancel(cohort))
    assert "2 mails are sent to hospitals." in told

    cohorts.cancel(cohort, by=PORTAL, reason="the ministry asked")

    mails = OutgoingMail.objects.filter(kind="placement_cancelled").order_by("recipient_name")
    assert [mail.recipient_name for mail in mails] == ["Park Ji-won", "Seo Yu-na"]
    one, other = (render.preview(mail) for mail in mails)
    assert one["subject"] == "3 placements are cancelled"
    assert "These placements do not take place:" in one["text"]
    for name in ("Dilshod Rakhimov", "Bolormaa Dorj", "Nurlan Asanov"):
        assert f"- {name}\n" in one["text"]
        assert f"<strong>{name}</strong>" in one["html"]
    assert "Myongji Hospital, Specialty of Dilshod Rakhimov, 2–20 November 2026" in one["text"]
    assert one["text"].count("The reason: the ministry asked") == 1
    assert "you answer for these hospitals: Myongji Hospital, Ansan Hospital" in one["text"]
    assert other["subject"] == "2 placements are cancelled"
    assert "Dilshod Rakhimov" not in other["text"] + other["html"]


@pytest.mark.django_db(transaction=True)
def test_what_is_cancelled_by_two_acts_is_told_in_two_mails():
    department, cohort = factories.make_department(), factories.make_cohort(state="nominating")
    factories.make_coordinator(department.hospital)
    people = [factories.make_enrollment(cohort=cohort, state="accepted") for _ in range(2)]
    for person, weeks in ((people[0], (1, 2)), (people[1], (1,))):
        for number in weeks:
            first_day, last_day = factories.week(number)
            factories.make_placement(
                enrollment=person,
                department=department,
                state="confirmed",
                first_day=first_day,
                last_day=last_day,
            )
    for person in people:
        assert "1 mail is sent to hospitals." in effects.of_withdraw(person)
        enrollments.withdraw(person, by=PORTAL, reason="ill")
    told = OutgoingMail.objects.filter(kind="placement_cancelled").order_by("pk")
    assert [len(mail.context["placements"]) for mail in told] == [2, 1]


def test_the_lead_officer_gets_one_digest_of_the_day_s_answers(cohort, hospital, settings):
    coordinator = factories.make_coordinator(hospital, name="Park Ji-won").user
    yes, no = drafted(cohort, hospital, "Taken In"), drafted(cohort, hospital, "Turned Down")
    requests.request_all(cohort, by=PORTAL)
    placements.confirm_with_conditions(yes, by=coordinator, conditions="Mornings only")
    placements.decline(no, by=coordinator, reason="Theatre closed")
    mail, texts = mail_of("placement_answered")
    assert mail.recipient_name == "Kim Lead"
    assert texts["subject"] == f"{cohort.name}: 2 answers from the hospitals"
    assert "These answers came on 13 October 2026:" in texts["text"]
    assert "- Taken In: Confirmed with conditions\n" in texts["text"]
    assert "Conditions: Mornings only" in texts["text"]
    assert "Reason: Theatre closed" in texts["text"]
    assert "Park Ji-won, in the portal" in texts["text"]
    assert f"{settings.SITE_URL}/programs/cohorts/{cohort.pk}/placements/" in texts["text"]


def test_the_certificate_comes_with_the_pdf_and_where_it_can_be_checked(settings):
    certificate = factories.make_certificate(state="issued")
    certificate.refresh_from_db()
    mail, texts = mail_of("certificate")
    assert texts["subject"] == f"Your certificate {certificate.number}"
    assert [file.name for file in mail.attachments.all()] == [f"{certificate.number}.pdf"]
    assert "Congratulations: you have completed Clinical training." in texts["text"]
    assert f"{settings.SITE_URL}/verify/{certificate.code}/" in texts["text"]
    raw = render.rendered(mail, render.context_of(mail))["raw"]
    assert b"application/pdf" in raw


def test_a_revoked_certificate_is_not_sent():
    certificate = factories.make_certificate(state="issued")
    mail = OutgoingMail.objects.get(kind="certificate")
    certificates.ask_revocation(certificate, by=factories.make_user(), reason="wrong name")
    certificates.revoke(certificate, by=factories.make_user(Role.MANAGER))
    mail.refresh_from_db()
    assert mail.state == "cancelled"


def leave_the_hospital(user):
    user.coordinates.update(until=date(2026, 10, 12))


def test_a_request_put_for_a_hospital_that_is_merged_then_names_the_one_it_became(cohort, hospital):
    misspelled = factories.make_hospital("Myongi Hospital")
    asked = factories.make_coordinator(misspelled).user
    drafted(cohort, misspelled, "Nomin-Erdene Tsogt")
    requests.request_all(cohort, by=PORTAL)
    merging.merge(hospital, misspelled, by=factories.make_user(), reason="one hospital")
    mail, texts = mail_of("placement_request")
    assert mail.recipient == asked
    assert "Nomin-Erdene Tsogt" in texts["text"]
    assert "Myongji Hospital" in texts["text"]
    assert "Myongi Hospital" not in texts["text"]
    leave_the_hospital(asked)
    with pytest.raises(NoLongerWanted, match="does not answer for the hospital any more"):
        mail_of("placement_request")


def lose_the_role(user):
    take_role(user, Role.COORDINATOR, by=factories.make_user(Role.ADMINISTRATOR))


def lose_the_account(user):
    deactivate(user, by=factories.make_user(Role.ADMINISTRATOR))


@pytest.mark.parametrize("leave", [leave_the_hospital, lose_the_role, lose_the_account])
def test_no_name_of_a_trainee_is_mailed_to_a_coordinator_who_is_out_by_then(cohort, hospital, leave):
    user = factories.make_coordinator(hospital).user
    called_off = drafted(cohort, hospital, "Called Off")
    drafted(cohort, hospital, "Still Open")
    requests.request_all(cohort, by=PORTAL)
    placements.cancel(called_off, by=PORTAL, reason="He is ill")
    assert "Still Open" in mail_of("placement_request")[1]["text"]
    assert "Called Off" in mail_of("placement_cancelled")[1]["text"]
    leave(user)
    for kind in ("placement_request", "placement_cancelled"):
        with pytest.raises(NoLongerWanted, match="does not answer for the hospital any more"):
            mail_of(kind)


@pytest.mark.parametrize("leave", [lose_the_account, lambda user: take_role(user, Role.OFFICER, by=None)])
def test_no_answer_is_mailed_to_a_lead_officer_who_reads_no_cohorts_by_then(cohort, hospital, leave):
    coordinator = factories.make_coordinator(hospital).user
    placement = drafted(cohort, hospital, "Taken In")
    requests.request_all(cohort, by=PORTAL)
    placements.confirm(placement, by=coordinator)
    assert "Taken In" in mail_of("placement_answered")[1]["text"]
    leave(cohort.lead_officer)
    with pytest.raises(NoLongerWanted, match="does not read about cohorts any more"):
        mail_of("placement_answered")
