"""Evaluations by supervisors: their form by the link in the mail, and the team's side of it."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Window
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from portal.accounts.guards import public, requires
from portal.accounts.languages import at_a_desk
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import System
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept, verb_screen
from portal.ui.lists import listing, render_listing
from programs.evaluating import evaluation_for, evaluators_of, feedback_due, token_for_evaluation
from programs.forms.evaluations import EvaluationForm, RecordedEvaluationForm
from programs.forms.reasons import ReasonForm
from programs.forms.training import EvaluationFilter
from programs.models import Evaluation, Placement
from programs.training_columns import EVALUATIONS
from programs.workflow import evaluations
from programs.workspace import workspace

SHOWN_SILENT = 20

# The supervisor ------------------------------------------------------------------------------------


@public
@never_cache
@sensitive_variables("token")
def evaluation_reply(request, token):
    """The form by the link in the mail, without an account, until the day it is due is over. Only a POST acts."""
    try:
        evaluation, holder = evaluation_for(token)
    except BadLink:
        return _ended(request)
    # The page is in the language of the mail that led here, unless the reader has chosen another one.
    with at_a_desk(request, _language_of(evaluation, holder)):
        response = _unlisted(_reply(request, evaluation, holder, token))
        response.headers["Content-Language"] = translation.get_language()
    return response


def _ended(request):
    return _unlisted(render(request, "programs/evaluation_ended.html", status=410))


def _language_of(evaluation, holder):
    """The language in which the mail asked the holder of the link."""
    asked = evaluators_of([evaluation.placement])[evaluation.placement_id]
    return next((person.language for person in asked if person.key == holder), "ko")


def _reply(request, evaluation, holder, token):
    form = EvaluationForm.over(evaluation, request.POST if request.method == "POST" else None)
    by_link = {"channel": Placement.Channel.LINK}
    verb = partial(evaluations.answer, evaluation)
    if kept(form, lambda: verb(by=System(form.cleaned_data["who"]), **form.cleaned_data, **by_link)):
        messages.success(request, _("Thank you. Your evaluation is with the province."))
        return redirect("programs:evaluation-reply", token=token)
    page = {"evaluation": evaluation, "form": form, "others": _others(evaluation, holder)}
    page["is_late"] = clock.today() > evaluation.due
    return render(request, "programs/evaluation_reply.html", page, status=form_status(form))


def _unlisted(response):
    """No search engine lists a page that names a person."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _others(evaluation, holder):
    """What else the holder of the link is asked about and has not answered, with the address of each form."""
    department = evaluation.placement.department_id
    rows = Evaluation.objects.unanswered().for_list().filter(placement__department=department)
    open_still = [one for one in rows.exclude(pk=evaluation.pk) if one.due >= clock.today()]
    asked = evaluators_of([one.placement for one in open_still]) if open_still else {}
    return [
        (one, reverse("programs:evaluation-reply", args=[token_for_evaluation(one, holder)]))
        for one in open_still
        if one.placement.is_seated and holder in [person.key for person in asked[one.placement_id]]
    ]


# The team ------------------------------------------------------------------------------------------


BY_SUPERVISORS = {
    "name": ["trainee__passport_name", "first_day"],
    "end": ["last_day", "trainee__passport_name"],
}


@requires(Permission.SEE_COHORTS)
def cohort_evaluations(request, pk):
    page = workspace(request, pk, "evaluations")
    cohort = page["cohort"]
    seated = Placement.objects.taking_seats().filter(enrollment__cohort=cohort)
    found = listing(
        request,
        seated.for_board().select_related("evaluation"),
        filterset=EvaluationFilter,
        sorts=BY_SUPERVISORS,
        default_sort="end",
        per_page=20,
        export=EVALUATIONS,
    )
    if not found.is_for_download:
        asked = evaluators_of(found.rows)
        for placement in found.rows:
            placement.asked = asked[placement.pk]
    page |= {
        "silent": _silent(cohort),
        "people": page["numbers"].taking_part,
        "feedback_due": feedback_due(cohort),
    }
    return render_listing(request, "programs/cohort_evaluations.html", found, page)


def _silent(cohort):
    """The first of those who have not said how it was; each knows how many they are."""
    rows = cohort.enrollments.taking_part().filter(program_feedback=None).select_related("trainee")
    rows = rows.annotate(in_all=Window(Count("pk")))
    return rows.order_by("trainee__passport_name", "pk")[:SHOWN_SILENT]


def _evaluation(request, pk):
    return visible_or_404(Evaluation.objects.for_list(), request.user, pk=pk)


@requires(Permission.SEE_COHORTS, Permission.NOTE_ATTENDANCE)
def evaluation_detail(request, pk):
    evaluation = _evaluation(request, pk)
    page = {
        "evaluation": evaluation,
        "placement": evaluation.placement,
        "marks": [(_name(field), getattr(evaluation, field)) for field in evaluation.MARKS],
        "asked": evaluators_of([evaluation.placement])[evaluation.placement_id],
        "mails": OutgoingMail.objects.about(evaluation).visible_to(request.user).for_list(),
        "may_open": request.user.has(Permission.SEE_MAILS),
    }
    return render(request, "programs/evaluation_detail.html", page)


def _name(field):
    return Evaluation._meta.get_field(field).verbose_name


def _settle(request, pk, verb, **page):
    evaluation = _evaluation(request, pk)
    cohort = evaluation.placement.enrollment.cohort
    back = reverse("programs:evaluation-detail", args=[pk])
    crumbs = [(cohort, reverse("programs:cohort-evaluations", args=[cohort.pk])), (evaluation, back)]
    return verb_screen(request, evaluation, verb, back=back, crumbs=crumbs, **page)


@requires(Permission.RUN_COHORTS)
def evaluation_answer(request, pk):
    return _settle(
        request,
        pk,
        evaluations.answer,
        form=RecordedEvaluationForm,
        question=_("What did the supervisor say?"),
        effects=[_("Your name stands beside the answer in the history."), _("No further reminder is sent.")],
        done=_("The evaluation is recorded."),
    )


@requires(Permission.RUN_COHORTS)
def evaluation_miss(request, pk):
    return _settle(
        request,
        pk,
        evaluations.miss,
        question=_("Stop asking for this evaluation?"),
        effects=[
            _("No further reminder is sent."),
            _("An answer by phone or on paper can still be recorded."),
        ],
        done=_("The evaluation counts as not answered."),
    )


@requires(Permission.RUN_COHORTS)
def evaluation_waive(request, pk):
    return _settle(
        request,
        pk,
        evaluations.waive,
        form=ReasonForm,
        danger=True,
        question=_("Do without this evaluation?"),
        effects=[
            _("Mails about it that have not left are cancelled, and the link is closed."),
            _("For the completion it counts as if it were in."),
        ],
        done=_("The evaluation is waived."),
    )
