"""What people do with mails. What the worker does is in states.py."""

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow, record, transition

from . import states, wording
from .hold import keep_back
from .models import Mailing, OutgoingMail, State, Wording
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
    if not keep_back(mail):
        transaction.on_commit(nudge, robust=True)


@transition(
    OutgoingMail,
    source=[State.QUEUED],
    target=State.QUEUED,
    permission=Permission.MANAGE_MAILS,
    label=gettext_lazy("Send now"),
)
def send_now(mail, *, by):
    """Do not wait for its time: it leaves within a minute, whatever held it back."""
    mail.due = min(mail.due, clock.now())
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


@transaction.atomic
def reword(mail, *, by, subject, text):
    """Write this one mail in other words before it leaves; empty words go back to the usual ones.

    The trail keeps what was written. Raises PermissionDenied, or NotNow where the words stand already.
    """
    if not by.has(Permission.MANAGE_MAILS):
        raise PermissionDenied
    mail = OutgoingMail.objects.select_for_update(no_key=True).get(pk=mail.pk)
    if mail.state != State.QUEUED or mail.is_frozen:
        raise NotNow(_("The text of this mail stands already: it is leaving, has left, or was tried before."))
    mail.own_subject, mail.own_text = (subject, text) if text else ("", "")
    mail.save(update_fields=["own_subject", "own_text"])
    record(mail, "reword", by=by, data={"subject": subject, "text": text})
    return mail


@transaction.atomic
def write_wording(kind, language, *, by, subject, text):
    """A new version of what mails of this kind say in this language; empty words go back to the built-in ones.

    Mails that are not written yet say it from now on. Raises PermissionDenied, or NotNow with what stands against it.
    """
    if not by.has(Permission.REWORD_MAILS):
        raise PermissionDenied
    found = wording.problems(subject, text, kind.variables) if text else []
    if found:
        raise NotNow(found)
    with connection.cursor() as cursor:  # two versions written at once get two numbers
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"wording:{kind.name}:{language}"])
    latest = Wording.objects.versions(kind.name, language).first()
    words = Wording.objects.create(
        kind=kind.name,
        language=language,
        version=latest.version + 1 if latest else 1,
        subject=subject if text else "",
        text=text,
        made_by=by,
    )
    record(words, "reword", by=by)
    return words


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
