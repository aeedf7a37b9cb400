"""Mails that one act puts together wait ten minutes: time to see a mistake, and to call them back."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.actors import System

from .models import Mailing

HOLD = timedelta(minutes=10)
_holding = ContextVar("portal_mail_holding", default=None)


class Hold:
    """What an act under `hold` has put: its mailing (None while that is nothing) and how many mails."""

    def __init__(self, label, by, mailing=None):
        self.label = label
        self.by = by
        self.mailing = mailing
        self.count = 0

    def take(self):
        """The mailing, made with its first mail: an act that sends nothing leaves none."""
        if self.mailing is None:
            now = clock.now()
            person = None if isinstance(self.by, System) else self.by
            self.mailing = Mailing.objects.create(
                label=str(self.label)[:200], made_by=person, made_at=now, leaves_at=now + HOLD
            )
        return self.mailing


@contextmanager
def hold(label, *, by, mailing=None):
    """Every mail put inside waits ten minutes, and can be called back together until then.

    `label` says what is sent, in the words of whoever sends it. All of it is one transaction. Yields the Hold;
    one inside another joins it. An act that a worker goes on with hands over its `mailing`.
    """
    if (outer := _holding.get()) is not None:
        yield outer
        return
    held = Hold(label, by, mailing)
    with transaction.atomic():
        token = _holding.set(held)
        try:
            yield held
        finally:
            _holding.reset(token)


def current():
    """The Hold in whose block this code runs, or None."""
    return _holding.get()


def keep_back(mail):
    """Where an act under `hold` puts or queues this mail: it waits with the others. Return whether.

    Nothing is saved here.
    """
    if (held := current()) is None:
        return False
    mail.mailing = held.take()
    mail.next_attempt = max(mail.due, mail.mailing.leaves_at)
    held.count += bool(mail.address)
    return True


def in_words(held):
    """What came of a bulk act, for those who manage mails with the way to call it back; empty where none leaves."""
    if not held.count:
        return ""
    time = date_format(localtime(held.mailing.leaves_at), "TIME_FORMAT")
    if not held.by.has(Permission.MANAGE_MAILS):
        words = ngettext(
            "%(count)s mail leaves at %(time)s.", "%(count)s mails leave at %(time)s.", held.count
        )
        return words % {"count": held.count, "time": time}
    words = ngettext(
        "%(count)s mail leaves at %(time)s. Until then it can be called back.",
        "%(count)s mails leave at %(time)s. Until then they can be called back.",
        held.count,
    )
    url = reverse("mail:mailing-detail", args=[held.mailing.pk])
    return format_html(
        '{} <a href="{}">{}</a>', words % {"count": held.count, "time": time}, url, _("See them")
    )
