"""What is entered about a passport, and why one is looked at."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants import passports
from partners.models import Institution
from portal.records import clock
from portal.ui.countries import CountryField
from portal.ui.forms import PortalForm

from .people import partner_countries


class PassportNumberField(forms.CharField):
    """A passport number, cleaned to a `passports.Number`. What stands already is never put into the page."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(max_length=60, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return passports.normalize(text) if text else None

    def run_validators(self, value):
        """`normalize` has looked at it; the length is limited by it too."""


class UnechoedInput(forms.TextInput):
    """What was typed comes back in no page, also where something else was wrong."""

    def format_value(self, value):
        return None


class PassportFactsForm(PortalForm):
    """What stands in a passport: its number, who issued it and until when."""

    number = PassportNumberField(label=_("Passport number"))
    issuing_country = CountryField(label=_("Issuing country"), near=partner_countries, required=False)
    expires = forms.DateField(label=_("Expires"), required=False)

    def __init__(self, *args, trainee, passport, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.fields["number"]
        number.required = passport is None
        if passport is None:
            self.initial = {"issuing_country": trainee.nationality}
            return
        number.help_text = gettext("%(masked)s stands here. Leave this empty to keep it.") % {
            "masked": passport.masked
        }
        self.initial = {"issuing_country": passport.issuing_country, "expires": passport.expires}

    def clean_expires(self):
        expires = self.cleaned_data["expires"]
        if expires and expires < clock.today():
            raise ValidationError(gettext("This passport has expired. Enter the new one."))
        return expires


class PassportForm(PassportFactsForm):
    """The passport of a person as an officer keeps it, with who sent the number where the person has not agreed."""

    sent_by = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Sent by"),
        required=False,
        empty_label=_("nobody: the person has agreed"),
        help_text=_(
            "The institution that sent the number with its nomination. The person is asked at their first visit."
        ),
    )

    fieldsets = [("", ["number", ("issuing_country", "expires"), "sent_by"])]

    def __init__(self, *args, trainee, passport, by, **kwargs):
        super().__init__(*args, trainee=trainee, passport=passport, **kwargs)
        stands = passport.sent_by_id if passport else None
        institutions = Institution.objects.visible_to(by).select_related("region")
        self.fields["sent_by"].queryset = institutions.to_choose(pk=stands)
        self.initial["sent_by"] = stands


class MyPassportForm(PassportFactsForm):
    """A person's own passport. `ask_consent` where they have not agreed yet that the number is kept."""

    agrees = forms.BooleanField(
        label=_("I agree that my passport number is kept, as the text above says"), required=False
    )

    fieldsets = [("", ["number", ("issuing_country", "expires"), "agrees"])]

    def __init__(self, *args, ask_consent, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expires"].required = True
        number = self.fields["number"]
        number.widget = UnechoedInput(attrs=number.widget.attrs)
        if not ask_consent:
            del self.fields["agrees"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("number") and "agrees" in self.fields and not cleaned.get("agrees"):
            self.add_error("agrees", gettext("Without this we may not keep your passport number."))
        if cleaned.get("number") and self.errors:
            self["number"].help_text = gettext("Type it once more: a number is never put back into a page.")
        return cleaned


class RevealForm(PortalForm):
    """Why a whole number is looked at."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        min_length=5,
        help_text=_(
            "For example: visa invitation letter. It is kept beside your name, and reviewed each month."
        ),
    )


class ErasePassportForm(PortalForm):
    """Why a passport is erased."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: entered for the wrong person. Do not repeat the number."),
    )


class FindPassportForm(PortalForm):
    """A number to find the person by. It is sent in the form, so that it stands in no address."""

    number = PassportNumberField(label=_("Passport number"))
