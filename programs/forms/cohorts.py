"""What is entered about a cohort, and what the lists of its workspace are filtered by."""

import re
from itertools import count

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from partners.models import Mou, Region
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.records.models import Event
from portal.search.matching import found_by
from portal.ui.forms import PortalModelForm
from programs import rules
from programs.models import Certificate, Cohort, Enrollment, Program

# Lists ---------------------------------------------------------------------------------------------


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
        return found_by(queryset, value, "", "program")


def home_regions(request):
    """Where the people of the cohort come from; of the request's own cohort where there is one."""
    here = Enrollment.objects.all()
    if request is not None and "pk" in getattr(request.resolver_match, "kwargs", {}):
        here = here.filter(cohort=request.resolver_match.kwargs["pk"])
    return Region.objects.filter(institutions__trainees__enrollments__in=here).distinct()


class EnrollmentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Name or home institution"))
    state = django_filters.ChoiceFilter(
        choices=Enrollment.State.choices, label=_("State"), empty_label=_("All")
    )
    region = django_filters.ModelChoiceFilter(
        queryset=home_regions, method="from_region", label=_("From"), empty_label=_("Everywhere")
    )

    class Meta:
        model = Enrollment
        fields = ["q", "state", "region"]

    def from_region(self, queryset, name, value):
        return queryset.filter(trainee__institution__region__in=Region.objects.within(value))

    def named(self, queryset, name, value):
        return found_by(queryset, value, "trainee", "trainee__institution")


class CertificateFilter(EnrollmentFilter):
    """The same people, by what became of their certificate."""

    NONE = "none"

    state = django_filters.ChoiceFilter(
        choices=[*Certificate.State.choices, (NONE, _("No certificate"))],
        method="certified",
        label=_("Certificate"),
        empty_label=_("All"),
    )

    def certified(self, queryset, name, value):
        own = Certificate.objects.filter(enrollment=OuterRef("pk"))
        return queryset.filter(~Exists(own) if value == self.NONE else Exists(own.filter(state=value)))


class EventFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="named", label=_("Record, person or reason"))

    class Meta:
        model = Event
        fields = ["q"]

    def named(self, queryset, name, value):
        return queryset.filter(
            Q(subject_name__icontains=value) | Q(actor_name__icontains=value) | Q(reason__icontains=value)
        )


# The plan ------------------------------------------------------------------------------------------


class CohortForm(PortalModelForm):
    """The plan of a cohort. Facts that other papers quote already are not asked any more."""

    fieldsets = [
        (_("The run"), ["program", ("name", "name_ko"), "code", "lead_officer"]),
        (_("Dates"), [("starts", "ends"), ("nominate_by", "ceremony_on")]),
        (_("Training"), ["seats", "topics"]),
        (_("Partners"), ["mous", "hospitals"]),
    ]

    class Meta:
        model = Cohort
        fields = [
            "program", "name", "name_ko", "code", "lead_officer", "starts", "ends", "nominate_by",
            "ceremony_on", "seats", "topics", "mous", "hospitals",
        ]  # fmt: skip
        widgets = {"mous": forms.CheckboxSelectMultiple, "hospitals": forms.CheckboxSelectMultiple}
        help_texts = {
            "code": _("Left empty, it is made of the program and the year, for example gmtp-2026."),
            "starts": _("For example 2026-11-02, or 2026-11 while only the month is known."),
            "ends": _("A day or a month, written in the same way."),
            "seats": _("Left empty, there is no limit."),
            "topics": _("One topic a line."),
        }

    def __init__(self, data=None, *, user, instance=None, initial=None):
        super().__init__(data, instance=instance, initial=initial)
        lead = Q(pk__in=User.objects.who_may(Permission.RUN_COHORTS)) | Q(pk=self.instance.lead_officer_id)
        offered = Q(archived_at=None) | Q(pk=self.instance.program_id)
        self.fields["program"].queryset = Program.objects.visible_to(user).filter(offered)
        self.fields["lead_officer"].queryset = User.objects.visible_to(user).filter(lead)
        self.fields["mous"].queryset = Mou.objects.visible_to(user).with_parties()
        chosen = self.instance.hospitals.values("pk") if self.instance.pk else []
        self.fields["hospitals"].queryset = Hospital.objects.visible_to(user).to_choose(pk__in=chosen)
        self.fields["code"].required = bool(instance)  # what has a code keeps one
        if instance:
            self.fields["code"].help_text = ""
        for name in rules.settled_facts(self.instance):
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        starts, ends, program = cleaned.get("starts"), cleaned.get("ends"), cleaned.get("program")
        if starts and ends and starts.earliest > ends.latest:
            self.add_error("ends", gettext("The last day is before the first."))
        if program and starts and cleaned.get("code") == "":
            cleaned["code"] = proposed_code(program, starts.year)
        return cleaned

    @property
    def changed_facts(self):
        """What was typed differently, by name. Ask a valid form."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def proposed_code(program, year):
    """A code that no cohort has: the program's usual beginning or its initials, the year, a number if need be."""
    latest = Cohort.objects.filter(program=program).order_by("-pk").values_list("code", flat=True).first()
    stem = re.sub(r"[-\d]+$", "", latest or "") or _initials(program.name)
    wanted = f"{stem[:22]}-{year}"
    taken = set(Cohort.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(code for code in numbered if code not in taken)


def _initials(name):
    words = slugify(name).split("-")
    return "".join(word[0] for word in words) if len(words) > 2 else "-".join(words) or "cohort"
