"""Reading a trainee's schedule out of the database: what was released, where they are placed, whom they can ask."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Subquery

from hospitals.models import Coordinator
from portal.records import clock

from .attending import days_there
from .models import Attendance, Enrollment, Placement, Session
from .my_schedule import Entry, OtherClock, Schedule, Zone
from .session_changes import Change, What, as_known, city, for_trainee, places_in

# Opening the page again within this time is still the same look.
ONE_LOOK = timedelta(minutes=30)


def schedule_of(user):
    """The schedule that matters to a trainee now, or None where they take part in nothing. Five queries."""
    enrollment = _enrollment_for(user)
    if enrollment is None:
        return None
    schedule = Schedule(enrollment, clock.now(), _home(enrollment.trainee), looked_at=_last_look(enrollment))
    rows = list(
        Session.objects.visible_to(user)
        .filter(cohort=enrollment.cohort_id)
        .annotate(noted=_noted(enrollment, session=OuterRef("pk")))
    )
    placements = list(
        Placement.objects.visible_to(user)
        .filter(enrollment=enrollment)
        .select_related("department__hospital", "department__specialty")
        .annotate(noted=_noted(enrollment, placement=OuterRef("pk"), day=schedule.today))
    )
    places = places_in(facts for row in rows for facts in (row.released, row.released_before))
    sessions = as_known(rows, places)
    people = _people(sessions, placements)
    changes = _changes(rows, places, schedule)
    noted = {row.pk: row.noted for row in rows}
    entries = [
        _session_entry(session, schedule, people, changes.get(session.pk), noted[session.pk])
        for session in sessions
    ]
    for placement in placements:
        entries += _department_days(placement, people, schedule)
    schedule.entries = sorted(entries, key=lambda entry: entry.order)
    return schedule


def _noted(enrollment, **where):
    """What the attendance list says of the person there; part of the query that reads the session or placement."""
    return Subquery(Attendance.objects.filter(enrollment=enrollment, **where).values("status")[:1])


def _last_look(enrollment):
    """The look before this one: a page that is opened again a little later still marks what it marked."""
    if enrollment.looked_at is None:
        return None
    recent = clock.now() - enrollment.looked_at < ONE_LOOK
    return enrollment.looked_before if recent and enrollment.looked_before else enrollment.looked_at


def _changes(rows, places, schedule):
    """{session: Change} of what was released after the last look; nothing for somebody who never looked."""
    if schedule.looked_at is None:
        return {}
    newer = {
        row.pk: (row.released_before, row.released) for row in rows if row.released_at > schedule.looked_at
    }
    found = for_trainee(newer, schedule.enrollment.trainee_id, places)
    return {change.session.pk: change for change in found}


def _enrollment_for(user):
    """The enrollment that runs now, else the next one, else the last."""
    enrollments = list(
        Enrollment.objects.visible_to(user)
        .taking_part()
        .filter(trainee__user=user)
        .select_related("trainee__institution__region", "cohort__program", "cohort__lead_officer")
        .annotate(
            looked_at=F("trainee__schedule_look__at"), looked_before=F("trainee__schedule_look__before")
        )
    )
    today = clock.today()
    running = [one for one in enrollments if one.cohort.first_day <= today <= one.cohort.last_day]
    coming = sorted(
        (one for one in enrollments if one.cohort.first_day > today), key=lambda one: one.cohort.first_day
    )
    past = sorted(
        (one for one in enrollments if one.cohort.last_day < today), key=lambda one: one.cohort.last_day
    )
    return next(iter(running or coming or past[::-1]), None)


def _home(trainee):
    return Zone(ZoneInfo(trainee.time_zone), city(trainee.time_zone)) if trainee.time_zone else None


def _people(sessions, placements):
    """The coordinators who can be asked, by hospital."""
    hospitals = {placement.department.hospital_id for placement in placements}
    hospitals |= {session.hospital_id for session in sessions if session.hospital_id}
    found = {}
    for coordinator in Coordinator.objects.serving().filter(hospital__in=hospitals).select_related("user"):
        found.setdefault(coordinator.hospital_id, []).append(coordinator)
    return {hospital: tuple(people) for hospital, people in found.items()}


def _session_entry(session, schedule, people, change, noted):
    starts_at = session.starts_at.astimezone(session.zone)
    own = Zone(session.zone, "")
    others = []
    for other in (schedule.seoul, schedule.home):
        if other is None or other.same_as(own, starts_at):
            continue
        there = starts_at.astimezone(other.zone)
        others.append(
            OtherClock(other.name, there, there.date() if there.date() != starts_at.date() else None)
        )
    return Entry(
        starts_at.date(),
        session=session,
        clocks=tuple(others),
        people=people.get(session.hospital_id, ()),
        change=change,
        noted=noted,
    )


def _department_days(placement, people, schedule):
    """The working days of a placement; those of one that was confirmed since the last look are marked as new."""
    looked_at, asked = schedule.looked_at, people.get(placement.department.hospital_id, ())
    is_new = looked_at is not None and placement.answered_at and placement.answered_at > looked_at
    facts = {
        "placement": placement,
        "people": asked,
        "change": Change(What.NEW, None, None) if is_new else None,
    }
    return [
        Entry(day, **facts, noted=placement.noted if day == schedule.today else None)
        for day in days_there(placement)
    ]
