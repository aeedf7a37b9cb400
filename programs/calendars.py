"""Somebody's schedule as iCalendar: what was released, and the days in departments. Nothing of a plan half made.

An event keeps its UID for life and counts its releases in SEQUENCE; what is called off stays, as cancelled, so that
calendar programs take it out. Times carry their IANA zone, with its rules (VTIMEZONE); days are dates without any.
"""

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from hospitals.models import served_by
from portal.accounts.roles import Permission
from portal.mail.links import absolute_url
from portal.records import clock
from portal.records import models as records

from .attending import days_there
from .models import Cohort, Placement, Session
from .session_changes import as_known, places_in, where

HOST = "training.gyeonggi.kr"  # of UIDs: a name, no address, and never another one
CALLED_OFF = (Placement.State.CANCELLED, Placement.State.RESCHEDULED)
# Calendars keep what they have read; staff need not be sent the cohorts of past years again and again.
STAFF_LOOK_BACK = timedelta(days=180)


def calendar_of(user):
    """The calendar as bytes, in the user's language: the same bytes as long as nothing of it changes."""
    with translation.override(user.reading_language):
        sessions = _sessions(user)
        placements = _placements(user)
        calendar = Calendar()
        calendar.add("prodid", "-//Gyeonggi Province//Medical Training//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Medical Training, Gyeonggi Province"))
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        # Where the training is, always: a calendar without any part is none, and programs refuse it.
        for zone in sorted({clock.SEOUL.key, *(session.time_zone for session in sessions)} - {"UTC"}):
            calendar.add_component(_rules_of(zone))
        for session in sessions:
            calendar.add_component(_session_event(session))
        for placement in placements:
            for event in _rotation_events(placement, user):
                calendar.add_component(event)
        return calendar.to_ical()


# What is in it ----------------------------------------------------------------------------------------


def _sessions(user):
    rows = Session.objects.released()
    if user.has(Permission.SEE_COHORTS):
        rows = rows.filter(cohort__in=_cohorts_of(user))
    elif user.has(Permission.EDIT_OWN_SESSIONS):
        # What the whole cohort does elsewhere is read in the portal; the calendar has one's own hospital.
        own = Q(hospital__in=served_by(user))
        mine = (
            Session.objects.visible_to(user).filter(told__user=user)
            if user.has(Permission.OWN_TRAINING)
            else None
        )
        rows = rows.filter(own if mine is None else own | Q(pk__in=mine.values("pk")))
    else:
        rows = rows.visible_to(user)
    rows = list(rows.select_related("cohort"))
    return as_known(rows, places_in(row.released for row in rows))


def _cohorts_of(user):
    """The cohorts a member of the team has in the calendar: those they lead, all where they lead none."""
    recent = Cohort.objects.filter(ends__latest__gte=clock.today() - STAFF_LOOK_BACK)
    led = recent.filter(lead_officer=user)
    return led if led.exists() else recent


def _placements(user):
    """The days in departments that are settled, and those that were and are called off; none for the team."""
    if user.has(Permission.SEE_COHORTS):
        return []
    settled = Q(state__in=Placement.SEATED)
    was_settled = Q(state__in=CALLED_OFF, answered_at__isnull=False, decline_reason="")
    mine = Q(pk__in=[])
    if user.has(Permission.OWN_TRAINING):
        mine |= Q(trainee__user=user)
    if user.has(Permission.ANSWER_PLACEMENTS):
        mine |= Q(department__hospital__in=served_by(user))
    rows = list(Placement.objects.filter(mine, settled | was_settled).for_board())
    moves = _moves(rows)
    for row in rows:
        row.moves = moves.get(row.pk, 0)
    return rows


def _moves(placements):
    """How many lines the trail has about each placement: a number that only grows."""
    about = records.Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Placement),
        subject_id__in=[placement.pk for placement in placements],
    )
    return dict(about.order_by().values_list("subject_id").annotate(Count("pk")))


# As events --------------------------------------------------------------------------------------------


def _session_event(session):
    event = _event(f"session-{session.pk}", session.sequence - 1, session.released_at, session.is_cancelled)
    event.add("summary", _title(str(session), session.is_cancelled))
    event.add("dtstart", session.starts_at.astimezone(session.zone))
    event.add("dtend", session.ends_at.astimezone(session.zone))
    event.add("categories", [session.get_kind_display()])
    place = where(session) or (_("online") if session.is_online else "")
    if place:
        event.add("location", place)
    if session.online_link:
        event.add("url", session.online_link)
    event.add("description", _description(session))
    return event


def _description(session):
    """What to know, a line each: the link first, since many programs show one line only."""
    facts = [
        (_("Link"), session.online_link),
        (_("Lecturer"), session.lecturer),
        (_("Who meets you"), ", ".join(part for part in (session.meets, session.meets_phone) if part)),
        (_("What to bring"), session.bring),
        (_("Materials"), "\n".join(part for part in (session.materials, *_files(session)) if part)),
        (
            _("For the driver"),
            session.place_ko or (session.hospital.address_ko if session.hospital_id else ""),
        ),
    ]
    lines = [_("Cancelled: %(reason)s") % {"reason": session.cancel_reason}] if session.is_cancelled else []
    return "\n".join(lines + [f"{label}: {fact}" for label, fact in facts if fact])


def _files(session):
    """Each file by name, with the address where its reader signs in and gets it."""
    return [
        f"{file['name']} {absolute_url(reverse('programs:sessionfile-download', args=[file['pk']]))}"
        for file in session.files
    ]


def _rotation_events(placement, user):
    """One event for each run of days without a weekend or a holiday between them."""
    department = placement.department
    title = (
        str(department)
        if placement.trainee.user_id == user.pk
        else f"{placement.trainee}: {department.label}"
    )
    if placement.half != Placement.Half.WHOLE:
        title = f"{title} ({placement.get_half_display()})"
    is_off, weeks = placement.state in CALLED_OFF, Counter()
    for first, last in _runs(days_there(placement)):
        week = f"{first:%G-W%V}"
        weeks[week] += 1  # a holiday parts the week: what comes after it is an event of its own
        uid = f"placement-{placement.pk}-{week}" + (f"-{weeks[week]}" if weeks[week] > 1 else "")
        event = _event(uid, placement.moves, placement.answered_at, is_off)
        event.add("summary", _title(title, is_off))
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))  # the day after: iCalendar leaves the end out
        if not is_off:
            event.add("transp", "TRANSPARENT")
        event.add(
            "location",
            ", ".join(part for part in (department.meeting_point, str(department.hospital)) if part),
        )
        if department.hospital.address_ko:
            event.add("description", department.hospital.address_ko)
        yield event


def _runs(days):
    """Pairs of the first and the last of days that follow one another."""
    for _key, pairs in groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        run = [day for _index, day in pairs]
        yield run[0], run[-1]


def _event(uid, sequence, at, is_off):
    event = Event()
    event.add("uid", f"{uid}@{HOST}")
    event.add("sequence", sequence)
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if is_off:
        event.add("transp", "TRANSPARENT")
    return event


def _title(title, is_off):
    """What is called off says so in its title too: some programs show it as if nothing had happened."""
    return _("Called off: %(what)s") % {"what": title} if is_off else title


@lru_cache(maxsize=64)
def _rules_of(zone):
    """The rules of a zone's clock, those of the past included: Ulaanbaatar had summer time until 2016."""
    return Timezone.from_tzid(zone, first_date=date(2010, 1, 1), last_date=date(2038, 1, 1))
