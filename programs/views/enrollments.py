"""One screen for each decision on a trainee in a cohort."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.screens import verb_screen
from programs import effects
from programs.forms.reasons import EndForm, NoteForm, ReasonForm
from programs.models import Enrollment
from programs.workflow import enrollments


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
