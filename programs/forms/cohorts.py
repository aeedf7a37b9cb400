"""What the lists of the cohort workspace are filtered by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.records.models import Event
from programs.models import Cohort, Enrollment, Program


class CohortFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Name or code"))
    state = django_filters.ChoiceFilter(choices=Cohort.State.choices, label=_("State"), empty_label=_("All"))
    program = django_filters.ModelChoiceFilter(
        queryset=Program.objects.all(), label=_("Program"), empty_label=_("All")
    )

    class Meta:
        model = Cohort
        fields = ["q", "state", "program"]

    def named(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value) | Q(name_ko__icontains=value) | Q(code__icontains=value)
        )


class EnrollmentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Name or home institution"))
    state = django_filters.ChoiceFilter(
        choices=Enrollment.State.choices, label=_("State"), empty_label=_("All")
    )

    class Meta:
        model = Enrollment
        fields = ["q", "state"]

    def named(self, queryset, name, value):
        return queryset.filter(
            Q(trainee__passport_name__icontains=value)
            | Q(trainee__local_name__icontains=value)
            | Q(trainee__korean_name__icontains=value)
            | Q(trainee__institution__name__icontains=value)
        )


class EventFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Record, person or reason"))

    class Meta:
        model = Event
        fields = ["q"]

    def named(self, queryset, name, value):
        return queryset.filter(
            Q(subject_name__icontains=value) | Q(actor_name__icontains=value) | Q(reason__icontains=value)
        )
