"""Hospitals that stay silent: reminded on the third and the sixth day, then staff call them.

Arithmetic over the database: a round twice, twice at once or after a pause of days puts nothing twice. Whoever has
named other dates, handed the request on or said by when they answer is not silent.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from hospitals.models import Coordinator
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from programs.models import Cohort, Placement

REMINDED_AFTER = (3, 6)
CALLED_AFTER = 7
KIND = "placement_reminder"


@dataclass(frozen=True)
class Silence:
    """A hospital that has said nothing about requests of one cohort, since the day the first of them was sent."""

    cohort: int
    hospital: int
    since: object
    placements: tuple

    @property
    def step(self):
        """The latest of REMINDED_AFTER that has come; None before the first. After a pause only the latest is sent."""
        days = (clock.today() - self.since).days
        if days >= CALLED_AFTER:
            return None  # from now on somebody calls
        return next((step for step in reversed(REMINDED_AFTER) if days >= step), None)

    def key(self, user):
        return f"{KIND}:{self.cohort}:{self.hospital}:{self.since}:{self.step}:{user.pk}"


def silences():
    """Every hospital and cohort with requests nobody has said a word about, by the day they were sent. One query."""
    found = {}
    rows = Placement.objects.silent().order_by("requested_at", "pk")
    for pk, cohort, hospital, asked in rows.values_list(
        "pk", "enrollment__cohort", "department__hospital", "requested_at"
    ):
        found.setdefault((cohort, hospital, localdate(asked, clock.SEOUL)), []).append(pk)
    return [Silence(*key, tuple(pks)) for key, pks in found.items()]


def due_work(*, say):
    """One round. Returns how many mails it put."""
    due = [silence for silence in silences() if silence.step]
    if not due:
        return 0
    houses = {silence.hospital for silence in due}
    serving = list(Coordinator.objects.serving().filter(hospital__in=houses).select_related("user"))
    mails = [(one, who) for one in due for who in serving if who.hospital_id == one.hospital]
    keys = [silence.key(who.user) for silence, who in mails]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_remind(one, who, say=say) for one, who in mails if one.key(who.user) not in put)


@transaction.atomic
def _remind(silence, coordinator, *, say):
    """Put the mail; what has been answered when it leaves, it leaves out."""
    cohort, user = Cohort.objects.get(pk=silence.cohort), coordinator.user
    mail = outbox.put(
        KIND,
        to=user,
        about=cohort,
        key=silence.key(user),
        due=outbox.next_working_morning(silence.since + timedelta(days=silence.step), user.time_zone),
        context={"hospital": silence.hospital, "placements": list(silence.placements)},
    )
    say(f"{mail.due:%Y-%m-%d %H:%M} {KIND} → {mail.address}: {cohort}")
    return 1
