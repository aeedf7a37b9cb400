"""What staff change of a placement that stands: moved, shortened, suspended, or as the hospital proposed it.

The placement itself stays as it was, with its reason in the trail; what takes its place points back to it. Hospitals
that had been asked are told at once what is different for them, and trainees who had been told where they go.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records.queries import transaction_number
from portal.records.transitions import NotNow, record, transition
from programs.models import Placement

from . import placements, requests

State, Channel = Placement.State, Placement.Channel
STANDING = [State.REQUESTED, State.CONFIRMED, State.WITH_CONDITIONS]


def _changes(label, *, source=STANDING, then):
    return transition(
        Placement,
        source=source,
        target=State.RESCHEDULED,
        permission=Permission.PLACE_TRAINEES,
        label=label,
        lock_first=placements.lock_above,
        then=then,
    )


# What takes its place ------------------------------------------------------------------------------


def _successor(placement, first_day, last_day, *, by, department=None, half=None):
    """A draft that stands in for the placement. Raises NotNow where it cannot be."""
    fresh = placements.draft(
        placement.enrollment,
        department or placement.department,
        first_day,
        last_day,
        by=by,
        half=half or placement.half,
        replaces=placement,
    )
    return placements.request(fresh, by=by)


def _carry_answer(placement, fresh, *, by):
    """The hospital has agreed to more than what is left: its answer holds for that too, as it was given."""
    if placement.answered_at is None:
        return
    answer = {
        "channel": placement.answer_channel,
        "who": placement.answered_name,
        "supervisor": placement.supervisor,
        "overbook_reason": placement.overbook_reason,
        "when": placement.answered_at,
    }
    if placement.conditions or placement.condition_kinds:
        answer |= {"conditions": placement.conditions, "condition_kinds": placement.condition_kinds}
        placements.confirm_with_conditions(fresh, by=by, **answer)
        fresh.conditions_met = placement.conditions_met
        fresh.save(update_fields=["conditions_met"])
    else:
        placements.confirm(fresh, by=by, **answer)


def _stand_in(placement, parts, *, by, reason):
    """The parts of the placement that remain, each a pair of days, with the answer it had."""
    for first_day, last_day in parts:
        _carry_answer(placement, _successor(placement, first_day, last_day, by=by), by=by)
    _tell(placement, by=by, reason=reason)


def _tell(placement, *, by, reason):
    """The hospitals, then the trainee who has been told where they go."""
    _tell_hospitals(placement, reason)
    placements.amend_the_plan(placement, by=by, reason=reason)


def _tell_hospitals(placement, reason):
    """The coordinators of every hospital it is about, one mail each for all that one act changes."""
    cohort, act = placement.enrollment.cohort, transaction_number()
    houses = {placement.department.hospital_id}
    houses |= set(placement.replaced_by.values_list("department__hospital", flat=True))
    for coordinator in Coordinator.objects.serving().filter(hospital__in=houses).select_related("user"):
        mail = outbox.put(
            "placement_changed",
            to=coordinator.user,
            about=cohort,
            key=f"placement_changed:{cohort.pk}:{coordinator.user_id}:{act}",
            context={"placements": [], "reason": reason},
        )
        # The row is this transaction's own: nobody else sees it before the commit, and no lock is needed.
        if placement.pk not in mail.context["placements"]:
            mail.context["placements"].append(placement.pk)
            mail.save(update_fields=["context"])


# Moved ---------------------------------------------------------------------------------------------


def _move(placement, *, by, reason, first_day, last_day, department, half="", channel="", who=""):
    fresh = _successor(placement, first_day, last_day, by=by, department=department, half=half)
    if channel:
        placements.confirm(fresh, by=by, channel=channel, who=who)
        _tell(placement, by=by, reason=reason)
    else:
        requests.ask_again(fresh, reason)
        if department.hospital_id != placement.department.hospital_id:
            _tell(placement, by=by, reason=reason)
        else:
            placements.amend_the_plan(placement, by=by, reason=reason)


@_changes(gettext_lazy("Change days or department"), then=_move)
def reschedule(placement, *, by, reason, first_day, last_day, department, half="", channel="", who=""):
    """Other days or another department. The hospital is asked anew, unless it has agreed by phone or on paper
    (`channel`, `who`).
    """
    half = half or placement.half
    asked = (placement.department_id, placement.first_day, placement.last_day, placement.half)
    if (department.pk, first_day, last_day, half) == asked:
        raise NotNow(_("Nothing is different: these are its days and its department."))


def _place_as_proposed(placement, *, by, note=""):
    first_day, last_day = placement.proposal_first_day, placement.proposal_last_day
    house = placement.proposal_department
    fresh = _successor(placement, first_day, last_day, by=by, department=house)
    placements.confirm(fresh, by=by, channel=placement.proposal_channel, who=placement.proposal_name)
    _tell_hospitals(
        placement, note
    )  # a word to the hospital: the trainee reads what is different, and not that
    placements.amend_the_plan(placement, by=by)


@_changes(gettext_lazy("Take the proposal over"), source=[State.REQUESTED], then=_place_as_proposed)
def take_proposal(placement, *, by, note=""):
    """The placement is as the hospital proposed it, and confirmed by whoever proposed it."""
    if placement.proposal_at is None:
        raise NotNow(_("There is no proposal to decide on."))


# Less than before ----------------------------------------------------------------------------------


def _shortened(placement, *, by, reason, first_day, last_day):
    _stand_in(placement, [(first_day, last_day)], by=by, reason=reason)


@_changes(gettext_lazy("Shorten"), then=_shortened)
def shorten(placement, *, by, reason, first_day, last_day):
    """It begins later or ends earlier. The hospital's answer holds for the days that are left."""
    within = placement.first_day <= first_day <= last_day <= placement.last_day
    if not within or (first_day, last_day) == (placement.first_day, placement.last_day):
        raise NotNow(_("The days must lie within those of the placement, and be fewer."))


def _remaining(placement, first_day, last_day):
    """What is left on both sides of the days on which the trainee does not come, as pairs of days."""
    parts = [(placement.first_day, first_day - timedelta(days=1))]
    if last_day:
        parts.append((last_day + timedelta(days=1), placement.last_day))
    return [(first, last) for first, last in parts if first <= last]


def _suspended(placement, *, by, reason, first_day, last_day=None):
    parts = _remaining(placement, first_day, last_day)
    _stand_in(placement, parts, by=by, reason=reason)


@_changes(gettext_lazy("Suspend"), then=_suspended)
def suspend(placement, *, by, reason, first_day, last_day=None):
    """The trainee does not come from one day on, for some days or until staff place them again. The seat is free."""
    ends = last_day or placement.last_day
    if not placement.first_day <= first_day <= ends <= placement.last_day:
        raise NotNow(_("The days must lie within those of the placement."))
    if not _remaining(placement, first_day, last_day):
        raise NotNow(_("Nothing of the placement would be left: cancel it instead."))


# Who looks after the trainee -----------------------------------------------------------------------


@transaction.atomic
def choose_supervisor(placement, supervisor, *, by):
    """Named or changed after the answer, by staff or by the hospital. A trainee who was told where to go is told."""
    placements.lock_above(placement)
    placement.refresh_from_db(
        from_queryset=Placement.objects.select_related(*Placement.verbs_read).select_for_update(
            of=("self",), no_key=True
        )
    )
    if not by.has(Permission.ANSWER_PLACEMENTS) or not placements.of_own_hospital(placement, by):
        raise PermissionDenied
    if placement.state not in STANDING:
        raise NotNow(_("Nobody is expected there any more."))
    placements.set_supervisor(placement, supervisor)
    placement.save()
    record(placement, "choose_supervisor", by=by, reason=str(supervisor))
    placements.amend_the_plan(placement, by=by)
    return placement
