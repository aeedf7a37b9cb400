"""Noting who was there: the list of a day, in one transaction, with what is corrected in the trail."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record
from programs.models import Attendance, Cohort, Enrollment
from programs.ticking import LATE_AFTER_DAYS, hospitals_of, standing_on

OVER = (Cohort.State.CLOSED, Cohort.State.CANCELLED)


@dataclass
class Noted:
    """What came of a list: how many lines are new, and how many say something else now."""

    fresh: int = 0
    changed: int = 0


def _require_own(lines, by):
    """Officers keep every list, a coordinator those of their own hospitals."""
    if not by.has(Permission.NOTE_ATTENDANCE):
        raise PermissionDenied
    hospitals = hospitals_of(by)
    for line in lines:
        unit = line.unit
        hospital = unit.session.hospital_id if unit.session else unit.placement.department.hospital_id
        if hospitals is not None and hospital not in hospitals:
            raise PermissionDenied


def _lock(lines):
    """The trainees of the list, locked in one order: of two who note at once the second sees what the first did."""
    keys = {line.unit.enrollment.pk for line in lines}
    rows = Enrollment.objects.filter(pk__in=keys).select_related("cohort", "trainee").order_by("pk")
    return {one.pk: one for one in rows.select_for_update(of=("self",), no_key=True)}


@transaction.atomic
def note(day, lines, *, by, why=""):
    """Keep what the lines of a day say (`programs.ticking.Line`); those that say nothing stay as they are.

    Sent twice it changes nothing. Raises PermissionDenied, or NotNow: the day is to come, it is late and `why` is
    empty, the cohort is over, or somebody else has noted something else since the page was opened.
    """
    wanted = [line for line in lines if line.status]
    _require_own(wanted, by)
    if day > clock.today():
        raise NotNow(_("This day is still to come."))
    locked = _lock(wanted)
    standing = standing_on(day, [line.unit for line in wanted])
    for line in wanted:
        line.standing = standing.get(line.key)
    moved = [line for line in wanted if line.differs]
    _refuse(day, moved, locked, by, why)
    fresh = [_row(line, day, by) for line in moved if line.standing is None]
    Attendance.objects.bulk_create(fresh)
    corrected = [line for line in moved if line.standing is not None]
    for line in corrected:
        _correct(line, locked[line.unit.enrollment.pk], by, why)
    _tell_the_trail(fresh, locked, day, by, why)
    return Noted(len(fresh), len(corrected))


def _refuse(day, moved, locked, by, why):
    late = (clock.today() - day).days > LATE_AFTER_DAYS
    if moved and late and not why:
        raise NotNow({"why": _("Write why this is noted or changed only now.")})
    staff = by.has(Permission.RUN_COHORTS)
    for cohort in {locked[line.unit.enrollment.pk].cohort for line in moved}:
        if cohort.state in OVER or (cohort.state == Cohort.State.COMPLETED and not staff):
            words = _("%(cohort)s is over: its attendance stands. Ask the province to correct it.")
            raise NotNow(words % {"cohort": cohort})
    for line in moved:
        kept = line.standing
        if kept is not None and kept.status != line.seen:
            words = _("%(name)s noted something else meanwhile: %(status)s. Send again to overrule that.")
            line.error = words % {"name": kept.noted_name, "status": kept.get_status_display()}
            line.seen = kept.status
    if any(line.error for line in moved):
        raise NotNow(_("Somebody else noted this day at the same time. Nothing is changed yet."))


def _facts(line, by):
    return {
        "status": line.status,
        "reason": line.reason,
        "note": line.note,
        "channel": Attendance.Channel.LIST,
        "noted_by": by.user if isinstance(by, System) else by,
        "noted_name": str(by)[:120],
        "noted_at": clock.now(),
    }


def _row(line, day, by):
    unit = line.unit
    return Attendance(
        enrollment_id=unit.enrollment.pk,
        session=unit.session,
        placement=unit.placement,
        day=day,
        **_facts(line, by),
    )


def _correct(line, enrollment, by, why):
    """The line says something else now; what it said before, who changed it and why stand in the trail."""
    kept, before = line.standing, line.standing.get_status_display()
    for name, value in _facts(line, by).items():
        setattr(kept, name, value)
    kept.save()
    words = _("%(day)s, %(of)s: %(before)s → %(after)s.") % {
        "day": date_format(kept.day, "DATE_FORMAT"),
        "of": line.unit.session or line.unit.placement.department,
        "before": before,
        "after": kept.get_status_display(),
    }
    record(enrollment, "correct_attendance", by=by, reason=f"{words} {why}".strip())


def _tell_the_trail(fresh, locked, day, by, why):
    """One line for each cohort: who ticked a list, and of how many people; not one for each person of it."""
    counts = Counter(locked[row.enrollment_id].cohort for row in fresh)
    for cohort, count in sorted(counts.items(), key=lambda pair: pair[0].pk):
        words = f"{date_format(day, 'DATE_FORMAT')} {why}".strip()
        record(cohort, "note_attendance", by=by, reason=words, data={"day": day.isoformat(), "count": count})
