"""What may not be kept any longer goes: passport numbers, papers, why somebody was not there, so many days after
departure, and lists.

Departure is the last day of the last cohort somebody takes part in; of those who were not accepted, the first day of
the cohort they were nominated for. Nothing goes sooner than so many days after it was stored. A
list of nominees, which holds numbers too, goes so many days after it was sent. Access records and the
register of roles are append-only and never go by themselves.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from participants.models import Document, Passport, Trainee
from participants.workflow import documents, passports
from portal.records import clock, strays
from portal.records.actors import System
from portal.records.imports import erasing
from portal.records.transitions import record
from programs.models import Attendance, Cohort, Enrollment

REASON = gettext_noop("The time for which it may be kept is over.")
STAYING = frozenset([Enrollment.State.ACCEPTED, Enrollment.State.IN_TRAINING])
TOOK_PART = STAYING | {Enrollment.State.COMPLETED, Enrollment.State.NOT_COMPLETED}


@dataclass
class Erased:
    """What a round erased, or would erase."""

    passports: int = 0
    papers: int = 0
    lists: int = 0  # of nominees, which are kept sealed
    absences: int = 0  # lines of attendance with a reason or a note
    strays: int = 0  # stored bytes that no row names

    def __str__(self):
        words = f"{self.passports} passport(s), {self.papers} paper(s)"
        more = {"list(s)": self.lists, "reason(s) of absence": self.absences,
                "file(s) of nobody": self.strays}  # fmt: skip
        return ", ".join([words, *(f"{count} {what}" for what, count in more.items() if count)])


def departure_of(enrollment):
    """The day from which the time runs."""
    cohort = enrollment.cohort
    if enrollment.ended_on:
        return enrollment.ended_on
    took_part = enrollment.state in TOOK_PART and cohort.state != Cohort.State.CANCELLED
    return cohort.last_day if took_part else cohort.first_day


def _departures(people):
    """The latest departure of each person that was ever nominated. One query."""
    found = {}
    for enrollment in Enrollment.objects.filter(trainee__in=people).select_related("cohort"):
        day = departure_of(enrollment)
        found[enrollment.trainee_id] = max(day, found.get(enrollment.trainee_id, date.min))
    return found


def due(day, people=None):
    """The keys of the people (of these, if given) of whom something has to go on `day`. Four queries."""
    before = day - timedelta(days=settings.RETENTION_DAYS)
    only = Q() if people is None else Q(trainee__in=people)
    kept = Passport.objects.filter(only).values_list("trainee", "stored_at")
    papers = Document.objects.filter(only, file__isnull=False).order_by().values("trainee")
    papers = papers.annotate(last=Max("received_at")).values_list("trainee", "last")
    absences = _with_reasons()
    if people is not None:
        absences = absences.filter(enrollment__trainee__in=people)
    absences = absences.order_by().values("enrollment__trainee").annotate(last=Max("noted_at"))
    stored = {}
    for trainee, moment in [*kept, *papers, *absences.values_list("enrollment__trainee", "last")]:
        stored[trainee] = max(localdate(moment, clock.SEOUL), stored.get(trainee, date.min))
    departures = _departures(stored)
    return sorted(
        trainee for trainee, day in stored.items() if max(day, departures.get(trainee, date.min)) < before
    )


def _with_reasons():
    """Lines that say why somebody was not there. That it was for the program counts, so it stays."""
    kept = ("", Attendance.Reason.PROGRAM, Attendance.Reason.UNKNOWN)
    return Attendance.objects.filter(~Q(note="") | ~Q(reason__in=kept))


def erase_due(*, say, dry_run=False):
    """One round: erase what has to go today. Running it twice erases nothing more. Returns what it erased."""
    total, by = Erased(), System("retention")
    for pk in due(clock.today()):
        with transaction.atomic():
            trainee = Trainee.objects.select_for_update(no_key=True).get(pk=pk)
            if not due(clock.today(), [pk]):
                continue  # nominated anew, or handed in a paper, a moment ago
            erased = _would_erase(trainee) if dry_run else _erase(trainee, by=by)
        total.passports += erased.passports
        total.papers += erased.papers
        total.absences += erased.absences
        say(f"trainee {pk}: {erased}")
    total.lists = erasing.erase_due(_lists_before(), by=by, reason=REASON, dry_run=dry_run)
    total.strays = strays.discard(dry_run=dry_run)
    return total


def _lists_before():
    """Lists that came before this moment have been kept long enough, whoever is in them."""
    return clock.now() - timedelta(days=settings.RETENTION_DAYS)


def _would_erase(trainee):
    papers = Document.objects.filter(trainee=trainee, file__isnull=False).count()
    absences = _with_reasons().filter(enrollment__trainee=trainee).count()
    return Erased(Passport.objects.filter(trainee=trainee).count(), papers, absences=absences)


def _erase(trainee, *, by):
    erased = Erased()
    for passport in Passport.objects.filter(trainee=trainee).select_related("trainee"):
        passports.erase(passport, by=by, reason=REASON)
        erased.passports += 1
    erased.papers = documents.erase_all(trainee, by=by, reason=REASON)
    erased.absences = _forget_reasons(trainee, by=by)
    return erased


def _forget_reasons(trainee, *, by):
    """Notes go, and which class of reason it was: how often somebody was excused or absent stays."""
    there = Q(status__in=Attendance.NOT_THERE) & ~Q(reason__in=("", Attendance.Reason.PROGRAM))
    reason = Case(When(there, then=Value(Attendance.Reason.UNKNOWN.value)), default=F("reason"))
    count = _with_reasons().filter(enrollment__trainee=trainee).update(note="", reason=reason)
    if count:
        record(trainee, "erase_absences", by=by, reason=REASON, data={"count": count})
    return count
