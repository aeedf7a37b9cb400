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
        max_length=200,
        help_text=_("The end of the address beside the QR mark; the whole address will do too."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self):
        return re.sub(r"\s+", "", self.cleaned_data["number"]).upper()

    def clean_code(self):
        return normalized(self.cleaned_data["code"])


def normalized(code):
    """A code as it is kept, from how it is printed or typed: with blanks, or as the address that ends in it."""
    return re.sub(r"[\s-]+", "", code).rstrip("/").rpartition("/")[2].lower()
