"""Province staff: from the drafts to the requests, from the last day to the certificates; and those who only read."""

from datetime import date
from email import message_from_bytes, policy

from django.core import mail

from portal.accounts.roles import Role
from portal.mail import delivery
from portal.mail.hold import HOLD
from portal.records import clock
from programs.models import Certificate, Placement
from programs.workflow import certificate_corrections
from tests import factories


def test_an_officer_sees_the_cohort_by_week_and_sends_the_requests(person):
    # given a cohort being placed, with two drafts at a hospital that has a coordinator
    officer = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    department = factories.make_department(hospital=factories.make_hospital("Myongji Hospital"), seats=1)
    coordinator = factories.make_coordinator(department.hospital)
    cohort = factories.make_cohort(state="nominating", starts=date(2027, 1, 4), ends=date(2027, 1, 29))
    for number, name in enumerate(["Nomin-Erdene Tsogt", "Saruul Baatar"]):
        enrollment = factories.make_enrollment(
            cohort=cohort, trainee=factories.make_trainee(name), state="accepted"
        )
        first, last = factories.week(number + 1, of=date(2027, 1, 4))
        factories.make_placement(enrollment=enrollment, department=department, first_day=first, last_day=last)
    factories.advance(cohort, "placing")
    mail.outbox.clear()

    # when the officer signs in, opens the cohort, sees who is where, and sends the requests
    desk = person()
    desk.signs_in(officer.email)
    desk.sees("Tuesday, 10 November 2026")
    desk.clicks("Cohorts")
    desk.clicks(cohort.name)
    desk.clicks("Placements")
    desk.sees("Nomin-Erdene Tsogt")
    desk.sees("Place in weeks 2 to 4")
    desk.clicks("Send the requests")
    desk.sees("Myongji Hospital")
    desk.page.locator(".confirm button[type=submit]").click()
    desk.page.wait_for_load_state()
    desk.looks()

    # then both are asked for, one mail is on its way, and it says what is wanted first
    assert {placement.state for placement in Placement.objects.all()} == {"requested"}

    def arrived():
        delivery.drain()
        return [letter for letter in mail.outbox if letter.to == [coordinator.user.email]]

    assert arrived() == []  # what one click sends waits ten minutes
    with clock.at(clock.now() + HOLD):
        to_hospital = arrived()
    assert len(to_hospital) == 1
    assert to_hospital[0].subject.startswith("[Action required]")


def test_a_cohort_is_completed_approved_and_issued(person):
    # given a cohort whose last day has come, with one trainee in training
    officer, manager = factories.make_user(Role.OFFICER), factories.make_user(Role.MANAGER)
    cohort = factories.make_cohort(state="nominating", starts=date(2026, 10, 12), ends=date(2026, 11, 6))
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", local_name="Номин-Эрдэнэ Цогт")
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    factories.make_placement(
        enrollment=enrollment, state="confirmed", first_day=date(2026, 10, 12), last_day=date(2026, 11, 6)
    )
    factories.advance(cohort, "running")
    mail.outbox.clear()

    # when the officer completes it
    desk = person()
    desk.signs_in(officer.email)
    desk.opens(f"/programs/cohorts/{cohort.pk}/")
    desk.clicks("Complete the cohort")
    desk.page.locator(".confirm button[type=submit]").click()
    desk.page.wait_for_load_state()
    desk.looks()
    desk.sees("Completed")

    # and a manager approves, and issues
    other = person()
    other.signs_in(manager.email)
    other.opens(f"/programs/cohorts/{cohort.pk}/certificates/")
    for word in ("Approve", "Issue"):
        other.page.locator(".page-head .actions a.btn-primary").click()
        other.page.wait_for_load_state()
        other.looks()
        other.sees(word)
        other.page.locator(".confirm button[type=submit]").click()
        other.page.wait_for_load_state()
        other.looks()

    # then the certificate has the year's first number, and the queue mails it with the paper
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.number) == ("issued", "GG-2026-0001")
    assert enrollment.graduation_id is None or certificate.approved_by == manager
    with clock.at(clock.now() + HOLD):
        delivery.drain()
    letter = next(letter for letter in mail.outbox if letter.to == [trainee.email])
    papers = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert [part.get_filename() for part in papers.iter_attachments()] == ["GG-2026-0001.pdf"]


def test_a_viewer_reads_the_board_and_finds_no_button(person):
    viewer = factories.make_user(Role.VIEWER)
    cohort = factories.make_cohort(state="placing")
    reader = person()
    reader.signs_in(viewer.email)
    reader.opens(f"/programs/cohorts/{cohort.pk}/placements/")
    assert reader.page.locator(".page-head .btn-primary").count() == 0
    reader.does_not_see("Send the requests")
    reader.opens(f"/programs/cohorts/{cohort.pk}/")
    reader.does_not_see("Cancel the cohort")


def test_an_administrator_finds_every_record_in_the_admin_and_no_state_to_edit(person):
    administrator = factories.make_user(Role.ADMINISTRATOR)
    placement = factories.make_placement(state="requested")
    keeper = person()
    keeper.signs_in(administrator.email)
    keeper.page.goto(keeper.server.url + "/admin/programs/placement/")
    keeper.sees("Requested")
    keeper.page.goto(keeper.server.url + f"/admin/programs/placement/{placement.pk}/change/")
    assert keeper.page.locator("[name=state]").count() == 0
    assert keeper.complaints == []


def test_a_partner_contact_reads_what_is_theirs(person):
    contact = factories.make_contact(institution=factories.make_institution("Health Development Center"))
    factories.make_mou(institution=contact.institution)
    visitor = person(phone=True)
    visitor.signs_in(contact.user.email)
    visitor.sees("Health Development Center")
    visitor.sees("August 2023")


def test_a_manager_is_asked_for_another_name_on_a_certificate(person):
    # given a graduate who asks for another spelling
    trainee = factories.make_trainee("Nomin Erdene Tsogt", user=True)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    certificate = factories.make_certificate(enrollment=enrollment, state="issued")
    certificate_corrections.ask_correction(
        certificate, by=trainee.user, name="Nomin-Erdene TSOGT", note="As in my passport."
    )
    manager = factories.make_user(Role.MANAGER, language="ko")

    # when a manager looks at it on the way, first at how to say no
    phone = person(phone=True, language="ko")
    phone.signs_in(manager.email)
    phone.opens(f"/programs/certificates/{certificate.pk}/decline-correction/")
    phone.sees("Nomin-Erdene TSOGT")
    phone.opens(f"/programs/certificates/{certificate.pk}/")
    phone.clicks("성명 정정", exact=True)
    phone.sees("As in my passport.")
    phone.clicks("정정 후 재발급", role="button")

    # then the new one carries the name
    certificate.refresh_from_db()
    assert certificate.superseded_by.printed["name"] == "Nomin-Erdene TSOGT"


def test_the_desk_works_without_javascript(person):
    officer = factories.make_user(Role.OFFICER)
    cohort = factories.make_cohort(state="planning")
    desk = person(javascript=False)
    desk.looks = lambda: None  # axe needs JavaScript
    desk.signs_in(officer.email)
    desk.opens(f"/programs/cohorts/{cohort.pk}/")
    desk.clicks("Open nominations")
    desk.page.locator(".confirm button[type=submit]").click()
    desk.page.wait_for_load_state()
    cohort.refresh_from_db()
    assert cohort.state == "nominating"
    assert clock.today() == date(2026, 11, 10)


def test_a_manager_reviews_who_looked_at_protected_data(person):
    trainee = factories.make_trainee()
    factories.make_passport(trainee)
    manager = factories.make_user([Role.MANAGER])
    desk = person()
    desk.signs_in(manager.email)
    desk.opens(f"/participants/passports/{trainee.pk}/reveal/")
    desk.page.get_by_label("Reason").fill("visa invitation letter")
    desk.page.get_by_role("main").get_by_role("button").first.click()
    desk.page.wait_for_load_state()
    desk.looks()
    desk.opens("/access/?month=2026-11")
    desk.sees("visa invitation letter")
