"""Proposed placements: asked for, worked out in the background, read with their reasons, kept as drafts. And wishes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import form_status, kept
from portal.records.transitions import NotNow
from programs.forms.proposals import ProposalForm, WishesForm
from programs.models import Enrollment, Proposal
from programs.proposing.words import people_of
from programs.workflow import proposals, wishes
from programs.workspace import workspace

PER_PAGE = 50  # trainees whose lines and reasons stand on one page


@requires(Permission.PLACE_TRAINEES)
def cohort_proposal(request, pk):
    page = workspace(request, pk, "placements")
    cohort = page["cohort"]
    proposal = cohort.proposals.select_related("asked_by").first()
    under_way = proposal is not None and proposal.done_at is None
    if request.htmx and not under_way:  # the page of the progress asks; the work is done
        return HttpResponseClientRefresh()
    form = ProposalForm(request.POST or None, latest=proposal)
    if kept(form, lambda: proposals.ask(cohort, by=request.user, **form.cleaned_data)):
        return redirect("programs:cohort-proposal", pk=pk)
    page |= {"proposal": proposal, "form": form, "under_way": under_way}
    if proposal is not None and not under_way:
        proposal.cohort = cohort
        people = people_of(proposal)
        page["people"] = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
        page["unmet"] = sum(len(person.unmet) for person in people)
        page["open_lines"] = sum(
            line.placement_id is None and line.instead is None for person in people for line in person.lines
        )
    part = "#progress" if request.htmx else ""
    return render(request, f"programs/cohort_proposal.html{part}", page, status=form_status(form))


@requires(Permission.PLACE_TRAINEES)
@require_POST
def proposal_keep(request, pk):
    proposal = visible_or_404(Proposal.objects.select_related("cohort"), request.user, pk=pk)
    chosen = [key_in(value) for value in request.POST.getlist("line")]
    lines = None if "all" in request.POST else [key for key in chosen if key]
    count, refused = proposals.keep(proposal, by=request.user, lines=lines)
    if count:
        words = ngettext(
            "%(count)s draft is on the board. Nothing was sent.",
            "%(count)s drafts are on the board. Nothing was sent.",
            count,
        )
        messages.success(request, words % {"count": count})
    if refused:
        messages.error(request, _("Some do not fit any more; the reason stands with each."))
    back = reverse("programs:cohort-proposal", args=[proposal.cohort_id])
    number = key_in(request.POST.get("page", ""))  # of many pages the same again
    return redirect(f"{back}?page={number}" if number else back)


@requires(Permission.PLACE_TRAINEES)
@require_POST
def proposal_drop(request, pk):
    proposal = visible_or_404(Proposal.objects.all(), request.user, pk=pk)
    try:
        proposals.drop(proposal, by=request.user)
    except NotNow as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("What was not kept is thrown away."))
    return redirect("programs:cohort-placements", pk=proposal.cohort_id)


# Wishes --------------------------------------------------------------------------------------------


@requires(Permission.PLACE_TRAINEES)
def enrollment_wishes(request, pk):
    rows = Enrollment.objects.select_related("trainee", "cohort")
    enrollment = visible_or_404(rows, request.user, pk=pk)
    back = reverse("programs:cohort-trainees", args=[enrollment.cohort_id])
    return _wishes(request, enrollment, back, "programs/enrollment_wishes.html")


@requires(Permission.OWN_TRAINING)
def my_wishes(request):
    rows = Enrollment.objects.select_related("trainee", "cohort__program").order_by("-cohort__starts", "-pk")
    mine = rows.filter(trainee__user=request.user)
    enrollment = next((one for one in mine if wishes.are_open(one)), None)
    if enrollment is None:
        return render(request, "programs/my_wishes.html", {"enrollment": None})
    return _wishes(request, enrollment, reverse("programs:my-wishes"), "programs/my_wishes.html")


def _wishes(request, enrollment, back, template):
    form = WishesForm(request.POST or None, enrollment=enrollment)
    if kept(form, lambda: wishes.tell(enrollment, by=request.user, wanted=form.wanted)):
        messages.success(request, _("The wishes are kept."))
        return redirect(back)
    page = {"enrollment": enrollment, "form": form, "is_open": wishes.are_open(enrollment), "back": back}
    return render(request, template, page, status=form_status(form))
