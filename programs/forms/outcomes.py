"""How the results of follow-ups are narrowed, and by what their table is made."""

import re

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from hospitals.models import Hospital
from participants.models import FollowUp
from partners.models import Region
from programs.models import Cohort
from programs.outcomes import BY

A_YEAR = re.compile("[1-9][0-9]{3}")


def _over(request):
    """The cohorts of which there can be graduates."""
    return Cohort.objects.visible_to(request.user).filter(enrollments__graduation__isnull=False).distinct()


class OutcomeFilter(FilterSet):
    """What the results can be narrowed to; `by` only says what the table above the answers is made by."""

    by = ChoiceFilter(
        label=_("Table by"),
        choices=list(BY.items()),
        method="as_it_is",
        empty_label=_("Months after the end"),
    )
    cohort = ModelChoiceFilter(
        label=_("Cohort"),
        field_name="graduation__enrollment__cohort",
        queryset=_over,
        empty_label=_("All cohorts"),
    )
    hospital = ModelChoiceFilter(
        label=_("Host hospital"),
        field_name="graduation__hospitals",
        queryset=Hospital.objects.unmerged(),
        empty_label=_("All hospitals"),
    )
    region = ModelChoiceFilter(
        label=_("Region"),
        queryset=Region.objects.unmerged(),
        method="by_region",
        empty_label=_("All regions"),
    )
    year = CharFilter(label=_("Year"), method="by_year")

    class Meta:
        model = FollowUp
        fields = []

    def as_it_is(self, followups, name, value):
        return followups

    def by_region(self, followups, name, value):
        return followups.filter(graduation__trainee__institution__region__in=Region.objects.within(value))

    def by_year(self, followups, name, value):
        is_year = A_YEAR.fullmatch(value)
        return followups.filter(graduation__completed__year=int(value)) if is_year else followups.none()
