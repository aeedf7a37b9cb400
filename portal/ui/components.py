"""What components show: small records that a view or an upper app fills, and the templates only print.

Any object with the same attributes will do; these spare writing one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation."""

    url: str
    label: str
    current: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab of a record's pages; `count` is printed small behind the label."""

    label: str
    url: str
    current: bool = False
    count: int | str | None = None


class StepStatus(StrEnum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


@dataclass(frozen=True)
class Step:
    """One step in the life of a record: its name, and a few words on when or how far."""

    name: str
    status: str = StepStatus.TODO
    note: str = ""


class Precision(StrEnum):
    """How much of a date is known; `open` is an event still to come that nobody has dated."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    OPEN = "open"


@dataclass(frozen=True)
class TimelineEntry:
    """One event on a time line. `about` is the record it is about (its badge and demo mark are shown)."""

    when: str
    title: str
    precision: str = Precision.DAY
    body: str = ""
    url: str = ""
    about: object = None
    source: str = ""
    source_url: str = ""
    on: date | None = None  # for sorting; printed is `when`

    @property
    def missing(self):
        """What of the date was not published, in words, as the mark alone would not say it to everybody."""
        return {Precision.MONTH: _("day not published"), Precision.YEAR: _("month not published")}.get(
            self.precision, ""
        )


@dataclass(frozen=True)
class SeatHolder:
    """One person in a cell of the strip, with the page that tells more; `note` says what is not settled."""

    name: str
    url: str
    note: str = ""


def free_in_words(free, seats):
    """How many seats are free: those that nobody has been confirmed on."""
    return _("%(free)s of %(seats)s free") % {"free": free, "seats": seats}


def wanted_in_words(asked, drafts=0):
    """What may fill a free seat yet: those asked for, and those only drafted; a list, empty where there is nothing."""
    asked_for = ngettext("%(count)s asked for", "%(count)s asked for", asked) % {"count": asked}
    drafted = ngettext("%(count)s draft", "%(count)s drafts", drafts) % {"count": drafts}
    return [asked_for] * bool(asked) + [drafted] * bool(drafts)


@dataclass(frozen=True)
class SeatCell:
    """The seats of one department in one week (or in `weeks` weeks alike).

    `used` are confirmed on the fullest half-day, `asked` and `drafts` may come to it; `wanted` is how many there are
    then on the fullest half-day, where that is more. `people` are all of them; `more` is the number of those beyond.
    """

    used: int
    seats: int
    closed: bool = False
    weeks: int = 1
    people: Sequence[SeatHolder] = ()
    more: int = 0
    asked: int = 0
    drafts: int = 0
    wanted: int = 0

    @property
    def most(self):
        return max(self.used, self.wanted)

    @property
    def fill(self):
        """The shade of the cell: it helps the eye and says nothing that the words do not."""
        if self.most > (0 if self.closed else self.seats):
            return "over"
        if self.closed:
            return "closed"
        if not self.most:
            return "0"
        if self.most == self.seats:
            return "full"
        return "1" if self.most * 2 <= self.seats else "2"

    @property
    def words(self):
        numbers = {"used": self.most, "seats": self.seats}
        if self.closed:
            return _("closed, but %(used)s placed") % numbers if self.most else _("closed")
        if self.most > self.seats:
            words = ngettext("%(used)s for %(seats)s seat", "%(used)s for %(seats)s seats", self.seats)
            return words % numbers
        return free_in_words(self.seats - self.used, self.seats) if self.seats else _("no seats")

    @property
    def also(self):
        """What is asked for or drafted, in one line."""
        return " · ".join(wanted_in_words(self.asked, self.drafts))


@dataclass(frozen=True)
class SeatRow:
    """One department on the strip, week by week."""

    label: str
    cells: Sequence[SeatCell] = field(default_factory=list)
    url: str = ""
    note: str = ""
