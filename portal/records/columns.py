"""The columns of an exported list: what stands over them, and how a row's fact becomes one cell or several.

What is known only approximately takes several: “July 2021” to read, 2021-07 to sort by.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from . import clock
from .approximate import ApproximateCount, ApproximateDate, Precision

REMEMBERED = 2000  # dates and counts recur; putting one in words costs more than looking it up


class Head(NamedTuple):
    """What stands over a column, and how wide it is, in characters."""

    label: str
    width: int


@dataclass(frozen=True)
class Column:
    """A fact as it is, text or number. `read` is a function of the row, or a path like “institution.region”."""

    label: str
    read: str | Callable
    width: int = 24

    def heads(self):
        return [Head(str(self.label), self.width)]

    def reader(self):
        """A function from a row to its cells. It holds for the language that is active now."""
        get = self._getter()
        return lambda row: (get(row),)

    def _getter(self):
        if callable(self.read):
            return self.read
        *way, last = self.read.split(".")
        end = attrgetter(last)

        def get(row):
            for name in way:
                row = getattr(row, name)
                if row is None:
                    return None
            value = end(row)
            return value() if callable(value) else value

        return get


class _SeveralCells(Column):
    """A fact that takes more than one cell."""

    def reader(self):
        get = self._getter()
        cells = lru_cache(REMEMBERED)(self._cells)
        return lambda row: cells(get(row))


@dataclass(frozen=True)
class DateColumn(_SeveralCells):
    """A date, a time or an approximate date: in words, and as it sorts."""

    width: int = 18

    def heads(self):
        sortable = _("%(column)s (sortable)") % {"column": self.label}
        return [Head(str(self.label), self.width), Head(sortable, 16)]

    def _cells(self, value):
        if value is None or value == "":
            return "", ""
        if isinstance(value, datetime):
            moment = localtime(value, clock.SEOUL)
            return date_format(moment, "DATETIME_FORMAT"), moment.replace(tzinfo=None, microsecond=0)
        if isinstance(value, ApproximateDate):
            return value.words(), str(value)
        return ApproximateDate.of(value).words(), value


@dataclass(frozen=True)
class CountColumn(_SeveralCells):
    """An approximate count: in words, the number alone, and how it is meant."""

    width: int = 16

    def heads(self):
        return [
            Head(str(self.label), self.width),
            Head(_("%(column)s (number)") % {"column": self.label}, 12),
            Head(_("%(column)s (precision)") % {"column": self.label}, 12),
        ]

    def _cells(self, value):
        if value is None or value == "":
            return "", "", ""
        count = ApproximateCount.of(value)
        precision = {
            Precision.EXACT: _("exact"),
            Precision.ABOUT: _("about"),
            Precision.MORE_THAN: _("more than"),
        }
        return count.words(), count.number, precision[count.precision]
