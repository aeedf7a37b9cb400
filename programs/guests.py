"""A host hospital's side of the cohorts: who is there now and next, seats by week, and who was there by year."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.formats import date_format

from participants.models import Graduation
from portal.records import clock
from portal.ui.components import SeatRow

from .models import Cohort, Placement
from .seat_count import SeatCount, seat_cell

WEEKS_AHEAD = 8


def coming_weeks():
    """This week and those after it, as (monday, friday) pairs."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    mondays = (monday + timedelta(weeks=number) for number in range(WEEKS_AHEAD))
    return [(monday, monday + timedelta(days=4)) for monday in mondays]


def week_heads(weeks):
    """The Monday of each week, as a column's head."""
    return [date_format(monday, "SHORT_MONTH_DAY_FORMAT") for monday, _friday in weeks]


def seat_rows(departments, weeks, count):
    """A row of the strip for each department, which was read with its closures."""
    return [_seat_row(department, weeks, count) for department in departments]


@dataclass
class Guests:
    """Trainees at a hospital: those there today, and those of the coming weeks, confirmed or asked for."""

    now: list = field(default_factory=list)
    next: list = field(default_factory=list)
    rows: list = field(default_factory=list)  # SeatRow by department
    weeks: list = field(default_factory=list)

    @property
    def heads(self):
        """The Monday of each week, as a column's head."""
        return week_heads(self.weeks)


def guests_of(hospital, departments, user):
    """Who comes within the coming weeks, as `user` may see it. One query; `departments` have their closures."""
    weeks, today = coming_weeks(), clock.today()
    placements = (
        Placement.objects.for_board()
        .visible_to(user)
        .filter(Q(state__in=Placement.SEATED) | Q(state=Placement.State.REQUESTED))
        .filter(department__hospital=hospital)
        .overlapping(weeks[0][0], weeks[-1][1])
        .order_by("first_day", "trainee__passport_name")
    )
    guests = Guests(weeks=weeks)
    count = SeatCount(weeks[0][0], weeks[-1][1])
    for placement in placements:
        count.take(placement)
        if placement.first_day > today:
            guests.next.append(placement)
        elif placement.last_day >= today and placement.is_seated:
            guests.now.append(placement)
    guests.rows = seat_rows(departments, weeks, count)
    return guests


def _seat_row(department, weeks, count):
    closures = list(department.closures.all())
    cells = [seat_cell(department, closures, count, week) for week in weeks]
    return SeatRow(department.label, cells)


@dataclass
class Year:
    """A year at a hospital: people and weeks as placed in the portal, and what the record tells beside them."""

    year: int
    trainees: set = field(default_factory=set)
    weeks: int = 0
    cohorts: list = field(default_factory=list)  # without a placement here: how many came is not known
    graduates: list = field(default_factory=list)  # of the register, without an enrollment


def years_at(hospital, user):
    """What is known of each year until today, latest first, as `user` may see it. Three queries."""
    years = _Years()
    placed = set()
    today = clock.today()
    seated = Placement.objects.visible_to(user).taking_seats().filter(department__hospital=hospital)
    for placement in seated.filter(first_day__lte=today).select_related("enrollment"):
        year = years[placement.first_day.year]
        year.trainees.add(placement.trainee_id)
        year.weeks += ((placement.last_day - placement.first_day).days + 7) // 7
        placed.add(placement.enrollment.cohort_id)
    cohorts = Cohort.objects.visible_to(user).filter(hospitals=hospital, starts__earliest__lte=today)
    for cohort in cohorts.exclude(state=Cohort.State.CANCELLED).for_list():
        if cohort.pk not in placed:
            years[cohort.starts.year].cohorts.append(cohort)
    register = Graduation.objects.visible_to(user).filter(hospitals=hospital, enrollment=None)
    for graduation in register.select_related("trainee"):
        years[graduation.completed.year].graduates.append(graduation)
    return [years[number] for number in sorted(years, reverse=True)]


def contribution(years):
    """What the hospital gave, of what is placed in the portal: (people over all years, weeks, the first year)."""
    counted = [year for year in years if year.weeks]
    people = set().union(*(year.trainees for year in counted))
    return (
        len(people),
        sum(year.weeks for year in counted),
        min((year.year for year in counted), default=None),
    )


class _Years(defaultdict):
    def __missing__(self, number):
        self[number] = Year(number)
        return self[number]
