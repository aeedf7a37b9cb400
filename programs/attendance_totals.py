"""How often each trainee of a cohort was there, by the program's rule, and for how many hours.

`totals_of` (five queries) and `presence_of` (six) take as many for any size of the cohort.

What is not noted is neither attended nor missed: a share is told as the span between the two until the list is full.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from portal.records import clock

from .attending import working_days
from .models import Attendance, Placement, Session

Status = Attendance.Status
HOURS_A_DAY = 8  # a whole day in a department, as Korean labor law has it
NO_LINES = {"present": 0, "late": 0, "excused": 0, "elsewhere": 0, "absent": 0, "on_list": 0}


@dataclass(frozen=True)
class Totals:
    """The lines of one trainee until today, counted."""

    present: int = 0
    late: int = 0
    excused: int = 0
    elsewhere: int = 0  # excused because the program itself had them elsewhere: counts in no way
    absent: int = 0
    missing: int = 0  # expected, and nobody has noted anything
    lates_per_absence: int | None = None
    excused_counts: bool = False

    @property
    def noted(self):
        return self.present + self.late + self.excused + self.elsewhere + self.absent

    @property
    def counted(self):
        """Of how many: all that is noted but what the program itself was the reason of."""
        return self.noted - self.elsewhere

    @property
    def attended(self):
        """How many count as attended: so many lates are one absence; excused ones count where the program says so."""
        lost = self.late // self.lates_per_absence if self.lates_per_absence else 0
        return self.present + self.late - lost + (self.excused if self.excused_counts else 0)

    @property
    def share(self):
        """In whole percent of what is noted, rounded down: nothing reads as more than it is. None without any."""
        return _percent(self.attended, self.counted)

    @property
    def at_least(self):
        """The share if whoever is not noted was not there."""
        return _percent(self.attended, self.counted + self.missing)

    @property
    def at_most(self):
        """The share if whoever is not noted was there."""
        return _percent(self.attended + self.missing, self.counted + self.missing)

    def to_go(self, wanted):
        """How many of the noted absences would have to be attendances for `wanted` percent; 0 where that is reached."""
        needed = ceil(wanted * (self.counted + self.missing) / 100)
        return max(needed - self.attended - self.missing, 0)


def _percent(part, whole):
    return part * 100 // whole if whole else None


@dataclass(frozen=True)
class Presence:
    """What a transcript says of one trainee: the share, the days in departments, and the hours of both together."""

    share: int | None = None  # in whole percent by the program's rule, as on the attendance tab
    days: float = 0  # halves where a placement is mornings or afternoons
    session_hours: float = 0  # of the sessions they were at, as long as these were planned

    @property
    def hours(self):
        return self.days * HOURS_A_DAY + self.session_hours


def presence_of(cohort, enrollments=None):
    """The Presence of everybody in the cohort (or of these enrollments), by the key of the enrollment.

    Only where somebody was present or late it counts: excused hours are none. Six queries.
    """
    totals = totals_of(cohort, enrollments)
    only = _only(enrollments)
    rows = Attendance.objects.filter(
        only, enrollment__cohort=cohort, status__in=(Status.PRESENT, Status.LATE)
    )
    counted = (
        rows.order_by()
        .values("enrollment")
        .annotate(
            whole=Count("pk", filter=Q(placement__half=Placement.Half.WHOLE)),
            half=Count("pk", filter=Q(placement__isnull=False) & ~Q(placement__half=Placement.Half.WHOLE)),
            sat=Sum(F("session__ends_at") - F("session__starts_at")),
        )
    )
    there = {row["enrollment"]: row for row in counted}
    return {
        key: Presence(own.share, *_hours(there[key])) if key in there else Presence(own.share)
        for key, own in totals.items()
    }


def _hours(row):
    return row["whole"] + row["half"] / 2, (row["sat"] or timedelta()) / timedelta(hours=1)


def totals_of(cohort, enrollments=None):
    """The Totals of everybody in the cohort (or of these enrollments), by the key of the enrollment."""
    program = cohort.program
    rule = {"lates_per_absence": program.lates_per_absence, "excused_counts": program.excused_counts}
    only = _only(enrollments)
    lines = {row.pop("enrollment"): row for row in _lines(cohort, only)}
    expected = _expected(cohort, only, enrollments)
    found = {}
    for key in lines.keys() | expected.keys():
        counts = {**NO_LINES, **lines.get(key, {})}
        missing = max(expected[key] - counts.pop("on_list"), 0)
        found[key] = Totals(**counts, missing=missing, **rule)
    return found


def _only(enrollments):
    return Q() if enrollments is None else Q(enrollment__in=[one.pk for one in enrollments])


def _lines(cohort, only):
    """What is noted, counted by trainee. `on_list` are those lines that are still expected as the plan stands now."""
    asked = Session.trainees.through.objects.filter(
        session=OuterRef("session"), trainee=OuterRef("enrollment__trainee")
    )
    in_placement = Q(
        placement__state__in=Placement.SEATED,
        placement__first_day__lte=F("day"),
        placement__last_day__gte=F("day"),
    )
    takes_place = Q(session__cancelled_at=None, session__released__isnull=False)
    by_program = Q(reason=Attendance.Reason.PROGRAM)
    return (
        Attendance.objects.filter(only, enrollment__cohort=cohort)
        .order_by()
        .values("enrollment")
        .annotate(
            present=Count("pk", filter=Q(status=Status.PRESENT)),
            late=Count("pk", filter=Q(status=Status.LATE)),
            excused=Count("pk", filter=Q(status=Status.EXCUSED) & ~by_program),
            elsewhere=Count("pk", filter=Q(status=Status.EXCUSED) & by_program),
            absent=Count("pk", filter=Q(status=Status.ABSENT)),
            on_list=Count(
                "pk", filter=in_placement | takes_place & (Q(session__whole_cohort=True) | Q(Exists(asked)))
            ),
        )
    )


def _expected(cohort, only, enrollments):
    """How often everybody was expected until today, by the key of the enrollment. Three queries."""
    today, found, spans = clock.today(), Counter(), {}
    placements = Placement.objects.taking_seats().filter(
        only, enrollment__cohort=cohort, first_day__lte=today
    )
    for enrollment, first, last in placements.values_list("enrollment", "first_day", "last_day"):
        if (first, last) not in spans:  # a cohort has many people and few spans
            spans[first, last] = sum(day <= today for day in working_days(first, last))
        found[enrollment] += spans[first, last]
    people = cohort.enrollments.taking_part()
    if enrollments is not None:
        people = people.filter(pk__in=[one.pk for one in enrollments])
    people = list(people.values_list("pk", "trainee"))
    for whole_cohort, asked in _sessions(cohort, today):
        found.update(key for key, trainee in people if whole_cohort or trainee in asked)
    return found


def _sessions(cohort, today):
    """Of each session until today whether it is for the whole cohort, else the keys of whom it is for. Two queries."""
    past = cohort.sessions.taking_place().filter(starts_at__lte=clock.now() + timedelta(days=1))
    asked = defaultdict(set)
    named = Session.trainees.through.objects.filter(session__in=past.filter(whole_cohort=False).order_by())
    for session, trainee in named.values_list("session", "trainee"):
        asked[session].add(trainee)
    for pk, whole_cohort, starts_at, zone in past.values_list("pk", "whole_cohort", "starts_at", "time_zone"):
        if starts_at.astimezone(ZoneInfo(zone)).date() <= today:
            yield whole_cohort, asked[pk]
