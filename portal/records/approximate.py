"""Dates and counts of the past, kept exactly as precisely as they are known: 2015, July 2021, about 30, 60+.

An unknown day stays unknown. Padding 2015 to 1 January, or 60+ to 60, would invent a fact that a report
later repeats. Both values are plain, hashable and ordered; `fields` has their model and form fields.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from functools import total_ordering

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

FIRST_YEAR, LAST_YEAR = 1900, 2100

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY = r"(?P<day>[0-9]{1,2})"
_ENGLISH_DAY = _DAY + r"(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[0-9]{1,2})"
_NAME = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_SEPARATOR = r"\s*(?P<separator>[-./])\s*"
_SAME = r"\s*(?P=separator)\s*"

_ISO = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# What people write, apart from ISO. Every pattern says by itself which number is the year, month and day.
_WRITTEN = [
    re.compile(
        rf"{_YEAR}(?:{_SEPARATOR}{_MONTH}(?:{_SAME}{_DAY})?)?\s*\.?"
    ),  # 2022.6.9, 2021/07, "2022. 6. 9."
    re.compile(rf"{_YEAR}\s*년(?:\s*{_MONTH}\s*월(?:\s*{_DAY}\s*일)?)?"),  # 2022년 6월 9일
    re.compile(rf"(?:{_ENGLISH_DAY}\s+)?{_NAME},?\s+{_YEAR}"),  # 9 June 2022, July 2021
    re.compile(rf"{_NAME}\s+{_ENGLISH_DAY},?\s+{_YEAR}"),  # June 9, 2022
    re.compile(rf"{_MONTH}{_SEPARATOR}{_YEAR}"),  # 07/2021
]
# Day first in Ulaanbaatar, month first in Seattle: 03/04/1985 is two different days.
_EITHER_WAY = re.compile(rf"(?P<one>[0-9]{{1,2}}){_SEPARATOR}(?P<two>[0-9]{{1,2}}){_SAME}{_YEAR}\s*\.?")


def _plain(text):
    """The text as typed, in one width, one kind of dash and lower case."""
    text = unicodedata.normalize("NFKC", str(text)).strip().lower()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", text)


def _month_number(written):
    """The number of a month written as 6, "june", "jun" or "sept"; None if it is no month's name."""
    if written is None or written.isdigit():
        return written and int(written)
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(written)), None)


@total_ordering
@dataclass(frozen=True, slots=True)
class ApproximateDate:
    """A year, a month or a day: whichever of them is known.

    In a sorted list the unknown comes before its parts: 2022, October 2022, 5 October 2022. That is also the
    order of the ISO text, so a database column sorts in the same way.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"The year {self.year} is not between {FIRST_YEAR} and {LAST_YEAR}.")
        if self.day is not None and self.month is None:
            raise ValueError("A day needs its month.")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def of(cls, value):
        """The value as an approximate date: from a date, a year, a text; None from nothing."""
        if value is None or value == "":
            return None
        if isinstance(value, cls):
            return value
        if isinstance(value, datetime):
            value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
        if isinstance(value, date):
            return cls(value.year, value.month, value.day)
        return cls.parse(value)

    @classmethod
    def from_iso(cls, text):
        """Read 2015, 2021-07 or 2022-06-09 and nothing else; ValueError for anything else."""
        if not _ISO.fullmatch(text):
            raise ValueError(f"{text!r} is not an ISO year, month or day.")
        return cls(*map(int, text.split("-")))

    @classmethod
    def parse(cls, text):
        """Read what a person typed; ValidationError, in words, if it is no date or could be two."""
        plain = _plain(text)
        for pattern in _WRITTEN:
            if match := pattern.fullmatch(plain):
                found = match.groupdict()
                month = _month_number(found.get("month"))
                if found.get("month") and month is None:
                    break
                return cls._checked(text, found["year"], month, found.get("day"))
        if match := _EITHER_WAY.fullmatch(plain):
            return cls._only_reading(text, match["year"], match["one"], match["two"])
        raise ValidationError(
            _("Write a year, a month or a day. “%(value)s” is none of them."),
            code="invalid",
            params={"value": text},
        )

    @classmethod
    def _checked(cls, text, year, month, day):
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValidationError(
                _("The year must be from %(first)s to %(last)s."),
                code="year_out_of_range",
                params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
            )
        try:
            return cls(int(year), month, None if day is None else int(day))
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not in the calendar. Check the month and the day."),
                code="not_in_calendar",
                params={"value": text},
            ) from error

    @classmethod
    def _only_reading(cls, text, year, one, two):
        """The one day that 25.04.1985 can mean; a refusal that names both if there are two."""
        readings = []
        for month, day in [(two, one), (one, two)]:
            try:
                readings.append(cls._checked(text, year, int(month), day))
            except ValidationError as error:
                refusal = error
        if not readings:
            raise refusal
        if len(set(readings)) == 2:
            raise ValidationError(
                _("“%(value)s” can be read in two ways. Write %(one)s or %(other)s."),
                code="ambiguous",
                params={"value": text, "one": str(readings[0]), "other": str(readings[1])},
            )
        return readings[0]

    @property
    def precision(self):
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def earliest(self):
        """The first day this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self):
        """The last day this date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def words(self):
        """The date in the active language: 2015, July 2021, 9 June 2022."""
        return _formatted(self, _WHOLE[self.precision])

    def __str__(self):
        return self.earliest.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __lt__(self, other):
        if not isinstance(other, ApproximateDate):
            return NotImplemented
        return str(self) < str(other)


_WHOLE = {"year": "YEAR_FORMAT", "month": "YEAR_MONTH_FORMAT", "day": "DATE_FORMAT"}
# Django has no such formats; portal/formats names them, and this serves a language that does not.
_DEFAULT_FORMATS = {
    "YEAR_FORMAT": "Y",
    "MONTH_FORMAT": "F",
    "DAY_FORMAT": "j",
    "SPAN_DASH": "–",
    "SPAN_DASH_WIDE": " – ",
}


def _format(name):
    found = get_format(name)
    # Django answers the name itself where the language has no such format.
    return _DEFAULT_FORMATS[name] if found == name else found


def _formatted(value, name):
    return dateformat.format(value.earliest, _format(name))


def span_words(start, end):
    """The time from `start` to `end`, each part named once: 8–10 June 2022; October – 25 November 2022.

    Takes dates as well as approximate dates. An end that is not known is left out.
    """
    start, end = ApproximateDate.of(start), ApproximateDate.of(end)
    if start is None:
        return "" if end is None else pgettext("span", "until %(date)s") % {"date": end.words()}
    if end is None or start == end:
        return start.words()
    first, last = (
        _formatted(value, name) for value, name in zip((start, end), _span_formats(start, end), strict=True)
    )
    close = start.precision == end.precision and " " not in first
    return first + _format("SPAN_DASH" if close else "SPAN_DASH_WIDE") + last


def _span_formats(start, end):
    """The formats of both ends; what they share is left to one of them, as the language's order allows."""
    whole = _WHOLE[start.precision], _WHOLE[end.precision]
    if end < start or start.year != end.year or "year" in (start.precision, end.precision):
        return whole
    order = _format("DATE_FORMAT")
    year_first = order.find("Y") < order.find("j")
    same_month = start.precision == end.precision == "day" and start.month == end.month
    # "June 8 – June 10, 2022": where the month comes first, a bare day would stand on the wrong side of it.
    bare_day = same_month and (year_first or order.startswith("j"))
    short = {"month": "MONTH_FORMAT", "day": "DAY_FORMAT" if bare_day else "MONTH_DAY_FORMAT"}
    return (whole[0], short[end.precision]) if year_first else (short[start.precision], whole[1])


class Precision(IntEnum):
    """How a count is meant, with the database's codes. The greater of two is the precision of their sum."""

    EXACT = 0
    ABOUT = 1
    MORE_THAN = 2


LARGEST_COUNT = 999_999_999

_BEFORE = {
    Precision.ABOUT: r"about|around|approximately|approx\.?|roughly|circa|ca?\.|≈|~|약|대략",
    Precision.MORE_THAN: r"more than|over|at least|>",
}
_AFTER = {
    Precision.ABOUT: r"정도|쯤|안팎|내외",
    Precision.MORE_THAN: r"\+|or more|이상|초과",
}
_COUNT = re.compile(
    rf"(?:(?P<before_1>{_BEFORE[1]})|(?P<before_2>{_BEFORE[2]}))?\s*"
    r"(?P<number>[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]{1,12})\s*"
    r"(?P<odd_2>여)?\s*(?:people|명|인|개|건|회)?\s*"  # 30여 명: thirty and some
    rf"(?:(?P<after_1>{_AFTER[1]})|(?P<after_2>{_AFTER[2]}))?"
)


@dataclass(frozen=True, order=True, slots=True)
class ApproximateCount:
    """A number of people or things, and whether it is exact, about right, or a lower bound.

    A sum keeps the word of its least precise part: 12 and about 30 make about 42, anything and 60+ makes more
    than the sum. Counts sort by number, then by precision.
    """

    number: int
    precision: Precision = Precision.EXACT

    def __post_init__(self):
        object.__setattr__(self, "precision", Precision(self.precision))

    @classmethod
    def of(cls, value):
        """The value as an approximate count: from a number (exact) or a text; None from nothing."""
        if value is None or value == "":
            return None
        if isinstance(value, cls):
            return value
        return cls(value) if isinstance(value, int) else cls.parse(value)

    @classmethod
    def parse(cls, text):
        """Read what a person typed: 12, about 30, 60+, 약 30명; ValidationError, in words, otherwise."""
        match = _COUNT.fullmatch(_plain(text))
        if not match:
            raise ValidationError(
                _("Write a number, “about” and a number, or a number and “+”. “%(value)s” is none of them."),
                code="invalid",
                params={"value": text},
            )
        digits = re.sub("[, ]", "", match["number"]).lstrip("0")
        number = int(digits[:20] or 0)  # more digits are too large in any case, and thousands of them no int
        if number > LARGEST_COUNT:
            raise ValidationError(
                _("The largest count that can be kept is %(largest)s."),
                code="too_large",
                params={"largest": number_format(LARGEST_COUNT, force_grouping=True)},
            )
        marks = [
            Precision(int(name[-1])) for name, mark in match.groupdict().items() if mark and name != "number"
        ]
        return cls(number, max(marks, default=Precision.EXACT))

    @classmethod
    def total(cls, counts):
        """The sum of the counts; of none, exactly 0 (the built-in `sum` would answer a plain number)."""
        return sum(counts, cls(0))

    def __add__(self, other):
        if isinstance(other, int):
            other = ApproximateCount(other)
        if not isinstance(other, ApproximateCount):
            return NotImplemented
        return ApproximateCount(self.number + other.number, max(self.precision, other.precision))

    __radd__ = __add__

    def __sub__(self, other):
        """The gap: what is left of this count without the other. It may be negative.

        Taking away an exact number keeps the word. What is left when an uncertain number is taken away is
        only about right: 100 less “60+” has an upper bound, and “100+” less “60+” has none at all.
        """
        if isinstance(other, int):
            other = ApproximateCount(other)
        if not isinstance(other, ApproximateCount):
            return NotImplemented
        precision = self.precision if other.precision == Precision.EXACT else Precision.ABOUT
        return ApproximateCount(self.number - other.number, precision)

    def __rsub__(self, other):
        return ApproximateCount(other) - self if isinstance(other, int) else NotImplemented

    def _number_words(self):
        return number_format(self.number, force_grouping=True).replace("-", "\N{MINUS SIGN}")

    def words(self):
        """The count in the active language: 12, about 30, more than 60."""
        number = {"number": self._number_words()}
        if self.precision == Precision.ABOUT:
            return pgettext("count", "about %(number)s") % number
        if self.precision == Precision.MORE_THAN:
            return pgettext("count", "more than %(number)s") % number
        return number["number"]

    def short(self):
        """The count for a narrow column: 12, ≈30, 60+."""
        return _SHORT[self.precision].format(self._number_words())

    def __str__(self):
        return _SHORT[self.precision].format(self.number)


_SHORT = {Precision.EXACT: "{}", Precision.ABOUT: "≈{}", Precision.MORE_THAN: "{}+"}
