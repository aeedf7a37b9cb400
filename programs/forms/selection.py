"""What reviewers and staff enter while they choose among the nominees."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.forms import PortalForm
from programs.models.selection import HIGHEST, LOWEST

POINTS = [(number, str(number)) for number in range(LOWEST, HIGHEST + 1)]


class ReviewForm(PortalForm):
    """A score for each criterion of the program, or a conflict of interest and no score."""

    has_conflict = forms.BooleanField(
        label=_("I have a conflict of interest about this nominee"),
        required=False,
        help_text=_(
            "Related, a close colleague, or anything else that could look partial. Then no score is asked."
        ),
    )
    comment = forms.CharField(label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[self._name(criterion)] = forms.TypedChoiceField(
                label=str(criterion), choices=POINTS, coerce=int, required=False, widget=forms.RadioSelect
            )
        self.order_fields([*map(self._name, criteria), "comment", "has_conflict"])

    @staticmethod
    def _name(criterion):
        return f"criterion_{criterion.pk}"

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("has_conflict"):
            for name in map(self._name, self.criteria):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name, gettext("Give a score from 1 to 5, or declare a conflict of interest.")
                    )
        return cleaned

    @property
    def given(self):
        """The review as the verb takes it."""
        points = {criterion: self.cleaned_data[self._name(criterion)] for criterion in self.criteria}
        return {
            "points": points,
            "comment": self.cleaned_data["comment"],
            "has_conflict": self.cleaned_data["has_conflict"],
        }


class ReviewersForm(PortalForm):
    """Who of the team scores the nominees."""

    reviewers = forms.ModelMultipleChoiceField(
        label=_("Reviewers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each sees the scores of the others only after giving their own. Name all of them before the first score: "
            "whoever is not a reviewer can read the scores."
        ),
    )
    reason = forms.CharField(
        label=_("Why somebody is named after the first score"),
        max_length=300,
        required=False,
        help_text=_(
            "For example: replaces a colleague who is ill, and has not opened the selection. All can read it."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].queryset = User.objects.who_may(Permission.SEE_SCORES)


class WaiverForm(PortalForm):
    """Why somebody may come although a rule is not met."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)
