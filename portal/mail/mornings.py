"""09:00 of a working day where the recipient is: weekends and public holidays of their country are left out."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global
from django.conf import settings

from portal.records import clock

MORNING = time(9)
EVENING = timedelta(hours=9)  # after the morning; what is put later than this waits for the next one
SATURDAY = 5


def country_of(to):
    """The recipient's country (ISO): the one they name as `.country`, else that of their time zone, else empty."""
    return getattr(to, "country", "") or country_of_zone(getattr(to, "time_zone", ""))


def country_of_zone(zone):
    """The country a time zone belongs to; empty where it belongs to none, or is unknown."""
    return get_global("zone_territories").get(str(zone), "")


def is_working_day(day, country):
    """Whether people work there on that day; where the country's holidays are not known, only weekends are left out."""
    calendar = _calendar(country)
    return day.weekday() < SATURDAY if calendar is None else calendar.is_working_day(day)


@lru_cache(maxsize=64)
def _calendar(country):
    """The public holidays of a country, which fill in year by year as they are asked for."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def next_working_morning(day, zone, country=None):
    """09:00 in `zone` of `day`, or of the next day people work there. A day that is over there is passed by as well.

    The country is that of the zone where none is given.
    """
    zone = ZoneInfo(str(zone))
    country = country_of_zone(zone) if country is None else country
    while True:
        morning = datetime.combine(day, MORNING, zone)
        if is_working_day(day, country) and clock.now() < morning + EVENING:
            return morning
        day += timedelta(days=1)


def morning_for(to, day):
    """The next working morning of somebody who gets mail, on or after `day`."""
    zone = getattr(to, "time_zone", "") or settings.TIME_ZONE
    return next_working_morning(day, zone, country_of(to))
