"""Closed periods of a department: they never overlap, and close nobody out without a word."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.records.changes import locked, take_over
from portal.records.objections import objections
from portal.records.transitions import NotNow, record

from .entries import require_editor


@transaction.atomic
def close(closure, *, by, reason_all_the_same=""):
    """The department takes nobody on these days. With trainees confirmed in them it needs a reason.

    Raises NotNow with what speaks against it, or where the department is closed on some of the days already.
    """
    against = _ask(closure, by, reason_all_the_same)
    _save(closure)
    _note(closure, "close", by, reason_all_the_same, against)
    return closure


@transaction.atomic
def change(closure, *, by, fields, seen=None, reason_all_the_same=""):
    """Other days or another reason, under the same conditions."""
    if not fields:
        return closure
    against = _ask(closure, by, reason_all_the_same)
    kept = take_over(locked(closure), closure, fields, seen)
    _save(kept, update_fields=fields)
    _note(kept, "change_closure", by, reason_all_the_same, against)
    return kept


@transaction.atomic
def remove(closure, *, by):
    """The department takes trainees on these days again."""
    require_editor(closure, by)
    locked(closure.department)
    _note(closure, "reopen", by, "", [])
    closure.delete()


def _ask(closure, by, reason):
    require_editor(closure, by)
    locked(closure.department)  # confirming locks it too
    against = objections(
        closure.department, "closure", first_day=closure.first_day, last_day=closure.last_day
    )
    if against and not reason:
        raise NotNow(against)
    return against


def _save(closure, **options):
    try:
        with transaction.atomic():
            closure.save(**options)
    except IntegrityError as error:
        words = _("The department is closed on some of these days already.")
        raise NotNow({"first_day": words}) from error


def _note(closure, verb, by, reason, against):
    """A line about the department: a closed period itself may be removed again."""
    days = {"first_day": closure.first_day.isoformat(), "last_day": closure.last_day.isoformat()}
    data = {**days, "days": closure.days, "why": closure.reason}
    if against:
        data["against"] = against
    record(closure.department, verb, by=by, reason=reason or closure.reason, data=data)
