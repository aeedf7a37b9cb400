"""What is entered where trainees check in by themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.ui.forms import PortalForm
from programs.check_in_codes import DIGITS

MINUTES = (5, 10, 15, 30)


class CheckInForm(PortalForm):
    """For how long those in the room can check in."""

    minutes = forms.TypedChoiceField(
        label=_("Open for"),
        coerce=int,
        initial=10,
        choices=lambda: [
            (count, ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count})
            for count in MINUTES
        ],
        widget=forms.RadioSelect,
    )


class CodeForm(PortalForm):
    """The code on the wall, typed; blanks between the digits are fine."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("The code has six digits."))
        return code
