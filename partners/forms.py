"""The filters of the partners' lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.search.matching import found_by

from .models import Institution, Mou, Region


class RegionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Name"))
    level = django_filters.ChoiceFilter(choices=Region.Level.choices, label=_("Level"), empty_label=_("All"))

    class Meta:
        model = Region
        fields = []

    def by_name(self, regions, name, text):
        return found_by(regions, text)


def countries_of(request):
    """The countries of the institutions the reader may see."""
    institutions = Institution.objects.visible_to(request.user)
    return Region.objects.countries().filter(country__in=institutions.values("region__country"))


class InstitutionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Name"))
    kind = django_filters.ChoiceFilter(
        choices=Institution.Kind.choices, label=_("Kind"), empty_label=_("All")
    )
    country = django_filters.ModelChoiceFilter(
        field_name="region__country",
        to_field_name="country",
        queryset=countries_of,
        label=_("Country"),
        empty_label=_("All"),
        method="by_country",
    )

    class Meta:
        model = Institution
        fields = []

    def by_name(self, institutions, name, text):
        return found_by(institutions, text)

    def by_country(self, institutions, name, country):
        return institutions.filter(region__country=country.country)


class MouFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Title or party"))
    kind = django_filters.ChoiceFilter(choices=Mou.Kind.choices, label=_("Kind"), empty_label=_("All"))

    class Meta:
        model = Mou
        fields = []

    def by_name(self, mous, name, text):
        return found_by(mous, text, "", "parties__hospital", "parties__region", "parties__institution")
