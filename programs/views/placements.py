"""One placement: what is known of it, and one screen for each of its verbs."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.approximate import span_words
from portal.records.files import serve_picture
from portal.records.lookup import visible_or_404
from portal.records.screens import verb_screen
from programs import effects, rules, seats, workflow
from programs.forms.placements import (
    CancelForm,
    ConditionsForm,
    ConfirmForm,
    DeclineForm,
)
from programs.models import Placement

# One placement -----------------------------------------------------------------------------------


def placement_of(request, pk):
    """The placement of a screen, as far as who asks may see it, with all that its screens say."""
    placements = Placement.objects.for_board().select_related(
        "trainee__institution",
        "trainee__specialty",
        "department__hospital",
        "department__specialty",
        "enrollment__cohort__lead_officer",
        "answered_by",
        "replaces",
        "supervisor",
        "forwarded_to",
        "proposal_department__hospital",
        "proposal_department__specialty",
    )
    return visible_or_404(placements, request.user, pk=pk)


@requires(Permission.SEE_COHORTS, Permission.ANSWER_PLACEMENTS)
def placement_detail(request, pk):
    placement = placement_of(request, pk)
    page = {
        "placement": placement,
        "weeks": len(rules.weeks_of(placement.first_day, placement.last_day)),
        "seats": seats.left_for([placement])[placement.pk],
        "may_answer": (may_answer := request.user.has(Permission.ANSWER_PLACEMENTS)),
        "may_name": may_answer and placement.state in workflow.changes.STANDING,
        "instead": placement.replaced_by.visible_to(request.user).order_by("first_day"),
    }
    return render(request, "programs/placement_detail.html", page)


@requires(Permission.SEE_COHORTS, Permission.ANSWER_PLACEMENTS)
def placement_photo(request, pk):
    """The trainee’s checked photo, for the hospital that is asked or expects them."""
    placement = visible_or_404(Placement.objects.select_related("trainee__photo"), request.user, pk=pk)
    if placement.trainee.photo is None or not placement.shows_photo:
        raise Http404
    return serve_picture(placement.trainee.photo)


@requires(Permission.ANSWER_PLACEMENTS)
def placement_confirm(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.placements.confirm,
        form=ConfirmForm,
        question=_("Does the hospital take %(name)s?") % {"name": placement.trainee.display_name},
        effects=lambda: [_seat_words(placement), *_answer_effects(placement)],
        done=_("The placement is confirmed."),
        lands=lambda: _next_to_answer(request, placement),
    )


@requires(Permission.ANSWER_PLACEMENTS)
def placement_confirm_with_conditions(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.placements.confirm_with_conditions,
        form=ConditionsForm,
        question=_("On which conditions does the hospital take %(name)s?")
        % {"name": placement.trainee.display_name},
        effects=lambda: [_seat_words(placement), *_answer_effects(placement)],
        done=_("The placement is confirmed with conditions."),
        lands=lambda: _next_to_answer(request, placement),
    )


@requires(Permission.ANSWER_PLACEMENTS)
def placement_decline(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.placements.decline,
        form=DeclineForm,
        danger=True,
        question=_("Can the hospital not take %(name)s?") % {"name": placement.trainee.display_name},
        effects=lambda: [_("The province looks for another place."), *_answer_effects(placement, seen=False)],
        done=_("The request is declined."),
        lands=lambda: _next_to_answer(request, placement),
    )


@requires(Permission.ANSWER_PLACEMENTS)
def placement_take_back(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.answers.take_back,
        question=_("Take back the answer about %(name)s?") % {"name": placement.trainee.display_name},
        effects=lambda: [_("The request waits for an answer as before. No mail is sent.")],
        done=_("The answer is taken back. The request waits for another one."),
        back=reverse("programs:placement-to-answer"),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_cancel(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.placements.cancel,
        form=CancelForm,
        danger=True,
        question=_("Cancel the placement of %(name)s?") % {"name": placement.trainee.display_name},
        effects=lambda: effects.of_cancel_placement(placement),
        done=_("The placement is cancelled."),
        lands=lambda: reverse("programs:cohort-placements", args=[placement.enrollment.cohort_id]),
    )


def _next_to_answer(request, placement):
    """The list, while the hospital owes another answer about the cohort; else the page of the placement."""
    cohort = placement.enrollment.cohort_id
    owed = Placement.objects.visible_to(request.user).awaiting_answer()
    if owed.filter(enrollment__cohort=cohort, department__hospital=placement.department.hospital_id).exists():
        return f"{reverse('programs:placement-to-answer')}#h-cohort-{cohort}"
    return reverse("programs:placement-detail", args=[placement.pk])


def placement_verb_screen(request, placement, verb, *, form=None, back="", **page):
    """The screen of a verb about a placement, whose form, if any, knows the placement and who asks."""
    here = reverse("programs:placement-detail", args=[placement.pk])
    form = form and partial(form, placement=placement, user=request.user)
    crumbs = [
        (_("Requests to answer"), reverse("programs:placement-to-answer")),
        (placement.trainee.display_name, here),
    ]
    if request.user.has(Permission.SEE_COHORTS):
        cohort = placement.enrollment.cohort
        crumbs[0] = (cohort, reverse("programs:cohort-placements", args=[cohort.pk]))
    return verb_screen(request, placement, verb, form=form, back=back or here, crumbs=crumbs, **page)


# What a verb will do, in sentences -----------------------------------------------------------------


def _seat_words(placement):
    return _("One seat in %(department)s is taken: %(days)s.") % {
        "department": placement.department,
        "days": span_words(placement.first_day, placement.last_day),
    }


def _answer_effects(placement, *, seen=True):
    found = []
    if seen:
        found.append(_("The days appear in the trainee’s schedule."))
    lead = placement.enrollment.cohort.lead_officer
    if lead:
        found.append(_("The answer is in the next morning’s mail to %(name)s.") % {"name": lead})
    return found
