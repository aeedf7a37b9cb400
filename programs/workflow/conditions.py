"""What hospitals ask trainees to bring or show: ticked off by staff, each with who saw it and when."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.changes import locked
from portal.records.transitions import NotNow, record


@transaction.atomic
def tick(placement, kind, *, by, done=True):
    """Note that a condition is met, or that it is not after all. Twice is once. Returns the placement.

    Raises PermissionDenied, or NotNow where the hospital asks for nothing of the kind, or not any more.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    placement = locked(placement)
    words = placement.condition_words.get(kind)
    if words is None or placement.state != placement.State.WITH_CONDITIONS:
        raise NotNow(_("The hospital does not ask for this, or not any more."))
    if done == (kind in placement.conditions_met):
        return placement
    if done:
        placement.conditions_met[kind] = {"at": clock.now().isoformat(), "by": str(by)[:120]}
    else:
        del placement.conditions_met[kind]
    placement.save(update_fields=["conditions_met"])
    record(placement, "meet_condition" if done else "reopen_condition", by=by, reason=words)
    return placement
