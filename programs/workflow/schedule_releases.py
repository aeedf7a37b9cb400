"""Releasing a schedule: what stands in the plan becomes what trainees, hospitals and calendars know."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.actors import System
from portal.records.changes import locked
from portal.records.transitions import record
from programs import handouts
from programs.models import Enrollment, ScheduleRelease, Session
from programs.session_changes import for_hospital, for_trainee, places_of


@dataclass
class Outgoing:
    """What a release would hand out: the sessions that differ, and what that means to whom."""

    sessions: list
    changes: dict  # session: (facts before, facts after)
    trainees: list = field(default_factory=list)  # (enrollment, its changes)
    hospitals: list = field(default_factory=list)  # (hospital, its changes, its coordinators)


def unreleased(cohort, user):
    """The cohort's sessions whose plan differs from what was released, those that `user` may release."""
    rows = cohort.sessions.editable_by(user).for_list().order_by("starts_at", "pk")
    # A session that was called off before anybody heard of it concerns nobody.
    return [
        session
        for session in rows
        if session.facts() != session.released and not (session.released is None and session.is_cancelled)
    ]


def outgoing(cohort, user):
    """What `release` would do now. A fixed number of queries, nothing is written."""
    sessions = unreleased(cohort, user)
    found = Outgoing(sessions, {one.pk: (one.released, one.facts()) for one in sessions})
    places = places_of(found.changes)
    coming = Enrollment.objects.taking_part().filter(cohort=cohort).select_related("trainee")
    for enrollment in coming.order_by("trainee__passport_name", "pk"):
        changes = for_trainee(found.changes, enrollment.trainee_id, places)
        if changes:
            found.trainees.append((enrollment, changes))
    people = {}
    for coordinator in (
        Coordinator.objects.serving().filter(hospital__in=places.hospitals).select_related("user")
    ):
        people.setdefault(coordinator.hospital_id, []).append(coordinator)
    for hospital in sorted(places.hospitals.values(), key=lambda hospital: hospital.name):
        changes = for_hospital(found.changes, hospital.pk, places)
        if changes:
            found.hospitals.append((hospital, changes, people.get(hospital.pk, [])))
    return found


@transaction.atomic
def release(cohort, *, by, note=""):
    """Hand out what `by` may hand out of the cohort's plan, and tell each trainee and hospital what changes for them.

    Returns the ScheduleRelease, None where nothing differs: a second click finds nothing left. Whoever releases is
    not told of it themselves.
    """
    if not (by.has(Permission.RUN_COHORTS) or by.has(Permission.EDIT_OWN_SESSIONS)):
        raise PermissionDenied
    locked(cohort)
    found = outgoing(cohort, by)
    if not found.sessions:
        return None
    made = ScheduleRelease.objects.create(
        cohort=cohort,
        number=(cohort.schedule_releases.aggregate(last=Max("number"))["last"] or 0) + 1,
        at=clock.now(),
        by=None if isinstance(by, System) else by,
        note=note,
        changes=[
            {"session": pk, "before": before, "after": after} for pk, (before, after) in found.changes.items()
        ],
    )
    hand_out(found.sessions, made.at)
    _tell(made, found, by)
    record(cohort, "release_schedule", by=by, data={"release": made.number, "sessions": len(found.sessions)})
    return made


def hand_out(sessions, at):
    """Take the plan of the sessions as released. Tells nobody: `release` does."""
    for session in sessions:
        session.released_before, session.released = session.released, session.facts()
        session.released_at, session.sequence = at, session.sequence + 1
    Session.objects.bulk_update(sessions, ["released", "released_before", "released_at", "sequence"])
    named = Session.told.through
    named.objects.filter(session__in=sessions).delete()
    named.objects.bulk_create(
        named(session_id=session.pk, trainee_id=pk)
        for session in sessions
        for pk in session.released["trainees"]
    )
    handouts.hand_out(sessions)


def tells_of(cohort):
    """Whether a release of this cohort's schedule is told by mail: what is over is entered for the record."""
    return clock.today() <= cohort.last_day


def _tell(made, found, by):
    """One mail a trainee and one a coordinator. A cohort that is over is entered for the record: nobody is told."""
    if not tells_of(made.cohort):
        return
    for enrollment, _changes in found.trainees:
        outbox.gather(
            "schedule_changed",
            to=enrollment.trainee,
            about=enrollment,
            item=made.pk,
            key=f"schedule_changed:{made.pk}:{enrollment.pk}",
        )
    for hospital, _changes, coordinators in found.hospitals:
        for coordinator in coordinators:
            if coordinator.user == by:
                continue
            outbox.put(
                "schedule_changed_hospital",
                to=coordinator.user,
                about=made.cohort,
                key=f"schedule_changed_hospital:{made.pk}:{hospital.pk}:{coordinator.user_id}",
                context={"release": made.pk, "hospital": hospital.pk},
            )
