"""A trainee with a phone on a bus, and the same person at home half a year later."""

from datetime import date, datetime, timedelta

from participants.models import FollowUp
from participants.workflow import followups
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from programs import calls
from programs.models import Call
from programs.workflow import feedback
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
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
    feedback.set_objectives(enrollment, ("Suture by robot", "Lead a round", ""), by=PORTAL)
    followup = FollowUp.objects.get(months=1)
    followups.open_followup(followup, by=PORTAL)
    phone = person(phone=True)
    phone.signs_in(trainee.email)
    phone.clicks("Follow-ups")
    phone.page.get_by_role("main").get_by_role("link").first.click()
    phone.page.wait_for_load_state()
    phone.looks()
    phone.page.locator("textarea").first.fill("The discectomy we learned.")
    phone.page.get_by_label("Lead a round").select_option("4")
    phone.clicks("Send my answer", role="button")
    phone.sees("Thank you")
    followup.refresh_from_db()
    assert (followup.state, followup.applied) == ("answered", "The discectomy we learned.")
    assert [one.rating for one in followup.objective_ratings.all()] == [4]


def test_a_trainee_keeps_passport_papers_and_consents_on_the_phone(person):
    program = factories.make_program(papers=["passport", "cv"])
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True, nationality="MN")
    factories.make_enrollment(
        cohort=factories.make_cohort(program=program, state="nominating"), trainee=trainee
    )
    phone = person(phone=True)
    phone.signs_in(trainee.email)

    # the number is kept with the consent, and comes back by its last characters
    phone.opens("/my/passport/")
    phone.page.locator("input[name=number]").fill("E7340471")
    phone.page.get_by_label("Expires").fill("2030-01-31")
    phone.page.get_by_label("I agree that my passport number is kept").check()
    phone.clicks("Keep the passport", role="button")
    phone.sees("••••471")
    phone.does_not_see("E7340471")

    # a paper is handed in
    phone.opens("/my/papers/")
    phone.page.get_by_label("Which paper").select_option("cv")
    phone.page.get_by_label("File").set_input_files(
        {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": factories.A_PDF}
    )
    phone.clicks("Send the paper", role="button")
    phone.sees("Thank you. The paper is with us; we look at it.")

    # and what one does not agree to is said
    phone.opens("/my/profile/")
    phone.opens("/my/consents/")
    phone.page.locator("a[href$='/my/consents/abroad/withdraw/']").click()
    phone.looks()
    phone.clicks("I do not agree", role="button")
    phone.sees("Your no is kept.")


def test_a_contact_nominates_and_hands_in_papers_by_the_link(person):
    contact = factories.make_contact(name="Saruul Bat")
    cohort = factories.make_cohort(program=factories.make_program(papers=["cv"]), state="nominating")
    cohort.nominate_by = None
    cohort.starts, cohort.ends = ApproximateDate.of(date(2027, 3, 1)), ApproximateDate.of(date(2027, 3, 26))
    cohort.save()
    call = Call.objects.create(cohort=cohort, contact=contact)
    phone = person(phone=True)
    phone.opens(f"/programs/calls/open/{calls.token_for(call)}/")
    phone.clicks("Nominate somebody")
    phone.page.get_by_label("Name as in the passport").fill("Bolormaa Dorj")
    phone.page.get_by_label("Birth date").fill("1985-04-03")
    phone.clicks("Nominate", role="button", exact=True)
    phone.sees("Bolormaa Dorj is nominated.")
    phone.clicks("Hand in papers")
    phone.sees("2 papers are still missing")
    phone.page.get_by_label("Which paper").select_option("recommendation")
    phone.page.get_by_label("File").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": factories.A_PDF}
    )
    phone.clicks("Send the paper", role="button")
    phone.sees("1 paper is still missing")
