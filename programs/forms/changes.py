"""What a hospital says instead of yes or no, and what staff change of a placement that stands."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Clinician, Department
from portal.ui.forms import PortalForm
from programs import answering, effects
from programs.models import Placement

from .placements import PlacementForm, RecordedAnswerForm

REASON = {"label": gettext_lazy("Reason"), "max_length": 300}


def _in_order(form, cleaned):
    first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
    if first_day and last_day and last_day < first_day:
        form.add_error("last_day", _("The last day is before the first."))
    return cleaned


# What the hospital says ----------------------------------------------------------------------------


class ProposeForm(RecordedAnswerForm):
    """Other days, or another department of the house."""

    first_day = forms.DateField(label=gettext_lazy("First day"))
    last_day = forms.DateField(label=gettext_lazy("Last day"))
    department = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Department"))
    note = forms.CharField(label=gettext_lazy("A word to the province"), max_length=2000, required=False)
    fieldsets = [("", [("first_day", "last_day"), "department", "note"])]

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, placement=placement, user=user)
        house = Department.objects.placeable().with_names().filter(hospital=placement.department.hospital_id)
        self.fields["department"].queryset = house
        self.fields["department"].label_from_instance = lambda department: department.label
        self.initial = {name: getattr(placement, name) for name in ("first_day", "last_day", "department")}

    def clean(self):
        return _in_order(self, super().clean())


class ForwardForm(RecordedAnswerForm):
    """Which supervisor shall answer."""

    supervisor = forms.ModelChoiceField(
        Clinician.objects.none(),
        label=gettext_lazy("Who shall answer?"),
        help_text=gettext_lazy("They get a mail with a link to answer. You can still answer yourself."),
    )
    field_order = ["supervisor"]

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, placement=placement, user=user)
        self.fields["supervisor"].queryset = answering.supervisors_for(placement).exclude(email="")


class PromiseForm(RecordedAnswerForm):
    """By when the hospital answers."""

    until = forms.DateField(
        label=gettext_lazy("Answer by"), help_text=gettext_lazy("Until then nobody reminds the hospital.")
    )
    field_order = ["until"]


class SupervisorForm(PortalForm):
    """Who looks after the trainee."""

    supervisor = forms.ModelChoiceField(Clinician.objects.none(), label=gettext_lazy("Supervisor"))

    def __init__(self, data=None, *, placement):
        super().__init__(data, initial={"supervisor": placement.supervisor_id})
        self.fields["supervisor"].queryset = answering.supervisors_for(placement)


# What staff decide and change ----------------------------------------------------------------------


class TakeProposalForm(PortalForm):
    """A word to the hospital, if there is something to say."""

    note = forms.CharField(label=gettext_lazy("A word to the hospital"), max_length=300, required=False)

    def __init__(self, data=None, *, placement, user):
        super().__init__(data)


class RefuseProposalForm(PortalForm):
    """Why the proposal does not fit."""

    reason = forms.CharField(**REASON)

    def __init__(self, data=None, *, placement, user):
        super().__init__(data)
        self.fields["reason"].help_text = effects.readers_of_reason(placement)


class CallForm(PortalForm):
    """What came of a call that brought no answer."""

    note = forms.CharField(
        label=gettext_lazy("What was said, and when to try again"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only the team reads it."),
    )

    def __init__(self, data=None, *, placement, user):
        super().__init__(data)


class RescheduleForm(PlacementForm):
    """Other days or another department, and whether the hospital has agreed to it already."""

    ASK = ""
    channel = forms.ChoiceField(
        label=gettext_lazy("Has the hospital agreed?"),
        choices=[
            (ASK, gettext_lazy("Not yet: it is asked by mail")),
            (Placement.Channel.PHONE.value, gettext_lazy("Yes, by phone")),
            (Placement.Channel.PAPER.value, gettext_lazy("Yes, on paper")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    who = forms.CharField(label=gettext_lazy("Who agreed at the hospital?"), max_length=120, required=False)
    reason = forms.CharField(**REASON)
    fieldsets = [("", ["department", ("first_day", "last_day"), "half", "reason", "channel", "who"])]

    def __init__(self, data=None, *, placement, user):
        standing = ("department", "first_day", "last_day", "half")
        initial = {name: getattr(placement, name) for name in standing} | {"channel": self.ASK}
        cohort = placement.enrollment.cohort
        super().__init__(data, cohort=cohort, user=user, initial=initial, instead_of=placement)
        self.fields["reason"].help_text = effects.readers_of_new_days(placement)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("channel") and not cleaned.get("who"):
            self.add_error("who", _("Please write who agreed."))
        return cleaned


class FewerDaysForm(PortalForm):
    """The days that are left."""

    first_day = forms.DateField(label=gettext_lazy("First day"))
    last_day = forms.DateField(label=gettext_lazy("Last day"))
    reason = forms.CharField(**REASON)
    fieldsets = [("", [("first_day", "last_day"), "reason"])]

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, initial={"first_day": placement.first_day, "last_day": placement.last_day})
        self.fields["reason"].help_text = effects.readers_of_reason(placement)

    def clean(self):
        return _in_order(self, super().clean())


class SuspendForm(FewerDaysForm):
    """The days on which the trainee does not come."""

    def __init__(self, data=None, *, placement, user):
        super().__init__(data, placement=placement, user=user)
        self.initial = {}
        self.fields["first_day"].label = _("First day without the trainee")
        self.fields["last_day"].label = _("Last day without the trainee")
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = _("Empty: until somebody places them again.")
