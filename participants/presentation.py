"""How people are shown beside each other."""

from typing import NamedTuple

from django.utils.formats import date_format

from portal.ui.countries import country_name


class Line(NamedTuple):
    """One fact of two people: what it is called, what each record says, and whether that is the same."""

    label: str
    one: str
    other: str

    @property
    def differs(self):
        return bool(self.one and self.other) and self.one != self.other


SHOWN = (
    "passport_name", "local_name", "korean_name", "certificate_name", "birth_date", "nationality", "institution",
    "profession", "position", "specialty", "email", "phone", "user",
)  # fmt: skip


def side_by_side(one, other):
    """The facts that at least one of two people has, as Lines."""
    lines = []
    for name in SHOWN:
        said = [_said(person, name) for person in (one, other)]
        if any(said):
            lines.append(Line(one._meta.get_field(name).verbose_name, *said))
    return lines


def _said(person, name):
    value = getattr(person, name)
    if not value:
        return ""
    if name == "birth_date":
        return date_format(value, "DATE_FORMAT")
    if name == "nationality":
        return country_name(value)
    return value.email if name == "user" else str(value)
