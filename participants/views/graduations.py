"""The alumni register."""

from participants.columns import GRADUATIONS
from participants.forms import GraduationFilter
from participants.models import Graduation
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.ui.lists import listing, render_listing

SORTS = {
    "completed": ["completed", "trainee__passport_name"],
    "name": ["trainee__passport_name", "-completed"],
    "program": ["program_name", "-completed"],
}


@requires(Permission.SEE_PEOPLE)
def graduation_list(request):
    graduates = Graduation.objects.visible_to(request.user).select_related("trainee__institution__region")
    graduations = listing(
        request,
        graduates.prefetch_related("hospitals"),
        filterset=GraduationFilter,
        sorts=SORTS,
        default_sort="-completed",
        export=GRADUATIONS,
    )
    return render_listing(request, "participants/graduation_list.html", graduations)
