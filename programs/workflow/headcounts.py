"""The lines that count people of a cohort without naming them: added, changed, removed, and told in the trail."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.roles import Permission
from portal.records.changes import locked
from portal.records.transitions import record


def _require(by):
    if not by.has(Permission.RUN_COHORTS):
        raise PermissionDenied


@transaction.atomic
def keep(form, *, by):
    """Keep a line as a valid form has filled it in, a new one or one that is there."""
    _require(by)
    is_new = form.instance.pk is None
    cohort = locked(form.instance.cohort)
    line = form.save()
    verb = "add_head_count" if is_new else "change_head_count"
    record(cohort, verb, by=by, data={"line": line.pk, "people": str(line.count)})
    return line


@transaction.atomic
def remove(line, *, by):
    """Take a line out; the trail keeps what it said."""
    _require(by)
    cohort = locked(line.cohort)
    regions = [region.name for region in line.regions.all()]
    record(cohort, "remove_head_count", by=by, data={"people": str(line.count), "regions": regions})
    line.delete()
