"""Days and times in words, for pages where the day of the week and the zone matter."""

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.records.clock import SEOUL

register = template.Library()


def _with_weekday(day, name):
    """The day and its weekday, in the order of the reader's language; a weekday within the words is written small."""
    words, weekday = _("%(weekday)s, %(date)s"), date_format(day, "l")
    if not words.startswith("%(weekday)s"):
        weekday = weekday.lower()
    return words % {"weekday": weekday, "date": date_format(day, name)}


@register.filter
def day_words(day):
    """A day with its weekday, written out: Friday, 16 October 2026."""
    return _with_weekday(day, "DATE_FORMAT")


@register.filter
def short_day(day):
    """A day of this week or the next in a narrow column: Wed 11."""
    # Django's short names of the days are the long ones in Korean.
    weekday = date_format(day, "D").removesuffix("요일")
    return _("%(weekday)s %(day)s") % {"weekday": weekday, "day": day.day}


@register.filter
def month_day_words(day):
    """A day of this year with its weekday: Tuesday, 10 November."""
    return _with_weekday(day, "MONTH_DAY_FORMAT")


@register.filter
def clock_time(moment):
    """The time of day as the clock of the moment's own zone shows it; Django's filters would turn it to Seoul's."""
    return moment.strftime("%H:%M")


@register.filter
def session_start(session):
    """When a session begins, by the clock where it is held."""
    return clock_time(session.starts_at.astimezone(session.zone))


@register.filter
def session_hours(session):
    """From when to when a session lasts, by the clock where it is held; the day too where it ends on another one."""
    starts_at, ends_at = session.starts_at.astimezone(session.zone), session.ends_at.astimezone(session.zone)
    hours = f"{clock_time(starts_at)}–{clock_time(ends_at)}"
    if ends_at.date() == starts_at.date():
        return hours
    return _("%(hours)s (until %(day)s)") % {"hours": hours, "day": short_day(ends_at.date())}


@register.filter
def seoul_time(moment):
    """The time of day in Seoul, for grids that have one clock."""
    return clock_time(moment.astimezone(SEOUL))


@register.filter
def short_moment(moment):
    """Day and time in Seoul in few words: Wed 11 November, 08:40."""
    local = moment.astimezone(SEOUL)
    return _("%(day)s, %(time)s") % {"day": month_day_words(local.date()), "time": clock_time(local)}


@register.filter
def weekday_words(day):
    """The day of the week alone: Monday."""
    return date_format(day, "l")


@register.filter
def short_date(day):
    """A day in a calendar: its number, and the month's name where it begins one."""
    return date_format(day, "MONTH_DAY_FORMAT") if day.day == 1 else str(day.day)
