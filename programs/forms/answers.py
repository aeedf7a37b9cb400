"""The answer about one trainee, on the page on which a hospital answers for all of them."""

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.records import clock
from portal.ui.forms import PortalForm
from programs.models import Placement

from .placements import NO_CONDITION


class AnswerForm(PortalForm):
    """Nothing chosen leaves the request as it stands. `ask` knows the departments and supervisors of the house."""

    class Answer(TextChoices):
        ACCEPT = "accept", gettext_lazy("Accept")
        CONDITIONS = "conditions", gettext_lazy("Accept with conditions")
        PROPOSE = "propose", gettext_lazy("Propose other dates or department")
        DECLINE = "decline", gettext_lazy("Decline")
        FORWARD = "forward", gettext_lazy("Forward to a supervisor")
        LATER = "later", gettext_lazy("Answer later")

    answer = forms.ChoiceField(
        label=gettext_lazy("Can you take this trainee?"), choices=Answer.choices, required=False
    )
    supervisor = forms.ChoiceField(label=gettext_lazy("Supervisor"), required=False)
    condition_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("To bring or show"), choices=Placement.Condition.choices, required=False
    )
    conditions = forms.CharField(label=gettext_lazy("Other conditions"), max_length=2000, required=False)
    first_day = forms.DateField(label=gettext_lazy("First day"), required=False)
    last_day = forms.DateField(label=gettext_lazy("Last day"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    note = forms.CharField(label=gettext_lazy("A word to the province"), max_length=2000, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason for declining"), max_length=2000, required=False)
    forward_to = forms.ChoiceField(label=gettext_lazy("Who shall answer?"), required=False)
    until = forms.DateField(label=gettext_lazy("I’ll answer by"), required=False)

    def __init__(self, data=None, *, ask):
        placement = ask.placement
        initial = {
            "first_day": placement.proposal_first_day or placement.first_day,
            "last_day": placement.proposal_last_day or placement.last_day,
            "department": placement.proposal_department_id or placement.department_id,
            "supervisor": placement.supervisor_id or "",
            "note": placement.proposal_note,
            "until": placement.answer_promised,
        }
        super().__init__(data, prefix=f"p{placement.pk}", initial=initial)
        self.ask = ask
        self.fields["department"].choices = [(one.pk, one.label) for one in ask.departments]
        nobody = [("", _("named later"))]
        self.fields["supervisor"].choices = nobody + [(one.pk, ask.name_of(one)) for one in ask.supervisors]
        reached = [one for one in ask.supervisors if one.email]
        self.fields["forward_to"].choices = [(one.pk, ask.name_of(one)) for one in reached]
        left_out = () if reached and ask.may_forward else (self.Answer.FORWARD,)
        self.fields["answer"].choices = [(c, label) for c, label in self.Answer.choices if c not in left_out]

    def clean(self):
        cleaned = super().clean()
        check = getattr(self, f"_clean_{cleaned.get('answer') or 'nothing'}", None)
        if check:
            check(cleaned)
        return cleaned

    def _clean_conditions(self, cleaned):
        if not cleaned.get("conditions") and not cleaned.get("condition_kinds"):
            self.add_error("conditions", NO_CONDITION)

    def _clean_decline(self, cleaned):
        if not cleaned.get("reason"):
            self.add_error("reason", _("Please write why; it helps to find another place."))

    def _clean_forward(self, cleaned):
        if not cleaned.get("forward_to") and "forward_to" not in self.errors:
            self.add_error("forward_to", _("Please choose who shall answer."))

    def _clean_propose(self, cleaned):
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        for name in ("first_day", "last_day"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Please name the day."))
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("The last day is before the first."))

    def _clean_later(self, cleaned):
        until = cleaned.get("until")
        if until and until < clock.today():
            self.add_error("until", _("This day is over."))

    @property
    def answer_given(self):
        """The pair of kind and details to send, or None where nothing was chosen. Ask a valid form."""
        kind, said = self.cleaned_data["answer"], self.cleaned_data
        if not kind or (kind == self.Answer.LATER and not said["until"]):
            return None
        if kind == self.Answer.ACCEPT:
            return kind, {"supervisor": self._supervisor("supervisor")}
        if kind == self.Answer.CONDITIONS:
            words = {name: said[name] for name in ("conditions", "condition_kinds")}
            return kind, {**words, "supervisor": self._supervisor("supervisor")}
        if kind == self.Answer.PROPOSE:
            house = {str(one.pk): one for one in self.ask.departments}
            days = {name: said[name] for name in ("first_day", "last_day", "note")}
            return kind, {**days, "department": house.get(said["department"])}
        if kind == self.Answer.FORWARD:
            return kind, {"supervisor": self._supervisor("forward_to")}
        names = {self.Answer.DECLINE: "reason", self.Answer.LATER: "until"}
        return kind, {names[kind]: said[names[kind]]}

    def _supervisor(self, name):
        return {str(one.pk): one for one in self.ask.supervisors}.get(self.cleaned_data[name])
