"""What the files of the hospitals' lists hold."""

from django.utils.translation import gettext_lazy as _

from portal.records.exports import Column, Export

HOSPITALS = Export(
    _("Host hospitals"),
    [
        Column(_("Name"), "name", 40),
        Column(_("Name in Korean"), "name_ko"),
        Column(_("Short name"), "short_name"),
        Column(_("Short name in Korean"), "short_name_ko"),
        Column(_("Also printed as"), lambda hospital: "; ".join(hospital.aliases), 32),
        Column(_("City"), "city", 16),
        Column(_("City in Korean"), "city_ko", 16),
        Column(_("Address in Korean"), "address_ko", 48),
        Column(_("Phone"), "phone", 18),
        Column(_("Address and phone invented for the demo"), "address_is_invented", 12),
        Column(_("Departments"), "department_count", 12),
        Column(_("Seats"), "seat_count", 12),
        Column(_("Coordinators"), "coordinator_count", 12),
    ],
)
