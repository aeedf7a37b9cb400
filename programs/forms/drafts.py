"""Rearranging a draft on the board."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.records.approximate import span_words
from portal.ui.forms import PortalForm
from programs.models import Placement
from programs.workflow import drafts

BY_HALVES = "halves"


class SplitForm(PortalForm):
    """Where a draft becomes two."""

    on = forms.ChoiceField(label=gettext_lazy("Split"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, placement):
        super().__init__(data)
        mondays, halves = drafts.parts_of(placement)
        choices = [(monday.isoformat(), _parts(placement, monday)) for monday in mondays]
        if halves:
            choices.append((BY_HALVES, _("into mornings and afternoons")))
        self.fields["on"].choices = choices
        self.mondays = {monday.isoformat(): monday for monday in mondays}

    def clean_on(self):
        """The Monday, or None for the halves of the day."""
        return self.mondays.get(self.cleaned_data["on"])


def _parts(placement, monday):
    first, second = drafts.days_of_parts(placement, monday)
    return _("%(first)s and %(second)s") % {"first": span_words(*first), "second": span_words(*second)}


class SwapForm(PortalForm):
    """With which other draft of the cohort."""

    other = forms.ModelChoiceField(
        label=gettext_lazy("Change places with"),
        queryset=None,
        empty_label=gettext_lazy("Choose a draft"),
    )

    def __init__(self, data=None, *, placement):
        super().__init__(data)
        others = Placement.objects.for_board().filter(
            enrollment__cohort=placement.enrollment.cohort_id, state=Placement.State.DRAFT
        )
        field = self.fields["other"]
        field.queryset = others.exclude(pk=placement.pk).order_by("trainee__passport_name", "first_day")
        field.label_from_instance = _named


def _named(draft):
    facts = {
        "name": draft.trainee.display_name,
        "place": draft.department,
        "days": span_words(draft.first_day, draft.last_day),
    }
    return _("%(name)s: %(place)s, %(days)s") % facts
