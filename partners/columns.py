"""What the files of the partners' lists hold."""

from django.utils.translation import gettext_lazy as _

from portal.records.exports import Column, DateColumn, Export

from .models import joined


def _aliases(record):
    return "; ".join(record.aliases)


def _side(name):
    """The parties on one side of an MOU that was read by `with_parties()`."""
    return lambda mou: joined(map(str, getattr(mou, name)))


REGIONS = Export(
    _("Partner regions"),
    [
        Column(_("Name"), "name", 32),
        Column(_("Name in Korean"), "name_ko"),
        Column(_("Name in the local script"), "name_local", 32),
        Column(_("Also printed as"), _aliases),
        Column(_("Level"), "get_level_display", 12),
        Column(_("Part of"), "parent"),
        Column(_("Country code"), "country", 10),
        Column(_("Time zone"), "time_zone", 20),
        DateColumn(_("Cooperation since"), "cooperation_since"),
        Column(_("Institutions"), "institution_count", 12),
        Column(_("MOUs"), "mou_count", 12),
        Column(_("Note"), "note", 40),
    ],
)

INSTITUTIONS = Export(
    _("Institutions"),
    [
        Column(_("Name"), "name", 40),
        Column(_("Name in Korean"), "name_ko"),
        Column(_("Name in the local script"), "name_local", 40),
        Column(_("Short name"), "short_name", 14),
        Column(_("Also printed as"), _aliases, 32),
        Column(_("Kind"), "get_kind_display", 20),
        Column(_("Region"), "region"),
        Column(_("Country code"), "region.country", 10),
        DateColumn(_("Cooperation since"), "cooperation_since"),
        Column(_("MOUs"), "mou_count", 12),
        Column(_("Note"), "note", 40),
    ],
)

CONTACTS = Export(
    _("Contacts"),
    [
        Column(_("Name"), "name", 28),
        Column(_("Office"), "office", 32),
        Column(_("Institution"), "institution", 40),
        Column(_("Region"), "institution.region"),
        Column(_("E-mail"), "email", 32),
        Column(_("Phone"), "phone", 20),
        Column(_("Language"), "get_language_display", 12),
        DateColumn(_("Since"), "since"),
        DateColumn(_("Until"), "until"),
    ],
    personal=True,
)

MOUS = Export(
    _("MOUs"),
    [
        Column(_("Gyeonggi side"), _side("gyeonggi_side"), 40),
        Column(_("Partner side"), _side("partner_side"), 40),
        Column(_("Title"), "title", 32),
        Column(_("Title in Korean"), "title_ko", 32),
        Column(_("Kind"), "get_kind_display", 20),
        DateColumn(_("Signed"), "signed"),
        DateColumn(_("Effective from"), "effective"),
        DateColumn(_("Expires"), "expires"),
        DateColumn(_("Terminated"), "terminated"),
        Column(_("Status"), "get_state_display", 14),
        Column(_("Seats a year"), "seats_a_year", 12),
        Column(_("Scope"), "scope", 60),
    ],
)
