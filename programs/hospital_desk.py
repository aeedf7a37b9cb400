"""A coordinator's home: who is there now and next, departments and seats, closed periods, and who else coordinates."""

from dataclasses import dataclass

from hospitals.models import Coordinator, Department, served_by
from portal.records import clock

from .guests import coming_weeks, seat_rows, week_heads
from .models import Placement
from .seat_count import SeatCount

SHOWN = 60
EXPECTED = [Placement.State.REQUESTED, Placement.State.CONFIRMED, Placement.State.WITH_CONDITIONS]


@dataclass(frozen=True)
class HospitalDesk:
    """What the people of one or more hospitals look at every day."""

    hospitals: list
    colleagues: list
    departments: list
    closures: list
    here: list
    later: list
    cohorts: list  # of those who are there or come: each has a sheet to print
    heads: list
    rows: list


def desk_of(user):
    """The home of whoever answers for hospitals. Four queries, however many trainees come."""
    serving = Coordinator.objects.serving().filter(hospital__in=served_by(user))
    people = list(serving.select_related("user", "hospital").order_by("hospital__name", "user__name"))
    hospitals = list({one.hospital_id: one.hospital for one in people}.values())
    departments = list(
        Department.objects.placeable()
        .with_names()
        .filter(hospital__in=[hospital.pk for hospital in hospitals])
        .prefetch_related("closures")
    )
    expected, today = _expected(hospitals), clock.today()
    coming = [one for one in expected if one.is_seated]
    cohorts = {one.enrollment.cohort_id: one.enrollment.cohort for one in coming}
    return HospitalDesk(
        hospitals=hospitals,
        colleagues=[one for one in people if one.user_id != user.pk],
        departments=departments,
        closures=_closures(departments),
        here=[one for one in coming if one.first_day <= today],
        later=[one for one in coming if one.first_day > today],
        cohorts=list(cohorts.values()),
        heads=week_heads(coming_weeks()),
        rows=_rows(departments, expected),
    )


def _expected(hospitals):
    """Who is confirmed or asked for, and not over."""
    rows = Placement.objects.filter(
        department__hospital__in=[hospital.pk for hospital in hospitals],
        state__in=EXPECTED,
        last_day__gte=clock.today(),
    )
    rows = rows.for_board().select_related("trainee__specialty", "supervisor")
    return list(rows.order_by("first_day", "trainee__passport_name", "pk"))


def _closures(departments):
    today = clock.today()
    found = [one for department in departments for one in department.closures.all() if one.last_day >= today]
    return sorted(found, key=lambda closure: closure.first_day)


def _rows(departments, expected):
    weeks = coming_weeks()
    count = SeatCount(weeks[0][0], weeks[-1][1])
    for placement in expected:
        if placement.first_day <= weeks[-1][1]:
            count.take(placement)
    return seat_rows(departments, weeks, count)
