import re

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm


class VerifyForm(PortalForm):
    """What is printed on a certificate to check it by."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=40,
        help_text=_("For example GG-2026-0031"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=80,
        help_text=_("Printed below the QR mark"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self):
        return re.sub(r"\s+", "", self.cleaned_data["number"]).upper()

    def clean_code(self):
        """As kept: without the spaces and dashes it is printed and typed with."""
        return normalized(self.cleaned_data["code"])


def normalized(code):
    """A code as it is kept, from how it is printed or typed."""
    return re.sub(r"[\s-]+", "", code).lower()
