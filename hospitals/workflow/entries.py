"""Entering and changing hospitals and what belongs to them: who may, the lock, the names, the line in the trail."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.records.changes import locked, take_over
from portal.records.keeping import names_taken
from portal.records.transitions import NotNow, record


def require_editor(obj, by):
    if not obj.is_editable_by(by):
        raise PermissionDenied


@transaction.atomic
def enter(obj, *, by):
    """Keep a new record, as a form has filled it in. Raises NotNow for a name that another one has by now."""
    require_editor(obj, by)
    save(obj)
    record(obj, "enter", by=by)
    return obj


@transaction.atomic
def change(obj, *, by, fields, seen=None, reason="", data=None):
    """Keep the `fields` that a form has changed, and no other; the trail names them.

    `seen` is what the form showed: NotNow where somebody else has changed one of them since.
    """
    if not fields:
        return obj
    kept = take_over(locked(obj), obj, fields, seen)
    require_editor(kept, by)
    save(kept, update_fields=fields)
    record(kept, "change", by=by, reason=reason, data={"fields": sorted(fields), **(data or {})})
    return kept


def save(obj, **options):
    """Save; two who write one name at the same moment are told in words, as one after the other would be."""
    try:
        with transaction.atomic():
            obj.save(**options)
    except IntegrityError as error:
        taken = names_taken(obj) if hasattr(obj, "aliases") else {}
        if not taken:
            raise
        raise NotNow(taken) from error
