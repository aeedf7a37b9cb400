"""The rules of placing, in words: each function returns what is broken, never raises, and writes nothing."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from hospitals.models import Closure
from portal.records import clock
from portal.records.approximate import span_words

from .models import Certificate, Enrollment, Placement
from .seat_count import share_a_half

# Days a hospital has to answer a request, counted from the day it is sent.
ANSWER_WITHIN_DAYS = 7
SATURDAY = 5


def fullest_day(department, first_day, last_day, half, *, leaving_out=None):
    """How many seats of the department are taken on its fullest half-day in the period. One query."""
    others = list(
        Placement.objects.taking_seats()
        .filter(department=department)
        .overlapping(first_day, last_day)
        .exclude(pk=leaving_out)
        .only("first_day", "last_day", "half")
    )
    return fullest_of(others, first_day, last_day, half)


def fullest_of(others, first_day, last_day, half):
    """The same from placements already read: for pages that ask about many departments at once."""
    others = [other for other in others if other.first_day <= last_day and other.last_day >= first_day]
    fullest = 0
    for asked in (
        [Placement.Half.MORNING, Placement.Half.AFTERNOON] if half == Placement.Half.WHOLE else [half]
    ):
        there = [other for other in others if other.half in (asked, Placement.Half.WHOLE)]
        # The fullest day is one on which somebody begins, or the first day of the period.
        days = {max(other.first_day, first_day) for other in there}
        fullest = max([fullest, *(sum(o.first_day <= day <= o.last_day for o in there) for day in days)])
    return fullest


def cohort_takes_no_placements(cohort):
    """Somebody is placed only while the cohort is under way."""
    if cohort.state in (
        cohort.State.NOMINATING,
        cohort.State.SELECTING,
        cohort.State.PLACING,
        cohort.State.RUNNING,
    ):
        return ""
    return _("Nobody is placed in this cohort any more, or yet.")


def not_placeable(enrollment):
    """Only who was accepted or is here is placed, and only while the cohort is under way."""
    refused = cohort_takes_no_placements(enrollment.cohort)
    if refused:
        return refused
    if enrollment.state not in (Enrollment.State.ACCEPTED, Enrollment.State.IN_TRAINING):
        return _("The trainee is not accepted into the cohort, or not any more.")
    return ""


def outside_cohort(placement):
    """Invariant 3: a placement lies inside its cohort's dates, as far as those are known."""
    cohort = placement.enrollment.cohort
    if placement.first_day >= cohort.first_day and placement.last_day <= cohort.last_day:
        return ""
    return _("The days lie outside the cohort’s dates, %(dates)s.") % {"dates": cohort.dates}


def department_closed(placement):
    """Invariant 3: a closed department takes nobody."""
    closure = Closure.objects.filter(
        department=placement.department_id,
        first_day__lte=placement.last_day,
        last_day__gte=placement.first_day,
    ).first()
    if closure is None:
        return ""
    return _("The department is closed from %(first)s to %(last)s.") % {
        "first": closure.first_day.isoformat(),
        "last": closure.last_day.isoformat(),
    }


def no_seat_free(placement):
    """Invariant 1: never more confirmed trainees on any day than seats."""
    taken = fullest_day(
        placement.department,
        placement.first_day,
        placement.last_day,
        placement.half,
        leaving_out=placement.pk,
    )
    seats = placement.department.seats
    if taken < seats:
        return ""
    return ngettext(
        "No seat is free: the department has %(seats)s seat in these days, and it is taken.",
        "No seat is free: the department has %(seats)s seats in these days, and all are taken.",
        seats,
    ) % {"seats": seats}


def elsewhere(placement):
    """Invariant 2: a trainee is never in two confirmed placements on one half-day."""
    others = (
        Placement.objects.taking_seats()
        .filter(trainee=placement.trainee_id)
        .overlapping(placement.first_day, placement.last_day)
        .exclude(pk=placement.pk)
        .select_related("department__hospital", "department__specialty")
    )
    for other in others:
        if share_a_half(placement, other):
            return _("The trainee is at %(place)s on one of these days.") % {"place": other.department}
    return ""


def no_working_day(placement):
    """A placement has a day from Monday to Friday in it; it may begin or end on a weekend around that."""
    length = (placement.last_day - placement.first_day).days + 1
    days = (placement.first_day + timedelta(days=number) for number in range(min(length, 7)))
    if any(day.weekday() < SATURDAY for day in days):
        return ""
    return _("These days are a weekend. A placement needs a working day, from Monday to Friday.")


def stays_of(trainee):
    """All that is drafted, asked for or settled for a trainee, in whatever cohort."""
    over = [Placement.State.CANCELLED, Placement.State.DECLINED, Placement.State.RESCHEDULED]
    return (
        Placement.objects.filter(trainee=trainee)
        .exclude(state__in=over)
        .select_related("department__hospital", "department__specialty")
        .order_by("first_day", "pk")
    )


def drafted_twice(placement):
    """No draft shares a half-day with what is drafted, asked for or settled for the trainee already."""
    others = stays_of(placement.trainee_id).overlapping(placement.first_day, placement.last_day)
    for other in others.exclude(pk=placement.pk):
        if share_a_half(placement, other):
            words = _(
                "The trainee has a place on one of these days already: %(place)s, %(days)s (%(state)s)."
            )
            return words % {
                "place": other.department,
                "days": span_words(other.first_day, other.last_day),
                "state": other.get_state_display(),
            }
    return ""


def broken(placement, *, overbook=False):
    """Every rule the placement would break if it were confirmed now, in words."""
    found = [
        not_placeable(placement.enrollment),
        outside_cohort(placement),
        department_closed(placement),
        elsewhere(placement),
    ]
    if not overbook:
        found.append(no_seat_free(placement))
    return [words for words in found if words]


def placements_outside(cohort):
    """Invariant 3 from the cohort's side: which placements that bind somebody its dates would leave outside."""
    over = [Placement.State.CANCELLED, Placement.State.DECLINED, Placement.State.RESCHEDULED]
    found = (
        Placement.objects.filter(enrollment__cohort=cohort)
        .exclude(state__in=over)
        .filter(Q(first_day__lt=cohort.first_day) | Q(last_day__gt=cohort.last_day))
        .aggregate(count=Count("pk"), first=Min("first_day"), last=Max("last_day"))
    )
    if not found["count"]:
        return ""
    words = ngettext(
        "%(count)s placement would lie outside these dates: %(days)s. Cancel it first.",
        "%(count)s placements would lie outside these dates: %(days)s. Cancel them first.",
        found["count"],
    )
    return words % {"count": found["count"], "days": span_words(found["first"], found["last"])}


def too_few_seats(cohort):
    """A cohort has a seat for everybody who was accepted."""
    taken = cohort.enrollments.taking_part().count()
    if cohort.seats is None or taken <= cohort.seats:
        return ""
    words = ngettext(
        "%(count)s trainee is accepted already; so few seats are not enough.",
        "%(count)s trainees are accepted already; so few seats are not enough.",
        taken,
    )
    return words % {"count": taken}


def settled_facts(cohort):
    """The names of the facts that stand: other papers quote them once hospitals may be asked."""
    State = cohort.State
    is_open = cohort.state in (State.PLANNING, State.NOMINATING, State.SELECTING)
    return frozenset() if is_open else frozenset({"program", "code"})


def not_begun(cohort):
    """Nobody is in training before the cohort's first day."""
    if clock.today() >= cohort.first_day:
        return ""
    if cohort.starts.precision == "day":
        return _("The cohort begins on %(day)s.") % {"day": cohort.starts.words()}
    return _("The cohort begins in %(period)s.") % {"period": cohort.starts.words()}


def end_to_come(cohort):
    """What has been completed did not end in days to come."""
    State = cohort.State
    if cohort.state not in (State.COMPLETED, State.CLOSED) or cohort.last_day <= clock.today():
        return ""
    return _("The cohort is completed: its last day cannot be after today.")


def not_over(cohort):
    """A cohort is completed on its last day at the earliest."""
    if clock.today() >= cohort.ends.earliest:
        return ""
    return _("The cohort runs until %(day)s.") % {"day": cohort.ends.words()}


class Obstacle(NamedTuple):
    """What stands between a cohort and its next state: a word for the code, and words for people."""

    code: str
    words: str


def cohort_blockers(cohort, numbers):
    """What stands between the cohort and its next state by its `Numbers`; empty where nothing does."""
    State = cohort.State
    blockers = {
        State.NOMINATING: _nominating_blockers,
        State.SELECTING: _selecting_blockers,
        State.PLACING: _placing_blockers,
        State.RUNNING: lambda cohort, numbers: [Obstacle("early", not_over(cohort))],
        State.COMPLETED: _completed_blockers,
    }.get(cohort.state)
    return [blocker for blocker in blockers(cohort, numbers) if blocker.words] if blockers else []


def _counted(code, words, count):
    """The sentence about so many, out of lazy words that count by `count`; empty for none."""
    return Obstacle(code, words % {"count": count} if count else "")


def _nominating_blockers(cohort, numbers):
    if numbers.nominated or numbers.head_counts:
        return []
    return [Obstacle("nobody", _("Nobody is nominated yet."))]


def _selecting_blockers(cohort, numbers):
    return [
        _counted(
            "undecided",
            ngettext_lazy(
                "%(count)s nomination is not decided.", "%(count)s nominations are not decided.", "count"
            ),
            numbers.enrollments[Enrollment.State.NOMINATED],
        )
    ]


def _placing_blockers(cohort, numbers):
    return [
        _counted(
            "unanswered",
            ngettext_lazy(
                "%(count)s placement request is not answered.",
                "%(count)s placement requests are not answered.",
                "count",
            ),
            numbers.unanswered,
        ),
        _counted(
            "unplaced",
            ngettext_lazy(
                "%(count)s trainee has no confirmed placement.",
                "%(count)s trainees have no confirmed placement.",
                "count",
            ),
            numbers.unplaced,
        ),
        Obstacle("early", not_begun(cohort)),
    ]


def _completed_blockers(cohort, numbers):
    return [
        _counted(
            "unissued",
            ngettext_lazy(
                "%(count)s certificate is not issued yet.",
                "%(count)s certificates are not issued yet.",
                "count",
            ),
            numbers.certificates[Certificate.State.ELIGIBLE]
            + numbers.certificates[Certificate.State.APPROVED],
        )
    ]


def weeks_of(first_day, last_day):
    """The weeks (Monday to Friday) that the period touches, as (monday, friday) pairs.

    Where only the month of the first day is known this may begin before anybody came; see board_weeks.
    """
    monday = first_day - timedelta(days=first_day.weekday())
    weeks = []
    while monday <= last_day:
        weeks.append((monday, monday + timedelta(days=4)))
        monday += timedelta(days=7)
    return weeks
