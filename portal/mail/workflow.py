"""What people do with mails. What the worker does is in states.py."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow, record, transition

from . import states
from .models import Mailing, OutgoingMail, State
from .nudge import nudge


@transition(
    OutgoingMail,
    source=[State.UNCERTAIN],
    target=State.SENT,
    permission=Permission.MANAGE_MAILS,
    label=gettext_lazy("Settle as arrived"),
)
def settle(mail, *, by, reason=""):
    """A person found out that it arrived (they asked, or saw the mail server's log)."""
    mail.sent_at = mail.last_attempt_at


@transition(
    OutgoingMail,
    source=[State.FAILED, State.UNCERTAIN],
    target=State.QUEUED,
    permission=Permission.MANAGE_MAILS,
    label=gettext_lazy("Send again"),
)
def retry(mail, *, by, reason=""):
    """Queue the mail again; if it was rendered, the same bytes leave under the same Message-ID."""
    if not mail.address:
        mail.address = getattr(mail.recipient, "email", "") or ""
    if not mail.address:
        raise NotNow(_("There is still no e-mail address for this person. Enter one on their page first."))
    if mail.valid_until and mail.valid_until < clock.now():
        raise NotNow(_("This mail was not to leave after its date, which has passed. Cancel it instead."))
    mail.first_attempt_at = None  # the 72 hours begin anew
    mail.next_attempt = clock.now()
    transaction.on_commit(nudge, robust=True)


@transition(
    OutgoingMail,
    source=[State.QUEUED, State.FAILED, State.UNCERTAIN],
    target=State.CANCELLED,
    permission=Permission.MANAGE_MAILS,
    label=gettext_lazy("Cancel the mail"),
)
def cancel(mail, *, by, reason):
    """The mail does not leave (any more), and the row says why."""
    mail.cancelled_reason = reason[:300]


def _held(mailing, by):
    """The mailing under its lock, its time of waiting not over. Raises PermissionDenied or NotNow."""
    if not by.has(Permission.MANAGE_MAILS):
        raise PermissionDenied
    mailing = Mailing.objects.select_for_update(no_key=True).get(pk=mailing.pk)
    if not mailing.is_held:
        raise NotNow(_("These mails are leaving already. Cancel those that are still queued one by one."))
    return mailing


@transaction.atomic
def call_back(mailing, *, by, reason):
    """Cancel all that still waits of a mailing; return how many. Raises NotNow once its time of waiting is over."""
    mailing = _held(mailing, by)
    count = states.cancel_queued(mailing.mails.all(), reason=reason, by=by)
    record(mailing, "call_back", by=by, reason=reason, data={"mails": count})
    return count


@transaction.atomic
def release(mailing, *, by):
    """Do not wait any longer: what is due of a mailing leaves now. Returns how many. Raises NotNow if it has left."""
    mailing = _held(mailing, by)
    count = states.release_queued(mailing.mails.all())
    mailing.leaves_at = clock.now()
    mailing.save(update_fields=["leaves_at"])
    record(mailing, "release", by=by, data={"mails": count})
    transaction.on_commit(nudge, robust=True)
    return count
