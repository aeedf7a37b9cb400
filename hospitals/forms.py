"""The filters of the lists of hospitals and specialties, and what is entered about them."""

import django_filters
from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES, User
from portal.records import clock
from portal.records.filters import KeptFilterSet
from portal.records.keeping import names_taken
from portal.records.objections import objections
from portal.search.matching import found_by
from portal.ui.forms import LinesField, PortalForm, PortalModelForm
from portal.ui.seen import SeenMixin

from .cities import both_names
from .models import Clinician, Closure, Department, Hospital, Specialty


class HospitalFilter(KeptFilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Name or city"))
    specialty = django_filters.ModelChoiceFilter(
        queryset=Specialty.objects.in_use(), method="by_specialty", label=_("Specialty"), empty_label=_("All")
    )

    class Meta:
        model = Hospital
        fields = []

    def by_name(self, hospitals, name, text):
        return found_by(hospitals, text)

    def by_specialty(self, hospitals, name, specialty):
        departments = Department.objects.in_use().filter(specialty=specialty)
        return hospitals.filter(pk__in=departments.values("hospital"))


# Forms ---------------------------------------------------------------------------------------------


class NamesMixin:
    """A form of a record whose names no other record may have: each is told at its field."""

    def clean(self):
        cleaned = super().clean()
        entered = self._meta.model(pk=self.instance.pk)
        for field in [*entered.name_fields, "aliases"]:
            setattr(entered, field, cleaned.get(field) or ([] if field == "aliases" else ""))
        for field, words in names_taken(entered).items():
            self.add_error(field, words)
        return cleaned


class HospitalForm(NamesMixin, SeenMixin, PortalModelForm):
    """A host hospital: its names, and where it is."""

    aliases = LinesField(
        label=_("Also printed as"), longest=200, required=False, help_text=_("One name a line.")
    )

    fieldsets = [
        (_("Names"), [("name", "name_ko"), ("short_name", "short_name_ko"), "aliases"]),
        (_("Where it is"), [("city", "city_ko"), "address_ko", "phone"]),
    ]

    class Meta:
        model = Hospital
        fields = [
            "name", "name_ko", "short_name", "short_name_ko", "aliases",
            "city", "city_ko", "address_ko", "phone",
        ]  # fmt: skip
        labels = {"city": _("City")}

    def clean(self):
        cleaned = super().clean()
        names = ("city", "city_ko")
        # Who changes one of the two names means the city, and need not know that the other stands there.
        typed = [cleaned.get(name, "") if name in self.changed_data else "" for name in names]
        if any(typed) and not self.errors.keys() & names:
            cleaned |= zip(names, both_names(*typed), strict=True)
        return cleaned

    @property
    def fields_changed(self):
        """With the name of the city that followed from the other one."""
        said = {name: self.initial.get(name) or "" for name in ("city", "city_ko")}
        follows = [name for name, before in said.items() if self.cleaned_data[name] != before]
        return list(dict.fromkeys([*super().fields_changed, *follows]))


class SpecialtyChoice(forms.ModelChoiceField):
    """A specialty, with the one it is part of beside it."""

    def label_from_instance(self, specialty):
        return f"{specialty} ({specialty.parent})" if specialty.parent_id else str(specialty)


def specialties_to_choose(chosen=None):
    return Specialty.objects.to_choose(pk=chosen).select_related("parent")


class SpecialtyForm(NamesMixin, SeenMixin, PortalModelForm):
    """A specialty and its place in the tree."""

    aliases = LinesField(label=_("Also called"), longest=120, required=False, help_text=_("One name a line."))
    parent = SpecialtyChoice(
        None, label=_("Part of"), required=False, empty_label=_("a specialty of its own")
    )

    class Meta:
        model = Specialty
        fields = ["name", "name_ko", "aliases", "parent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = specialties_to_choose(self.instance.parent_id)

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.lies_below(self.instance):
            raise forms.ValidationError(gettext("It would become a part of itself. Choose another one."))
        return parent


class AgainstMixin:
    """A form whose change may go against what is confirmed: it then shows that, and asks why all the same."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.against = []
        if not self.is_bound:
            del self.fields["all_the_same"]

    def clean(self):
        cleaned = super().clean()
        self.against = [] if self.errors else self.speaks_against(cleaned)
        if not self.against:
            self.fields.pop("all_the_same", None)
        elif not cleaned.get("all_the_same"):
            self.add_error(
                "all_the_same", gettext("Say why, or keep it as it was. Read above what it goes against.")
            )
        return cleaned


def all_the_same():
    return forms.CharField(
        label=_("Why all the same?"),
        max_length=300,
        required=False,
        help_text=_("The reason stays in the history. Nobody who is confirmed is moved or told by this."),
    )


class DepartmentForm(AgainstMixin, SeenMixin, PortalModelForm):
    """A department of one hospital."""

    specialty = SpecialtyChoice(None, label=_("Specialty"), empty_label=_("Choose a specialty"))
    languages = forms.MultipleChoiceField(
        label=_("Languages it can host in"),
        choices=READING_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    all_the_same = all_the_same()

    fieldsets = [
        (_("Department"), ["specialty", ("name", "name_ko")]),
        (_("Guests"), ["seats", "all_the_same", "languages", ("meeting_point", "meeting_point_ko")]),
    ]

    class Meta:
        model = Department
        fields = [
            "specialty", "name", "name_ko", "seats", "languages", "meeting_point", "meeting_point_ko",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["specialty"].queryset = specialties_to_choose(self.instance.specialty_id)

    def clean(self):
        cleaned = super().clean()
        same = {"specialty": cleaned.get("specialty"), "name": cleaned.get("name", "")}
        others = Department.objects.unmerged().filter(hospital=self.instance.hospital_id, **same)
        if same["specialty"] and others.exclude(pk=self.instance.pk).exists():
            words = gettext("The hospital has this department already. Give this one a name of its own.")
            self.add_error("specialty", words)
        return cleaned

    def speaks_against(self, cleaned):
        if not self.instance.pk or "seats" not in self.changed_data:
            return []
        return objections(self.instance, "seats", seats=cleaned["seats"])


class ClosureForm(AgainstMixin, SeenMixin, PortalModelForm):
    """Days on which a department takes nobody."""

    all_the_same = all_the_same()

    fieldsets = [("", [("first_day", "last_day"), "reason", "all_the_same"])]

    class Meta:
        model = Closure
        fields = ["first_day", "last_day", "reason"]

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", gettext("The last day is before the first."))
        elif first_day and last_day:
            closures = self.instance.department.closures.exclude(pk=self.instance.pk)
            for other in closures.overlapping(first_day, last_day)[:1]:
                words = gettext(
                    "The department is closed already on these days: %(days)s. Change that period instead."
                )
                self.add_error("first_day", words % {"days": other.days})
        return cleaned

    def speaks_against(self, cleaned):
        if not {"first_day", "last_day"} & set(self.changed_data):
            return []
        days = {"first_day": cleaned["first_day"], "last_day": cleaned["last_day"]}
        return objections(self.instance.department, "closure", **days)


class ClinicianForm(SeenMixin, PortalModelForm):
    """Somebody who supervises trainees at one hospital, or lectures to them."""

    fieldsets = [
        (_("Person"), [("name", "name_ko"), ("title", "title_ko"), "department"]),
        (_("What they do"), ["is_supervisor", "is_lecturer"]),
        (_("How to reach them"), [("email", "phone")]),
    ]

    class Meta:
        model = Clinician
        fields = [
            "name", "name_ko", "title", "title_ko", "department", "is_supervisor", "is_lecturer", "email", "phone",
        ]  # fmt: skip
        labels = {
            "title": pgettext_lazy("of a person", "Title"),
            "title_ko": pgettext_lazy("of a person", "Title in Korean"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        departments = Department.objects.with_names().to_choose(pk=self.instance.department_id)
        self.fields["department"].queryset = departments.filter(hospital=self.instance.hospital_id)
        self.fields["department"].label_from_instance = lambda department: department.label
        self.fields["department"].empty_label = gettext("no department, or several")

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("is_supervisor") or cleaned.get("is_lecturer")):
            words = gettext("Say whether the person supervises trainees, lectures, or both.")
            self.add_error("is_supervisor", words)
        return cleaned


class CoordinatorInviteForm(PortalForm):
    """Whom to invite to answer for one hospital."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Who has an account already is added, and not invited again.")
    )
    title = forms.CharField(label=pgettext_lazy("of a person", "Title"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [choice for choice in READING_LANGUAGES if choice[0] in settings.DESK_LANGUAGES],
        initial="ko",
        help_text=_("The invitation is written in it."),
    )

    fieldsets = [("", [("name", "title"), ("email", "language")])]

    def clean_email(self):
        """As the account keeps it: lower case can be longer, or letters that no address has."""
        email = self.cleaned_data["email"].lower()
        User._meta.get_field("email").clean(email, None)
        return email


class CoordinatorEndForm(PortalForm):
    """The last day of somebody's service, and why."""

    until = forms.DateField(label=_("Served until"), help_text=_("Today or a day before."))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until > clock.today():
            raise forms.ValidationError(gettext("The day lies ahead. End their service on that day."))
        return until
