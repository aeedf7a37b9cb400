"""Where a trainee would like to be: told by themselves, or entered by staff."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records.changes import locked
from portal.records.transitions import NotNow, record
from programs.models import Wish


def may_tell(enrollment, user):
    """Staff who place, and the trainee."""
    own = user.has(Permission.OWN_TRAINING) and enrollment.trainee.user_id == user.pk
    return own or user.has(Permission.PLACE_TRAINEES)


def are_open(enrollment):
    """Wishes are told until the training begins, by who may still come."""
    State, cohort = enrollment.State, enrollment.cohort
    coming = enrollment.state in (State.NOMINATED, State.RESERVE, State.ACCEPTED)
    return coming and cohort.state in (
        cohort.State.NOMINATING, cohort.State.SELECTING, cohort.State.PLACING,
    )  # fmt: skip


@transaction.atomic
def tell(enrollment, *, by, wanted):
    """Keep the wishes, pairs of hospital and specialty in their order, in place of those told before."""
    if not may_tell(enrollment, by):
        raise PermissionDenied
    kept = locked(enrollment)
    if not are_open(kept):
        raise NotNow(_("Wishes can be told until the training begins."))
    kept.places_wished.all().delete()
    for rank, (hospital, specialty) in enumerate(wanted, start=1):
        Wish.objects.create(enrollment=kept, rank=rank, hospital=hospital, specialty=specialty)
    record(kept, "say_wishes", by=by)
    return kept
