"""Checking in by oneself: a presenter opens it for some minutes, who sits there enters the code."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow, record
from programs.attending import ON_THE_LIST, day_of, is_expected
from programs.models import Attendance, CheckIn, Enrollment, Session
from programs.ticking import hospitals_of, why_not_open

LATE_AFTER = timedelta(minutes=10)
Status = Attendance.Status


def _require_own(session, by):
    hospitals = hospitals_of(by)
    if not by.has(Permission.NOTE_ATTENDANCE) or (
        hospitals is not None and session.hospital_id not in hospitals
    ):
        raise PermissionDenied


@transaction.atomic
def open_check_in(session, *, by, minutes):
    """Let those who are in the session check in for so many minutes; what was open for it closes.

    It ends with the session at the latest. Raises NotNow: too early, over, cancelled, or not released.
    """
    kept = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort")
    session = kept.get(pk=session.pk)
    _require_own(session, by)
    now = clock.now()
    if why := why_not_open(session):
        raise NotNow(why)
    session.check_ins.open_now().update(closes_at=now)
    closes_at = min(now + timedelta(minutes=minutes), session.ends_at)
    check_in = CheckIn.objects.create(session=session, opened_by=by, opened_at=now, closes_at=closes_at)
    record(session.cohort, "open_check_in", by=by, reason=str(session), data={"minutes": minutes})
    return check_in


@transaction.atomic
def close_check_in(check_in, *, by):
    """Nobody checks in any more. Closing twice changes nothing."""
    kept = (
        CheckIn.objects.select_for_update(no_key=True, of=("self",))
        .select_related("session")
        .get(pk=check_in.pk)
    )
    _require_own(kept.session, by)
    if kept.is_open:
        kept.closes_at = clock.now()
        kept.save(update_fields=["closes_at"])
    return kept


@transaction.atomic
def check_in(opened, *, by):
    """Note the trainee `by` as present, or late, while the check-in is open; return the line. Raises NotNow.

    Doing it twice notes it once. Over what somebody has noted on the list it does not go.
    """
    if not by.has(Permission.OWN_TRAINING):
        raise PermissionDenied
    opened = CheckIn.objects.select_related("session").get(pk=opened.pk)
    session = opened.session
    rows = Enrollment.objects.select_for_update(no_key=True, of=("self",)).select_related("trainee")
    mine = rows.filter(trainee__user=by, cohort=session.cohort_id, state__in=ON_THE_LIST).first()
    if mine is None or not is_expected(mine, session):
        raise NotNow(_("You are not on the list of this session. Tell the person who leads it."))
    line = Attendance.objects.filter(enrollment=mine, session=session).first()
    if line is not None:
        if line.status in Attendance.NOT_THERE:
            raise NotNow(
                _("Somebody has noted that you are not there. Tell the person who leads the session.")
            )
        return line
    if not opened.is_open:
        raise NotNow(_("Checking in is over. Tell the person who leads the session."))
    # It may have been called off, or moved to another day, since it was opened.
    if why := why_not_open(session):
        raise NotNow(why)
    late = clock.now() > session.starts_at + LATE_AFTER
    return Attendance.objects.create(
        enrollment=mine,
        session=session,
        day=day_of(session),
        status=Status.LATE if late else Status.PRESENT,
        channel=Attendance.Channel.CHECK_IN,
        noted_by=by,
        noted_name=str(by)[:120],
    )
