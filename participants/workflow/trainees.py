"""What is done to a person's own record: entered, changed, and the name on the certificate confirmed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import record


def _require(by, permission):
    if not by.has(permission):
        raise PermissionDenied


@transaction.atomic
def register(trainee, *, by):
    """Keep a new person, as a form has filled them in."""
    _require(by, Permission.EDIT_PEOPLE)
    trainee.save()
    record(trainee, "register", by=by)
    return trainee


@transaction.atomic
def change(trainee, *, by, fields):
    """Keep what a form has changed. The trail names the fields, not what stands in them.

    A name for the certificate that staff change is the trainee's to confirm again.
    """
    _require(by, Permission.EDIT_PEOPLE)
    if not fields:
        return trainee
    if "certificate_name" in fields:
        trainee.certificate_name_confirmed_at = None
    trainee.save()
    record(trainee, "change", by=by, data={"fields": sorted(fields)})
    return trainee


@transaction.atomic
def confirm_certificate_name(trainee, *, by, name):
    """The person says how the certificate is to print their name; the trail keeps how it stood before."""
    if not by.has(Permission.EDIT_PEOPLE) and trainee.user_id != by.pk:
        raise PermissionDenied
    kept = Trainee.objects.select_for_update().get(pk=trainee.pk)
    before = kept.name_on_certificate
    kept.certificate_name = name
    kept.certificate_name_confirmed_at = clock.now()
    kept.save(update_fields=["certificate_name", "certificate_name_confirmed_at"])
    record(kept, "confirm_certificate_name", by=by, data={"before": before, "name": name})
    return kept
