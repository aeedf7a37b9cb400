"""The filter of the register, and the tick list of what was handed over."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.search.matching import found_by
from portal.ui.forms import PortalForm
from programs.models import Certificate

NUMBERED = [
    (state.value, state.label)
    for state in (Certificate.State.ISSUED, Certificate.State.REVOKED, Certificate.State.SUPERSEDED)
]


def years_given():
    """The years in which numbers were given, latest first."""
    years = Certificate.objects.numbered().order_by("-year").values_list("year", flat=True).distinct()
    return [(year, str(year)) for year in years]


class RegisterFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_number_or_name", label=_("Number or name"))
    year = django_filters.ChoiceFilter(choices=years_given, label=_("Year"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=NUMBERED, label=_("State"), empty_label=_("All"))

    class Meta:
        model = Certificate
        fields = []

    def by_number_or_name(self, certificates, name, text):
        return found_by(certificates, text, "", "enrollment__trainee")


class HandOverForm(PortalForm):
    """Who has their paper in hand: a tick for each."""

    certificates = forms.ModelMultipleChoiceField(
        queryset=Certificate.objects.none(),
        label=_("Handed over today"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick whoever has been given a certificate. Nothing is changed.")},
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["certificates"]
        field.queryset = waiting
        field.label_from_instance = lambda certificate: f"{certificate.number}  {certificate.printed['name']}"
