"""Putting a name forward, and one screen for each decision on a trainee in a cohort."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.forms import TraineeFilter
from participants.models import Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import verb_screen
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs import effects
from programs.forms.enrollments import NominationForm
from programs.forms.reasons import EndForm, NoteForm, ReasonForm
from programs.models import Cohort, Enrollment
from programs.workflow import enrollments

# A new one -----------------------------------------------------------------------------------------


@requires(Permission.RUN_COHORTS)
def enrollment_create(request, cohort):
    """First whom to nominate, out of those who are not in the cohort; then, with `?trainee=`, by whom and for what."""
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=cohort)
    chosen = key_in(request.GET.get("trainee"))
    if chosen is not None:
        trainee = visible_or_404(Trainee.objects.unmerged().for_list(), request.user, pk=chosen)
        return _nominate(request, cohort, trainee)
    in_cohort = Enrollment.objects.filter(cohort=cohort).values("trainee")
    candidates = listing(
        request,
        Trainee.objects.visible_to(request.user).unmerged().for_list().exclude(pk__in=in_cohort),
        filterset=TraineeFilter,
        sorts={
            "name": ["passport_name"],
            "institution": ["institution__name", "passport_name"],
            "specialty": ["specialty__name", "passport_name"],
        },
        default_sort="name",
    )
    page = {
        "cohort": cohort,
        "enter_url": f"{reverse('participants:trainee-create')}?{urlencode({'next': request.path})}",
    }
    return render_listing(request, "programs/enrollment_create.html", candidates, page)


def _nominate(request, cohort, trainee):
    form = NominationForm(request.POST or None, user=request.user, trainee=trainee)
    if request.method == "POST" and form.is_valid():
        try:
            enrollments.nominate(cohort, trainee, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is nominated.") % {"name": trainee})
            return redirect("programs:cohort-trainees", pk=cohort.pk)
    page = {"cohort": cohort, "trainee": trainee, "form": form}
    return render(request, "programs/enrollment_nominate.html", page, status=422 if form.is_bound else 200)


# Decisions -----------------------------------------------------------------------------------------


def _decide(request, pk, verb, *, question, done, told, form=None, danger=False):
    """The screen of one verb of an enrollment; `question` and `done` may name the trainee by %(name)s."""
    enrollment = visible_or_404(
        Enrollment.objects.select_related("trainee", "cohort__program"), request.user, pk=pk
    )
    cohort, name = enrollment.cohort, {"name": enrollment.trainee}
    back = reverse("programs:cohort-trainees", args=[cohort.pk])
    return verb_screen(
        request,
        enrollment,
        verb,
        question=question % name,
        done=done % name,
        effects=partial(told, enrollment),
        back=back,
        crumbs=[
            (_("Cohorts"), reverse("programs:cohort-list")),
            (str(cohort), reverse("programs:cohort-detail", args=[cohort.pk])),
            (_("Trainees"), back),
        ],
        form=form,
        danger=danger,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_accept(request, pk):
    return _decide(
        request,
        pk,
        enrollments.accept,
        question=_("Accept %(name)s?"),
        done=_("%(name)s is accepted."),
        told=effects.of_accept,
        form=NoteForm,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_put_on_reserve(request, pk):
    return _decide(
        request,
        pk,
        enrollments.put_on_reserve,
        question=_("Put %(name)s on the reserve list?"),
        done=_("%(name)s is on the reserve list."),
        told=effects.of_put_on_reserve,
        form=NoteForm,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_reject(request, pk):
    return _decide(
        request,
        pk,
        enrollments.reject,
        question=_("Reject %(name)s?"),
        done=_("%(name)s is rejected."),
        told=effects.of_reject,
        form=ReasonForm,
        danger=True,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_start_training(request, pk):
    return _decide(
        request,
        pk,
        enrollments.start_training,
        question=_("Has %(name)s begun the training?"),
        done=_("%(name)s is in training."),
        told=effects.of_start_training,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_complete(request, pk):
    return _decide(
        request,
        pk,
        enrollments.complete,
        question=_("Has %(name)s completed the training?"),
        done=_("%(name)s has completed the training."),
        told=effects.of_complete_enrollment,
        form=EndForm,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_fail(request, pk):
    return _decide(
        request,
        pk,
        enrollments.fail,
        question=_("Has %(name)s not completed the training?"),
        done=_("%(name)s has not completed the training."),
        told=effects.of_fail,
        form=ReasonForm,
        danger=True,
    )


@requires(Permission.RUN_COHORTS)
def enrollment_withdraw(request, pk):
    return _decide(
        request,
        pk,
        enrollments.withdraw,
        question=_("Withdraw %(name)s?"),
        done=_("%(name)s is withdrawn."),
        told=effects.of_withdraw,
        form=ReasonForm,
        danger=True,
    )
