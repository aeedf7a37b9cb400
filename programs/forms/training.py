"""How the lists of a cohort's training are narrowed."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from hospitals.models import Hospital
from portal.search.matching import found_by
from programs.eligibility import Met
from programs.models import Enrollment, Evaluation, Placement


class NameFilter(FilterSet):
    """By name alone."""

    q = CharFilter(label=_("Name, in any script"), method="by_name")

    class Meta:
        model = Enrollment
        fields = []

    def by_name(self, rows, name, value):
        return found_by(rows, value, "trainee")


class CompletionFilter(NameFilter):
    """And by how somebody stands by all rules: that is computed, so it comes with the class (see `over`)."""

    standings = {}
    standing = ChoiceFilter(
        label=_("All in all"), choices=Met.choices, method="by_standing", empty_label=_("Everybody")
    )

    @classmethod
    def over(cls, standings):
        """The filter for a cohort whose Standings are these."""
        return type(cls.__name__, (cls,), {"standings": standings})

    def by_standing(self, rows, name, value):
        return rows.filter(pk__in=[key for key, own in self.standings.items() if own.met == value])


def _hosts(request):
    """The hospitals in which somebody of the cohort is confirmed."""
    seated = Placement.objects.taking_seats().filter(enrollment__cohort=request.resolver_match.kwargs["pk"])
    return Hospital.objects.filter(departments__placements__in=seated).distinct()


class EvaluationFilter(NameFilter):
    """And by what came of asking the supervisor, and where."""

    NOT_ASKED = "not_asked"

    evaluation = ChoiceFilter(
        label=_("Evaluation"),
        choices=[(NOT_ASKED, _("not asked yet")), *Evaluation.State.choices],
        method="by_state",
        empty_label=_("All"),
    )
    hospital = ModelChoiceFilter(
        label=_("Host hospital"),
        field_name="department__hospital",
        queryset=_hosts,
        empty_label=_("All hospitals"),
    )

    class Meta:
        model = Placement
        fields = []

    def by_state(self, rows, name, value):
        return (
            rows.filter(evaluation=None) if value == self.NOT_ASKED else rows.filter(evaluation__state=value)
        )
