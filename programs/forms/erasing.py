"""What is asked before a person is erased."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm


class EraseForm(PortalForm):
    """How the wish reached us, what becomes of the certificate, and the name once more as the second confirmation."""

    wish = forms.ChoiceField(
        label=_("How did they tell us?"),
        choices=[
            ("", _("Choose")),
            ("letter", _("by letter")),
            ("mail", _("by e-mail from their own address")),
            ("person", _("in person")),
        ],
    )
    certificate = forms.ChoiceField(
        label=_("What have they said about their certificate?"),
        choices=[
            ("keep", _("It shall stay verifiable: number, name, program and dates are kept.")),
            ("forget", _("It shall go too: nobody can verify it any more.")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Write the name as in the passport"),
        max_length=160,
        help_text=_("This is the second confirmation. It cannot be undone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, trainee, **kwargs):
        super().__init__(*args, **kwargs)
        self.trainee = trainee

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if name.casefold() != self.trainee.passport_name.casefold():
            raise forms.ValidationError(gettext("This is not the name of this person."))
        return name
