"""The mails that ask how a training went: supervisors about a trainee, trainees about the hospitals and the program."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url
from portal.records import clock
from portal.records.approximate import span_words

from .evaluating import (
    evaluators_of,
    feedback_due,
    feedback_is_open,
    token_for_evaluation,
    token_for_feedback,
)
from .models import Enrollment, Evaluation, ProgramFeedback
from .templatetags.programs_days import day_words


def _evaluation(mail):
    return Evaluation.objects.for_list().get(pk=mail.about_id)


def _still_asked(mail):
    evaluation = _evaluation(mail)
    if evaluation.state != Evaluation.State.OPEN or clock.today() > evaluation.due:
        raise NoLongerWanted(gettext_noop("the evaluation is answered or not asked any more"))
    if not evaluation.placement.is_seated:
        raise NoLongerWanted(gettext_noop("the placement does not stand any more"))
    asked = evaluators_of([evaluation.placement])[evaluation.placement_id]
    if mail.address not in [person.email for person in asked]:
        raise NoLongerWanted(gettext_noop("this person is not asked about the placement any more"))


@kind(
    "evaluation_request",
    template="programs/evaluation_request",
    label=gettext_lazy("Evaluation asked of a supervisor"),
    wanted=_still_asked,
    variables=[
        Variable(
            "link",
            gettext_lazy("the form about this trainee, without sign-in"),
            lambda context: absolute_url(context["path"]),
            required=True,
            button=gettext_lazy("Evaluate now"),
        ),
        Variable(
            "deadline",
            gettext_lazy("until when the link works"),
            lambda context: day_words(context["evaluation"].due),
            required=True,
        ),
        Variable(
            "trainee",
            gettext_lazy("the trainee"),
            lambda context: context["placement"].trainee.display_name,
            required=True,
        ),
        Variable(
            "department", gettext_lazy("the department"), lambda context: context["placement"].department
        ),
        Variable(
            "dates",
            gettext_lazy("the days of the placement"),
            lambda context: span_words(context["placement"].first_day, context["placement"].last_day),
        ),
    ],
)
def evaluation_request(mail):
    """On the last day of a placement, and again after three and seven days."""
    evaluation = _evaluation(mail)
    asked = evaluators_of([evaluation.placement])[evaluation.placement_id]
    key = next((one.key for one in asked if one.email == mail.address), None)
    return {
        "evaluation": evaluation,
        "placement": evaluation.placement,
        "is_reminder": mail.context.get("reminder", False),
        "path": reverse("programs:evaluation-reply", args=[token_for_evaluation(evaluation, key)]),
    }


def _enrollment(mail):
    return Enrollment.objects.select_related("cohort__program", "trainee").get(pk=mail.about_id)


def _still_silent(mail):
    enrollment = _enrollment(mail)
    if ProgramFeedback.objects.filter(enrollment=enrollment).exists():
        raise NoLongerWanted(gettext_noop("the person has answered already"))
    if enrollment.state == Enrollment.State.WITHDRAWN or not feedback_is_open(enrollment.cohort):
        raise NoLongerWanted(gettext_noop("the person is not asked any more"))


@kind(
    "feedback_request",
    template="programs/feedback_request",
    for_readers=True,
    label=gettext_lazy("Evaluation asked of a trainee"),
    wanted=_still_silent,
    variables=[
        Variable(
            "link",
            gettext_lazy("the form for this trainee, without sign-in"),
            lambda context: absolute_url(context["path"]),
            required=True,
            button=gettext_lazy("Say how it was"),
        ),
        Variable(
            "deadline",
            gettext_lazy("until when the link works"),
            lambda context: day_words(context["due"]),
            required=True,
        ),
        Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    ],
)
def feedback_request(mail):
    """On the last day of a cohort, and again after three and seven days."""
    enrollment = _enrollment(mail)
    due = feedback_due(enrollment.cohort)
    return {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "due": due,
        "is_needed": enrollment.cohort.program.needs_own_evaluation,
        "is_reminder": mail.context.get("reminder", False),
        "path": reverse("programs:feedback-reply", args=[token_for_feedback(enrollment, due)]),
    }
