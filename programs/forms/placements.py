"""What hospitals answer, and what staff enter about placements."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Clinician, Department
from portal.accounts.roles import Permission
from portal.ui.forms import PortalForm
from programs import answering, effects, rules, seats
from programs.models import Placement

NO_CONDITION = gettext_lazy("Please choose or write the conditions; the trainee will read them.")


class RecordedAnswerForm(PortalForm):
    """What staff add when they enter an answer that came by phone or on paper. Coordinators are not asked."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How did the answer come?"),
        choices=[(one.value, one.label) for one in (Placement.Channel.PHONE, Placement.Channel.PAPER)],
        widget=forms.RadioSelect,
    )
    who = forms.CharField(label=gettext_lazy("Who answered at the hospital?"), max_length=120)

    def __init__(self, data=None, *, placement, user):
        super().__init__(data)
        if user is None or not user.is_team:  # nobody is signed in who came by a link
            del self.fields["channel"], self.fields["who"]


class SupervisedForm(RecordedAnswerForm):
    """The hospital may say at once who looks after the trainee."""

    supervisor = forms.ModelChoiceField(
        Clinician.objects.none(),
        label=gettext_lazy("Supervisor"),
        required=False,
        empty_label=gettext_lazy("named later"),
    )

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, placement=placement, user=user)
        self.fields["supervisor"].queryset = answering.supervisors_for(placement)
        self.initial.setdefault("supervisor", placement.supervisor_id)


class ConfirmForm(SupervisedForm):
    """A seat is taken; where none is free, staff who may do so say why they go beyond the seats."""

    overbook_reason = forms.CharField(
        label=gettext_lazy("Why beyond the seats?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "No seat is free in these days. With a reason, which is recorded, it can be confirmed."
        ),
    )

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, placement=placement, user=user)
        if not may_overbook(placement, user):
            del self.fields["overbook_reason"]


def may_overbook(placement, user):
    """Whether the page should ask for a reason to go beyond the seats."""
    return user.has(Permission.OVERBOOK) and bool(rules.no_seat_free(placement))


class ConditionsForm(ConfirmForm):
    """What the trainee has to bring or show; the words reach them as they stand."""

    condition_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What does the trainee have to bring or show?"),
        choices=Placement.Condition.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Other conditions"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("The trainee reads them as you write them."),
    )
    field_order = ["condition_kinds", "conditions"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("condition_kinds") and not cleaned.get("conditions"):
            self.add_error("conditions", NO_CONDITION)
        return cleaned


class DeclineForm(RecordedAnswerForm):
    """Why the hospital cannot take the trainee."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for declining"), widget=forms.Textarea, max_length=2000
    )
    field_order = ["reason"]


class CancelForm(PortalForm):
    """Why a placement does not take place."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, data=None, *, placement, user):
        super().__init__(data)
        self.fields["reason"].help_text = effects.readers_of_reason(placement)


class PlacementForm(PortalForm):
    """A new draft: where, and when."""

    department = forms.ModelChoiceField(label=gettext_lazy("Department"), queryset=None)
    first_day = forms.DateField(label=gettext_lazy("First day"))
    last_day = forms.DateField(label=gettext_lazy("Last day"))
    half = forms.ChoiceField(label=gettext_lazy("Part of the day"), choices=Placement.Half.choices)
    fieldsets = [("", ["department", ("first_day", "last_day"), "half"])]

    def __init__(self, data=None, *, cohort, user, initial=None, instead_of=None):
        super().__init__(data, initial=initial)
        self.instead_of = instead_of
        departments = Department.objects.visible_to(user).placeable().with_names()
        self.fields["department"].queryset = departments
        self.asked_days = self._asked_days(cohort)
        self.fields["department"].choices = self._departments_by_hospital(departments, cohort)

    def clean(self):
        cleaned = super().clean()
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("The last day is before the first."))
        return cleaned

    def _asked_days(self, cohort):
        """The days the seats are counted for: those typed, else those the page began with, as far as in the cohort."""
        days = []
        for name in ("first_day", "last_day"):
            try:
                days.append(self.fields[name].to_python(self[name].value()))
            except forms.ValidationError:
                days.append(None)
        first_day, last_day = days
        if first_day and last_day and cohort.first_day and cohort.last_day:
            first_day, last_day = max(first_day, cohort.first_day), min(last_day, cohort.last_day)
        return (first_day, last_day) if first_day and last_day and first_day <= last_day else None

    def _departments_by_hospital(self, departments, cohort):
        """Choices in groups, the cohort's own hospitals first; each says how many seats are free in the days asked."""
        departments = list(departments)
        left = (
            seats.left_in(departments, *self.asked_days, instead_of=self.instead_of)
            if self.asked_days
            else {}
        )
        hosts = set(cohort.hospitals.values_list("pk", flat=True))
        groups = {}
        for department in sorted(
            departments, key=lambda one: (one.hospital_id not in hosts, one.hospital.name)
        ):
            label = _with_seats(department, left.get(department.pk))
            groups.setdefault(str(department.hospital), []).append((department.pk, label))
        return [("", _("Choose a department")), *groups.items()]


def _with_seats(department, left):
    """The closed list shows nothing of its groups, so the hospital is named in the line too."""
    return f"{department}: {left.words}" if left else str(department)
