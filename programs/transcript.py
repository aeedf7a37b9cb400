"""How much of the training somebody attended, as the transcript behind the certificate says it."""

from .attendance_totals import Presence, presence_of


def attended(cohort, enrollments):
    """Of each of the cohort's enrollments, by its key, what `_told` says of it. As many queries for any number."""
    found = presence_of(cohort, enrollments)
    return {one.pk: _told(found.get(one.pk, Presence())) for one in enrollments}


def _told(own):
    """The share, days in departments, hours of sessions and hours of both; empty where nothing was noted."""
    if own.share is None:
        return {}
    told = {"share": own.share, "days": own.days, "sessions": own.session_hours, "hours": own.hours}
    return {name: _plain(number) for name, number in told.items()}


def _plain(number):
    """As it is printed: 18 and not 18.0, else with one digit."""
    return int(number) if number == int(number) else round(number, 1)
