"""The filters of the partners' lists."""

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .models import Institution, Mou, MouParty, Region


def named(text, path="", *, short=True):
    """The condition that a record is called so, in any script and under any name it was printed with."""
    names = ["name", "name_ko", "name_local", "aliases", *(["short_name"] if short else [])]
    return Q(*((f"{path}{name}__icontains", text) for name in names), _connector=Q.OR)


class RegionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Name"))
    level = django_filters.ChoiceFilter(choices=Region.Level.choices, label=_("Level"), empty_label=_("All"))

    class Meta:
        model = Region
        fields = []

    def by_name(self, regions, name, text):
        return regions.filter(named(text, short=False))


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
        return institutions.filter(named(text))

    def by_country(self, institutions, name, country):
        return institutions.filter(region__country=country.country)


class MouFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Title or party"))
    kind = django_filters.ChoiceFilter(choices=Mou.Kind.choices, label=_("Kind"), empty_label=_("All"))

    class Meta:
        model = Mou
        fields = []

    def by_name(self, mous, name, text):
        hospital = Q(
            *(
                (f"hospital__{name}__icontains", text)
                for name in ("name", "name_ko", "short_name", "aliases")
            ),
            _connector=Q.OR,
        )
        parties = MouParty.objects.filter(
            hospital | named(text, "region__", short=False) | named(text, "institution__"), mou=OuterRef("pk")
        )
        return mous.filter(Q(title__icontains=text) | Q(title_ko__icontains=text) | Exists(parties))
