"""The time zones people choose from: places, with their distance from UTC; those of our partners first."""

from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SEOUL = "Asia/Seoul"
AREAS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic Ocean"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific Ocean"),
}
# Names of old rules and offices (“Etc/GMT-9”, “US/Eastern”) are no places; old spellings are listed once, as today.
RENAMED = {
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Enderbury": "Pacific/Kanton",
}
_partners = []


def put_first(zones):
    """Have the zones that the function `zones` returns offered before all others. For apps above this one."""
    _partners[:] = [zones]


@cache
def places():
    """The zones that are somewhere, by name: one spelling each."""
    known = {RENAMED.get(name, name) for name in get_global("zone_territories")}
    return sorted(name for name in known & available_timezones() if name.split("/")[0] in AREAS)


def offered(present, now):
    """Grouped choices for a select: Seoul, the partners' and the `present` zone first, then area by area."""
    near = {SEOUL, present, *(zone for zones in _partners for zone in zones())} & available_timezones()
    groups = [(_("Here and at our partners’"), sorted(near))]
    groups += [
        (label, [name for name in places() if name.split("/")[0] == area and name not in near])
        for area, label in AREAS.items()
    ]
    return [(label, [(name, _label(name, now)) for name in names]) for label, names in groups]


def _label(name, now):
    return f"{name.replace('_', ' ')} (UTC{_offset(now.astimezone(ZoneInfo(name)).utcoffset())})"


def _offset(offset):
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'−' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
