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


class PassportForm(PortalForm):
    """The passport of a person: its number, who issued it and until when."""

    number = PassportNumberField(label=_("Passport number"))
    issuing_country = CountryField(label=_("Issued by"), near=partner_countries, required=False)
    expires = forms.DateField(label=_("Expires"), required=False)
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
        super().__init__(*args, **kwargs)
        number, sent_by = self.fields["number"], self.fields["sent_by"]
        number.required = passport is None
        institutions = Institution.objects.visible_to(by).select_related("region")
        sent_by.queryset = institutions.to_choose(pk=passport.sent_by_id if passport else None)
        if passport:
            number.help_text = gettext("%(masked)s stands here. Leave this empty to keep it.") % {
                "masked": passport.masked
            }
            self.initial = {
                "issuing_country": passport.issuing_country,
                "expires": passport.expires,
                "sent_by": passport.sent_by_id,
            }
        else:
            self.initial = {"issuing_country": trainee.nationality}

    def clean_expires(self):
        expires = self.cleaned_data["expires"]
        if expires and expires < clock.today():
            raise ValidationError(gettext("This passport has expired. Enter the new one."))
        return expires


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
