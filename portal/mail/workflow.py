"""What people do with mails. What the worker does is in states.py."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow, transition

from .models import OutgoingMail, State
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
