"""The link in the mail to a hospital: it opens everything that waits for an answer there in one cohort, and no more.

A coordinator's link is about their hospital, a supervisor's about what was handed on to them. GET shows, POST answers.
It ends when its holder leaves, and with the cohort.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hospitals.models import Clinician, Coordinator, Hospital
from portal.accounts import links
from portal.records import clock
from portal.records.actors import System

from . import answering
from .models import Cohort, Placement

PURPOSE = "answer_placements"


@dataclass(frozen=True)
class Desk:
    """What the holder of a link may answer: the requests of one cohort to one hospital, or those handed on to them."""

    token: str
    holder: str  # whose link it is, as a key for counting
    cohort: Cohort
    hospital: Hospital
    name: str
    language: str
    supervisor: Clinician | None = None

    @property
    def who(self):
        """The trail names the holder; nobody is signed in."""
        return System(self.name)

    @property
    def placements(self):
        """All of the cohort at the hospital that its people may know of, answered or not."""
        found = Placement.objects.filter(
            enrollment__cohort=self.cohort, department__hospital=self.hospital, requested_at__isnull=False
        )
        return found.filter(forwarded_to=self.supervisor) if self.supervisor else found

    @property
    def asked_at_all(self):
        return self.placements.exists()

    def waiting(self):
        return answering.in_order(self.placements.awaiting_answer())

    def answered(self):
        """What the hospital has said so far, by whatever way, so that its people can look it up."""
        said = self.placements.filter(state__in=[*Placement.SEATED, Placement.State.DECLINED])
        return answering.in_order(said)


def _sign(data, cohort):
    ends = datetime.combine(cohort.last_day + timedelta(days=1), time(), clock.SEOUL)
    return links.sign(PURPOSE, data, valid_for=max(ends - clock.now(), timedelta(days=1)))


def token_for(coordinator, cohort):
    """A token with which a coordinator answers for their hospital in this cohort."""
    return _sign({"coordinator": coordinator.pk, "cohort": cohort.pk}, cohort)


def token_for_supervisor(clinician, cohort):
    """A token with which a supervisor answers what was handed on to them in this cohort."""
    return _sign({"supervisor": clinician.pk, "cohort": cohort.pk}, cohort)


def desk_for(token):
    """The Desk this link opens. Raises BadLink: too old, not ours, or its holder does not answer there any more."""
    data = links.read(PURPOSE, token)
    cohort = (
        Cohort.objects.with_brand()
        .select_related("program", "lead_officer")
        .filter(pk=data["cohort"])
        .first()
    )
    desk = cohort and (_of_coordinator if "coordinator" in data else _of_supervisor)(data, cohort, token)
    if not desk:
        raise links.BadLink
    return desk


def _of_coordinator(data, cohort, token):
    serving = Coordinator.objects.serving().select_related("user", "hospital")
    coordinator = serving.filter(pk=data["coordinator"]).first()
    if coordinator is None:
        return None
    user = coordinator.user
    return Desk(
        token, f"coordinator:{coordinator.pk}", cohort, coordinator.hospital, user.name, user.reading_language
    )


def _of_supervisor(data, cohort, token):
    supervisors = Clinician.objects.in_use().filter(is_supervisor=True).select_related("hospital")
    supervisor = supervisors.filter(pk=data["supervisor"]).first()
    if supervisor is None:
        return None
    holder = f"supervisor:{supervisor.pk}"
    return Desk(token, holder, cohort, supervisor.hospital, supervisor.name, supervisor.language, supervisor)
