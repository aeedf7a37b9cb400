"""One line of Today, whatever its source."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from programs.models.cohorts import brand_of


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


def with_cohort(rows):
    """The rows with the names that `cohort_of` gives to the cohort of their enrollment. No query beside their own."""
    return rows.select_related("enrollment__cohort__program").annotate(brand=brand_of("enrollment__cohort__"))


def cohort_of(row):
    """The cohort of such a row's enrollment, as `full_name` takes it."""
    cohort = row.enrollment.cohort
    cohort.brand = row.brand
    return cohort


def day_words(day):
    """A day as Today writes it."""
    return date_format(day, "DATE_FORMAT")
