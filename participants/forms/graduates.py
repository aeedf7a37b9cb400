"""How the alumni register is narrowed, and what is entered about graduates of earlier years."""

import re

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from hospitals.models import Hospital, Specialty
from participants.models import Graduation
from participants.register import Reach
from partners.models import Region
from portal.search.matching import found_by
from portal.ui.forms import PortalModelForm

from .people import countries

A_YEAR = re.compile("[1-9][0-9]{3}")


class GraduationFilter(FilterSet):
    """What the alumni register can be narrowed to."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    country = ChoiceFilter(
        label=_("Country"), choices=countries, method="by_country", empty_label=_("All countries")
    )
    hospital = ModelChoiceFilter(
        label=_("Host hospital"),
        field_name="hospitals",
        queryset=Hospital.objects.unmerged(),
        empty_label=_("All hospitals"),
    )
    region = ModelChoiceFilter(
        label=_("Region"),
        queryset=Region.objects.unmerged(),
        method="by_region",
        empty_label=_("All regions"),
    )
    specialty = ModelChoiceFilter(
        label=_("Specialty"),
        field_name="trainee__specialty",
        queryset=Specialty.objects.unmerged(),
        empty_label=_("All specialties"),
    )
    reach = ChoiceFilter(label=_("Can be reached"), choices=Reach.choices, empty_label=_("All graduates"))
    year = CharFilter(label=_("Year"), method="by_year")

    class Meta:
        model = Graduation
        fields = []

    def by_name(self, graduations, name, value):
        return found_by(graduations, value, "trainee")

    def by_country(self, graduations, name, value):
        from_home = Q(trainee__nationality="", trainee__institution__region__country=value)
        return graduations.filter(Q(trainee__nationality=value) | from_home)

    def by_region(self, graduations, name, value):
        return graduations.filter(trainee__institution__region__in=Region.objects.within(value))

    def by_year(self, graduations, name, value):
        is_year = A_YEAR.fullmatch(value)
        return graduations.filter(completed__year=int(value)) if is_year else graduations.none()


class GraduationForm(PortalModelForm):
    """A line of the register from before the portal, as exactly as it is known."""

    fieldsets = [
        ("", ["completed", ("program_name", "program_name_ko"), "hospitals"]),
    ]

    class Meta:
        model = Graduation
        fields = ["completed", "program_name", "program_name_ko", "hospitals"]
        widgets = {"hospitals": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospitals"].queryset = Hospital.objects.unmerged()
