"""A schedule as staff and hospitals read it: by day, as a week of people, as a month of days.

Rotation days are never kept: they are read from the confirmed placements, and so follow them when they move.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Prefetch, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hospitals.models import served_by
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.approximate import span_words

from .attending import days_there
from .models import Cohort, Enrollment, Placement, Session
from .models.cohorts import brand_of
from .session_changes import zone_words
from .templatetags.programs_days import short_day

NAMED = 4  # people in one cell; the others are a number


@dataclass(frozen=True)
class Day:
    """One day of the schedule, by the clock in Seoul."""

    on: date
    sessions: list


@dataclass
class Cell:
    """One day of somebody's week: where they are placed, and their sessions."""

    on: date
    placements: list = field(default_factory=list)
    sessions: list = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """A line of the week: everybody (no trainee), or one trainee."""

    trainee: Trainee | None
    cells: list


@dataclass(frozen=True)
class Week:
    """A week as a table: its days, and a line for everybody and for each trainee."""

    days: list
    rows: list


@dataclass(frozen=True)
class MonthDay:
    """One day of a calendar: its sessions, and who is in a department; `is_outside` the month that is shown."""

    on: date
    is_outside: bool
    is_today: bool
    sessions: list
    placements: list


@dataclass(frozen=True)
class Span:
    """The days a page shows, and the way to those before and after."""

    view: str
    first: date
    last: date
    before: date
    after: date
    words: str

    def is_outside(self, day):
        """Whether a day is shown only because its week is: of the month before or after."""
        return self.view == "month" and not self.before < day.replace(day=1) < self.after


# Which days -----------------------------------------------------------------------------------------


def span_of(view, day):
    """The week or the month around a day. A month begins with the Monday before its first day."""
    if view == "month":
        first = day.replace(day=1)
        last = clock.next_month(first) - timedelta(days=1)
        words = date_format(first, "YEAR_MONTH_FORMAT")
        return Span(
            "month", first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()),
            clock.month_before(first), clock.next_month(first), words,
        )  # fmt: skip
    monday = day - timedelta(days=day.weekday())
    week = timedelta(days=7)
    sunday = monday + timedelta(days=6)
    return Span("week", monday, sunday, monday - week, monday + week, span_words(monday, sunday))


def day_asked(text, usual):
    """The day that an address names, else the usual one."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return usual
    return day if date(1990, 1, 1) <= day <= date(2200, 1, 1) else usual


def first_shown(cohort):
    """Where a cohort's schedule opens: today while it runs, else with its first day."""
    today = clock.today()
    return today if cohort.first_day <= today <= cohort.last_day else cohort.first_day


def within(sessions, first, last):
    """The sessions that touch these days in Seoul."""
    begins = datetime.combine(first, time(), clock.SEOUL)
    ends = datetime.combine(last + timedelta(days=1), time(), clock.SEOUL)
    return sessions.overlapping(begins, ends)


# Sessions, as this reader knows them ------------------------------------------------------------------


def read(sessions, user):
    """The sessions by time, ready to be shown to `user`: the plan to who edits it, what was released to the others.

    Each has `times`, `for_whom` and `may_edit`. Of people a coordinator reads only those placed at their hospitals.
    """
    own = None if user.is_team else set(served_by(user).values_list("hospital", flat=True))
    people = None if user.is_team else _guests(user)
    rows = sessions.with_place().prefetch_related(
        Prefetch("trainees", Trainee.objects.order_by("passport_name", "pk")), "attached__file"
    )
    found = []
    for row in rows:
        may_edit = own is None or row.hospital_id in own
        session = row if may_edit else row.as_released()
        session.may_edit, session.plan = may_edit, row
        session.times = times_of(session)
        session.names = [] if session.whole_cohort else _names(row, people)
        session.others = 0 if session.whole_cohort else len(row.trainees.all()) - len(session.names)
        found.append(session)
    return sorted(found, key=lambda session: (session.starts_at, session.pk))


def read_across(sessions, user):
    """The same of several cohorts: each says whose it is as `cohort_called`, by program and cohort, and by the days
    where two are called alike.
    """
    named = sessions.select_related("cohort__program").annotate(brand=brand_of("cohort__"))
    found, cohorts = read(named, user), {}
    for session in found:
        cohort = cohorts.setdefault(session.cohort_id, session.plan.cohort)
        cohort.brand = session.plan.brand
    called = {pk: f"{cohort.program_name}, {cohort}" for pk, cohort in cohorts.items()}
    often = Counter(called.values())
    for session in found:
        name, pk = called[session.cohort_id], session.cohort_id
        session.cohort_called = name if often[name] == 1 else f"{name}, {cohorts[pk].dates}"
    return found


def _guests(user):
    """The trainees who are placed at the hospitals of a coordinator."""
    here = Placement.objects.taking_seats().filter(department__hospital__in=served_by(user))
    return set(here.values_list("trainee", flat=True))


def _names(session, people):
    return [one.display_name for one in session.trainees.all() if people is None or one.pk in people]


def days_of(sessions):
    """Sessions as `read` has them, by day in Seoul."""
    by_day = groupby(sessions, key=lambda session: session.starts_at.astimezone(clock.SEOUL).date())
    return [Day(day, list(group)) for day, group in by_day]


def times_of(session):
    """Pairs of the time in words and whose clock it is: Seoul's, and the session's own where it says something else.

    Where the day is another one there, the day is said as well: 00:30 in Seoul is the evening before in Tashkent.
    """
    here = session.starts_at.astimezone(clock.SEOUL)
    pairs = [(_hours(session, clock.SEOUL), _("Seoul"))]
    there = session.starts_at.astimezone(session.zone)
    if there.utcoffset() != here.utcoffset():
        words = _hours(session, session.zone)
        if there.date() != here.date():
            words = f"{short_day(there.date())}, {words}"
        pairs.append((words, zone_words(session.time_zone)))
    return pairs


def _hours(session, zone):
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    hours = f"{starts:%H:%M}–{ends:%H:%M}"
    if ends.date() == starts.date():
        return hours
    return _("%(hours)s (until %(day)s)") % {"hours": hours, "day": short_day(ends.date())}


# Days in departments ----------------------------------------------------------------------------------


def _placed(placements, first, last):
    """{(trainee, day): placements} of the days shown."""
    found = defaultdict(list)
    for placement in placements:
        for day in days_there(placement):
            if first <= day <= last:
                found[placement.trainee_id, day].append(placement)
    return found


# Grids ----------------------------------------------------------------------------------------------


def week_of(sessions, enrollments, placements, span):
    """A week of a cohort: what everybody does, then each trainee's days. Nothing is queried but the rows given."""
    days = [span.first + timedelta(days=number) for number in range(7)]
    placed = _placed(placements, span.first, span.last)
    everybody, own = defaultdict(list), defaultdict(list)
    for session in sessions:
        for day in _days_touched(session, span):
            if session.whole_cohort:
                everybody[day].append(session)
                continue
            for trainee in session.plan.trainees.all():
                own[trainee.pk, day].append(session)
    rows = [Row(None, [Cell(day, [], everybody[day]) for day in days])]
    for enrollment in enrollments:
        pk = enrollment.trainee_id
        rows.append(Row(enrollment.trainee, [Cell(day, placed[pk, day], own[pk, day]) for day in days]))
    return Week(days, rows)


def calendar_of(sessions, placements, span):
    """The days of a span as weeks, each day with its sessions and the placements of who is in a department."""
    by_day, placed, today = defaultdict(list), defaultdict(list), clock.today()
    for session in sessions:
        for day in _days_touched(session, span):
            by_day[day].append(session)
    for (_trainee, day), here in _placed(placements, span.first, span.last).items():
        placed[day] += here
    count = (span.last - span.first).days + 1
    days = [
        MonthDay(day, span.is_outside(day), day == today, by_day[day], placed[day])
        for day in (span.first + timedelta(days=number) for number in range(count))
    ]
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def _days_touched(session, span):
    """The days in Seoul on which a session is held, of those shown; one until midnight does not touch the next."""
    first = session.starts_at.astimezone(clock.SEOUL).date()
    last = (session.ends_at - timedelta(microseconds=1)).astimezone(clock.SEOUL).date()
    count = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if span.first <= day <= span.last]


def people_of(cohort):
    """Who takes part, by name."""
    return list(
        Enrollment.objects.taking_part()
        .filter(cohort=cohort)
        .select_related("trainee")
        .order_by("trainee__passport_name", "pk")
    )


def placements_in(user, first, last, **wanted):
    """The placements that stand in these days, as `user` may see them."""
    return list(
        Placement.objects.visible_to(user)
        .taking_seats()
        .overlapping(first, last)
        .filter(**wanted)
        .select_related("department__hospital", "department__specialty", "trainee")
    )


def sessions_of(cohort, user):
    """The cohort's sessions that `user` may see."""
    return Session.objects.visible_to(user).filter(cohort=cohort)


def planned_with(user):
    """The cohorts whose schedule `user` may plan in: officers all, a coordinator those that asked their hospitals."""
    if user.has(Permission.RUN_COHORTS):
        return Cohort.objects.all()
    if not user.has(Permission.EDIT_OWN_SESSIONS):
        return Cohort.objects.none()
    asked = Placement.objects.filter(requested_at__isnull=False, department__hospital__in=served_by(user))
    held = Session.objects.filter(hospital__in=served_by(user))
    return Cohort.objects.filter(
        Q(pk__in=asked.values("enrollment__cohort")) | Q(pk__in=held.values("cohort"))
    )
