"""What supervisors, trainees and staff enter about how a training went."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.records import clock
from portal.ui.forms import PortalForm
from programs.models import Evaluation, HospitalFeedback, Objective, Placement, ProgramFeedback
from programs.models.evaluations import HIGHEST, LOWEST

MARKS = [(number, str(number)) for number in range(LOWEST, HIGHEST + 1)]
LONGEST = 2000


def mark_field(label):
    """A question that is answered by one of five marks."""
    return forms.TypedChoiceField(
        label=label,
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a mark from 1 to 5.")},
    )


class MarksForm(PortalForm):
    """Marks for the facts of a model, and lines of text; `marks` are the bound fields of the marks."""

    model = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.model.MARKS:
            self.fields[name] = mark_field(capfirst(self.model._meta.get_field(name).verbose_name))
        self.order_fields(self.model.MARKS)

    @property
    def marks(self):
        return [self[name] for name in self.model.MARKS]

    @property
    def others(self):
        return [field for field in self.visible_fields() if field.name not in self.model.MARKS]


class EvaluationForm(MarksForm):
    """The supervisor's two minutes: four marks, and two lines for who wants to say more."""

    model = Evaluation
    strengths = forms.CharField(
        label=gettext_lazy("Particular strengths"), required=False, max_length=LONGEST, widget=forms.Textarea
    )
    advice = forms.CharField(
        label=gettext_lazy("What to work on next"), required=False, max_length=LONGEST, widget=forms.Textarea
    )
    who = forms.CharField(label=gettext_lazy("Your name"), max_length=120)

    @classmethod
    def over(cls, evaluation, data=None):
        """The form with what is answered already; bound where something was sent."""
        names = (*Evaluation.MARKS, "strengths", "advice")
        initial = {name: getattr(evaluation, name) for name in names}
        return cls(data, initial={**initial, "who": evaluation.answered_name})


class RecordedEvaluationForm(EvaluationForm):
    """The same, entered by staff."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How did the answer come?"),
        choices=[(one.value, one.label) for one in (Placement.Channel.PHONE, Placement.Channel.PAPER)],
        widget=forms.RadioSelect,
    )

    on = forms.DateField(
        label=gettext_lazy("When did it come?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].label = _("Who answered at the hospital?")
        self.fields["on"].initial = clock.today()

    def clean_on(self):
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["on"]


class HospitalFeedbackForm(MarksForm):
    """What a trainee says of one hospital."""

    model = HospitalFeedback

    def __init__(self, *args, hospital, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = hospital

    comment = forms.CharField(
        label=gettext_lazy("What should the hospital keep or change?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea,
    )


class ProgramFeedbackForm(MarksForm):
    """What a trainee says of the program."""

    model = ProgramFeedback
    comment = forms.CharField(
        label=gettext_lazy("What should the program keep or change?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea,
    )


class ReachedForm(PortalForm):
    """How far each objective was reached."""

    def __init__(self, *args, objectives, **kwargs):
        super().__init__(*args, **kwargs)
        self.objectives = {f"objective_{objective.pk}": objective.pk for objective in objectives}
        for objective in objectives:
            self.fields[f"objective_{objective.pk}"] = mark_field(objective.text)

    @property
    def marks(self):
        return [self[name] for name in self.objectives]

    @property
    def given(self):
        return {key: self.cleaned_data[name] for name, key in self.objectives.items()}


class FeedbackForms:
    """The whole page of one trainee: the program, each hospital they were at, and their objectives."""

    def __init__(self, data, *, hospitals, objectives):
        self.program = ProgramFeedbackForm(data, prefix="program")
        self.hospitals = [
            (hospital, HospitalFeedbackForm(data, hospital=hospital, prefix=f"hospital{hospital.pk}"))
            for hospital in hospitals
        ]
        self.reached = ReachedForm(data, prefix="reached", objectives=objectives)
        self.is_bound = data is not None

    @property
    def all(self):
        return [self.program, *(form for _hospital, form in self.hospitals), self.reached]

    def is_valid(self):
        # Each is asked, so that every error is on the page at once.
        found = {form.is_valid() for form in self.all}
        return found == {True}

    def __iter__(self):
        """The fields in the order of the page, as an error summary lists them."""
        shown = [*(form for _hospital, form in self.hospitals), self.program, self.reached]
        return (field for form in shown for field in form)

    def non_field_errors(self):
        return self.program.non_field_errors()

    def add_error(self, field, error):
        self.program.add_error(field, error)

    @property
    def given(self):
        """What was said, as the verb takes it. Ask valid forms."""
        return {
            "program": self.program.cleaned_data,
            "hospitals": {hospital.pk: form.cleaned_data for hospital, form in self.hospitals},
            "objectives": self.reached.given,
        }


class ObjectivesForm(PortalForm):
    """Up to three things to learn, in one's own words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for position in range(1, Objective.COUNT + 1):
            self.fields[f"objective_{position}"] = forms.CharField(
                label=_("Objective %(number)s") % {"number": position}, required=False, max_length=300
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(self.texts):
            self.add_error("objective_1", _("Write at least one thing that you want to learn."))
        return cleaned

    @property
    def texts(self):
        names = (f"objective_{position}" for position in range(1, Objective.COUNT + 1))
        return [" ".join(self.cleaned_data[name].split()) for name in names]


class ExemptionForm(PortalForm):
    """Why somebody completes although a rule is not met."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea)
