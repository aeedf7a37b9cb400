"""What is asked of graduates and entered about them after the training, and how their list is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from participants import questions
from participants.models import FollowUp, Post, Visit
from portal.records import clock
from portal.records.fields import ApproximateDateFormField
from portal.search.matching import found_by
from portal.ui.forms import PortalForm, PortalModelForm

LONGEST = 4000


class FollowUpFilter(FilterSet):
    """What the list of follow-ups can be narrowed to."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    state = ChoiceFilter(label=_("State"), choices=FollowUp.State.choices, empty_label=_("All states"))
    due = ChoiceFilter(
        label=_("Due"),
        choices=[("late", _("due and not answered")), ("month", _("within 30 days"))],
        method="by_due",
        empty_label=_("Any day"),
    )

    class Meta:
        model = FollowUp
        fields = []

    def by_name(self, followups, name, value):
        return found_by(followups, value, "graduation__trainee")

    def by_due(self, followups, name, value):
        return followups.late() if value == "late" else followups.due_soon()


class PostForm(PortalModelForm):
    """Where a graduate works now."""

    fieldsets = [("", [("position", "workplace"), "since"])]

    class Meta:
        model = Post
        fields = ["position", "workplace", "since"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned["position"] or cleaned["workplace"]):
            self.add_error("workplace", _("Say at least what the post is or where."))
        return cleaned


class FollowUpAnswerForm(PortalModelForm):
    """What came of the training, in the graduate's words, and whether they have changed their post."""

    post = forms.ChoiceField(
        label=_("Do you work where you worked before?"),
        choices=[("same", _("Yes, as before")), ("changed", _("No, my post has changed"))],
        widget=forms.RadioSelect,
        required=False,
    )
    position = forms.CharField(label=_("Your post now"), max_length=120, required=False)
    workplace = forms.CharField(label=_("Institution"), max_length=200, required=False)
    since = ApproximateDateFormField(label=_("Since"), required=False)

    fieldsets = [
        (_("At work"), ["applied", "procedures", ("taught", "patients")]),
        (_("What is missing"), ["obstacles", "wishes"]),
        (_("Where you work now"), ["post", ("position", "workplace"), "since"]),
    ]

    class Meta:
        model = FollowUp
        fields = ["applied", "procedures", "taught", "patients", "obstacles", "wishes"]
        help_texts = {
            "procedures": _("One a line. Leave it empty if it is too early."),
            "taught": _("Leave it empty if you do not know."),
            "patients": _("A guess is fine."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["applied"].required = True
        for name in ("applied", "procedures", "obstacles", "wishes"):
            self.fields[name].max_length = LONGEST
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(LONGEST))
        self._ask_further()

    def _ask_further(self):
        """What other apps ask this graduate stands between what is done with the training and what is missing."""
        further = questions.fields_for(self.instance.graduation)
        for _legend, fields in further:
            self.fields.update(fields)
        first, *others = self.fieldsets
        self.fieldsets = [first, *((legend, [*fields]) for legend, fields in further), *others]

    def clean(self):
        cleaned = super().clean()
        has_changed = cleaned.get("post") == "changed"
        if has_changed and not (cleaned.get("position") or cleaned.get("workplace")):
            self.add_error("workplace", _("Say at least what the post is or where."))
        return cleaned

    @property
    def typed(self):
        """What stands in the fields, just as it was typed: a draft holds it until it is sent."""
        return {name: self.data[name][:LONGEST] for name in self.fields if self.data.get(name)}


class VisitForm(PortalModelForm):
    """What was seen on a visit to a graduate at work."""

    fieldsets = [
        (_("The visit"), [("visited_on", "place"), ("visitors", "met")]),
        (_("What was seen"), ["seen", "procedures"]),
        (_("What comes next"), ["needs", "promised"]),
    ]

    class Meta:
        model = Visit
        fields = ["visited_on", "place", "visitors", "met", "seen", "procedures", "needs", "promised"]

    def clean_visited_on(self):
        day = self.cleaned_data["visited_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class WaiveForm(PortalForm):
    """Why a graduate is not asked this time."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Colleagues read it beside the follow-up.")
    )
