"""`./dev bench attendance`: the day's list, the three tabs of a training, and Today, at 30 and 300 trainees.

Everybody is in the third week, every day but the last two is noted, one session a day is for all, the evaluations of
the first stay are asked.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from measure import page

from portal.records import clock
from programs.attending import days_there
from programs.models import Attendance, Cohort, Enrollment, Evaluation, Placement, Program, Session
from programs.workflow import schedule_releases

TODAY = 16  # days after the first


def main(client, make_cohort):
    for people in (30, 300):
        cohort = make_cohort(people)
        first_day = cohort.first_day
        with clock.at(first_day + timedelta(days=TODAY)):
            _train(cohort)
            lists = f"{reverse('programs:attendance-day')}?cohort={cohort.pk}&day="
            day = (first_day + timedelta(days=TODAY - 1)).isoformat()
            page(client, "attendance-day, nothing noted", lists + day, people)
            page(client, "attendance-day, all noted", lists + first_day.isoformat(), people)
            page(client, "attendance-day, by name", f"{lists}{day}&q=0007", people)
            for name in ("attendance", "evaluations", "completion"):
                address = reverse(f"programs:cohort-{name}", args=[cohort.pk])
                page(client, f"cohort-{name}", address, people)
                page(client, f"cohort-{name}, by name", f"{address}?q=0007", people)
            page(client, "today", reverse("desk:today"), people)
            _put(Cohort, "closed", pk=cohort.pk)


def _put(model, state, **rows):
    """A state past its verbs: what is measured is reading."""
    QuerySet(model).filter(**rows).update(state=state)


def _train(cohort):
    Program.objects.filter(pk=cohort.program_id).update(
        min_attendance=80, needs_placements=True, needs_evaluations=True, needs_own_evaluation=True
    )
    _put(Cohort, "running", pk=cohort.pk)
    _put(Enrollment, "in_training", cohort=cohort)
    sessions = Session.objects.bulk_create(
        Session(
            cohort=cohort, kind="lecture", title=f"Lecture {day}",
            starts_at=clock.start_of(cohort.first_day) + timedelta(days=day, hours=17),
            ends_at=clock.start_of(cohort.first_day) + timedelta(days=day, hours=18),
        )
        for day in range(26)
    )  # fmt: skip
    schedule_releases.hand_out(list(cohort.sessions.prefetch_related("trainees")), clock.now())
    until = clock.today() - timedelta(days=2)
    facts = {"noted_name": "Choi"}
    placements = list(Placement.objects.filter(enrollment__cohort=cohort))
    Attendance.objects.bulk_create(
        Attendance(enrollment_id=one.enrollment_id, placement=one, day=day, status="present", **facts)
        for one in placements
        for day in days_there(one)
        if day <= until
    )
    Attendance.objects.bulk_create(
        Attendance(enrollment=one, session=session, day=session.starts_at.date(), status="late", **facts)
        for one in cohort.enrollments.all()
        for session in sessions
        if session.starts_at.date() <= until
    )
    Evaluation.objects.bulk_create(
        Evaluation(placement=one, due=one.last_day + timedelta(days=14))
        for one in placements
        if one.last_day < clock.today()
    )
