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


class CorrectionForm(CertificateNameForm):
    """How a certificate that is issued should have printed the name, and what staff should know about it."""

    name = forms.CharField(
        label=_("How your name should read"),
        max_length=160,
        help_text=_("In Latin letters, as in your passport if there is no other reason."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        help_text=_("What is wrong with the name as it is printed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectedNameForm(CertificateNameForm):
    """The name as staff let a new certificate print it."""

    name = forms.CharField(
        label=_("The name as it will be printed"),
        max_length=160,
        help_text=_("What the holder asks for. Tidy it here if need be."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )


class TakenDownForm(CorrectionForm):
    """The same, as staff take it down while the holder is on the phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("How the name should read")
        self.fields["name"].help_text = _("In Latin letters, as in the passport if there is no other reason.")
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["note"].help_text = _("How and when it was asked for, and what is wrong.")
