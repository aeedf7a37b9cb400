"""What is entered about a program: what it is, who may come, what counts as completed, and its names over the years."""

import re

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.models import Document
from portal.accounts.models import READING_LANGUAGES
from portal.ui.forms import LinesField, PortalModelForm
from portal.ui.seen import SeenMixin
from programs.models import Brand, Criterion, Program

MOST_MONTHS = 120


class ProgramFilter(django_filters.FilterSet):
    ARCHIVED = "archived"

    q = django_filters.CharFilter(method="named", label=_("Name, old or new"))
    kind = django_filters.ChoiceFilter(choices=Program.Kind.choices, label=_("Kind"), empty_label=_("All"))
    standing = django_filters.ChoiceFilter(
        choices=[("offered", _("offered")), (ARCHIVED, _("put away"))],
        method="by_standing",
        label=_("Standing"),
        empty_label=_("All"),
    )

    class Meta:
        model = Program
        fields = ["q", "kind", "standing"]

    def named(self, queryset, name, value):
        brands = Brand.objects.filter(program=OuterRef("pk"))
        brands = brands.filter(Q(name__icontains=value) | Q(name_ko__icontains=value))
        return queryset.filter(
            Q(name__icontains=value)
            | Q(name_ko__icontains=value)
            | Q(aliases__icontains=value)
            | Exists(brands)
        )

    def by_standing(self, queryset, name, value):
        return queryset.filter(archived_at__isnull=value != self.ARCHIVED)


class MonthsField(forms.CharField):
    """Months as one line of numbers: 1, 3, 6, 12. Cleans to a sorted list, each once."""

    def prepare_value(self, value):
        return ", ".join(str(month) for month in value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        words = [word for word in re.split(r"[\s,;、]+", super().to_python(value)) if word]
        if not all(re.fullmatch("[0-9]{1,3}", word) and 0 < int(word) <= MOST_MONTHS for word in words):
            raise forms.ValidationError(gettext("Write months as whole numbers with commas: 1, 3, 6, 12."))
        return sorted({int(word) for word in words})

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except forms.ValidationError:
            return True


class ProgramForm(SeenMixin, PortalModelForm):
    """A program and its rules. Each rule left empty asks nothing."""

    aliases = LinesField(
        label=_("Also called"),
        longest=200,
        required=False,
        help_text=_("One name a line; search finds the program by each."),
    )
    follow_up_months = MonthsField(
        label=_("Follow-ups, months after the end"),
        required=False,
        help_text=_("For example 1, 3, 6, 12. Left empty, nobody is asked."),
    )
    required_languages = forms.MultipleChoiceField(
        label=_("Speaks one of these languages"),
        choices=READING_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    papers = forms.MultipleChoiceField(
        label=_("Papers required"),
        choices=Document.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each person is asked for exactly these, and Today says who owes one."),
    )
    fieldsets = [
        (
            _("The program"),
            [("name", "name_ko"), "aliases", ("kind", "part_of"), ("since", "until"), "usual_weeks"],
        ),
        (_("Who may come"), [("min_years_of_practice", "repeat_ban_years"), "required_languages", "papers"]),
        (
            _("What counts as completed"),
            [
                ("min_attendance", "lates_per_absence"),
                "excused_counts",
                "needs_placements",
                "needs_evaluations",
                "needs_own_evaluation",
            ],
        ),
        (
            _("Afterwards"),
            ["certificate_text", "certificate_text_ko", "certificate_to_home", "follow_up_months"],
        ),
    ]

    class Meta:
        model = Program
        fields = [
            "name", "name_ko", "aliases", "kind", "part_of", "since", "until", "usual_weeks",
            "min_years_of_practice", "repeat_ban_years", "required_languages", "papers", "min_attendance",
            "lates_per_absence", "excused_counts",
            "needs_placements", "needs_evaluations", "needs_own_evaluation", "certificate_text",
            "certificate_text_ko", "certificate_to_home", "follow_up_months",
        ]  # fmt: skip
        help_texts = {
            "min_years_of_practice": _("Left empty, nobody is held back by it."),
            "repeat_ban_years": _("Counted from the last training completed here."),
            "min_attendance": _("Of all days in departments and sessions one was expected at."),
            "lates_per_absence": _("Left empty, being late costs nothing."),
            "certificate_text": _(
                "Left empty: “has completed the program below, conducted by Gyeonggi Province, Republic of Korea.”"
            ),
            "certificate_to_home": _("By mail to its contacts, unless the graduate has said no to that."),
            "certificate_text_ko": _("Left empty: “위 사람이 경기도의 아래 과정을 마쳤음을 증명합니다.”"),
        }

    def __init__(self, data=None, *, user, instance=None):
        super().__init__(data, instance=instance)
        offered = Q(archived_at=None) | Q(pk=self.instance.part_of_id)
        programs = Program.objects.visible_to(user).filter(offered)
        self.fields["part_of"].queryset = programs.exclude(pk=self.instance.pk)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since.earliest > until.latest:
            self.add_error("until", gettext("The end is before the beginning."))
        part_of = cleaned.get("part_of")
        if part_of and part_of.part_of_id and part_of.part_of_id == self.instance.pk:
            self.add_error("part_of", gettext("That program is a part of this one."))
        return cleaned


class BrandForm(PortalModelForm):
    """One name of a program, and over which years."""

    fieldsets = [("", [("name", "name_ko"), ("since", "until")])]

    class Meta:
        model = Brand
        fields = ["name", "name_ko", "since", "until"]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since.earliest > until.latest:
            self.add_error("until", gettext("The end is before the beginning."))
        return cleaned


class CriterionForm(PortalModelForm):
    """One thing nominees are scored on."""

    fieldsets = [("", [("name", "name_ko", "weight")])]

    class Meta:
        model = Criterion
        fields = ["name", "name_ko", "weight"]


BrandLines = forms.inlineformset_factory(Program, Brand, form=BrandForm, extra=2, can_delete_extra=False)
CriterionLines = forms.inlineformset_factory(
    Program, Criterion, form=CriterionForm, extra=3, can_delete_extra=False
)
