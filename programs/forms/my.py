"""What trainees say about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants import names
from portal.ui.forms import PortalForm


class CertificateNameForm(PortalForm):
    """How the certificate is to print the name."""

    name = forms.CharField(
        label=_("Your name on the certificate"),
        max_length=160,
        help_text=_(
            "In Latin letters. Change it here if it should read differently, for example in its order or spelling."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )

    def clean_name(self):
        name = names.tidy(self.cleaned_data["name"])
        names.valid_certificate_name(name)
        return name
