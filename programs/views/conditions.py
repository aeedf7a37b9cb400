"""What hospitals ask the trainees of a cohort to bring or show: all on one page, each ticked off there."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import key_in
from portal.records.transitions import NotNow
from programs import workflow
from programs.models import Placement
from programs.workspace import workspace


@requires(Permission.SEE_COHORTS)
def cohort_conditions(request, pk):
    """Who may place trainees ticks them off, one by one; nothing is sent."""
    page = workspace(request, pk, "placements")
    rows = Placement.objects.for_board().with_conditions().filter(enrollment__cohort=pk)
    page["may_place"] = request.user.has(Permission.PLACE_TRAINEES)
    if request.method == "POST" and page["may_place"]:
        placement = get_object_or_404(rows, pk=key_in(request.POST.get("placement")))
        _tick(request, placement)
        back = reverse("programs:cohort-conditions", args=[pk])
        return redirect(f"{back}#p{placement.pk}")
    placements = list(rows.order_by("first_day", "pk"))
    page["placements"] = sorted(placements, key=lambda one: not one.open_conditions)
    return render(request, "programs/cohort_conditions.html", page)


def _tick(request, placement):
    kind, done = request.POST.get("kind", ""), "open" not in request.POST
    try:
        workflow.conditions.tick(placement, kind, by=request.user, done=done)
    except NotNow as error:
        messages.error(request, " ".join(error.messages))
        return
    facts = {"name": placement.trainee.display_name, "words": placement.condition_words[kind]}
    words = _("%(name)s: “%(words)s” is ticked off.") if done else _("%(name)s: “%(words)s” is open again.")
    messages.success(request, words % facts)
