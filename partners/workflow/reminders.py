"""What the province is reminded of: MOUs that end in 180, 90 and 30 days, and partners who have fallen silent.

Arithmetic over the database: a round twice, twice at once or after a pause of days puts nothing twice. The day of
an MOU that expires in a month or a year is the earliest it can mean.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from partners.models import EXPIRING_DAYS, Mou, MouParty
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.changes import locked

from .mous import DORMANT, EXPIRING

REMINDED_BEFORE = (EXPIRING_DAYS, 90, 30)
DORMANT_MONTHS = 18


@dataclass(frozen=True)
class Due:
    """One reminder of an expiry whose day has come."""

    mou: Mou
    step: int

    @property
    def context(self):
        return {"expires": str(self.mou.expires), "days": self.step}

    def key(self, user):
        """A date that moves makes new keys."""
        return f"{EXPIRING}:{self.mou.pk}:{self.mou.expires}:{self.step}:{user.pk}"


def due_work(*, say):
    """One round over all MOUs. Returns how many mails it put."""
    expiring, silent = list(_expiring()), _silent()
    if not expiring and not silent:
        return 0
    editors = list(User.objects.who_may(Permission.EDIT_PARTNERS).order_by("pk"))
    return _remind(expiring, editors, say=say) + _tell(silent, editors, say=say)


def readers(mou, editors):
    """Who is reminded of it: its owner while they may change it, else everybody who may."""
    owner = [user for user in editors if user.pk == mou.owner_id]
    return owner or editors


# Expiring ---------------------------------------------------------------------------------------------


def step_of(expires, today):
    """The latest of REMINDED_BEFORE that has come; None before the first. After a pause only the latest is sent."""
    passed = [days for days in REMINDED_BEFORE if expires.earliest - timedelta(days=days) <= today]
    return passed[-1] if passed else None


def _expiring():
    today = clock.today()
    soon = today + timedelta(days=EXPIRING_DAYS)
    rows = Mou.objects.in_force().filter(expires__earliest__lte=soon).with_parties().order_by("expires", "pk")
    for mou in rows:
        yield Due(mou, step_of(mou.expires, today))


def _remind(expiring, editors, *, say):
    mails = [(due, user) for due in expiring for user in readers(due.mou, editors)]
    keys = [due.key(user) for due, user in mails]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_one(due, user, say=say) for due, user in mails if due.key(user) not in put)


@transaction.atomic
def _one(due, user, *, say):
    """Put the mail, unless the MOU was renewed, terminated or given another date while the round ran."""
    kept = locked(due.mou)
    if not kept.is_in_force or kept.expires != due.mou.expires:
        return 0
    morning = outbox.next_working_morning(clock.today(), user.time_zone)
    facts = {"key": due.key(user), "due": morning, "context": due.context}
    mail = outbox.put(EXPIRING, to=user, about=kept, reminder=True, **facts)
    if mail.key != facts["key"]:  # there is a reminder of it on that day already
        return 0
    say(f"{mail.due:%Y-%m-%d %H:%M} {EXPIRING} → {mail.address}: {due.mou}")
    return 1


# Dormant ----------------------------------------------------------------------------------------------

_activity = []  # what the apps above know


def counts_as_activity(function):
    """Register a function of MOUs: a dict from the key of one to the last day on which something happened under it."""
    _activity.append(function)
    return function


def last_activity(mous):
    """The last day on which something happened under each MOU or with its partners: signed, or registered."""
    latest = _signatures(mous)
    for known in _activity:
        for key, day in known(mous).items():
            latest[key] = max(latest[key], day)
    return latest


def is_dormant(last, today):
    return clock.months_after(last, DORMANT_MONTHS) <= today


def _silent():
    """The MOUs under which nothing has happened for long, each with the last day on which something did."""
    today = clock.today()
    rows = Mou.objects.in_force().with_parties().order_by("signed", "pk")
    old = [mou for mou in rows if is_dormant(mou.signed.latest, today)]
    last = last_activity(old) if old else {}
    return [(mou, last[mou.pk]) for mou in old if is_dormant(last[mou.pk], today)]


def _tell(silent, editors, *, say):
    """One mail a reader with all that has fallen silent since the last one, and one a day at most."""
    if not silent:
        return 0
    keys, told = set(), set()
    earlier = OutgoingMail.objects.filter(kind=DORMANT, recipient_id__in=[user.pk for user in editors])
    for key, reader, context in earlier.values_list("key", "recipient_id", "context"):
        keys.add(key)
        told.update((reader, mou, since) for mou, since in context.get("silent", ()))
    lines = defaultdict(list)
    for mou, last in silent:
        for user in readers(mou, editors):
            if (user.pk, mou.pk, last.isoformat()) not in told:
                lines[user].append([mou.pk, last.isoformat()])
    waiting = [(user, found) for user, found in lines.items() if _digest_key(user) not in keys]
    return sum(_digest(user, found, say=say) for user, found in waiting)


def _digest_key(user):
    return f"{DORMANT}:{user.pk}:{clock.today()}"


@transaction.atomic
def _digest(user, lines, *, say):
    morning = outbox.next_working_morning(clock.today(), user.time_zone)
    facts = {"key": _digest_key(user), "due": morning, "context": {"silent": lines}}
    mail = outbox.put(DORMANT, to=user, about=user, reminder=True, **facts)
    if mail.key != facts["key"]:  # they have one on that morning already; the next round tells what is left
        return 0
    say(f"{mail.due:%Y-%m-%d %H:%M} {DORMANT} → {mail.address}: {len(lines)}")
    return 1


def still_silent(lines, reader):
    """Which of the lines of a digest still hold for the reader (a key): pairs of an MOU and the last day."""
    since = dict(lines)
    editors = list(User.objects.who_may(Permission.EDIT_PARTNERS))
    rows = Mou.objects.in_force().filter(pk__in=since).with_parties().order_by("signed", "pk")
    theirs = [mou for mou in rows if reader in [user.pk for user in readers(mou, editors)]]
    last = last_activity(theirs) if theirs else {}
    return [(mou, last[mou.pk]) for mou in theirs if last[mou.pk].isoformat() <= since[mou.pk]]


def _signatures(mous):
    """The last signature: a renewal, an amendment or another paper with the same partner is activity. One query."""
    parties = [party for mou in mous for party in mou.partner_side]
    regions = {party.region_id for party in parties} - {None}
    institutions = {party.institution_id for party in parties} - {None}
    rows = MouParty.objects.filter(Q(region__in=regions) | Q(institution__in=institutions)).exclude(
        mou__signed=None
    )
    latest = defaultdict(lambda: date.min)
    for region, institution, signed in rows.values_list("region", "institution", "mou__signed"):
        latest[region, institution] = max(latest[region, institution], signed.latest)
    return {
        mou.pk: max(
            mou.signed.latest, *(latest[party.region_id, party.institution_id] for party in mou.partner_side)
        )
        if mou.partner_side
        else mou.signed.latest
        for mou in mous
    }
