"""Who is asked for an evaluation, and the links by which they answer without an account."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from hospitals.models import Clinician, Coordinator
from portal.accounts import links
from portal.records import clock

from .models import Enrollment, Evaluation

SUPERVISOR, TRAINEE = "evaluation", "training_feedback"
# Who is asked has two weeks. What trainees say later is not counted, so that no result moves any more.
ANSWER_WITHIN_DAYS = 14
# A supervisor's answer that comes later by the link still counts, as long as this after the day it was due.
LATE_DAYS = 28
# Asked on the last day, and again so many days after it.
ASKED_AGAIN_AFTER = (3, 7)
OPEN_BEFORE_END = timedelta(days=7)


def step_of(last_day, today):
    """How often somebody has been asked before by now: 0 from the last day on, then one more a step."""
    return sum((today - last_day).days >= days for days in ASKED_AGAIN_AFTER)


def feedback_due(cohort):
    """The last day on which the cohort's trainees are heard."""
    return cohort.last_day + timedelta(days=ANSWER_WITHIN_DAYS)


def feedback_is_open(cohort):
    """Whether its trainees can say now how the training was: from its last week until two weeks after it."""
    return cohort.last_day - OPEN_BEFORE_END <= clock.today() <= feedback_due(cohort)


@dataclass(frozen=True)
class Evaluator:
    """Somebody who is asked about a trainee: a supervisor has no account, a coordinator has one and needs it not."""

    key: tuple  # names them in their link: ("supervisor" or "coordinator", key)
    name: str
    email: str
    language: str = "ko"
    time_zone: str = "Asia/Seoul"

    def __str__(self):
        return self.name


def evaluators_of(placements):
    """Who is asked about each placement, by its key. Three queries.

    The supervisor who is named in the placement; else those of the department, or of the hospital as a whole. Where
    none of them has an address, the hospital's coordinators, who know whom to ask.
    """
    named = Clinician.objects.in_use().in_bulk({placement.supervisor_id for placement in placements} - {None})
    departments = {placement.department_id for placement in placements}
    hospitals = {placement.department.hospital_id for placement in placements}
    supervisors, coordinators = defaultdict(list), defaultdict(list)
    of_these = Q(department__in=departments) | Q(department=None, hospital__in=hospitals)
    rows = Clinician.objects.in_use().filter(of_these, is_supervisor=True).exclude(email="")
    for clinician in rows.order_by("name", "pk"):
        supervisors[clinician.department_id or f"h{clinician.hospital_id}"].append(_person(clinician))
    serving = Coordinator.objects.serving().filter(hospital__in=hospitals).select_related("user")
    for coordinator in serving.order_by("pk"):
        user = coordinator.user
        coordinators[coordinator.hospital_id].append(
            Evaluator(
                ("coordinator", coordinator.pk),
                str(user),
                user.email,
                user.reading_language,
                str(user.time_zone or "Asia/Seoul"),
            )
        )
    return {
        placement.pk: _own(named.get(placement.supervisor_id))
        or supervisors[placement.department_id]
        or supervisors[f"h{placement.department.hospital_id}"]
        or coordinators[placement.department.hospital_id]
        for placement in placements
    }


def _person(clinician):
    return Evaluator(("supervisor", clinician.pk), clinician.name_ko or clinician.name, clinician.email)


def _own(supervisor):
    return [_person(supervisor)] if supervisor and supervisor.email else []


def heard_until(evaluation):
    """The last day on which a supervisor who has not answered may do so by the link."""
    return evaluation.due + timedelta(days=LATE_DAYS)


def token_for_evaluation(evaluation, key):
    """Lets the Evaluator of this key evaluate the trainee, and correct that until the day it is due is over.

    Who has not answered by then may do so for four weeks more.
    """
    until = heard_until(evaluation)
    return links.sign(SUPERVISOR, {"evaluation": evaluation.pk, "for": key}, deadline=until)


def evaluation_for(token):
    """The evaluation a link is about, and the key of whose link it is.

    Raises BadLink: its time is over, it is not ours, the evaluation is waived, the placement does not stand, or the
    holder is not at the hospital any more.
    """
    data = links.read(SUPERVISOR, token)
    evaluation = Evaluation.objects.for_list().filter(pk=data["evaluation"]).first()
    if (
        evaluation is None
        or clock.today() > heard_until(evaluation)
        or evaluation.state == Evaluation.State.WAIVED
        or not evaluation.placement.is_seated
    ):
        raise links.BadLink
    office, pk = data.get("for") or ("", None)
    people = Coordinator.objects.serving() if office == "coordinator" else Clinician.objects.in_use()
    if not people.filter(pk=pk, hospital=evaluation.placement.department.hospital_id).exists():
        raise links.BadLink
    return evaluation, (office, pk)


def token_for_feedback(enrollment, due):
    """Lets whoever holds it say how this training was, until `due` is over."""
    return links.sign(TRAINEE, {"enrollment": enrollment.pk}, deadline=due)


def enrollment_for(token):
    """The enrollment a link is about. Raises BadLink: its day is over, it is not ours, or the person left."""
    data = links.read(TRAINEE, token)
    rows = Enrollment.objects.taking_part().select_related("cohort__program", "trainee")
    enrollment = rows.filter(pk=data["enrollment"]).first()
    if enrollment is None:
        raise links.BadLink
    return enrollment
