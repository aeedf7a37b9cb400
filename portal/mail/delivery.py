"""Sending what is due: claim one, ask if it is still wanted, freeze it, hand it over, note what came."""

import logging
import smtplib
import time

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from portal.records import clock

from . import states
from .backends import outbox_connection
from .kinds import NoLongerWanted
from .models import Sweep
from .render import FrozenMessage, context_of, rendered

logger = logging.getLogger(__name__)

BATCH_SECONDS = 120  # with one slow mail on top still below the time limit of a task
GOING_AWAY = 421
TOO_LATE = gettext_noop("Its time had passed before it could be sent.")
# A database that is down says nothing about the mail: the lease ends, and the next sweep takes it up again.
DATABASE_DOWN = (OperationalError, InterfaceError)


def sweep():
    """Note that somebody looked, take up what dead workers left, send what is due."""
    if not Sweep.objects.filter(pk=1).update(
        at=Now()
    ):  # but for the first, one statement without a transaction
        Sweep.objects.bulk_create([Sweep(id=1)], ignore_conflicts=True)
    if not states.something_to_do():
        return 0
    states.recover()
    return drain()


def drain():
    """Send due mails one by one over one connection until none is due; return how many were taken up."""
    until = time.monotonic() + BATCH_SECONDS
    taken = 0
    line = Line()
    try:
        while time.monotonic() < until and line.works and (mail := states.claim()) is not None:
            taken += 1
            deliver_one(mail, line)
    finally:
        line.hang_up()
    return taken


class Line:
    """One connection to the mail server for a whole batch."""

    def __init__(self):
        self.backend = None
        self.works = True

    def open(self):
        """Connect, unless connected. Where that fails the batch ends: the other mails would meet the same."""
        if self.backend is not None:
            return
        backend = outbox_connection()
        try:
            backend.open()
        except Exception:
            self.works = False
            raise
        self.backend = backend

    def send(self, message, before_dot):
        in_two_phases = getattr(self.backend, "send_in_two_phases", None)
        if in_two_phases:
            in_two_phases(message, before_dot)
        else:  # a backend that tells of no dot: all of it happens behind the dot
            before_dot()
            self.backend.send_messages([message])

    def hang_up(self):
        backend, self.backend = self.backend, None
        if backend is None:
            return
        try:
            backend.close()
        except (smtplib.SMTPException, OSError) as error:
            logger.info("The mail server did not say goodbye: %s", error)


def deliver_one(mail, line):
    """Bring one claimed mail to its next state. What goes wrong with it does not touch the others."""
    try:
        if prepare(mail):
            hand_over(mail, line)
    except states.LeaseLost:
        line.hang_up()
        logger.warning("Mail %s was taken over by somebody else while it was being sent.", mail.pk)


def prepare(mail):
    """Whether the mail is still wanted and frozen; if not, it has been cancelled or has failed alone."""
    if mail.valid_until is not None and mail.valid_until < clock.now():
        states.cancelled(mail, TOO_LATE)
        return False
    try:
        with transaction.atomic():
            context = context_of(mail)
            if mail.raw is None:
                states.freeze(mail, rendered(mail, context))
    except NoLongerWanted as reason:
        states.cancelled(mail, str(reason) or TOO_LATE)
        return False
    except (*DATABASE_DOWN, states.LeaseLost):
        raise
    except Exception as error:
        logger.exception("Mail %s could not be written.", mail.pk)
        states.failed(mail, "template", f"{type(error).__name__}: {error}")
        return False
    return True


def hand_over(mail, line):
    """Give the frozen bytes to the mail server and note what it says."""
    at_the_dot = False

    def before_dot():
        nonlocal at_the_dot
        states.enter_dot(mail)
        at_the_dot = True

    try:
        line.open()
        line.send(FrozenMessage(mail), before_dot)
    except (*DATABASE_DOWN, states.LeaseLost):
        raise
    except Exception as error:
        note_error(mail, error, connected=line.backend is not None, at_the_dot=at_the_dot)
        answer = answer_of(error)
        if answer is None or answer[0] == GOING_AWAY:  # smtplib has closed the connection itself by then
            line.hang_up()
        return
    states.sent(mail)


def note_error(mail, error, *, connected, at_the_dot):
    """An answer is an answer, before the dot or after it; silence is harmless before the dot only."""
    answer = answer_of(error)
    final = connected and is_final(error, answer)
    code, text = answer or ("unsendable" if final else "connection", f"{type(error).__name__}: {error}")
    if at_the_dot and not (answer and isinstance(error, smtplib.SMTPDataError)):
        states.fell_silent(mail)
    elif final and isinstance(error, smtplib.SMTPRecipientsRefused):
        states.bounced(mail, str(code), text)
    elif final:
        states.failed(mail, str(code), text)
    else:
        states.postponed(mail, str(code), text)


def answer_of(error):
    """The server's answer (code, text) when the error is one, else None: the connection is then of no use."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return None
    if not 400 <= code < 600:
        return None
    return code, text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def is_final(error, answer):
    """5xx, or a mail that our side cannot even write to the server (an address it has no way to spell)."""
    if answer:
        return answer[0] >= 500
    return isinstance(error, smtplib.SMTPNotSupportedError) or not isinstance(
        error, (smtplib.SMTPException, OSError)
    )
