"""What a hospital says instead of yes or no: other dates, “ask our supervisor”, “you hear from us on Friday”.

The request stands as it was until somebody answers it or staff decide on the proposal.
"""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.transitions import NotNow, transition
from programs import rules
from programs.models import Placement

from . import placements, requests

State, Channel = Placement.State, Placement.Channel
# What is handed on in one go leaves as one mail: it waits as long as a person takes to go through a page.
TOGETHER = timedelta(minutes=1)


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.REQUESTED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Propose other dates or another department"),
    rule=placements.of_own_hospital,
)
def propose(placement, *, by, first_day, last_day, department=None, note="", channel=Channel.PORTAL, who=""):
    """The hospital could take the trainee in other days or elsewhere in the house. Staff decide on it."""
    department = department or placement.department
    if department.hospital_id != placement.department.hospital_id or department.is_archived:
        raise NotNow(_("This department does not belong to the hospital, or takes nobody any more."))
    asked = (placement.department_id, placement.first_day, placement.last_day)
    if (department.pk, first_day, last_day) == asked:
        raise NotNow(_("These are the days and the department that were asked for: please accept them."))
    placements.refuse_unless_possible(_as_proposed(placement, department, first_day, last_day))
    placement.proposal_at = clock.now()
    placement.proposal_name = (who or str(by))[:120]
    placement.proposal_channel = channel
    placement.proposal_department = department
    placement.proposal_first_day, placement.proposal_last_day = first_day, last_day
    placement.proposal_note = note
    placements.tell_lead_officer(placement.enrollment.cohort)


def _as_proposed(placement, department, first_day, last_day):
    """A placement that is asked whether it could be, and never kept."""
    return Placement(
        enrollment=placement.enrollment,
        trainee_id=placement.trainee_id,
        department=department,
        first_day=first_day,
        last_day=last_day,
        half=placement.half,
    )


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.REQUESTED,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Refuse the proposal"),
)
def refuse_proposal(placement, *, by, reason):
    """What the hospital proposed does not fit. It is asked again for what was asked first, with days to answer."""
    if placement.proposal_at is None:
        raise NotNow(_("There is no proposal to decide on."))
    placements.drop_proposal(placement)
    placement.answer_promised = None
    placement.answer_due = clock.today() + timedelta(days=rules.ANSWER_WITHIN_DAYS)
    requests.ask_again(placement, reason)


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.REQUESTED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Forward to a supervisor"),
    rule=placements.of_own_hospital,
)
def forward(placement, *, by, supervisor, channel=Channel.PORTAL, who=""):
    """Somebody of the department is asked by mail, and may answer by the link in it. Others may still answer."""
    house = placement.department.hospital_id
    if supervisor.hospital_id != house or not supervisor.is_supervisor or supervisor.is_archived:
        raise NotNow(_("%(name)s does not supervise trainees in this hospital.") % {"name": supervisor})
    if not supervisor.email:
        raise NotNow(
            _("No e-mail address is known of %(name)s. Add it on the hospital’s page.") % {"name": supervisor}
        )
    placement.forwarded_to, placement.forwarded_at = supervisor, clock.now()
    cohort = placement.enrollment.cohort
    outbox.gather(
        "placement_forwarded",
        to=supervisor,
        about=cohort,
        item=placement.pk,
        key=f"placement_forwarded:{cohort.pk}:{supervisor.pk}:{clock.now():%Y%m%dT%H%M%S%f}",
        due=clock.now() + TOGETHER,
    )


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.REQUESTED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Answer by a later day"),
    rule=placements.of_own_hospital,
)
def promise(placement, *, by, until, channel=Channel.PORTAL, who=""):
    """The hospital says by when it answers; until then nobody reminds it."""
    latest = placement.first_day - timedelta(days=1)
    if not clock.today() <= until <= max(latest, clock.today()):
        days = {"first": _day(clock.today()), "last": _day(max(latest, clock.today()))}
        raise NotNow(_("Choose a day from %(first)s to %(last)s.") % days)
    placement.answer_promised = until


def _day(day):
    return date_format(day, "DATE_FORMAT")


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.REQUESTED,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Nobody reached"),
)
def note_call(placement, *, by, note=""):
    """Staff have called the hospital and nobody could say anything. The trail keeps it; the request waits as before."""
