"""What a partner contact enters about somebody they nominate, and how staff choose whom to invite to it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants import duplicates, passports
from participants.forms.papers import ScanField
from participants.forms.passports import PassportNumberField
from participants.forms.people import partner_countries, professions
from participants.models import Trainee
from partners.models import Contact
from portal.accounts.models import READING_LANGUAGES
from portal.records import clock
from portal.ui.countries import CountryField
from portal.ui.forms import NativeDateInput, PortalForm, PortalModelForm, SuggestingInput
from programs.models import Enrollment
from programs.workflow import calls

RECOMMENDATION = ("recommended_by_organization", "recommended_by_person", "recommended_on", "wishes")
SOMEBODY_ELSE = "new"


class NomineeForm(PortalModelForm):
    """A person of the contact’s institution, and who recommends them. Who is known there already is asked about."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=READING_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    nationality = CountryField(label=_("Nationality"), near=partner_countries, required=False)
    passport_number = PassportNumberField(
        label=_("Passport number"),
        required=False,
        help_text=_("Kept sealed; afterwards only the last characters are shown."),
    )
    replaces_number = forms.BooleanField(
        label=_("It is a new passport: this number takes the place of the one that is kept"), required=False
    )
    letter = ScanField(label=_("Letter of recommendation"), required=False)
    same_as = forms.CharField(label=_("Is it one of these?"), required=False, widget=forms.RadioSelect)

    fieldsets = [
        ("", ["same_as"]),
        (_("Person"), ["passport_name", "local_name", ("birth_date", "nationality")]),
        (_("Passport"), ["passport_number", "replaces_number"]),
        (_("Work"), [("profession", "position"), ("specialty", "practicing_since"), "languages"]),
        (_("How to reach them"), [("email", "phone"), "language"]),
        (
            _("Recommendation"),
            ["recommended_by_organization", ("recommended_by_person", "recommended_on"), "letter", "wishes"],
        ),
    ]

    class Meta:
        model = Trainee
        fields = [
            "passport_name", "local_name", "birth_date", "nationality", "profession", "position", "specialty",
            "practicing_since", "languages", "email", "phone", "language",
        ]  # fmt: skip
        widgets = {"profession": SuggestingInput(professions)}

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.call, self.twins, self.known = call, [], None
        named = forms.fields_for_model(
            Enrollment, fields=RECOMMENDATION, widgets={"recommended_on": NativeDateInput()}
        )
        self.fields.update({name: named[name] for name in RECOMMENDATION})
        self.fields["language"].initial = call.contact.language
        self.fields["birth_date"].required = True
        # The questions are asked only where somebody alike was found, and another number of theirs.
        if not self.is_bound:
            del self.fields["same_as"], self.fields["replaces_number"]

    def clean_email(self):
        email = self.cleaned_data["email"].strip()
        # Whether a stranger has this address is not told to a contact; the portal keeps it for its own.
        if (
            email
            and Trainee.objects.filter(email=email)
            .exclude(institution=self.call.contact.institution)
            .exists()
        ):
            raise ValidationError(gettext("This address cannot be used here. Please write to the province."))
        return email

    def clean_recommended_on(self):
        day = self.cleaned_data["recommended_on"]
        if day and day > clock.today():
            raise ValidationError(gettext("This day is still to come."))
        return day

    def clean(self):
        cleaned = super().clean()
        self.twins = self._twins(cleaned)
        if not self.twins:
            self.fields.pop("same_as", None)
            self.fields.pop("replaces_number", None)
            return cleaned
        people = [(str(twin.trainee.pk), self._described(twin)) for twin in self.twins]
        self.fields["same_as"].widget.choices = [*people, (SOMEBODY_ELSE, gettext("It is somebody else"))]
        chosen = self.data.get("same_as", "")
        if chosen in dict(people):
            self.known = next(twin.trainee for twin in self.twins if str(twin.trainee.pk) == chosen)
        elif chosen != SOMEBODY_ELSE:
            self.add_error(
                "same_as",
                gettext("The portal knows somebody of your institution who looks alike. Which is it?"),
            )
        self._ask_about_number(cleaned)
        return cleaned

    def _ask_about_number(self, cleaned):
        """A number that is kept of a known person may have been checked: it is not written over by the way."""
        number = cleaned.get("passport_number")
        if not (self.known and number and calls.has_another_number(self.known, number)):
            self.fields.pop("replaces_number", None)
        elif not cleaned.get("replaces_number"):
            self.add_error(
                "replaces_number",
                gettext("Another passport number is kept of this person. Is this that of a new passport?"),
            )

    def _twins(self, cleaned):
        """The people of the contact’s own institution who look alike: nobody else is shown to a contact."""
        number = cleaned.get("passport_number")
        facts = duplicates.Facts(
            names=(cleaned.get("passport_name", ""), cleaned.get("local_name", "")),
            birth_date=cleaned.get("birth_date"),
            email=cleaned.get("email") or "",
            passport=passports.index_of(number) if number else "",
            institution=self.call.contact.institution_id,
        )
        own = self.call.contact.institution_id
        return [match for match in duplicates.find([facts])[0] if match.trainee.institution_id == own]

    @staticmethod
    def _described(twin):
        return f"{twin.trainee}: {' '.join(twin.words)}"

    def _post_clean(self):
        """A person who is known is not written over: nothing is compared with the database’s rules then."""
        if self.known is None:
            super()._post_clean()

    @property
    def nomination(self):
        """The nomination as the verb takes it."""
        return {
            "trainee": self.known or self.save(commit=False),
            "others": [] if self.known else [twin.trainee for twin in self.twins],
            "facts": {name: self.cleaned_data[name] for name in RECOMMENDATION},
            "number": self.cleaned_data["passport_number"],
            "replaces_number": self.cleaned_data.get("replaces_number", False),
            "letter": self.cleaned_data["letter"],
        }


class TakeBackForm(PortalForm):
    """Why a nominee is withdrawn by who nominated them."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class InviteForm(PortalForm):
    """Which contacts are invited to nominate."""

    contacts = forms.ModelMultipleChoiceField(
        label=_("Contacts"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody is chosen, so nobody is invited.")},
    )

    def __init__(self, *args, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = contacts
