"""A trainee with a phone on a bus, and the same person at home half a year later."""

from datetime import datetime, timedelta

from participants.models import FollowUp
from participants.workflow import followups
from portal.records import clock
from portal.records.actors import PORTAL
from tests import factories


def test_a_trainee_sees_today_first_then_the_week(person):
    # given a Tuesday in the second week, with a case talk at 16:00 and a place in surgery
    hospital = factories.make_hospital(
        "Myongji Hospital", address_ko="명지병원 정문\n경기도 고양시", phone="031-000-0000"
    )
    department = factories.make_department(hospital=hospital, meeting_point="Main building, 7th floor")
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    factories.advance(cohort, "running")
    talk = datetime(2026, 11, 10, 16, tzinfo=clock.SEOUL)
    factories.make_talk(cohort, kind="online", starts_at=talk, online_link="https://meet.example/talk")

    # when she opens the phone at ten past eight
    phone = person(phone=True)
    phone.signs_in(trainee.email)

    # then she knows where to be, both clocks, and what to show the driver
    assert phone.page.url.endswith("/my/schedule/")
    phone.sees("Tuesday, 10 November")
    phone.sees("08:10")
    phone.sees("07:10")
    phone.sees("Myongji Hospital")
    phone.sees("Main building, 7th floor")
    phone.sees("경기도 고양시")
    phone.sees("Case talk")
    assert phone.page.get_by_role("link", name="119").get_attribute("href") == "tel:119"


def test_a_trainee_confirms_the_name_for_the_certificate(person):
    trainee = factories.make_trainee("NOMIN ERDENE TSOGT", user=True)
    factories.make_enrollment(trainee=trainee, state="accepted")
    phone = person(phone=True)
    phone.signs_in(trainee.email)
    phone.clicks("Certificate")
    phone.page.locator("input[name=name], input[name=certificate_name]").first.fill("Nomin-Erdene Tsogt")
    phone.page.get_by_role("main").get_by_role("button").first.click()
    phone.page.wait_for_load_state()
    phone.looks()
    trainee.refresh_from_db()
    assert trainee.name_on_certificate == "Nomin-Erdene Tsogt"
    assert trainee.certificate_name_confirmed_at == clock.now()


def test_a_graduate_answers_a_follow_up(person):
    trainee = factories.make_trainee(user=True)
    cohort = factories.make_cohort(state="nominating", starts=clock.today() - timedelta(days=70),
                                   ends=clock.today() - timedelta(days=42))  # fmt: skip
    factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
    followup = FollowUp.objects.get(months=1)
    followups.open_followup(followup, by=PORTAL)
    phone = person(phone=True)
    phone.signs_in(trainee.email)
    phone.clicks("Follow-ups")
    phone.page.get_by_role("main").get_by_role("link").first.click()
    phone.page.wait_for_load_state()
    phone.looks()
    phone.page.locator("textarea").first.fill("The discectomy we learned.")
    phone.clicks("Send my answer", role="button")
    phone.sees("Thank you")
    followup.refresh_from_db()
    assert (followup.state, followup.applied) == ("answered", "The discectomy we learned.")
