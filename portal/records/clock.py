"""The portal's clock. It tells the real time, unless the demo or `due_work --as-of` sets it to a day of its own."""

import calendar
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SEOUL = ZoneInfo("Asia/Seoul")
_moved_to = ContextVar("portal_clock_moved_to", default=None)


def now():
    """The current time, aware."""
    return _moved_to.get() or timezone.now()


def today(zone=SEOUL):
    """The current date in `zone`; in Seoul where none is named."""
    return now().astimezone(zone).date()


def start_of(day):
    """The moment at which `day` begins in Seoul."""
    return datetime.combine(day, time.min, SEOUL)


def next_month(day):
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_before(day):
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_month():
    """The first day of the month before this one."""
    return month_before(today())


def months_after(day, months):
    """The same day of the month `months` later, clamped at the month's end (31 August + 6 = 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@contextmanager
def at(moment):
    """Everything inside happens at `moment`: an aware datetime, or a date (then 10:00 in Seoul)."""
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(10), SEOUL)
    token = _moved_to.set(moment)
    try:
        yield
    finally:
        _moved_to.reset(token)
