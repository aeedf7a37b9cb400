"""The tree of specialties: nothing becomes a part of itself, not even by two people at one moment."""

from django.db import transaction
from django.utils.translation import gettext as _

from hospitals.models import Specialty
from portal.records.transitions import NotNow

from . import entries


@transaction.atomic
def change(specialty, *, by, fields, seen=None):
    """Keep what a form has changed. Raises NotNow where it would become a part of itself."""
    if "parent" in fields and specialty.parent is not None:
        # The whole tree: what lies above the new parent decides, and may be moved at this moment.
        rows = {row.pk: row for row in Specialty.objects.order_by("pk").select_for_update(no_key=True)}
        if specialty.pk in _above(specialty.parent_id, rows):
            raise NotNow({"parent": _("It would become a part of itself. Choose another one.")})
    return entries.change(specialty, by=by, fields=fields, seen=seen)


def _above(key, rows):
    """The keys from a row up to the top of its tree, itself included."""
    found = []
    while key is not None and key not in found:
        found.append(key)
        key = rows[key].parent_id
    return found
