"""A cohort's sessions day by day, with the clocks they are told by."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from portal.records import clock


@dataclass(frozen=True)
class Day:
    """One day of the schedule, by the clock in Seoul."""

    on: date
    sessions: list


def days_of(cohort):
    """The cohort's sessions by day in Seoul; each has `times`, by Seoul's clock and by its own if that differs."""
    sessions = list(
        cohort.sessions.select_related("hospital").prefetch_related("trainees").order_by("starts_at", "pk")
    )
    for session in sessions:
        session.times = _times(session)
    return [
        Day(day, list(group))
        for day, group in groupby(
            sessions, key=lambda session: session.starts_at.astimezone(clock.SEOUL).date()
        )
    ]


def _times(session):
    """Pairs of the time in words and the place whose clock it is."""
    zones = [clock.SEOUL]
    if (
        session.starts_at.astimezone(session.zone).utcoffset()
        != session.starts_at.astimezone(clock.SEOUL).utcoffset()
    ):
        zones.append(session.zone)
    return [(_span(session, zone), zone.key.rpartition("/")[2].replace("_", " ")) for zone in zones]


def _span(session, zone):
    return f"{session.starts_at.astimezone(zone):%H:%M}–{session.ends_at.astimezone(zone):%H:%M}"
