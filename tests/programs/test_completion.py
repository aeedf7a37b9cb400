"""What counts as completed: each rule met, not met or not known, exceptions with a reason, and what hangs on it."""

import csv
from datetime import date

import pytest
from django.db.models.signals import post_init
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs.attending import days_there
from programs.completion import standing_of, standings_of
from programs.models import Attendance, Certificate, Cohort, ProgramFeedback
from programs.workflow import certificates, cohorts, enrollments, exemptions
from tests import factories

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 27)
ALL = {
    "min_attendance": 80,
    "needs_placements": True,
    "needs_evaluations": True,
    "needs_own_evaluation": True,
}


def running(*names, **rules):
    """A cohort of a program with these rules, in training, everybody confirmed in a department to its end."""
    with clock.at(date(2026, 10, 13)):
        cohort = factories.make_cohort(state="placing", program=factories.make_program(**rules))
        department = factories.make_department(seats=99)
        found = []
        for name in names or ("Bolormaa Dorj",):
            enrollment = factories.make_enrollment(
                cohort=cohort, trainee=factories.make_trainee(name), state="accepted"
            )
            found.append(
                factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
            )
    factories.advance(cohort, "running")
    for placement in found:
        placement.enrollment.refresh_from_db()
        placement.enrollment.cohort.refresh_from_db()
    return found


def note(placement, *statuses):
    """What is noted day by day, the last status for all days that are left."""
    days = days_there(placement)
    statuses = [*statuses, *[statuses[-1]] * (len(days) - len(statuses))]
    Attendance.objects.bulk_create(
        Attendance(
            placement=placement, enrollment=placement.enrollment, day=day, status=status, noted_name="Choi"
        )
        for day, status in zip(days, statuses, strict=True)
        if status
    )


def say(enrollment):
    ProgramFeedback.objects.create(enrollment=enrollment, **dict.fromkeys(ProgramFeedback.MARKS, 4))


def verdicts(enrollment, day=LAST_DAY):
    with clock.at(day):
        return {str(one.rule): (str(one.met), one.words) for one in standing_of(enrollment).verdicts}


def test_a_program_without_rules_asks_nothing():
    (placement,) = running()
    assert standing_of(placement.enrollment).is_met
    assert standing_of(placement.enrollment).verdicts == ()


@pytest.mark.parametrize(
    ("statuses", "day", "met", "words"),
    [
        ([""], LAST_DAY, "unknown", "80% asked, 0 to 100% reached: 20 lines are not noted."),
        (["present"], LAST_DAY, "met", "80% asked, 100% reached: 20 of 20."),
        (["absent"] * 4 + ["present"], LAST_DAY, "met", "80% asked, 80% reached: 16 of 20."),
        (["absent"] * 5 + ["present"], LAST_DAY, "not_met", "80% asked, 75% reached: 15 of 20."),
        (["present"] * 16 + [""], LAST_DAY, "met", "80% asked, 80 to 100% reached: 4 lines are not noted."),
        (
            ["absent"] * 5 + ["", "present"],
            LAST_DAY,
            "not_met",
            "80% asked, 70 to 75% reached: 1 line is not noted.",
        ),
        (["absent"] * 9 + [""], date(2026, 11, 12), "unknown", "80% asked, 0% so far: 0 of 9."),
    ],
)
def test_attendance_is_judged_at_the_end_as_far_as_it_is_noted(statuses, day, met, words):
    (placement,) = running(min_attendance=80)
    note(placement, *statuses)
    assert verdicts(placement.enrollment, day) == {"attendance": (met, words)}


def test_each_rule_says_how_it_stands_and_where_it_is_mended():
    (placement,) = running(**ALL)
    before = verdicts(placement.enrollment, date(2026, 11, 20))
    assert before["placements"] == ("unknown", "The last placement ends on 27 November 2026.")
    assert before["evaluations"] == ("unknown", "0 of 1 are in.")
    assert before["own_evaluation"] == ("unknown", "It is not in yet.")
    note(placement, "present")
    factories.make_evaluation(placement, state="answered")
    say(placement.enrollment)
    assert {met for met, _words in verdicts(placement.enrollment).values()} == {"met"}


def test_a_missed_evaluation_is_not_met_and_a_waived_one_is_met():
    first, second = running("One", "Two", needs_evaluations=True)
    factories.make_evaluation(first, state="missed")
    factories.make_evaluation(second, state="waived")
    assert verdicts(first.enrollment) == {"evaluations": ("not_met", "0 of 1 are in.")}
    assert verdicts(second.enrollment) == {"evaluations": ("met", "1 of 1 are in.")}


def test_the_own_evaluation_can_come_in_for_two_weeks():
    (placement,) = running(needs_own_evaluation=True)
    assert verdicts(placement.enrollment, date(2026, 12, 11))["own_evaluation"][0] == "unknown"
    assert verdicts(placement.enrollment, date(2026, 12, 12))["own_evaluation"] == (
        "not_met", "It did not come in until 11 December 2026.",
    )  # fmt: skip


def test_who_does_not_meet_the_rules_does_not_complete_and_is_named():
    first, second = running("Bolormaa Dorj", "Jasur Umarov", min_attendance=80)
    note(first, "present")
    note(second, "absent")
    cohort = first.enrollment.cohort
    with clock.at(LAST_DAY):
        with pytest.raises(NotNow) as refused:
            cohorts.complete(cohort, by=PORTAL)
        assert refused.value.messages == [
            "1 trainee does not meet every rule of the program (see “Completion”): Jasur Umarov."
        ]
        with pytest.raises(NotNow) as refused:
            enrollments.complete(second.enrollment, by=PORTAL)
        assert refused.value.messages == ["Attendance: 80% asked, 0% reached: 0 of 20."]
        exemptions.exempt(second.enrollment, by=factories.make_user(), reason="her mother died")
        cohorts.complete(cohort, by=PORTAL)
    assert Certificate.objects.filter(state="eligible").count() == 2


def test_an_exception_is_for_what_was_open_then_and_stands_in_the_trail(client):
    (placement,) = running(min_attendance=80, needs_evaluations=True)
    note(placement, "absent")
    evaluation = factories.make_evaluation(placement, state="answered")
    officer = factories.make_user()
    client.force_login(officer)
    address = reverse("programs:enrollment-exempt", args=[placement.enrollment_id])
    with clock.at(LAST_DAY):
        page = client.get(address).content.decode()
        assert "80% asked, 0% reached: 0 of 20." in page
        assert client.post(address, {"reason": ""}).status_code == 422
        client.post(address, {"reason": "ill for the whole month"})
        standing = standing_of(placement.enrollment)
        assert (standing.is_met, standing.exemption.rules) == (True, ["attendance"])
        event = Event.objects.about(placement.enrollment).get(verb="exempt")
        assert (event.actor, event.reason) == (officer, "ill for the whole month")
        evaluation.delete()
        assert not standing_of(placement.enrollment).is_met
        answer = client.post(address, {"reason": "again"}, follow=True)
        assert "The exception for Bolormaa Dorj is recorded." in answer.content.decode()
        assert client.post(address, {"reason": "and again"}).status_code == 422


def test_a_certificate_goes_by_what_was_corrected_since():
    (placement,) = running(min_attendance=80)
    note(placement, "present")
    with clock.at(LAST_DAY):
        enrollments.complete(placement.enrollment, by=PORTAL)
        certificate = Certificate.objects.get()
        Attendance.objects.update(status="absent")
        with pytest.raises(NotNow):
            certificates.approve(certificate, by=factories.make_user(Role.MANAGER))
        Attendance.objects.update(status="present")
        certificates.approve(certificate, by=factories.make_user(Role.MANAGER))


@pytest.mark.parametrize("count", [1, 3])
def test_the_tab_shows_everybody_at_one_number_of_queries(client, count, django_assert_num_queries):
    found = running(*(f"Person {number}" for number in range(count)), **ALL)
    for placement in found:
        note(placement, "present")
        factories.make_evaluation(placement)
    client.force_login(factories.make_user())
    address = reverse("programs:cohort-completion", args=[found[0].enrollment.cohort_id])
    with clock.at(LAST_DAY):
        client.get(address)
        with django_assert_num_queries(11):
            page = client.get(address)
    text = page.content.decode()
    assert f"0 of {count} trainee" in text
    assert text.count("80% asked, 100% reached: 20 of 20.") == count
    assert text.count("Make an exception") == count


def test_the_tab_is_narrowed_by_name_and_standing_and_goes_out_as_a_file(client):
    first, second = running("Bolormaa Dorj", "Jasur Umarov", min_attendance=80, needs_own_evaluation=True)
    note(first, "present")
    note(second, "absent")
    say(first.enrollment)
    officer = factories.make_user()
    client.force_login(officer)
    address = reverse("programs:cohort-completion", args=[first.enrollment.cohort_id])
    with clock.at(LAST_DAY):
        exemptions.exempt(second.enrollment, by=officer, reason="ill for a month")
        for query, names in (
            ({"standing": "met"}, ["Bolormaa Dorj", "Jasur Umarov"]),
            ({"standing": "not_met"}, []),
            ({"q": "umarov"}, ["Jasur Umarov"]),
        ):
            page = client.get(address, query)
            assert [row.trainee.passport_name for row in page.context["listing"]] == names
        answer = client.post(f"{address}?export=csv", {"reason": "for the ministry"})
        lines = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert [line[3:-1] for line in lines[-2:]] == [
        ["met", "met", "80% asked, 100% reached: 20 of 20.", "met", "It is in.", "", "0"],
        [
            "met",
            "excepted",
            "80% asked, 0% reached: 0 of 20.",
            "excepted",
            "It is not in yet.",
            "ill for a month",
            "0",
        ],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_judging_takes_no_model_instance_a_trainee(count, django_assert_num_queries):
    running(*(f"Person {number}" for number in range(count)), **ALL)
    made, cohort = [], Cohort.objects.select_related("program").get()
    with clock.at(LAST_DAY), django_assert_num_queries(6):
        post_init.connect(lambda sender, **kw: made.append(sender), weak=False, dispatch_uid="counted")
        try:
            assert len(standings_of(cohort)) == count
        finally:
            post_init.disconnect(dispatch_uid="counted")
    assert made == []


def test_a_trainee_reads_how_they_stand(client):
    (placement,) = running(**ALL)
    note(placement, "present")
    placement.trainee.user = factories.make_user(Role.TRAINEE)
    placement.trainee.save()
    client.force_login(placement.trainee.user)
    with clock.at(LAST_DAY):
        text = client.get(reverse("programs:my-training")).content.decode()
    assert "You need 80%. So far you have 100%: 20 of 20." in text
    assert "Your supervisors write them at the end of each placement. 0 of 1 are in." in text
    assert "Please say so by Friday, 11 December 2026." in text
