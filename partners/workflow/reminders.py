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
    """One mail whose day has come."""

    mou: Mou
    kind: str
    about: str  # what the key names: the expiry and the step, or the day since when nothing happened
    context: dict

    def key(self, user):
        return f"{self.kind}:{self.mou.pk}:{self.about}:{user.pk}"


def due_work(*, say, last_activity):
    """One round over all MOUs. Returns how many mails it put.

    `last_activity(mous)` tells what the apps above know: a dict from the key of an MOU to the last day on which
    something happened under it or with its partners.
    """
    waiting = [*_expiring(), *_dormant(last_activity)]
    if not waiting:
        return 0
    editors = list(User.objects.who_may(Permission.EDIT_PARTNERS).order_by("pk"))
    mails = [(due, user) for due in waiting for user in readers(due.mou, editors)]
    keys = [due.key(user) for due, user in mails]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_one(due, user, say=say) for due, user in mails if due.key(user) not in put)


def readers(mou, editors):
    """Who is reminded of it: its owner while they may change it, else everybody who may."""
    owner = [user for user in editors if user.pk == mou.owner_id]
    return owner or editors


@transaction.atomic
def _one(due, user, *, say):
    """Put the mail, unless the MOU was renewed, terminated or given another date while the round ran."""
    kept = locked(due.mou)
    if not kept.is_in_force or kept.expires != due.mou.expires:
        return 0
    morning = outbox.next_working_morning(clock.today(), user.time_zone)
    key = due.key(user)
    mail = outbox.put(due.kind, to=user, about=kept, key=key, due=morning, context=due.context, reminder=True)
    if mail.key != key:  # there is a reminder of it on that day already
        return 0
    say(f"{mail.due:%Y-%m-%d %H:%M} {due.kind} → {mail.address}: {due.mou}")
    return 1


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
        step = step_of(mou.expires, today)
        about = f"{mou.expires}:{step}"
        yield Due(mou, EXPIRING, about, {"expires": str(mou.expires), "days": step})


# Dormant ----------------------------------------------------------------------------------------------


def _dormant(last_activity):
    today = clock.today()
    rows = Mou.objects.in_force().with_parties().order_by("signed", "pk")
    old = [mou for mou in rows if is_dormant(mou.signed.latest, today)]
    if not old:
        return
    above, own = last_activity(old), _signatures(old)
    for mou in old:
        last = max(day for day in (own[mou.pk], above.get(mou.pk)) if day)
        if is_dormant(last, today):
            yield Due(mou, DORMANT, last.isoformat(), {"since": last.isoformat()})


def is_dormant(last, today):
    return clock.months_after(last, DORMANT_MONTHS) <= today


def last_signature(mou):
    """The last day on which an MOU with one of its partners was signed."""
    return _signatures([mou])[mou.pk]


def _signatures(mous):
    """The same for many: a renewal, an amendment or another paper with the same partner is activity. One query."""
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
