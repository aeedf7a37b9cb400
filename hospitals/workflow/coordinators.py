"""Coordinators: invited by mail or added, several at one hospital, one person at several, until their last day."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hospitals.models import Coordinator
from portal.accounts.roles import Permission, Role
from portal.mail import invitations
from portal.records import clock
from portal.records.changes import locked
from portal.records.transitions import NotNow, record


def _require(by):
    if not (by.has(Permission.EDIT_HOSPITALS) and by.has(Permission.INVITE_USERS)):
        raise PermissionDenied


@transaction.atomic
def invite(hospital, *, email, name, language, title="", by):
    """Let a person answer for the hospital. Who has no account gets one, and who never signed in the invitation mail.

    Raises NotNow where they serve here already, or their account is closed.
    """
    _require(by)
    user = invitations.invite(email, name=name, roles=[Role.COORDINATOR], language=language, by=by)
    try:
        with transaction.atomic():
            coordinator = Coordinator.objects.create(hospital=hospital, user=user, title=title)
    except IntegrityError as error:
        raise NotNow({"email": _("This person is a coordinator here already.")}) from error
    record(coordinator, "begin_service", by=by)
    return coordinator


@transaction.atomic
def end(coordinator, *, until, by, reason):
    """Their service ended on that day, today at the latest; they see nothing of the hospital any more."""
    _require(by)
    kept = locked(coordinator)
    if kept.until is not None:
        raise NotNow(_("Their service has ended already."))
    if until > clock.today():
        raise NotNow({"until": _("The day lies ahead. End their service on that day.")})
    kept.until = until
    kept.save(update_fields=["until"])
    record(kept, "end_service", by=by, reason=reason, data={"until": until.isoformat()})
    return kept
