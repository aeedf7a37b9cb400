"""A placement's way: draft → requested → confirmed or declined; confirmed → completed; until then it may be cancelled.

What a hospital says instead of yes or no stands in `waiting`, what staff change later in `changes`. Locks are taken
in one order everywhere: cohort, enrollment, placement, trainee, department (docs/decisions/0004-races.md).
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator, Department
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.actors import System
from portal.records.queries import transaction_number
from portal.records.transitions import NotNow, record, transition
from programs import rules
from programs.models import Cohort, Enrollment, Placement, Release

from . import releases

State, Channel = Placement.State, Placement.Channel


def of_own_hospital(placement, user):
    """Staff may record any hospital's answer; a coordinator answers for their own hospitals."""
    if user.has(Permission.PLACE_TRAINEES):
        return True
    return Coordinator.objects.serving().filter(user=user, hospital=placement.department.hospital_id).exists()


def _lock_seat(placement):
    """Lock whom and what the seat is about: the trainee, then the department. Read both anew under the lock."""
    placement.trainee = Trainee.objects.select_for_update(no_key=True).get(pk=placement.trainee_id)
    placement.department = (
        Department.objects.select_related("hospital", "specialty")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=placement.department_id)
    )


def _note_answer(placement, by, channel, who, when=None):
    """Who answered, how and when. An answer given before, to what this placement stands in for, keeps its time."""
    placement.answered_at = when or clock.now()
    placement.answered_by = None if isinstance(by, System) else by
    placement.answered_name = (who or str(by))[:120]
    placement.answer_channel = channel
    drop_proposal(placement)
    if when is None:
        tell_lead_officer(placement.enrollment.cohort)


def drop_proposal(placement):
    """The other dates or department that were named do not stand any more; the trail keeps that they did."""
    placement.proposal_at = placement.proposal_department = None
    placement.proposal_first_day = placement.proposal_last_day = None
    placement.proposal_name = placement.proposal_channel = placement.proposal_note = ""


def tell_lead_officer(cohort):
    """One digest for all answers and proposals of a day, on the next working morning."""
    day = clock.today()
    if cohort.lead_officer_id is None:
        return
    outbox.put(
        "placement_answered",
        to=cohort.lead_officer,
        about=cohort,
        key=f"placement_answered:{cohort.pk}:{cohort.lead_officer_id}:{day.isoformat()}",
        due=outbox.next_working_morning(day + timedelta(days=1), cohort.lead_officer.time_zone),
        context={"day": day.isoformat()},
    )


def _seat(placement, by, overbook_reason):
    """Take the seat, or raise NotNow with every broken rule in words."""
    if overbook_reason and not by.has(Permission.OVERBOOK):
        raise PermissionDenied
    _lock_seat(placement)
    found = rules.broken(placement, overbook=bool(overbook_reason))
    if found:
        raise NotNow(found)
    placement.overbook_reason = overbook_reason


def set_supervisor(placement, supervisor):
    """Who looks after the trainee, where the hospital says so: somebody of the house who supervises trainees."""
    if supervisor is None:
        return
    fits = supervisor.is_supervisor and supervisor.hospital_id == placement.department.hospital_id
    if not fits or supervisor.is_archived:
        raise NotNow(_("%(name)s does not supervise trainees in this hospital.") % {"name": supervisor})
    placement.supervisor = supervisor


def refuse_unless_possible(placement, *more):
    """Raise NotNow, in words, where the trainee, the dates or the department cannot be."""
    checks = (
        rules.not_placeable(placement.enrollment),
        rules.outside_cohort(placement),
        rules.department_closed(placement),
        rules.no_working_day(placement),
        *more,
    )
    found = [words for words in checks if words]
    if found:
        raise NotNow(found)


@transaction.atomic
def draft(enrollment, department, first_day, last_day, *, by, half=Placement.Half.WHOLE, replaces=None):
    """A new placement nobody outside has heard of. Raises PermissionDenied, or NotNow where it cannot be.

    Cohort and enrollment are locked first: who is being withdrawn at this moment is not placed. The trainee is
    locked too: of two drafts for the same days made at once, one stands. `replaces` is what it takes the place of.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=enrollment.cohort_id)
    enrollment.refresh_from_db(from_queryset=Enrollment.objects.select_for_update(no_key=True))
    enrollment.cohort = cohort
    Trainee.objects.select_for_update(no_key=True).get(pk=enrollment.trainee_id)
    placement = Placement(
        enrollment=enrollment,
        trainee_id=enrollment.trainee_id,
        department=department,
        first_day=first_day,
        last_day=last_day,
        half=half,
        replaces=replaces,
    )
    refuse_unless_possible(placement, rules.drafted_twice(placement))
    placement.save()
    record(placement, "draft", by=by, target=State.DRAFT)
    return placement


def lock_above(placement):
    """The cohort and the enrollment, before what staff do to a placement."""
    enrollment = Enrollment.objects.only("cohort").get(pk=placement.enrollment_id)
    Cohort.objects.select_for_update(no_key=True).get(pk=enrollment.cohort_id)
    Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)


def _of_trainee(placement):
    return lambda line: placement.trainee_id in line.trainees


def was_told(placement):
    """Whether its trainee was ever told where they go in this cohort, whatever has become of that."""
    return releases.was_told(placement.enrollment.cohort_id, Release.Kind.PLACEMENTS, _of_trainee(placement))


def amend_the_plan(placement, *, by, reason="", **_details):
    """Where the trainee has been told where they go, they are told now what is different."""
    cohort, kind = placement.enrollment.cohort, Release.Kind.PLACEMENTS
    releases.amend(cohort, kind, _of_trainee(placement), by=by, reason=reason)


@transition(
    Placement,
    source=[State.DRAFT],
    target=State.REQUESTED,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Send the request"),
)
def request(placement, *, by):
    """Ask the hospital. The mail to its coordinators is one for all that is asked together (request_all)."""
    refuse_unless_possible(placement)
    placement.requested_at = clock.now()
    placement.answer_due = clock.today() + timedelta(days=rules.ANSWER_WITHIN_DAYS)


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.CONFIRMED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Confirm"),
    rule=of_own_hospital,
)
def confirm(
    placement, *, by, channel=Channel.PORTAL, who="", supervisor=None, overbook_reason="", note="", when=None
):
    """The hospital takes the trainee. Raises NotNow when a seat, the trainee or the dates stand against it."""
    _seat(placement, by, overbook_reason)
    set_supervisor(placement, supervisor)
    _note_answer(placement, by, channel, who, when)


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.WITH_CONDITIONS,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Confirm with conditions"),
    rule=of_own_hospital,
)
def confirm_with_conditions(
    placement,
    *,
    by,
    conditions,
    condition_kinds=(),
    channel=Channel.PORTAL,
    who="",
    supervisor=None,
    overbook_reason="",
    when=None,
):
    """The hospital takes the trainee if something is fulfilled; the words reach the trainee as they stand.

    `conditions` may be empty where kinds say it all. Raises NotNow where neither says anything.
    """
    if not (conditions or condition_kinds):
        raise NotNow(_("Please choose or write the conditions; the trainee will read them."))
    _seat(placement, by, overbook_reason)
    set_supervisor(placement, supervisor)
    placement.conditions = conditions
    placement.condition_kinds = list(condition_kinds)
    _note_answer(placement, by, channel, who, when)


@transition(
    Placement,
    source=[State.REQUESTED],
    target=State.DECLINED,
    permission=Permission.ANSWER_PLACEMENTS,
    label=gettext_lazy("Decline"),
    rule=of_own_hospital,
)
def decline(placement, *, by, reason, channel=Channel.PORTAL, who=""):
    """The hospital cannot take the trainee, and says why."""
    placement.decline_reason = reason
    _note_answer(placement, by, channel, who)


@transition(
    Placement,
    source=[State.DRAFT, State.REQUESTED, State.CONFIRMED, State.WITH_CONDITIONS],
    target=State.CANCELLED,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Cancel the placement"),
    lock_first=lock_above,
    then=amend_the_plan,
)
def cancel(placement, *, by, reason):
    """The placement does not take place. The seat is free; the hospital hears of it if it had been asked, and the
    trainee if they had been told.
    """
    if placement.state != State.DRAFT:
        _tell_hospital(placement, reason)


@transition(
    Placement,
    source=[State.CONFIRMED, State.WITH_CONDITIONS],
    target=State.COMPLETED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Complete"),
)
def complete(placement, *, by):
    """The days are over and the trainee was there."""
    if placement.last_day > clock.today():
        raise NotNow(_("The last day of the placement is still to come."))


def _tell_hospital(placement, reason):
    """One mail a coordinator, however many placements one act cancels: the transaction tells what belongs together."""
    cohort, act = placement.enrollment.cohort, transaction_number()
    for coordinator in _coordinators(placement.department.hospital_id):
        mail = outbox.put(
            "placement_cancelled",
            to=coordinator.user,
            about=cohort,
            key=f"placement_cancelled:{cohort.pk}:{coordinator.user_id}:{act}",
            context={"placements": [], "reason": reason},
        )
        # The row is this transaction's own: nobody else sees it before the commit, and no lock is needed.
        mail.context["placements"].append(placement.pk)
        mail.save(update_fields=["context"])


def _coordinators(hospital_id):
    return Coordinator.objects.serving().filter(hospital=hospital_id).select_related("user")
