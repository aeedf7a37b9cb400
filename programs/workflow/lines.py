"""Keeping the small rows that belong to a record: the names of a program, its criteria, the quotas of a cohort."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records.changes import locked
from portal.records.transitions import NotNow, record


@transaction.atomic
def keep(formset, verb, *, by, permission=Permission.EDIT_PROGRAMS):
    """Keep what a valid formset of a record's lines has changed, with one line in the trail.

    Raises PermissionDenied, or NotNow for a line that something else stands on.
    """
    if not by.has(permission):
        raise PermissionDenied
    if not formset.has_changed():
        return
    owner = locked(formset.instance)
    try:
        formset.save()
    except ProtectedError as error:
        raise NotNow(_("A line that is used already cannot be removed.")) from error
    except IntegrityError as error:  # the same line in one form, or sent by two at once
        raise NotNow(_("Two lines say the same. Change one of them, or remove it.")) from error
    record(owner, verb, by=by, data={"lines": [str(line) for line in formset.get_queryset().all()]})
