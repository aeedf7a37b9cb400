"""What came of the trainings, for reports: rates, techniques, numbers, and what graduates wrote."""

from django.db.models import Prefetch

from participants.models import FollowUp
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.ui.lists import listing, render_listing
from programs.columns import OUTCOMES
from programs.forms.outcomes import OutcomeFilter
from programs.models import ObjectiveRating
from programs.outcomes import BY, asked, outcomes

SORTS = {"answered": ["answered_at"], "months": ["months", "-answered_at"]}


@requires(Permission.SEE_PEOPLE)
def outcome_list(request):
    put = asked(request.user)
    answers = (
        put.filter(state=FollowUp.State.ANSWERED).for_list().select_related("graduation__enrollment__cohort")
    )
    marks = ObjectiveRating.objects.select_related("objective").order_by("objective__position")
    answers = answers.prefetch_related("graduation__hospitals", Prefetch("objective_ratings", marks))
    rows = listing(
        request,
        answers,
        filterset=OutcomeFilter,
        sorts=SORTS,
        default_sort="-answered",
        export=OUTCOMES,
    )
    if rows.is_for_download:
        return render_listing(request, "programs/outcome_list.html", rows)
    by = request.GET.get("by") if request.GET.get("by") in BY else "months"
    found = outcomes(OutcomeFilter(request.GET, queryset=put, request=request).qs, by)
    page = {"outcomes": found, "by": BY[by]}
    return render_listing(request, "programs/outcome_list.html", rows, page)
