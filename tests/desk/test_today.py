"""The desk's Today page: what needs a person, for whom, and at what cost."""

from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.html import escape

from participants.models import FollowUp
from participants.workflow import followups
from partners.models import Mou
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from programs.models import Attendance, Evaluation, Program
from programs.workflow import certificate_corrections, evaluations, releases, sessions, waiting
from tests.factories import (
    FRIDAY,
    MONDAY,
    advance,
    make_certificate,
    make_cohort,
    make_contact,
    make_coordinator,
    make_department,
    make_enrollment,
    make_evaluation,
    make_graduation,
    make_hospital,
    make_institution,
    make_mou,
    make_offer,
    make_placement,
    make_session,
    make_trainee,
    make_user,
)

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 13)


def today(client, user, day=TUESDAY):
    client.force_login(user)
    with clock.at(day):
        return client.get(reverse("desk:today"))


def page_of(client, user, day=TUESDAY):
    return today(client, user, day).content.decode()


def titles(client, user, day=TUESDAY):
    return [item.title for item in today(client, user, day).context["items"]]


def placing_cohort(*, trainees=1, name="Autumn 2026"):
    cohort = make_cohort(state="nominating")
    cohort.name = name
    cohort.save()
    enrollments = [make_enrollment(cohort=cohort, state="accepted") for _ in range(trainees)]
    return advance(cohort, "placing"), enrollments


def test_coordinator_is_led_to_what_is_to_answer(client):
    coordinator = make_coordinator(make_hospital())
    assert today(client, coordinator.user).url == reverse("programs:placement-to-answer")


def test_trainee_is_led_to_their_schedule(client):
    assert today(client, make_user(Role.TRAINEE)).url == reverse("programs:my-schedule")


def test_contact_sees_the_agreements_of_their_own_institution_only(client):
    contact = make_contact(institution=make_institution("Second National Hospital"))
    make_mou(institution=contact.institution, title="Ours, 2023")
    make_mou(institution=make_institution("Asralt Med Hospital"), title="Somebody else’s")
    page = page_of(client, contact.user)
    assert "Ours, 2023" in page
    assert "Somebody else" not in page
    assert "Asralt" not in page


def test_person_without_a_role_is_told_so(client):
    assert "Nothing to see yet" in page_of(client, make_user([]))


def test_nothing_to_do_is_said_in_words(client):
    page = page_of(client, make_user(Role.MANAGER))
    assert "Nothing needs you now." in page
    assert "All is settled" in page


def test_page_is_headed_by_the_day_of_the_portal(client):
    assert "<h1>Tuesday, 13 October 2026</h1>" in page_of(client, make_user())


def test_silent_hospital_is_named_with_its_phone_once_the_answer_is_overdue(client):
    hospital = make_hospital("Wiltse Memorial Hospital", short_name="Wiltse", phone="031-240-6000")
    cohort, enrollments = placing_cohort(trainees=2, name="Autumn 2026")
    department = make_department(hospital=hospital)
    with clock.at(date(2026, 10, 1)):
        for enrollment in enrollments:
            make_placement(enrollment=enrollment, department=department, state="requested")
    officer = make_user()
    assert "Wiltse has not answered for 2 trainees" not in titles(client, officer, date(2026, 10, 8))
    page = page_of(client, officer, TUESDAY)
    assert "Wiltse has not answered for 2 trainees" in page
    assert "Asked on 1 October 2026, answer due on 8 October 2026." in page
    assert '<a class="num" href="tel:0312406000">031-240-6000</a>' in page
    assert "5 days late" in page
    calls = f"{reverse('programs:placement-to-answer')}#h-cohort-{cohort.pk}"
    assert f'<a class="btn btn-primary" href="{calls}">Call Wiltse</a>' in page
    assert f'id="h-cohort-{cohort.pk}"' in client.get(calls).content.decode()


def test_who_named_a_day_on_the_telephone_is_not_to_be_called_before_it(client):
    _cohort, [enrollment] = placing_cohort(name="Autumn 2026")
    department = make_department(hospital=make_hospital(short_name="Wiltse"))
    with clock.at(date(2026, 10, 1)):
        asked = make_placement(enrollment=enrollment, department=department, state="requested")
    officer, words = make_user(), "Wiltse has not answered for 1 trainee"
    assert words in titles(client, officer, TUESDAY)
    waiting.promise(asked, by=officer, until=date(2026, 10, 16), channel="phone", who="Dr. Choi")
    assert words not in titles(client, officer, date(2026, 10, 16))
    assert words in titles(client, officer, date(2026, 10, 17))


def test_other_dates_that_a_hospital_proposes_wait_for_us_and_nobody_calls_it(client):
    hospital = make_hospital("Wiltse Memorial Hospital", short_name="Wiltse")
    _cohort, [enrollment] = placing_cohort()
    with clock.at(date(2026, 10, 1)):
        placement = make_placement(
            enrollment=enrollment, department=make_department(hospital=hospital), state="requested"
        )
        waiting.propose(placement, by=PORTAL, first_day=date(2026, 11, 9), last_day=date(2026, 11, 20))
    officer = make_user()
    items = {item.title: item for item in today(client, officer).context["items"]}
    [title] = [title for title in items if "Wiltse" in title]
    assert title == f"Wiltse proposes other dates for {enrollment.trainee.display_name}"
    assert "proposed: 9–20 November 2026." in items[title].text
    assert items[title].url == reverse("programs:placement-detail", args=[placement.pk])
    placement.refresh_from_db()
    waiting.refuse_proposal(placement, by=officer, reason="too late")
    assert not [title for title in titles(client, officer) if "proposes" in title]


def test_trainees_without_a_hospital_are_due_while_a_hospital_can_still_answer(client):
    placing_cohort(trainees=3)
    [item] = today(client, make_user()).context["items"]
    assert item.title == "3 trainees have no hospital yet"
    assert item.due == MONDAY - timedelta(days=7)


def test_placed_trainees_are_to_be_told_two_weeks_ahead_and_then_need_nobody(client):
    cohort, [enrollment] = placing_cohort()
    make_placement(enrollment=enrollment, state="confirmed")
    officer = make_user()
    [item] = today(client, officer).context["items"]
    assert item.title == "Clinical training, Autumn 2026: nobody has been told where they go"
    assert (item.due, item.url) == (
        MONDAY - timedelta(days=14),
        reverse("programs:cohort-releases", args=[cohort.pk, "placements"]),
    )
    releases.release(cohort, "placements", by=officer)
    assert titles(client, officer) == []


def test_cohort_whose_last_day_has_passed_waits_to_be_completed(client):
    cohort, [enrollment] = placing_cohort(name="Autumn 2026")
    make_placement(enrollment=enrollment, state="confirmed")
    officer = make_user()
    advance(cohort, "running")
    releases.release(cohort, "placements", by=officer)
    assert titles(client, officer, FRIDAY) == ["The attendance of 19 days is not noted"]
    _attendance, item = today(client, officer, FRIDAY + timedelta(days=1)).context["items"]
    assert item.title == "Clinical training, Autumn 2026 is over and not completed"
    assert item.url == reverse("programs:cohort-complete", args=[cohort.pk])


def test_certificates_wait_for_the_manager_first_and_for_the_officer_then(client):
    certificate = make_certificate()
    manager, officer = make_user(Role.MANAGER), make_user(Role.OFFICER)
    assert "Approve 1 certificate" in titles(client, manager)
    assert "Approve 1 certificate" not in titles(client, officer)
    make_certificate(enrollment=certificate.enrollment, state="approved", approver=manager)
    assert "Issue 1 certificate" in titles(client, officer)
    assert "Approve 1 certificate" not in titles(client, manager)


def test_a_name_to_be_corrected_waits_for_the_manager(client):
    trainee = make_trainee("Nomin Erdene Tsogt", user=True)
    enrollment = make_enrollment(trainee=trainee, state="completed")
    certificate = make_certificate(enrollment=enrollment, state="issued")
    with clock.at(TUESDAY):
        certificate_corrections.ask_correction(certificate, by=trainee.user, name="Nomin-Erdene Tsogt")
    manager = make_user(Role.MANAGER)
    [item] = [one for one in today(client, manager).context["items"] if "correction" in one.title]
    assert item.url == reverse("programs:certificate-detail", args=[certificate.pk])
    assert (item.due, "“Nomin-Erdene Tsogt”" in item.text) == (TUESDAY, True)
    certificate_corrections.decline_correction(certificate, by=manager, reason="as in the passport")
    assert not [title for title in titles(client, manager) if "correction" in title]


def test_missed_follow_ups_are_one_line(client):
    make_certificate()
    for followup in FollowUp.objects.filter(months__in=[1, 3]):
        followups.open_followup(followup, by=PORTAL)
        followups.miss(followup, by=PORTAL)
    response = today(client, make_user(), date(2027, 6, 1))
    [item] = [item for item in response.context["items"] if "follow-up" in item.title]
    assert item.title == "1 graduate has not answered a follow-up"
    assert item.text == "All reminders went out. 2 forms stay open; the latest was due on 27 February 2027."


def test_one_missed_follow_up_is_told_in_the_singular(client):
    make_certificate()
    followup = FollowUp.objects.get(months=1)
    followups.miss(followups.open_followup(followup, by=PORTAL), by=PORTAL)
    items = today(client, make_user(), date(2027, 6, 1)).context["items"]
    [text] = [item.text for item in items if "follow-up" in item.title]
    assert text == "All reminders went out. 1 form stays open; it was due on 27 December 2026."


def test_mou_is_announced_half_a_year_before_it_expires_and_never_without_a_date(client):
    make_mou(title="Ends soon", expires=ApproximateDate(2027, 3))
    make_mou(title="Ends late", expires=ApproximateDate(2029, 3))
    make_mou(title="Over already", expires=ApproximateDate(2026, 3))
    make_mou(title="Nothing published")
    replaced = make_mou(title="Renewed", expires=ApproximateDate(2027, 3))
    Mou.objects.filter(pk=replaced.pk).update(superseded_by=make_mou(title="The new one"))
    [item] = today(client, make_user()).context["items"]
    assert item.title == "Ends soon is about to expire"
    assert item.text == "It expires in March 2027; renewing takes a signature on both sides."


def test_failed_and_uncertain_mails_lead_to_the_list_of_them(client):
    failed_mail("one")
    failed_mail("two")
    [item] = today(client, make_user()).context["items"]
    assert item.title == "2 mails could not be delivered"
    assert item.url == f"{reverse('mail:outgoingmail-list')}?trouble=undelivered"


def failed_mail(key):
    user = make_user(Role.TRAINEE)
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=key,
                kind="invitation",
                template="mail/invitation",
                about_type=ContentType.objects.get_for_model(user),
                about_id=user.pk,
                address=user.email,
                due=clock.now(),
                next_attempt=clock.now(),
                state="failed",
                last_error="mailbox full",
            )
        ]
    )


def test_viewer_reads_what_is_open_and_has_nothing_to_do(client):
    cohort, [enrollment] = placing_cohort(name="Autumn 2026")
    with clock.at(date(2026, 10, 1)):
        make_placement(
            enrollment=enrollment,
            department=make_department(hospital=make_hospital(short_name="Wiltse")),
            state="requested",
        )
    failed_mail("one")
    viewer = make_user(Role.VIEWER)
    response = today(client, viewer)
    page = response.content.decode()
    assert response.context["items"] == []
    assert [item.title for item in response.context["others"]] == [
        "Wiltse has not answered for 1 trainee",
        "1 trainee has no hospital yet",
    ]
    assert "Nothing is yours to do." in page
    assert "All is settled" not in page
    assert "btn btn-primary" not in page
    assert reverse("programs:placement-to-answer") not in page
    for address in (
        reverse("programs:cohort-detail", args=[cohort.pk]),
        reverse("programs:cohort-placements", args=[cohort.pk]),
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_officer_reads_which_certificates_wait_for_the_manager(client):
    make_certificate()
    response = today(client, make_user(Role.OFFICER))
    assert [item.title for item in response.context["others"]] == ["Approve 1 certificate"]
    assert "Open with others" in response.content.decode()
    assert today(client, make_user(Role.MANAGER)).context["others"] == []


def test_what_people_wait_for_goes_before_what_is_only_old(client):
    make_certificate()
    followup = FollowUp.objects.get(months=1)
    followups.miss(followups.open_followup(followup, by=PORTAL), by=PORTAL)
    cohort, [enrollment] = placing_cohort(name="Autumn 2026")
    make_placement(enrollment=enrollment, state="confirmed")
    advance(cohort, "running")
    make_mou(title="Ends soon", expires=ApproximateDate(2027, 3))
    FollowUp.objects.filter(pk=followup.pk).update(due=date(2026, 1, 1))
    late = today(client, make_user(), date(2027, 3, 30)).context["groups"][0]["entries"]
    assert [entry["item"].title for entry in late] == [
        "Clinical training, Autumn 2026 is over and not completed",
        "1 graduate has not answered a follow-up",
        "The attendance of 20 days is not noted",
    ]


def test_who_is_in_a_cohort_that_is_over_is_not_in_training(client):
    over, [enrollment] = placing_cohort()
    make_placement(enrollment=enrollment, state="confirmed")
    advance(over, "running")
    officer = make_user()
    for day, counted in ((FRIDAY, 1), (FRIDAY + timedelta(days=1), 0)):
        figures = today(client, officer, day).context["figures"]
        assert (figures["in_training"], figures["running"]) == (counted, counted)
    assert ">over, not completed</a>" in page_of(client, officer, FRIDAY + timedelta(days=1))


def test_contact_reads_the_graduates_of_their_own_institution_and_nobody_else_s(client):
    contact = make_contact(institution=make_institution("Second National Hospital"))
    make_graduation(
        trainee=make_trainee("Nomin-Erdene Tsogt", institution=contact.institution),
        completed="2024-05",
        program_name="Invitational training",
    )
    make_graduation(trainee=make_trainee("Other Person", institution=make_institution("Elsewhere")))
    make_graduation(trainee=make_trainee("Without Home", institution=None))
    page = page_of(client, contact.user)
    assert "Nomin-Erdene Tsogt" in page
    assert "Invitational training" in page
    assert "May 2024" in page
    assert "Other Person" not in page
    assert "Without Home" not in page


def test_contact_s_rows_lead_to_their_pages(client):
    contact = make_contact(institution=make_institution("Second National Hospital"))
    mou = make_mou(institution=contact.institution)
    page = page_of(client, contact.user)
    for address in (
        reverse("partners:mou-detail", args=[mou.pk]),
        reverse("partners:institution-detail", args=[contact.institution.pk]),
        reverse("partners:region-detail", args=[contact.institution.region.pk]),
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def training(name, *, hospital, specialty, trainees=1):
    """A cohort that runs, with people who are in the department for the whole of it."""
    with clock.at(TUESDAY):
        cohort, enrollments = placing_cohort(name=name, trainees=trainees)
        department = make_department(hospital=hospital, specialty=specialty)
        there = [
            make_placement(enrollment=one, department=department, state="confirmed") for one in enrollments
        ]
    advance(cohort, "running")
    return cohort, there


def test_days_that_nobody_noted_lead_to_the_oldest_list_until_they_are_noted(client):
    cohort, [placement] = training("Autumn 2026", hospital=make_hospital(), specialty="surgery")
    make_session(cohort, day=MONDAY, title="Nobody knows of it", released=False)
    thursday, officer = MONDAY + timedelta(days=3), make_user()
    found = [item for item in today(client, officer, thursday).context["items"] if "attendance" in item.title]
    assert [(item.title, item.text, item.url, item.due) for item in found] == [(
        "The attendance of 3 days is not noted",
        "Clinical training, Autumn 2026. 3 lines are missing, the oldest on 2 November 2026.",
        f"{reverse('programs:attendance-day')}?cohort={cohort.pk}&day=2026-11-02",
        thursday,
    )]  # fmt: skip
    for day in range(3):
        Attendance.objects.create(
            placement=placement, enrollment=placement.enrollment, day=MONDAY + timedelta(days=day),
            status="present", noted_name="Choi",
        )  # fmt: skip
    assert not [title for title in titles(client, officer, thursday) if "attendance" in title]
    session = make_session(cohort, day=MONDAY)
    assert "The attendance of 1 day is not noted" in titles(client, officer, thursday)
    sessions.cancel(session, by=officer, reason="storm")
    assert not [title for title in titles(client, officer, thursday) if "attendance" in title]


def test_a_supervisor_who_stayed_silent_is_to_be_called_until_it_is_settled(client):
    hospital = make_hospital("Myongji Hospital", phone="031-111-2222")
    _cohort, [placement, other] = training("Autumn 2026", hospital=hospital, specialty="surgery", trainees=2)
    evaluation, officer = make_evaluation(placement, state="missed"), make_user()
    day = FRIDAY + timedelta(days=20)
    item = next(item for item in today(client, officer, day).context["items"] if "evaluated" in item.title)
    assert (item.title, item.due, item.phone) == (
        "Myongji Hospital has not evaluated 1 trainee", evaluation.due, "031-111-2222",
    )  # fmt: skip
    assert item.url == reverse("programs:evaluation-detail", args=[evaluation.pk])
    make_evaluation(other, state="missed")
    item = next(item for item in today(client, officer, day).context["items"] if "evaluated" in item.title)
    assert item.title == "Myongji Hospital has not evaluated 2 trainees"
    page = client.get(item.url).content.decode()
    assert page.count("Not answered in time</span>") == 2
    for one in Evaluation.objects.all():
        evaluations.waive(one, by=officer, reason="left the hospital")
    assert not [title for title in titles(client, officer, day) if "evaluated" in title]


def test_late_today_and_later_are_told_apart(client):
    make_certificate()
    placing_cohort()
    make_mou(title="Ends soon", expires=ApproximateDate(2027, 3))
    groups = today(client, make_user(Role.MANAGER), MONDAY - timedelta(days=3)).context["groups"]
    assert [group["when"] for group in groups] == ["late", "today", "later"]
    assert [group["look"] for group in groups] == ["stop", "wait", "idle"]


def test_first_of_the_late_things_is_the_one_button(client):
    placing_cohort()
    page = page_of(client, make_user(), MONDAY)
    assert page.count("btn btn-primary") == 1
    assert "Place the trainees</a>" in page


def test_time_line_says_how_far_a_cohort_is(client):
    cohort, [enrollment] = placing_cohort(name="Autumn 2026")
    make_placement(enrollment=enrollment, state="confirmed")
    officer = make_user()
    assert "Placing · starts in 20 days" in page_of(client, officer, TUESDAY)
    advance(cohort, "running")
    assert "Running · week 2 of 4" in page_of(client, officer, MONDAY + timedelta(days=9))


def test_rows_of_the_time_line_have_twelve_weeks(client):
    make_cohort(starts=date(2026, 8, 3), ends=date(2026, 10, 2))
    make_cohort(starts=date(2026, 11, 30), ends=date(2027, 2, 26))
    make_cohort(starts=date(2027, 4, 5), ends=date(2027, 4, 30))
    line = today(client, make_user()).context["time_line"]
    assert len(line["heads"]) == 12
    assert [sum(cell.weeks for cell in row.cells) for row in line["rows"]] == [12, 12]


def test_cohort_of_which_only_the_month_is_known_claims_no_week(client):
    make_cohort(starts="2026-10", ends="2026-11", state="nominating")
    page = page_of(client, make_user(), date(2026, 10, 20))
    assert "Nominating</a>" in page


def everything_else(hospital, *, specialty):
    """A free seat, a certificate to approve, a correction asked for, other dates proposed, papers owed."""
    make_offer()
    make_certificate()
    trainee = make_trainee("Asks For Another Name", user=True)
    certificate = make_certificate(
        enrollment=make_enrollment(trainee=trainee, state="completed"), state="issued"
    )
    certificate_corrections.ask_correction(certificate, by=trainee.user, name="Another Name")
    department = make_department(hospital=hospital, specialty=specialty)
    with clock.at(date(2026, 10, 1)):
        placement = make_placement(department=department, state="requested")
        waiting.propose(placement, by=PORTAL, first_day=date(2026, 11, 9), last_day=date(2026, 11, 20))


@pytest.mark.parametrize("cohorts", [1, 3])
def test_page_costs_ten_queries_whatever_waits_and_for_any_number_of_cohorts(
    client, cohorts, django_assert_num_queries
):
    hospital = make_hospital(short_name="Wiltse")
    for number in range(cohorts):
        _cohort, [enrollment] = placing_cohort()
        with clock.at(date(2026, 10, 1)):
            make_placement(
                enrollment=enrollment,
                department=make_department(hospital=hospital, specialty=f"s{number}"),
                state="requested",
            )
        make_mou(
            title=f"MOU {number}",
            expires=ApproximateDate(2027, 3),
            institution=make_institution(f"I {number}"),
        )
        failed_mail(f"mail {number}")
        _cohort, [there] = training(f"Runs {number}", hospital=hospital, specialty=f"t{number}")
        make_evaluation(there, state="missed")
        everything_else(hospital, specialty=f"u{number}")
    Program.objects.update(papers=["passport"])
    client.force_login(make_user([Role.MANAGER]))
    client.get(reverse("desk:today"))
    with clock.at(FRIDAY + timedelta(days=20)), django_assert_num_queries(10):
        page = client.get(reverse("desk:today"))
    found = [item.title for item in (*page.context["items"], *page.context["others"])]
    kinds = (
        "has not answered for",
        "is free for",
        "Approve",
        "a correction",
        "proposes",
        "not evaluated",
        "owe",
    )
    assert [kind for kind in kinds if not any(kind in title for title in found)] == []


def test_names_of_records_are_escaped(client):
    make_mou(title="<b>Ends</b> soon", expires=ApproximateDate(2027, 3))
    page = page_of(client, make_user())
    assert escape("<b>Ends</b> soon is about to expire") in page
    assert "<b>Ends</b>" not in page
