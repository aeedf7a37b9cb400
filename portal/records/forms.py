"""What is asked before personal data leave the portal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm


class DownloadReasonForm(PortalForm):
    """What a list of people is needed for."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=4,
        max_length=300,
        help_text=_("What you need the file for, for example: visa invitations for the autumn cohort."),
    )
