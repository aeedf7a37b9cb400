"""What is done to a person's own record: entered, changed, and the name on the certificate confirmed."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from participants import names
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.changes import locked, take_over
from portal.records.transitions import NotNow, record

from . import duplicates

# What two people are compared by.
LOOKED_AT = {*Trainee.NAMES, "birth_date", "email", "institution", "nationality"}


def _require(by, permission):
    if not by.has(permission):
        raise PermissionDenied


@transaction.atomic
def register(trainee, *, by, others=()):
    """Keep a new person, as a form has filled them in. `others` look alike and were said to be somebody else."""
    _require(by, Permission.EDIT_PEOPLE)
    trainee.clean()
    _save(trainee)
    record(trainee, "register", by=by)
    duplicates.look_at([trainee])
    duplicates.say_not_these(trainee, others, by=by)
    return trainee


def _save(trainee, **options):
    """Save; two who enter the same address at the same moment are told in words, as one after the other would be."""
    try:
        with transaction.atomic():
            trainee.save(**options)
    except IntegrityError as error:
        others = Trainee.objects.exclude(pk=trainee.pk)
        if trainee.email and others.filter(email=trainee.email).exists():
            raise NotNow({"email": _("Somebody with this e-mail address is entered already.")}) from error
        raise


OWN_FIELDS = frozenset(
    [
        "phone",
        "emergency_contact",
        "language",
        "local_name",
        "languages",
        "needs",
        "profession",
        "position",
    ]
)


def change_own(trainee, *, by, fields, seen=None):
    """The person changes what they may of their own record (OWN_FIELDS); otherwise as `change`."""
    if trainee.user_id != by.pk or not OWN_FIELDS.issuperset(fields):
        raise PermissionDenied
    return _change(trainee, by=by, fields=fields, seen=seen)


def change(trainee, *, by, fields, seen=None):
    """Keep the `fields` that a form has changed, and no other. The trail names them, not what stands in them.

    `seen` is what the form showed: a field that somebody else has changed since is not overwritten, NotNow says so.
    A name for the certificate that staff change is the trainee's to confirm again.
    """
    _require(by, Permission.EDIT_PEOPLE)
    return _change(trainee, by=by, fields=fields, seen=seen)


@transaction.atomic
def _change(trainee, *, by, fields, seen):
    if not fields:
        return trainee
    trainee.clean()
    kept = take_over(locked(trainee), trainee, fields, seen)
    written = [*fields]
    if "certificate_name" in fields:
        kept.certificate_name_confirmed_at = None
        written.append("certificate_name_confirmed_at")
    _save(kept, update_fields=written)
    record(kept, "change", by=by, data={"fields": sorted(fields)})
    if LOOKED_AT.intersection(fields):
        duplicates.look_at([kept])
    return kept


@transaction.atomic
def confirm_certificate_name(trainee, *, by, name):
    """The person says how the certificate is to print their name; the trail keeps how it stood before.

    Raises ValidationError for a name it cannot print.
    """
    if not by.has(Permission.EDIT_PEOPLE) and trainee.user_id != by.pk:
        raise PermissionDenied
    name = names.tidy(name)
    names.valid_certificate_name(name)
    kept = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    before = kept.name_on_certificate
    kept.certificate_name = name
    kept.certificate_name_confirmed_at = clock.now()
    kept.save(update_fields=["certificate_name", "certificate_name_confirmed_at"])
    record(kept, "confirm_certificate_name", by=by, data={"before": before, "name": name})
    return kept
