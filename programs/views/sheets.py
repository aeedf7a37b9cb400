"""What a hospital prints: a page in Korean about everybody of a cohort."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from programs.models import Cohort, Placement

COMING = (Placement.State.REQUESTED, *Placement.SEATED)


@requires(Permission.SEE_COHORTS, Permission.ANSWER_PLACEMENTS)
def placement_sheet(request, cohort):
    """One page a hospital: who comes when, to whom, and what they need."""
    found = Placement.objects.visible_to(request.user).filter(enrollment__cohort=cohort)
    cohort = get_object_or_404(Cohort.objects.for_list(), pk=cohort)
    return sheet(request, found, cohort)


def sheet(request, placements, cohort):
    """The page, in Korean whatever the reader's language is: it is pinned up in a ward. 404 where nobody comes."""
    rows = placements.filter(state__in=COMING).for_board()
    rows = rows.select_related("trainee__specialty", "trainee__institution", "supervisor").order_by(
        "department__hospital__name", "department__hospital", "first_day", "trainee__passport_name", "pk"
    )
    hospitals = [(one, list(group)) for one, group in groupby(rows, key=lambda row: row.department.hospital)]
    if not hospitals:
        raise Http404
    with translation.override("ko"):
        page = {"cohort": cohort, "hospitals": hospitals}
        response = render(request, "programs/placement_sheet.html", page)
    response.headers["Content-Language"] = "ko"
    return response
