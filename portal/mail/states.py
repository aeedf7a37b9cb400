"""How the state of a mail moves while it is sent: short conditional UPDATEs, each a transaction of its own.

People's verbs are in workflow.py. These statements pass by the guard of StatefulQuerySet on purpose: a worker
may hold no row lock while SMTP talks, so what `transition` does with a lock is done here by a condition. Every
UPDATE after the claim asks for the token, so a worker whose lease has run out changes nothing any more. A claim
leaves no line in the trail; what a person would want to read later does.
"""

import random
from datetime import timedelta
from functools import partial

from django.db import connection, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_noop

from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import record

from . import kinds
from .models import BouncedAddress, OutgoingMail, Phase, State

LEASE = timedelta(minutes=5)  # longer than the time limit of a task (settings.CELERY_TASK_TIME_LIMIT)
GIVE_UP_AFTER = timedelta(hours=72)
LONGEST_WAIT = 60  # minutes
SILENCE = gettext_noop(
    "The mail server did not answer after the whole mail was handed over. It may have arrived."
)
LEASE_OVER = gettext_noop("The worker that was sending this mail disappeared.")

# Whether a mail is due is told by the portal's clock, which the demo moves; a lease by the database's alone.
CLAIM = """
    UPDATE mail_outgoingmail
       SET state = 'sending', phase = '', token = gen_random_uuid(),
           lease_until = statement_timestamp() + %(lease)s,
           attempts = attempts + 1, last_attempt_at = %(now)s,
           first_attempt_at = COALESCE(first_attempt_at, %(now)s)
     WHERE id = (SELECT id FROM mail_outgoingmail
                  WHERE state = 'queued' AND next_attempt <= %(now)s
                  ORDER BY next_attempt, id
                    FOR UPDATE SKIP LOCKED LIMIT 1)
 RETURNING *
"""
NO_LEASE = {"token": None, "lease_until": None, "phase": Phase.BEFORE_DOT}


class LeaseLost(Exception):
    """Somebody else has the mail by now; whoever reads this must let go of it."""


def _rows():
    """The table without the guard of StatefulQuerySet, for the reason on top of this module."""
    return models.QuerySet(OutgoingMail)


def something_to_do():
    """Whether a mail is due or a lease has ended. One query, which mostly says no."""
    wanted = Q(state=State.QUEUED, next_attempt__lte=clock.now()) | Q(
        state=State.SENDING, lease_until__lte=Now()
    )
    return _rows().filter(wanted).exists()


def claim():
    """The next due mail, now ours until its lease ends; None when nothing is due."""
    with transaction.atomic(durable=True):
        return next(iter(OutgoingMail.objects.raw(CLAIM, {"lease": LEASE, "now": clock.now()})), None)


def _ours(mail):
    return _rows().filter(pk=mail.pk, token=mail.token, state=State.SENDING)


def freeze(mail, rendered):
    """Keep the exact bytes. Every later attempt sends these."""
    values = {**rendered, "rendered_at": clock.now()}
    if not _ours(mail).filter(raw__isnull=True).update(**values):
        raise LeaseLost
    for name, value in values.items():
        setattr(mail, name, value)


def enter_dot(mail):
    """Commit that the final dot comes next. A worker whose lease is over must not send it.

    The commit is on disk before the dot, also where the server is told not to wait for that: after a crash that
    forgot it the mail would be sent a second time, and nobody would know.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")
        alive = _ours(mail).filter(lease_until__gt=Now())
        if not alive.update(phase=Phase.DOT, lease_until=Now() + LEASE):
            raise LeaseLost


def _finish(mail, state, verb, *, reason="", also=None, **values):
    """Leave `sending` and write it into the trail; no effect where the lease was lost. Return whether.

    `also` happens in the same transaction, if at all.
    """
    with transaction.atomic(durable=True):
        won = _ours(mail).update(state=state, **NO_LEASE, **values)
        if won:
            record(mail, verb, by=PORTAL, reason=reason, source=State.SENDING, target=state)
        if won and also:
            also()
    return bool(won)


def sent(mail):
    """It has left, so whatever was said of its address is over."""
    over = partial(BouncedAddress.objects.clear, mail.address)
    return _finish(
        mail, State.SENT, "send", also=over, sent_at=clock.now(), last_error_code="", last_error=""
    )


def cancelled(mail, reason):
    return _finish(mail, State.CANCELLED, "cancel", reason=reason, cancelled_reason=reason[:300])


def failed(mail, code, error, *, also=None):
    return _finish(
        mail, State.FAILED, "fail", also=also, reason=error, last_error_code=code, last_error=error
    )


def bounced(mail, code, error):
    """Refused for good, and so is everything for this address until a mail gets through or it is another."""
    return failed(mail, code, error, also=partial(BouncedAddress.objects.mark, mail, error))


def postponed(mail, code, error):
    """Queued again, each time for longer; failed once it has been tried for 72 hours."""
    if clock.now() - mail.first_attempt_at >= GIVE_UP_AFTER:
        return failed(mail, code, error)
    return _finish(
        mail,
        State.QUEUED,
        "postpone",
        reason=error,
        next_attempt=clock.now() + backoff(mail.attempts),
        last_error_code=code,
        last_error=error,
    )


def fell_silent(mail, error=SILENCE):
    """Nobody knows whether it arrived: left to a person, or by its kind sent once more, same bytes."""
    values = {"silences": F("silences") + 1, "last_error_code": "silence", "last_error": error}
    if mail.silences == 0 and _resends(mail.kind):
        again = clock.now() + backoff(mail.attempts)
        return _finish(mail, State.QUEUED, "send once more", reason=error, next_attempt=again, **values)
    return _finish(mail, State.UNCERTAIN, "doubt", reason=error, **values)


def _resends(kind):
    try:
        return kinds.get(kind).resend_if_uncertain
    except LookupError:  # its app is gone; a person decides
        return False


def backoff(attempts):
    """1, 2, 4 … 60 minutes, give or take a fifth so that a recovering server is not met by all at once."""
    minutes = min(2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
    return timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311


def recover():
    """Take up what dead workers left: queued again before the dot, in doubt at the dot. Return how many."""
    left = _rows().filter(state=State.SENDING, lease_until__lte=Now()).defer("raw", "html", "text")
    return sum(
        fell_silent(mail) if mail.phase == Phase.DOT else postponed(mail, "worker", LEASE_OVER)
        for mail in left
    )


def cancel_queued(mails, *, reason, by):
    """Cancel those of `mails` that are still queued, in the transaction that made them needless."""
    with transaction.atomic():
        waiting = list(mails.queued().select_for_update(of=("self",), no_key=True).order_by("pk"))
        for mail in waiting:
            _rows().filter(pk=mail.pk).update(state=State.CANCELLED, cancelled_reason=reason[:300])
            record(mail, "cancel", by=by, reason=reason, source=State.QUEUED, target=State.CANCELLED)
    return len(waiting)


def release_queued(mails):
    """Let those of `mails` that a hold keeps back leave when they are due. Return how many."""
    waiting = _rows().filter(pk__in=mails.queued().values("pk"), state=State.QUEUED, attempts=0)
    return waiting.update(next_attempt=Greatest("due", Value(clock.now())))
