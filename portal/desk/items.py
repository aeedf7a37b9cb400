"""One line of Today, whatever its source."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hospitals.models import in_reader_language
from portal.accounts.roles import Permission


@dataclass(frozen=True)
class Todo:
    """One line: until when, what, a sentence on how things stand, where it is settled, and what one does there."""

    due: date
    title: str
    text: str
    url: str
    icon: str
    action: str
    permission: Permission  # who may do it
    page: str = ""  # where others read about it, if they may not open `url`
    phone: str = ""
    blocks: bool = False  # people wait for it: it goes before what is only late

    @property
    def dialed(self):
        """The phone number as a link calls it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def full_name(cohort):
    """A cohort beside those of other programs, which may be called “Autumn 2026” too."""
    return named_fully(cohort.program_name, cohort)


def named_fully(program, cohort):
    """The same from the two names."""
    return _("%(program)s, %(cohort)s") % {"program": program, "cohort": cohort}


def row_name(row, cohort):
    """The same from a row of values, where `cohort` is the path of its fields (see `name_fields`)."""
    now = {"en": row[cohort + "program__name"], "ko": row[cohort + "program__name_ko"]}
    names = row["brand"] or now
    program = in_reader_language(names["en"], names["ko"])
    return named_fully(program, in_reader_language(row[cohort + "name"], row[cohort + "name_ko"]))


def name_fields(cohort):
    """The columns that `row_name` reads, beside a `brand`."""
    return [cohort + name for name in ("pk", "name", "name_ko", "program__name", "program__name_ko")]


def day_words(day):
    """A day as Today writes it."""
    return date_format(day, "DATE_FORMAT")


def hospital_fields(hospital):
    """What a row of values needs to name and call a hospital, where `hospital` is the path of its fields."""
    return [hospital + name for name in ("pk", "name", "name_ko", "short_name", "short_name_ko", "phone")]


def hospital_name(row, hospital):
    """The hospital's short name from such a row, as Hospital.short has it."""
    english = row[hospital + "short_name"] or row[hospital + "name"]
    return in_reader_language(english, row[hospital + "short_name_ko"] or row[hospital + "name_ko"])
