"""The filter of the list of host hospitals."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.search.matching import found_by

from .models import Hospital, Specialty


class HospitalFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Name or city"))
    specialty = django_filters.ModelChoiceFilter(
        queryset=Specialty.objects.all(), method="by_specialty", label=_("Specialty"), empty_label=_("All")
    )

    class Meta:
        model = Hospital
        fields = []

    def by_name(self, hospitals, name, text):
        return found_by(hospitals, text)

    def by_specialty(self, hospitals, name, specialty):
        return hospitals.filter(departments__specialty=specialty).distinct()
