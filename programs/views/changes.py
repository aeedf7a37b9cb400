"""What becomes of a request that is not simply answered, and of a placement that stands: a screen for each verb."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.approximate import span_words
from portal.records.screens import form_status, kept
from programs import effects, workflow
from programs.forms import changes as forms

from .placements import placement_of, placement_verb_screen

# A request that waits ------------------------------------------------------------------------------


@requires(Permission.ANSWER_PLACEMENTS)
def placement_propose(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.waiting.propose,
        form=forms.ProposeForm,
        question=_("When or where could the hospital take %(name)s?")
        % {"name": placement.trainee.display_name},
        effects=[_("The province decides on it. The request stays open until then; nobody is reminded.")],
        done=_("The proposal is with the province."),
    )


@requires(Permission.ANSWER_PLACEMENTS)
def placement_forward(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.waiting.forward,
        form=forms.ForwardForm,
        question=_("Who decides whether the hospital takes %(name)s?")
        % {"name": placement.trainee.display_name},
        effects=[_("1 mail with a link to answer is sent to the supervisor.")],
        done=_("The request is forwarded."),
    )


@requires(Permission.ANSWER_PLACEMENTS)
def placement_promise(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.waiting.promise,
        form=forms.PromiseForm,
        question=_("By when does the hospital answer for %(name)s?")
        % {"name": placement.trainee.display_name},
        effects=[_("Nobody reminds the hospital before that day. No mail is sent.")],
        done=_("The day is noted."),
        lands=lambda: reverse("programs:placement-to-answer"),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_note_call(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.waiting.note_call,
        form=forms.CallForm,
        question=_("Was nobody reached at %(hospital)s?") % {"hospital": placement.department.hospital},
        effects=[_("The call stands on the list with its time. The hospital stays on it. No mail is sent.")],
        done=_("The call is noted."),
        back=reverse("programs:placement-to-answer"),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_take_proposal(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.changes.take_proposal,
        form=forms.TakeProposalForm,
        question=_("Place %(name)s as the hospital proposes?") % {"name": placement.trainee.display_name},
        effects=lambda: [
            effects.proposal_in_words(placement),
            *effects.of_told_hospitals(placement),
            *effects.of_told_trainee(placement, settles=True),
        ],
        done=_("The placement is confirmed as the hospital proposed it."),
        lands=lambda: _what_holds(placement),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_refuse_proposal(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.waiting.refuse_proposal,
        form=forms.RefuseProposalForm,
        question=_("Ask the hospital again for what was asked first?"),
        effects=lambda: [
            effects.proposal_in_words(placement),
            _("The hospital has seven days to answer."),
            *effects.of_told_hospitals(placement),
        ],
        done=_("The hospital is asked again."),
    )


# A placement that stands ---------------------------------------------------------------------------


@requires(Permission.PLACE_TRAINEES)
def placement_reschedule(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.changes.reschedule,
        form=forms.RescheduleForm,
        question=_("Which days and department instead?"),
        effects=lambda: [
            _kept_words(placement),
            *_until_agreed(placement),
            *effects.of_rescheduled(placement),
        ],
        done=_("The placement is changed; the earlier one is kept."),
        lands=lambda: _what_holds(placement),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_shorten(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.changes.shorten,
        form=forms.FewerDaysForm,
        question=_("On which days does %(name)s come?") % {"name": placement.trainee.display_name},
        effects=lambda: [_kept_words(placement), *effects.of_changed_placement(placement)],
        done=_("The placement is shortened; the earlier one is kept."),
        lands=lambda: _what_holds(placement),
    )


@requires(Permission.PLACE_TRAINEES)
def placement_suspend(request, pk):
    placement = placement_of(request, pk)
    return placement_verb_screen(
        request,
        placement,
        workflow.changes.suspend,
        form=forms.SuspendForm,
        question=_("On which days does %(name)s not come?") % {"name": placement.trainee.display_name},
        effects=lambda: [
            _kept_words(placement),
            _("The seat is free on these days."),
            *effects.of_changed_placement(placement),
        ],
        done=_("The placement is suspended; the earlier one is kept."),
        lands=lambda: _what_holds(placement),
    )


def _what_holds(placement):
    """The address of what stands in its place; of several parts the one that is on, or comes next."""
    parts = list(placement.replaced_by.order_by("first_day"))
    to_come = [part for part in parts if part.last_day >= clock.today()]
    return reverse("programs:placement-detail", args=[(to_come or parts)[0].pk])


def _until_agreed(placement):
    if not placement.is_seated:
        return []
    words = _(
        "Until the hospital agrees, these days are not in the trainee’s schedule. For fewer days, shorten it."
    )
    return [words]


def _kept_words(placement):
    facts = {"days": span_words(placement.first_day, placement.last_day), "place": placement.department}
    return _("What was planned stays in the history with your reason: %(place)s, %(days)s.") % facts


@requires(Permission.ANSWER_PLACEMENTS)
def placement_choose_supervisor(request, pk):
    """Staff and the hospital name who looks after the trainee, before or after the answer."""
    placement = placement_of(request, pk)
    form = forms.SupervisorForm(request.POST or None, placement=placement)
    choose = workflow.changes.choose_supervisor
    if kept(form, lambda: choose(placement, form.cleaned_data["supervisor"], by=request.user)):
        messages.success(request, _("The supervisor is named."))
        return redirect("programs:placement-detail", pk=pk)
    page = {
        "placement": placement,
        "form": form,
        "back": reverse("programs:placement-detail", args=[pk]),
        "clinicians": reverse("hospitals:clinician-create", args=[placement.department.hospital_id]),
    }
    return render(request, "programs/placement_choose_supervisor.html", page, status=form_status(form))
