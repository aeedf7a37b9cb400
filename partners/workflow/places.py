"""What is done to regions and institutions: entered and changed. Names and trees are checked under a lock."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from partners import rules
from partners.models import Region
from portal.accounts.roles import Permission
from portal.records.changes import locked, take_over
from portal.records.transitions import NotNow, record


def require(by):
    if not by.has(Permission.EDIT_PARTNERS):
        raise PermissionDenied


def _lock_the_map():
    """Two who enter the same name, or close a circle from both ends, come one after the other. Countries are few."""
    list(Region.objects.countries().order_by("pk").select_for_update(no_key=True))


def _check(place):
    against = rules.objections_to_place(place)
    if against:
        raise NotNow(against)


@transaction.atomic
def enter(place, *, by):
    """Keep a new region or institution, as a form has filled it in. Raises NotNow, by field."""
    require(by)
    _lock_the_map()
    _check(place)
    place.save()
    record(place, "enter", by=by)
    return place


@transaction.atomic
def change(place, *, by, fields, seen=None):
    """Keep the `fields` that a form has changed. Raises NotNow, by field: also where somebody else was faster."""
    require(by)
    if not fields:
        return place
    _lock_the_map()
    kept = take_over(locked(place), place, fields, seen)
    _check(kept)
    kept.save(update_fields=fields)
    record(kept, "change", by=by, data={"fields": sorted(fields)})
    return kept
