from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from portal.ui.forms import PortalForm

from . import kinds
from .models import OutgoingMail, State


class ReasonForm(PortalForm):
    """Why a mail is not to leave."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Colleagues read it beside the mail.")
    )


class NoteForm(PortalForm):
    """What somebody found out, if they want to note it."""

    reason = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For example: she confirmed it by phone."),
    )


class OutgoingMailFilter(FilterSet):
    """What the list of mails can be narrowed to."""

    state = ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("All states"))
    kind = ChoiceFilter(label=_("Kind"), choices=kinds.choices, empty_label=_("All kinds"))
    recipient = CharFilter(label=_("Recipient"), method="by_recipient")

    class Meta:
        model = OutgoingMail
        fields = ["state", "kind", "recipient"]

    def by_recipient(self, mails, name, value):
        return mails.addressed_to(value)
