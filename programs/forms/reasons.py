"""The small forms that a verb's screen asks with."""

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.records import clock
from portal.records.approximate import FIRST_YEAR
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

    def clean_ended_on(self):
        """A day of a training that took place: not before the portal's first year, and not one to come."""
        ended_on = self.cleaned_data["ended_on"]
        if ended_on and ended_on > clock.today():
            raise forms.ValidationError(
                gettext("This day is still to come. Write the last day of training there was.")
            )
        if ended_on and ended_on < date(FIRST_YEAR, 1, 1):
            raise forms.ValidationError(gettext("Check the year."))
        return ended_on
