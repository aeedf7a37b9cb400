"""What is entered about regions, institutions and contacts."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners import rules
from partners.models import Contact, Institution, Region
from portal.accounts import time_zones
from portal.ui.countries import CountryField
from portal.ui.forms import LinesField, PortalModelForm, SuggestingInput
from portal.ui.seen import SeenMixin

from .called import INSTITUTION_HELP, CalledField

ALIASES_HELP = _("Other spellings and former names, one a line. The search and imports find it by each.")


class PlaceForm(SeenMixin, PortalModelForm):
    """A region or an institution under all its names."""

    def clean(self):
        cleaned = super().clean()
        for name in ("name", "name_ko", "name_local"):
            if cleaned.get(name):
                cleaned[name] = " ".join(cleaned[name].split())
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        for field, words in rules.objections_to_place(self.instance).items():
            if field not in self.errors:
                self.add_error(field, words)


def _countries():
    return Region.objects.countries().values_list("country", flat=True)


class RegionForm(PlaceForm):
    aliases = LinesField(label=_("Also printed as"), longest=120, required=False, help_text=ALIASES_HELP)
    country = CountryField(
        label=_("Country"),
        near=_countries,
        required=False,
        help_text=_("For a country alone; a province or city lies where the region above it lies."),
    )

    fieldsets = [
        (_("Where it is"), ["level", ("country", "parent"), ("time_zone", "language")]),
        (_("Names"), ["name", ("name_ko", "name_local"), "aliases"]),
        (_("What is known"), ["cooperation_since", "note"]),
    ]

    class Meta:
        model = Region
        fields = [
            "level", "country", "parent", "time_zone", "language", "name", "name_ko", "name_local", "aliases",
            "cooperation_since", "note",
        ]  # fmt: skip
        widgets = {"time_zone": SuggestingInput(time_zones.places)}
        help_texts = {
            "parent": _("The country of a province, the country or province of a city."),
            "time_zone": _("For example Asia/Ulaanbaatar. Left empty for a country with several."),
            "language": _("In which mails go there."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        above = Region.objects.to_choose(pk=self.instance.parent_id).exclude(level=Region.Level.CITY)
        self.fields["parent"].queryset = above.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = gettext("of nothing: a country")

    def _get_validation_exclusions(self):
        # What the constraint says of level and parent the rules say in words, at the field.
        return super()._get_validation_exclusions() | {"parent"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("parent") and cleaned.get("level") != Region.Level.COUNTRY:
            cleaned["country"] = cleaned["parent"].country
        return cleaned


class InstitutionForm(PlaceForm):
    aliases = LinesField(label=_("Also printed as"), longest=200, required=False, help_text=ALIASES_HELP)
    parent = CalledField(
        label=_("Part of"),
        models=(Institution,),
        required=False,
        help_text=_("The institution above it, if any."),
    )

    fieldsets = [
        (_("Names"), ["name", ("name_ko", "name_local"), "short_name", "aliases"]),
        (_("What it is"), ["kind", "region", "parent"]),
        (_("What is known"), ["cooperation_since", "note"]),
    ]

    class Meta:
        model = Institution
        fields = [
            "name", "name_ko", "name_local", "short_name", "aliases", "kind", "region", "parent",
            "cooperation_since", "note",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.to_choose(pk=self.instance.region_id)
        self.fields["parent"].chosen = [self.instance.parent]


class ContactForm(SeenMixin, PortalModelForm):
    """An office and who holds it. The name may be unknown; who leaves gets an end, and stays in the record."""

    institution = CalledField(label=_("Institution"), models=(Institution,), help_text=INSTITUTION_HELP)

    fieldsets = [
        (_("The office"), ["institution", "office", ("since", "until")]),
        (_("Who holds it"), ["name", ("email", "phone"), "language"]),
    ]

    class Meta:
        model = Contact
        fields = ["institution", "office", "since", "until", "name", "email", "phone", "language"]
        help_texts = {
            "office": _("For example: Head of Human Resources"),
            "name": _("May stay empty while only the office is known."),
            "until": _("Left empty while they hold the office."),
            "language": _("In which we write to them."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["institution"].chosen = [self.instance.institution]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until.latest < since.earliest:
            self.add_error("until", gettext("They would have left before they came."))
        return cleaned
