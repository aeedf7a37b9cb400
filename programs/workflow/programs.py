"""What is done to a program: begun, changed, put away and taken out again. A program has no state machine."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.changes import locked, take_over
from portal.records.transitions import NotNow, record
from programs.models import Cohort


def _require(by):
    if not by.has(Permission.EDIT_PROGRAMS):
        raise PermissionDenied


@transaction.atomic
def create(program, *, by):
    """Keep a new program, as a form has filled it in."""
    _require(by)
    program.full_clean()
    program.save()
    record(program, "create_program", by=by)
    return program


@transaction.atomic
def change(program, *, by, fields, seen=None):
    """Keep the `fields` that a form has changed. Raises NotNow where somebody else has changed one meanwhile."""
    _require(by)
    if not fields:
        return program
    kept = take_over(locked(program), program, fields, seen)
    kept.full_clean()
    kept.save(update_fields=fields)
    record(kept, "change", by=by, data={"fields": sorted(fields)})
    return kept


@transaction.atomic
def archive(program, *, by):
    """Offer it no longer: no cohort is planned after it. What ran stays. Raises NotNow while a cohort is under way."""
    _require(by)
    kept = locked(program)
    if Cohort.objects.filter(program=kept).under_way().exists():
        raise NotNow(_("A cohort of this program is still under way."))
    if kept.archived_at is None:
        kept.archived_at = clock.now()
        kept.save(update_fields=["archived_at"])
        record(kept, "archive", by=by)


@transaction.atomic
def restore(program, *, by):
    """Offer it again."""
    _require(by)
    kept = locked(program)
    if kept.archived_at is not None:
        kept.archived_at = None
        kept.save(update_fields=["archived_at"])
        record(kept, "restore", by=by)
