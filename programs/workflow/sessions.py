"""The sessions of a schedule: planned, changed, copied, moved by the day, called off. Nobody outside hears of it here.

What stands in the plan goes out with a release (schedule_releases). Officers plan everything, a coordinator what is
held at the hospitals they serve. The cohort is locked first, as everywhere (docs/decisions/0004-races.md).
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hospitals.models import served_by
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.changes import locked
from portal.records.transitions import NotNow, record
from programs import handouts, session_people
from programs.models import Session


def _require(by, *hospitals):
    """Raises PermissionDenied unless `by` plans sessions at all these hospitals (None: at no hospital)."""
    if by.has(Permission.RUN_COHORTS):
        return
    if by.has(Permission.EDIT_OWN_SESSIONS) and None not in hospitals:
        own = set(served_by(by).values_list("hospital", flat=True))
        if own.issuperset(hospitals):
            return
    raise PermissionDenied


def for_change(session, *, by):
    """The session as it stands now, locked after its cohort. Raises PermissionDenied unless `by` plans there."""
    locked(session.cohort)
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("cohort")
    session = rows.get(pk=session.pk)
    _require(by, session.hospital_id)
    return session


@transaction.atomic
def keep(form, *, by):
    """Keep a session as a valid form has filled it in, a new one or one that is there.

    Raises NotNow where somebody else has changed it since the form showed it.
    """
    session = form.instance
    is_new = session.pk is None
    before = None
    if is_new:
        locked(session.cohort)
    else:
        before = for_change(session, by=by)
    _require(by, session.hospital_id)
    if before and form.cleaned_data["seen"] not in ("", before.fingerprint):
        raise NotNow(
            _("Somebody has changed this since you opened the page. Open it again to see what it says.")
        )
    session.save()
    session.trainees.set([] if session.whole_cohort else form.chosen)
    data = {"session": session.pk, "title": session.title}
    if not is_new:
        data["fields"] = [name for name in form.changed_data if name not in ("seen", "despite")]
    record(session.cohort, "add_session" if is_new else "change_session", by=by, data=data)
    return session


@transaction.atomic
def copy_to(session, days, *, by):
    """The same session on other days, at the same hours by its own clock; the copies are drafts. Returns them.

    Raises NotNow where nobody is left who might take part.
    """
    session = for_change(session, by=by)
    copies = copies_on(session, days, by)
    for copy in copies:
        if not (copy.whole_cohort or copy.chosen):
            raise NotNow(_("None of your hospital’s trainees takes part in it."))
        copy.save()
        copy.trainees.set(copy.chosen)
        handouts.share([(session, copy)])
    record(
        session.cohort,
        "copy_session",
        by=by,
        data={"session": session.pk, "title": session.title, "days": [day.isoformat() for day in days]},
    )
    return copies


def copies_on(session, days, user):
    """The copies that `copy_to` by `user` would keep, not kept."""
    copies, (whole_cohort, chosen) = [], session_people.of_copies(session, user)
    for day in days:
        copy = _unsaved(session)
        shift_to(copy, day)
        copy.whole_cohort, copy.chosen = whole_cohort, chosen
        copies.append(copy)
    return copies


def _unsaved(session):
    copy = session.of_facts(session.facts())
    copy.pk, copy.sequence, copy.released, copy.released_before, copy.released_at = None, 0, None, None, None
    copy.cancelled_at, copy.cancel_reason = None, ""
    return copy


def shift_to(session, day):
    """Move a session in memory to another day, at the same hours by its own clock whatever summer time does there."""
    zone = session.zone
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    nights = ends.date() - starts.date()
    session.starts_at = datetime.combine(day, starts.time(), zone)
    session.ends_at = datetime.combine(day + nights, ends.time(), zone)


def on_day(cohort, day, user):
    """The standing sessions of the cohort that begin on a day in Seoul, those that `user` may move."""
    begins = clock.start_of(day)
    rows = cohort.sessions.standing().editable_by(user).filter(starts_at__gte=begins).for_list()
    return [one for one in rows.order_by("starts_at") if one.starts_at.astimezone(clock.SEOUL).date() == day]


@transaction.atomic
def move_day(cohort, day, to, *, by):
    """Everything of one day goes to another, each at its hours. Returns them; raises NotNow for an empty day."""
    locked(cohort)
    moved = on_day(cohort, day, by)
    if not moved:
        raise NotNow({"day": _("Nothing is planned on this day.")})
    for session in moved:
        shift_to(session, to + (session.starts_at.astimezone(session.zone).date() - day))
        session.save(update_fields=["starts_at", "ends_at"])
    data = {"day": day.isoformat(), "to": to.isoformat(), "sessions": [session.pk for session in moved]}
    record(cohort, "move_day", by=by, data=data)
    return moved


@transaction.atomic
def cancel(session, *, by, reason):
    """The session does not take place. It stays in the schedule, struck out, so that nobody looks for it in vain."""
    session = for_change(session, by=by)
    if session.is_cancelled:
        raise NotNow(_("It is cancelled already."))
    session.cancelled_at, session.cancel_reason = clock.now(), reason
    session.save(update_fields=["cancelled_at", "cancel_reason"])
    _note(session, "cancel_session", by, reason)
    return session


@transaction.atomic
def reinstate(session, *, by):
    """A session that was called off takes place after all."""
    session = for_change(session, by=by)
    if not session.is_cancelled:
        raise NotNow(_("It is not cancelled."))
    session.cancelled_at, session.cancel_reason = None, ""
    session.save(update_fields=["cancelled_at", "cancel_reason"])
    _note(session, "reinstate_session", by)
    return session


@transaction.atomic
def remove(session, *, by):
    """Take a session that nobody outside has heard of out of the plan. What was released is cancelled instead."""
    session = for_change(session, by=by)
    if session.released is not None:
        raise NotNow(
            _("Trainees know of this session: cancel it, so that they learn that it does not take place.")
        )
    _note(session, "remove_session", by)
    handouts.discard(session.attached.select_related("file"))
    session.delete()


def _note(session, verb, by, reason=""):
    record(session.cohort, verb, by=by, reason=reason, data={"session": session.pk, "title": session.title})
