"""The small forms that a verb's screen asks with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm


class ReasonForm(PortalForm):
    """Why: kept with the event, and told to those it concerns."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(PortalForm):
    """A note for the history, if there is something to say."""

    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(PortalForm):
    """The day the training really ended, where it is not the cohort's last."""

    ended_on = forms.DateField(
        label=_("Actual last day"), required=False, help_text=_("Leave it empty for the cohort’s last day.")
    )
