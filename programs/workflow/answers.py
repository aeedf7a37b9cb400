"""A hospital's answers, sent together and each settled by itself: one that fails leaves the others done.

And a wrong click taken back, while nobody builds on it yet.
"""

from dataclasses import dataclass, field

from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.records.middleware import DEADLOCK, LOCK_NOT_AVAILABLE
from portal.records.transitions import NotNow, transition
from programs import placement_plan, releasing, rules
from programs.models import Placement, Release

from . import placements, releases, waiting

# What a page calls an answer, and the verb behind it.
VERBS = {
    "accept": placements.confirm,
    "conditions": placements.confirm_with_conditions,
    "decline": placements.decline,
    "propose": waiting.propose,
    "forward": waiting.forward,
    "later": waiting.promise,
}


@dataclass
class Outcome:
    """What came of answers that were sent together: the placements that are done, and why others are not."""

    done: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)  # placement → reasons in words


def give(answers, *, by, **how):
    """Give each answer, a triple of placement, kind and details, in a transaction of its own.

    In the order of their keys, so that two people who send the same answers never wait for each other in a circle.
    `how` is the channel and who answered, where that is not `by` in the portal.
    """
    outcome = Outcome()
    for placement, kind, details in sorted(answers, key=lambda answer: answer[0].pk):
        try:
            VERBS[kind](placement, by=by, **details, **how)
        except NotNow as error:
            outcome.refused[placement] = error.messages
        except OperationalError as error:
            # Somebody else is at the same department, and the lock was not had in time (settings: lock_timeout).
            if getattr(error.__cause__, "pgcode", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                raise
            outcome.refused[placement] = [
                _("Somebody else is working on this just now. Please send it again.")
            ]
        else:
            outcome.done.append(placement)
    return outcome


@transition(
    Placement,
    source=Placement.ANSWERED,
    target=Placement.State.REQUESTED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Take the answer back"),
    rule=placements.of_own_hospital,
    lock_first=placements.lock_above,
)
def take_back(placement, *, by):
    """It was a wrong click: the request waits as it did before, and the seat is free.

    Only for a short time, and not once the trainee has been told or staff look for another place. The cohort is
    locked first, as a release locks it. The digest to the lead officer reads what stands when it leaves.
    """
    if placement.taken_back_until is None:
        raise NotNow(_("The time to take this answer back is over. %(call)s") % _whom_to_call(placement))
    out = releasing.lines_of(releases.latest(placement.enrollment.cohort, Release.Kind.PLACEMENTS))
    if placement_plan.key_of(placement) in {line.key for line in out}:
        raise NotNow(_("The trainee has been told already. %(call)s") % _whom_to_call(placement))
    if rules.not_placeable(placement.enrollment) or rules.drafted_twice(placement):
        raise NotNow(_("The province has acted on this answer already. %(call)s") % _whom_to_call(placement))
    placement.answered_at = placement.answered_by = placement.supervisor = None
    placement.answered_name = placement.answer_channel = ""
    placement.conditions, placement.condition_kinds, placement.conditions_met = "", [], {}
    placement.decline_reason = placement.overbook_reason = ""


def _whom_to_call(placement):
    """What a person reads who comes too late."""
    lead = placement.enrollment.cohort.lead_officer
    if lead and lead.phone:
        words = _("Please call %(name)s, %(phone)s.") % {"name": lead, "phone": lead.phone}
    else:
        words = _("Please call the person in the province who works with you.")
    return {"call": words}
