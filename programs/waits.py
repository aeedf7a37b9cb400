"""Who is waiting for whom, and since when: for staff, who see at a glance what is theirs to do and whom to call."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from hospitals.models import Coordinator, Hospital
from portal.records import clock
from portal.records.models import Event

from .models import Cohort, Placement
from .templatetags.programs_days import day_words


@dataclass(frozen=True)
class Wait:
    """One request that is not answered: whose turn it is, and since when."""

    placement: Placement
    whom: str
    since: datetime
    is_ours: bool = False
    to_call: bool = False


def is_late(placement):
    """Whether an answer is overdue, be it the supervisor's: nothing is proposed, and no day named that is to come."""
    if placement.state != Placement.State.REQUESTED or placement.proposal_at:
        return False
    today = clock.today()
    return max(placement.answer_due, placement.answer_promised or placement.answer_due) < today


def wait_of(placement):
    """Whose turn it is: ours where something is proposed, else the supervisor's or the hospital's."""
    today, promised = clock.today(), placement.answer_promised
    late = is_late(placement)
    if placement.is_proposed:
        return Wait(placement, _("us: decide on the proposal"), placement.proposal_at, is_ours=True)
    if placement.forwarded_to:
        return Wait(placement, str(placement.forwarded_to), placement.forwarded_at, to_call=late)
    hospital = placement.department.hospital.short
    if promised and promised >= today:
        facts = {"hospital": hospital, "day": day_words(promised)}
        return Wait(placement, _("%(hospital)s, which answers by %(day)s") % facts, placement.requested_at)
    return Wait(placement, hospital, placement.requested_at, to_call=late)


@dataclass
class Call:
    """A hospital to be called about a cohort: whom to ask for, and about whom."""

    hospital: Hospital
    cohort: Cohort
    waits: list = field(default_factory=list)
    coordinators: list = field(default_factory=list)

    @property
    def since(self):
        return min(wait.placement.requested_at for wait in self.waits)

    @property
    def trainees(self):
        return len({wait.placement.trainee_id for wait in self.waits})

    @property
    def called(self):
        """The last call to the hospital about any of them that brought no answer."""
        noted = [wait.placement.called for wait in self.waits if wait.placement.called]
        return max(noted, key=lambda event: event.at, default=None)

    @property
    def supervisors(self):
        """Those it was handed on to, who can be called too."""
        return list({wait.placement.forwarded_to for wait in self.waits if wait.placement.forwarded_to})


def note_calls(placements):
    """Each placement gets `called`: the last call that brought no answer, or None. One query."""
    kind = ContentType.objects.get_for_model(Placement)
    noted = Event.objects.filter(
        subject_type=kind, subject_id__in=[placement.pk for placement in placements], verb="note_call"
    )
    found = {event.subject_id: event for event in noted.select_related("actor").order_by("at", "pk")}
    for placement in placements:
        placement.called = found.get(placement.pk)


def calls(waits):
    """The hospitals whose answer is late, with the people to ask for. One query."""
    found = {}
    for wait in waits:
        if wait.to_call:
            hospital, cohort = wait.placement.department.hospital, wait.placement.enrollment.cohort
            found.setdefault((hospital.pk, cohort.pk), Call(hospital, cohort)).waits.append(wait)
    houses = {call.hospital.pk for call in found.values()}
    if houses:
        for coordinator in Coordinator.objects.serving().filter(hospital__in=houses).select_related("user"):
            for call in found.values():
                if call.hospital.pk == coordinator.hospital_id:
                    call.coordinators.append(coordinator)
    return list(found.values())
