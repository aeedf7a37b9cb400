"""What comes along when a cohort is planned after an earlier one, and how its dates shift.

Days shift by whole weeks, so that a Monday stays a Monday and no session falls on a Sunday. What is known by
its month shifts by months, what is known by its year by years: nothing becomes more exact than it was.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from portal.records.approximate import ApproximateDate, span_words

from .models import Session

PARTS = ("hospitals", "mous", "quotas", "sessions")


@dataclass(frozen=True)
class Shift:
    """The way from the first day of the earlier cohort to that of the new one."""

    weeks: int
    months: int
    years: int

    @classmethod
    def between(cls, old, new):
        """From one approximate first day to another; the weeks are the nearest whole number of them."""
        was, will = old.earliest, new.earliest
        months = (will.year - was.year) * 12 + will.month - was.month
        return cls(round((will - was).days / 7), months, will.year - was.year)

    def day(self, day):
        """A planned day, on the same day of the week; None stays None."""
        return day and day + timedelta(weeks=self.weeks)

    def approximate(self, when):
        """A date as precisely as it was known."""
        if when.precision == "day":
            return ApproximateDate.of(self.day(when.earliest))
        if when.precision == "year":
            return ApproximateDate(when.year + self.years)
        year, month = divmod(when.year * 12 + when.month - 1 + self.months, 12)
        return ApproximateDate(year, month + 1)

    def moment(self, moment, zone):
        """A time, at the same hour by the clock of `zone` whatever summer time does there."""
        local = moment.astimezone(zone)
        return datetime.combine(self.day(local.date()), local.time(), zone)


@dataclass(frozen=True)
class Line:
    """One line of the preview: what it is, and what the new cohort gets of it."""

    label: str
    words: list


def usual_first_day(cohort):
    """About a year later: 52 weeks, so that the day of the week stays; the same month where only that is known."""
    first = cohort.starts
    if first.precision == "day":
        return ApproximateDate.of(first.earliest + timedelta(weeks=52))
    return (
        ApproximateDate(first.year + 1, first.month)
        if first.precision == "month"
        else ApproximateDate(first.year + 1)
    )


def facts_of(cohort, starts):
    """The facts of a cohort planned after this one that begins at `starts`, as the verb takes them."""
    shift = Shift.between(cohort.starts, starts)
    return {
        "starts": starts,
        "ends": shift.approximate(cohort.ends),
        "nominate_by": shift.day(cohort.nominate_by),
        "ceremony_on": shift.day(cohort.ceremony_on),
        "seats": cohort.seats,
        "topics": cohort.topics,
        "lead_officer": cohort.lead_officer,
    }


def sessions_of(cohort, shift, new=None):
    """The sessions of the earlier cohort as those of the new one, not kept yet. Who takes part is chosen anew, and
    the link to an online class is of its own day: neither comes along. Nor does what was called off.
    """
    return [
        Session(
            cohort=new, kind=session.kind, title=session.title, title_ko=session.title_ko,
            starts_at=shift.moment(session.starts_at, session.zone),
            ends_at=shift.moment(session.ends_at, session.zone),
            time_zone=session.time_zone, hospital_id=session.hospital_id,
            department_id=session.department_id, place=session.place,
            place_ko=session.place_ko, lecturer=session.lecturer, meets=session.meets,
            meets_phone=session.meets_phone, bring=session.bring, materials=session.materials,
            whole_cohort=session.whole_cohort, is_invented=session.is_invented,
        )
        for session in cohort.sessions.standing()
    ]  # fmt: skip


def preview(cohort, starts, parts):
    """What the new cohort will have, line by line, and what stays behind."""
    shift, facts = Shift.between(cohort.starts, starts), facts_of(cohort, starts)
    lines = [
        Line(_("Program"), [str(cohort.program)]),
        Line(_("Dates"), [span_words(facts["starts"], facts["ends"])]),
        Line(_("Nominations until"), _days(facts["nominate_by"])),
        Line(_("Completion ceremony"), _days(facts["ceremony_on"])),
        Line(_("Seats"), [str(cohort.seats)] if cohort.seats is not None else []),
        Line(_("Lead officer"), [str(cohort.lead_officer)] if cohort.lead_officer else []),
        Line(_("Topics"), [topic for topic in cohort.topics.splitlines() if topic.strip()]),
    ]
    if "hospitals" in parts:
        lines.append(Line(_("Host hospitals"), [str(hospital) for hospital in cohort.hospitals.all()]))
    if "mous" in parts:
        mous = cohort.mous.with_parties()
        lines.append(Line(_("Under the MOUs"), [f"{mou} ({mou.status.label})" for mou in mous]))
    if "quotas" in parts:
        lines.append(Line(_("Quotas"), [str(quota) for quota in cohort.quotas.select_related("region")]))
    if "sessions" in parts:
        dates = facts["starts"].earliest, facts["ends"].latest
        lines.append(Line(_("Sessions"), [_session_words(one, *dates) for one in sessions_of(cohort, shift)]))
    return [line for line in lines if line.words]


def _days(day: date | None):
    return [ApproximateDate.of(day).words()] if day else []


def _session_words(session, first_day, last_day):
    """Its day and title. Days shift by whole weeks, so a cohort that begins on a Tuesday may get a Monday before it."""
    day = session.starts_at.astimezone(session.zone).date()
    words = {"day": ApproximateDate.of(day).words(), "title": session}
    if first_day <= day <= last_day:
        return _("%(day)s: %(title)s") % words
    return _("%(day)s: %(title)s (outside the cohort’s dates)") % words
