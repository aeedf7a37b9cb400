"""A trainee's schedule as one person reads it at one moment: sessions, and the days in departments, on one line.

Days in a department follow from the confirmed placements. A session stands at the time of the place it is held in;
where the reader's clocks say something else, that is told beside it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.records.clock import SEOUL

from .models import Enrollment, Placement, Program, Session
from .rules import weeks_of
from .session_changes import Change

# In these programs nobody travels to Korea, so that the reader's own clock is the one at home.
AT_HOME = (Program.Kind.ONLINE, Program.Kind.VISITING)


@dataclass(frozen=True)
class Zone:
    """A clock that matters to the reader, and what it is called."""

    zone: ZoneInfo
    name: str

    def same_as(self, other, moment):
        return moment.astimezone(self.zone).utcoffset() == moment.astimezone(other.zone).utcoffset()


@dataclass(frozen=True)
class OtherClock:
    """The same moment by another clock; `day` only where the date there is another one."""

    name: str
    time: datetime
    day: date | None


@dataclass(frozen=True)
class Entry:
    """One line on one day: a session, or a day in a department."""

    day: date  # where it takes place
    placement: Placement | None = None
    session: Session | None = None
    clocks: tuple = ()  # OtherClock
    people: tuple = ()  # coordinators of the hospital
    change: Change | None = None  # what is otherwise since the reader's last look
    noted: str | None = None  # what the attendance list says of the reader (Attendance.Status)

    @property
    def starts_at(self):
        return self.session and self.session.starts_at.astimezone(self.session.zone)

    @property
    def order(self):
        """Days in a department stand before the sessions of their half."""
        if self.session:
            return self.session.starts_at
        begins = time(12) if self.placement.half == Placement.Half.AFTERNOON else time(0)
        return datetime.combine(self.day, begins, SEOUL)

    @property
    def is_online(self):
        return bool(self.session) and self.session.is_online

    @property
    def is_cancelled(self):
        return bool(self.session) and self.session.is_cancelled

    @property
    def hospital(self):
        return self.placement.department.hospital if self.placement else self.session.hospital

    @property
    def part_of_day(self):
        """The words for a day in a department, whose hours the portal does not know."""
        words = {"whole": _("All day"), "morning": _("Morning"), "afternoon": _("Afternoon")}
        return words[self.placement.half] if self.placement else ""

    @property
    def has_address(self):
        """Whether a driver can be shown where it is."""
        if self.session and (self.session.place_ko or self.is_online):
            return bool(self.session.place_ko)
        return bool(self.hospital and (self.hospital.address_ko or self.hospital.name_ko))

    @property
    def map_url(self):
        """A map of the country that knows its addresses, at this place; empty where there is none to look for."""
        if not self.has_address:
            return ""
        lines = self.session.place_ko if self.session and self.session.place_ko else ""
        words = lines or self.hospital.name_ko or self.hospital.address_ko
        return f"https://map.naver.com/p/search/{quote(' '.join(words.split()), safe='')}"

    def is_running(self, now):
        return bool(self.session) and self.session.starts_at <= now < self.session.ends_at

    def is_over(self, now):
        return bool(self.session) and self.session.ends_at <= now


@dataclass(frozen=True)
class Line:
    """One line of a whole week: an entry, or equal days in a department one after the other."""

    first_day: date
    last_day: date
    entry: Entry


@dataclass(frozen=True)
class Week:
    """A week of the schedule; `number` counts from the cohort's first, 0 where that cannot be said."""

    monday: date
    number: int
    is_current: bool
    lines: list

    @property
    def sunday(self):
        return self.monday + timedelta(days=6)


@dataclass
class Schedule:
    """Everything on the page, for one enrollment at one moment."""

    enrollment: Enrollment
    now: datetime
    home: Zone | None
    entries: list = field(default_factory=list)
    looked_at: datetime | None = None  # the reader's last look, None for the first

    # When ------------------------------------------------------------------------------------------
    @property
    def cohort(self):
        return self.enrollment.cohort

    @cached_property
    def seoul(self):
        return Zone(SEOUL, _("Seoul"))

    @cached_property
    def is_in_korea(self):
        cohort = self.cohort
        runs = cohort.first_day <= self.now.astimezone(SEOUL).date() <= cohort.last_day
        return runs and cohort.program.kind not in AT_HOME

    @property
    def here(self):
        """The clock where the reader is, as far as the portal can tell."""
        return self.seoul if self.is_in_korea or self.home is None else self.home

    @cached_property
    def today(self):
        return self.now.astimezone(self.here.zone).date()

    @property
    def phase(self):
        if self.today < self.cohort.first_day:
            return "before"
        return "after" if self.today > self.cohort.last_day else "running"

    @property
    def two_clocks(self):
        return self.home is not None and not self.home.same_as(self.seoul, self.now)

    @property
    def seoul_time(self):
        return self.now.astimezone(SEOUL)

    @property
    def home_time(self):
        return self.now.astimezone(self.home.zone)

    # What ------------------------------------------------------------------------------------------
    @cached_property
    def todays(self):
        """What takes place today: by the date there, by the date here, or running across midnight."""
        return [entry for entry in self.entries if self._is_today(entry)]

    def _is_today(self, entry):
        if entry.day == self.today or entry.is_running(self.now):
            return True
        return bool(entry.session) and entry.starts_at.astimezone(self.here.zone).date() == self.today

    @cached_property
    def ahead(self):
        """What comes after today, in order."""
        later = [entry for entry in self.entries if entry.day > self.today and not entry.is_over(self.now)]
        return [entry for entry in later if entry not in self.todays]

    @property
    def can_check_in_today(self):
        """Whether there is a session today at which a code may be on the wall, and the reader is not noted yet."""
        sessions = [entry for entry in self.todays if entry.session and not entry.noted]
        return any(not entry.is_cancelled and not entry.is_over(self.now) for entry in sessions)

    @cached_property
    def highlighted(self):
        """The entry to look at first: the one running, the next today, the day's department, else what comes next."""
        sessions = [
            entry
            for entry in self.todays
            if entry.session and not entry.is_over(self.now) and not entry.is_cancelled
        ]
        running = [entry for entry in sessions if entry.is_running(self.now)]
        departments = [entry for entry in self.todays if entry.placement]
        return next(
            iter(running or sessions or departments or (self._next_days if not self.todays else [])), None
        )

    @property
    def _next_days(self):
        return [entry for entry in self.ahead if not entry.is_cancelled]

    @property
    def highlight_words(self):
        """What stands over the highlighted entry."""
        entry = self.highlighted
        if entry.is_running(self.now):
            return _("Now")
        if entry.placement:
            return _("Today") if entry.day == self.today else _("Next")
        minutes = int((entry.session.starts_at - self.now).total_seconds() // 60)
        if minutes < 60:
            return ngettext("Next, in %(count)s minute", "Next, in %(count)s minutes", minutes) % {
                "count": minutes
            }
        if minutes < 24 * 60:
            hours = round(minutes / 60)
            return ngettext("Next, in about %(count)s hour", "Next, in about %(count)s hours", hours) % {
                "count": hours
            }
        return _("Next")

    @property
    def for_the_driver(self):
        """The entry whose address the driver needs: the one to look at first, else the next that is anywhere."""
        wanted = [self.highlighted, *self.todays, *self.ahead]
        return next(
            (entry for entry in wanted if entry and entry.has_address and not entry.is_cancelled), None
        )

    @property
    def changed(self):
        """The entries that are otherwise since the reader's last look, those to come."""
        return [entry for entry in self.entries if entry.change and not entry.is_over(self.now)]

    @property
    def still_to_show(self):
        """The placements of which something is open that the hospital asks for, each once."""
        placed = {entry.placement.pk: entry.placement for entry in self.entries if entry.placement}
        return [placement for placement in placed.values() if placement.open_conditions]

    @property
    def changed_count(self):
        """How many sessions and placements that is: one in a department counts once, not once a day."""
        return len({entry.placement or entry.session for entry in self.changed})

    # Weeks -----------------------------------------------------------------------------------------
    @property
    def rest_of_week(self):
        sunday = _monday(self.today) + timedelta(days=6)
        return [entry for entry in self.ahead if entry.day <= sunday]

    @cached_property
    def week_count(self):
        return len(weeks_of(self.cohort.first_day, self.cohort.last_day))

    def week_number(self, day):
        """Which week of the cohort the day is in, counted from one; 0 outside it, or where its days are not known."""
        number = (day - _monday(self.cohort.first_day)).days // 7 + 1
        is_known = self.cohort.starts.precision == "day"
        return number if is_known and 1 <= number <= self.week_count else 0

    @property
    def current_week(self):
        return self.week_number(self.today)

    @property
    def weeks(self):
        """Every week in which something takes place, equal days in a department drawn together."""
        this_week = _monday(self.today)
        by_day = sorted(self.entries, key=lambda entry: (entry.day, entry.order))
        return [
            Week(monday, self.week_number(monday), monday == this_week, _lines(entries))
            for monday, entries in groupby(by_day, key=lambda entry: _monday(entry.day))
        ]


def _monday(day):
    return day - timedelta(days=day.weekday())


def _lines(entries):
    """The entries of a week as lines. A session between two equal days does not part them."""
    lines, running = [], {}
    for entry in entries:
        key = entry.placement and entry.placement.pk
        before = running.get(key) if key else None
        if before is not None and entry.day == lines[before].last_day + timedelta(days=1):
            lines[before] = Line(lines[before].first_day, entry.day, lines[before].entry)
            continue
        if key:
            running[key] = len(lines)
        lines.append(Line(entry.day, entry.day, entry))
    return lines
