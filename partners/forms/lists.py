"""The filters of the partners' lists."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import STATUSES, Contact, Institution, Mou, MouParty, Region
from portal.accounts.models import READING_LANGUAGES
from portal.records import clock
from portal.search.matching import found_by


class KeptFilter(django_filters.FilterSet):
    """A list leaves out what is put away, unless it is asked for."""

    archived = django_filters.ChoiceFilter(
        choices=[("yes", _("Archived"))], method="by_archive", label=_("Shown"), empty_label=_("In use")
    )

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("archived") else found.in_use()

    def by_archive(self, queryset, name, value):
        return queryset.archived()


class RegionFilter(KeptFilter):
    q = django_filters.CharFilter(method="by_name", label=_("Name"))
    level = django_filters.ChoiceFilter(choices=Region.Level.choices, label=_("Level"), empty_label=_("All"))

    class Meta:
        model = Region
        fields = []

    def by_name(self, regions, name, text):
        return found_by(regions, text)


def countries_of(request):
    """The countries of the institutions the reader may see."""
    institutions = Institution.objects.visible_to(request.user)
    return Region.objects.countries().unmerged().filter(country__in=institutions.values("region__country"))


class InstitutionFilter(KeptFilter):
    q = django_filters.CharFilter(method="by_name", label=_("Name"))
    kind = django_filters.ChoiceFilter(
        choices=Institution.Kind.choices, label=_("Kind"), empty_label=_("All")
    )
    country = django_filters.ModelChoiceFilter(
        field_name="region__country",
        to_field_name="country",
        queryset=countries_of,
        label=_("Country"),
        empty_label=_("All"),
        method="by_country",
    )

    class Meta:
        model = Institution
        fields = []

    def by_name(self, institutions, name, text):
        return found_by(institutions, text)

    def by_country(self, institutions, name, country):
        return institutions.filter(region__country=country.country)


class ContactFilter(KeptFilter):
    q = django_filters.CharFilter(method="by_name", label=_("Name, office or institution"))
    country = django_filters.ModelChoiceFilter(
        to_field_name="country",
        queryset=countries_of,
        label=_("Country"),
        empty_label=_("All"),
        method="by_country",
    )
    language = django_filters.ChoiceFilter(
        choices=READING_LANGUAGES, label=_("Language"), empty_label=_("All")
    )
    holds = django_filters.ChoiceFilter(
        choices=[("now", pgettext_lazy("of contacts", "In office")), ("former", _("Former"))],
        method="by_office",
        label=_("Office"),
        empty_label=_("All"),
    )

    class Meta:
        model = Contact
        fields = []

    def by_name(self, contacts, name, text):
        return found_by(contacts, text, "", "institution")

    def by_country(self, contacts, name, country):
        return contacts.filter(institution__region__country=country.country)

    def by_office(self, contacts, name, value):
        return contacts.former() if value == "former" else contacts.serving()


def _parties(**wanted):
    return Exists(MouParty.objects.filter(mou=OuterRef("pk"), **wanted))


class MouFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="by_name", label=_("Title or party"))
    status = django_filters.ChoiceFilter(
        choices=[*STATUSES.items()], method="by_status", label=_("Status"), empty_label=_("All")
    )
    expiring = django_filters.ChoiceFilter(
        choices=[("30", _("within 30 days")), ("90", _("within 90 days")), ("180", _("within 180 days"))],
        method="by_expiry",
        label=_("Expires"),
        empty_label=_("Any time"),
    )
    side = django_filters.ChoiceFilter(
        choices=[("province", _("Gyeonggi Province")), ("hospital", _("host hospitals"))],
        method="by_side",
        label=_("Signed for Gyeonggi by"),
        empty_label=_("All"),
    )
    country = django_filters.ModelChoiceFilter(
        to_field_name="country",
        queryset=lambda request: Region.objects.countries().unmerged().visible_to(request.user),
        label=_("Country"),
        empty_label=_("All"),
        method="by_country",
    )
    kind = django_filters.ChoiceFilter(choices=Mou.Kind.choices, label=_("Kind"), empty_label=_("All"))

    class Meta:
        model = Mou
        fields = []

    def by_name(self, mous, name, text):
        return found_by(mous, text, "", "parties__hospital", "parties__region", "parties__institution")

    def by_status(self, mous, name, status):
        return mous.with_status().filter(status_key=status)

    def by_expiry(self, mous, name, days):
        day = clock.today()
        ends = Q(expires__latest__gte=day, expires__earliest__lte=day + timedelta(days=int(days)))
        return mous.in_force().filter(ends)

    def by_side(self, mous, name, side):
        return mous.filter(
            _parties(is_province=True) if side == "province" else _parties(hospital__isnull=False)
        )

    def by_country(self, mous, name, country):
        there = _parties(region__country=country.country) | _parties(
            institution__region__country=country.country
        )
        return mous.filter(there)
