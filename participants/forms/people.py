"""What is entered about trainees and graduates, and how their lists are narrowed."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from hospitals.models import Specialty
from participants import duplicates
from participants.models import Duplicate, Trainee
from partners.models import Institution, Region
from portal.accounts.models import READING_LANGUAGES
from portal.records import clock
from portal.search.matching import found_by
from portal.ui.countries import CountryField
from portal.ui.forms import NativeDateInput, PortalForm, PortalModelForm, SuggestingInput
from portal.ui.seen import SeenMixin

# As they are kept, in English: the record has one word for one profession, whoever reads it.
USUAL_PROFESSIONS = ["physician", "nurse", "dentist", "pharmacist", "medical technician", "administrator"]
# More people than these look alike to nobody who means to look at them.
MOST_TWINS = 5

# Lists ---------------------------------------------------------------------------------------------


def countries():
    """The partner countries by name, as choices; read when a page is asked for."""
    return sorted(
        ((region.country, str(region)) for region in Region.objects.countries().unmerged()),
        key=lambda pair: pair[1],
    )


class TraineeFilter(FilterSet):
    """What the list of trainees can be narrowed to."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    country = ChoiceFilter(
        label=_("Country"), choices=countries, method="by_country", empty_label=_("All countries")
    )
    specialty = ModelChoiceFilter(
        label=_("Specialty"), queryset=Specialty.objects.unmerged(), empty_label=_("All specialties")
    )
    # By name and not from a list: there may be thousands.
    institution = CharFilter(label=_("Home institution"), method="by_institution")

    class Meta:
        model = Trainee
        fields = []

    def by_name(self, trainees, name, value):
        return found_by(trainees, value)

    def by_institution(self, trainees, name, value):
        return found_by(trainees, value, "institution")

    def by_country(self, trainees, name, value):
        return trainees.filter(Q(nationality=value) | Q(nationality="", institution__region__country=value))


class DuplicateFilter(FilterSet):
    """What the list of people who look alike can be narrowed to."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    strength = ChoiceFilter(
        label=_("How sure"), choices=Duplicate.Strength.choices, empty_label=_("Likely and possible")
    )
    evidence = ChoiceFilter(
        label=_("Evidence"),
        choices=Duplicate.Evidence.choices,
        method="by_evidence",
        empty_label=_("Any evidence"),
    )
    state = ChoiceFilter(
        label=_("State"),
        choices=[("settled", _("said to be two people"))],
        method="by_state",
        empty_label=_("to be looked at"),
    )

    class Meta:
        model = Duplicate
        fields = []

    @property
    def qs(self):
        """Without a wish for the settled ones: those that wait for a person."""
        found = super().qs
        return found if self.form.cleaned_data.get("state") else found.open()

    def by_name(self, duplicates, name, value):
        return found_by(duplicates, value, "one", "other")

    def by_evidence(self, duplicates, name, value):
        return duplicates.filter(evidence__contains=[value])

    def by_state(self, duplicates, name, value):
        return duplicates.filter(not_same_at__isnull=False)


class NotSameForm(PortalForm):
    """Why two people who look alike are two."""

    reason = forms.CharField(
        label=_("How it is known"),
        max_length=300,
        required=False,
        help_text=_("Colleagues read it where these two come up again."),
    )


# Forms ---------------------------------------------------------------------------------------------


def partner_countries():
    return Region.objects.countries().values_list("country", flat=True)


def professions():
    """What is usual, and what others wrote: a suggestion keeps one spelling for one thing."""
    known = Trainee.objects.exclude(profession="").order_by().values_list("profession", flat=True).distinct()
    return sorted({*USUAL_PROFESSIONS, *known}, key=str.lower)


class TraineeForm(SeenMixin, PortalModelForm):
    """A person's own record. Who is entered and looks like somebody known is shown before they are kept."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=READING_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    nationality = CountryField(label=_("Nationality"), near=partner_countries, required=False)
    is_someone_else = forms.BooleanField(label=_("This is another person"), required=False)

    fieldsets = [
        (_("Names"), ["passport_name", ("local_name", "korean_name"), "certificate_name"]),
        (_("Person"), [("birth_date", "nationality"), "languages", "needs", "vaccination_checked_on"]),
        (_("Work at home"), ["institution", ("profession", "position"), ("specialty", "practicing_since")]),
        (_("How to reach them"), [("email", "phone"), "language", "emergency_contact"]),
    ]

    class Meta:
        model = Trainee
        fields = [
            "passport_name", "local_name", "korean_name", "certificate_name", "birth_date", "nationality",
            "languages", "needs", "institution", "profession", "position", "specialty",
            "practicing_since", "email", "phone", "language", "emergency_contact", "vaccination_checked_on",
        ]  # fmt: skip
        widgets = {"profession": SuggestingInput(professions), "vaccination_checked_on": NativeDateInput()}
        help_texts = {
            "vaccination_checked_on": _(
                "The day on which somebody saw the proof. No certificate and nothing else about health is kept."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.twins = []
        self.fields["specialty"].queryset = Specialty.objects.to_choose(pk=self.instance.specialty_id)
        self.fields["institution"].queryset = Institution.objects.to_choose(pk=self.instance.institution_id)
        # The question is asked only where somebody alike was found.
        if self.instance.pk or not self.is_bound:
            del self.fields["is_someone_else"]

    def clean_email(self):
        email = self.cleaned_data["email"].strip()
        others = Trainee.objects.exclude(pk=self.instance.pk)
        if email and others.filter(email=email).exists():
            raise forms.ValidationError(gettext("Somebody with this e-mail address is entered already."))
        return email

    def clean_vaccination_checked_on(self):
        day = self.cleaned_data["vaccination_checked_on"]
        if day and day > clock.today():
            raise forms.ValidationError(gettext("This day is still to come."))
        return day

    def clean(self):
        cleaned = super().clean()
        if "is_someone_else" in self.fields:
            self.twins = duplicates.find([_facts(cleaned)])[0][:MOST_TWINS]
            if not self.twins:
                del self.fields["is_someone_else"]
            elif not cleaned.get("is_someone_else"):
                names = ", ".join(str(twin.trainee) for twin in self.twins)
                words = gettext(
                    "Somebody known may be the same person: %(names)s. Look at the evidence first."
                )
                self.add_error("is_someone_else", words % {"names": names})
        return cleaned


def _facts(cleaned):
    """What the form says of the person, as far as it could be read."""
    institution = cleaned.get("institution")
    return duplicates.Facts(
        names=tuple(cleaned.get(name, "") for name in Trainee.NAMES),
        birth_date=cleaned.get("birth_date"),
        email=cleaned.get("email") or "",
        institution=institution.pk if institution else None,
        country=cleaned.get("nationality") or (institution.region.country if institution else ""),
    )
