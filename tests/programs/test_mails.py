"""What the mails about placements and certificates say, word for word where it matters."""

from datetime import date

import pytest

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records.actors import PORTAL
from programs.workflow import certificates, placements, requests
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
    link = f"{settings.SITE_URL}/programs/placements/to-answer/"
    assert texts["text"].count(link) == 1
    assert f'href="{link}"' in texts["html"]
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
    certificates.revoke(certificate, by=factories.make_user(Role.MANAGER), reason="wrong name")
    mail.refresh_from_db()
    assert mail.state == "cancelled"
