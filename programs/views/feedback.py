"""What trainees say and set out to learn: their own pages, the same by the link in the mail, and the results."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from hospitals.models import Hospital
from portal.accounts.guards import public, requires
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.records.actors import System
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status
from portal.records.transitions import NotNow
from programs import results
from programs.attendance_totals import Totals, totals_of
from programs.completion import standing_of
from programs.evaluating import enrollment_for, feedback_due, feedback_is_open
from programs.forms.evaluations import FeedbackForms, ObjectivesForm
from programs.models import Enrollment, ObjectiveRating, Placement, ProgramFeedback
from programs.own_standing import own_verdicts
from programs.workflow import feedback

# The trainee ---------------------------------------------------------------------------------------


def _latest(user):
    """The training that is on, else the last one there was."""
    rows = Enrollment.objects.taking_part().filter(trainee__user=user)
    return rows.select_related("cohort__program", "trainee").order_by("-cohort__starts", "-pk").first()


@requires(Permission.OWN_TRAINING)
def my_training(request):
    """How things stand: attendance, what is still missing for the certificate, objectives, one's own evaluation."""
    enrollment = _latest(request.user)
    page = {"enrollment": enrollment}
    if enrollment:
        cohort = enrollment.cohort
        totals = totals_of(cohort, [enrollment]).get(enrollment.pk, Totals())
        page |= {
            "cohort": cohort,
            "totals": totals,
            "verdicts": own_verdicts(standing_of(enrollment), cohort, totals),
            "objectives": enrollment.objectives.prefetch_related("ratings"),
            "has_answered": ProgramFeedback.objects.filter(enrollment=enrollment).exists(),
            "is_open": feedback_is_open(cohort),
            "due": feedback_due(cohort),
        }
    return render(request, "programs/my_training.html", page)


@requires(Permission.OWN_TRAINING)
def my_objectives(request):
    enrollment = _latest(request.user)
    if enrollment is None:
        return redirect("programs:my-training")
    back = reverse("programs:my-training")
    return _objectives(request, enrollment, "programs/my_objectives.html", back)


@requires(Permission.RUN_COHORTS)
def enrollment_objectives(request, pk):
    rows = Enrollment.objects.select_related("cohort__program", "trainee")
    enrollment = visible_or_404(rows, request.user, pk=pk)
    back = reverse("programs:cohort-completion", args=[enrollment.cohort_id])
    return _objectives(request, enrollment, "programs/enrollment_objectives.html", back)


def _objectives(request, enrollment, template, back):
    standing = {f"objective_{one.position}": one.text for one in enrollment.objectives.all()}
    form = ObjectivesForm(request.POST if request.method == "POST" else None, initial=standing)
    if form.is_bound and form.is_valid():
        try:
            feedback.set_objectives(enrollment, form.texts, by=request.user)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The objectives are kept."))
            return redirect(back)
    rated = ObjectiveRating.objects.filter(objective__enrollment=enrollment).exists()
    page = {"enrollment": enrollment, "cohort": enrollment.cohort, "form": form, "back": back, "rated": rated}
    return render(request, template, page, status=form_status(form))


@requires(Permission.OWN_TRAINING)
def my_feedback(request):
    enrollment = _latest(request.user)
    if enrollment is None:
        return redirect("programs:my-training")
    return _feedback(request, enrollment, request.user, "programs/my_feedback.html", request.path)


@public
@never_cache
@sensitive_variables("token")
def feedback_reply(request, token):
    """The same by the link in the mail, until its day is over. Only a POST acts."""
    try:
        enrollment = enrollment_for(token)
    except BadLink:
        response = render(request, "programs/feedback_ended.html", status=410)
    else:
        by = System(str(enrollment.trainee))
        response = _feedback(request, enrollment, by, "programs/feedback_reply.html", request.path)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _feedback(request, enrollment, by, template, here):
    seated = Placement.objects.taking_seats().filter(enrollment=enrollment)
    hospitals = Hospital.objects.filter(departments__placements__in=seated).distinct().order_by("name")
    data = request.POST if request.method == "POST" else None
    forms = FeedbackForms(data, hospitals=hospitals, objectives=enrollment.objectives.all())
    if forms.is_bound and forms.is_valid():
        try:
            feedback.give(enrollment, by=by, **forms.given)
        except NotNow as error:
            forms.add_error(None, error)
        else:
            messages.success(request, _("Thank you. You have helped those who come after you."))
            return redirect(here)
    page = {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "forms": forms,
        "is_open": feedback_is_open(enrollment.cohort),
        "has_answered": ProgramFeedback.objects.filter(enrollment=enrollment).exists(),
        "due": feedback_due(enrollment.cohort),
    }
    return render(request, template, page, status=form_status(forms))


# Results -------------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS, Permission.NOTE_ATTENDANCE)
def result_list(request):
    """Averages of five answers and more: of every hospital (a coordinator's own), and of every program (the team)."""
    return render(request, "programs/result_list.html", results.results_for(request.user))
