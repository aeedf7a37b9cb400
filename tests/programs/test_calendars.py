"""The calendar address: what another library reads out of it, who gets what, and what ends it."""

import logging
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from django.urls import reverse
from ical.calendar_stream import IcsCalendarStream

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.clock import SEOUL
from programs import calendar_links
from programs.models import CalendarFeed, Session
from programs.workflow import calendar_feeds, placements, schedule_releases, sessions
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 10)


def at(hour, minute=0, *, day=TUESDAY, zone=SEOUL):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating", lead_officer=factories.make_user(name="Kim Lead"))


@pytest.fixture
def trainee(cohort):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    return trainee


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", address_ko="경기도 고양시 덕양구 화수로 14번길 55")


def address(user):
    feed = CalendarFeed.objects.filter(user=user).first() or calendar_feeds.make(by=user)
    return reverse("programs:calendar-feed", args=[f"{calendar_links.token_for(feed)}.ics"])


def read(client, user):
    """The events of somebody's calendar by UID, as another library than the one that wrote them reads them."""
    client.logout()
    response = client.get(address(user))
    assert response.status_code == 200
    calendar = vobject.readOne(response.content.decode())
    calendar.validate()
    return {event.uid.value.partition("@")[0]: event for event in calendar.contents.get("vevent", [])}


def read_strictly(client, user):
    """The same by a third library, which takes nothing that the standard does not say: events by UID, and the zones."""
    client.logout()
    calendar = IcsCalendarStream.calendar_from_ics(client.get(address(user)).content.decode())
    events = {event.uid.partition("@")[0]: event for event in calendar.events}
    return events, {zone.tz_id for zone in calendar.timezones}


def _moment(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def test_two_libraries_that_know_nothing_of_each_other_read_the_same(client, cohort, trainee, hospital):
    """Zones, midnight, New Year, half past midnight in Seoul, dates, what is called off: UID by UID."""
    zones = ["Asia/Ulaanbaatar", "Asia/Tashkent", "Asia/Kathmandu", "UTC"]
    for number, name in enumerate(zones):
        starts_at = at(23, day=date(2026, 11, 10 + number), zone=session_zone(name))
        factories.make_talk(cohort, f"In {name}", starts_at=starts_at, hours=3, time_zone=name)
    factories.make_talk(cohort, "Half past", starts_at=at(0, 30))
    factories.make_talk(cohort, "New Year", starts_at=at(23, day=date(2026, 12, 31)), hours=2)
    factories.make_talk(
        cohort,
        "Old summer",
        starts_at=at(10, day=date(2016, 6, 1), zone=session_zone(zones[0])),
        time_zone=zones[0],
    )
    off = factories.make_talk(
        cohort, "Called; off, 취소", starts_at=at(9), place="Room 4\\5", hospital=hospital
    )
    factories.make_placement(
        enrollment=cohort.enrollments.get(), department=factories.make_department(hospital=hospital),
        state="confirmed",
    )  # fmt: skip
    sessions.cancel(off, by=PORTAL, reason="ill")
    schedule_releases.release(cohort, by=PORTAL)
    plainly = read(client, trainee.user)
    strictly, known = read_strictly(client, trainee.user)
    assert known == {"Asia/Seoul", *zones} - {"UTC"}
    assert len(strictly) == 12
    assert {
        uid: (_moment(one.dtstart), _moment(one.dtend), one.status.value, one.sequence, one.summary)
        for uid, one in strictly.items()
    } == {
        uid: (
            _moment(one.dtstart.value), _moment(one.dtend.value), one.status.value, int(one.sequence.value),
            one.summary.value,
        )
        for uid, one in plainly.items()
    }  # fmt: skip
    assert (strictly[f"session-{off.pk}"].status.value, strictly[f"session-{off.pk}"].sequence) == (
        "CANCELLED",
        1,
    )
    assert strictly[f"session-{off.pk}"].location == "Room 4\\5, Myongji Hospital"


def test_the_bytes_are_what_google_outlook_and_apple_insist_on(client, cohort, trainee, hospital):
    """Lines of 75 bytes at most that end as the standard says and part no letter; zones before what names them; UIDs
    once; moments of UTC. A calendar of which nothing is known yet has a part all the same."""
    client.logout()
    empty = client.get(address(trainee.user)).content
    assert (empty.count(b"BEGIN:VEVENT"), empty.count(b"BEGIN:VTIMEZONE")) == (0, 1)
    long = "수술 참관과 회의, 그리고 아주 긴 설명; " * 8
    factories.make_talk(cohort, long.strip(), bring=long, place="강의실", hospital=hospital)
    factories.make_talk(cohort, "Online", starts_at=at(9), time_zone="Asia/Almaty")
    factories.make_placement(
        enrollment=cohort.enrollments.get(), department=factories.make_department(hospital=hospital),
        state="confirmed",
    )  # fmt: skip
    content = client.get(address(trainee.user)).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line] == []
    assert [line.decode() for line in lines]  # no letter is parted
    head = lines[: lines.index(b"BEGIN:VTIMEZONE")]
    names = [line.partition(b":")[0].partition(b";")[0].decode() for line in head]
    assert sorted(names) == [
        "BEGIN", "CALSCALE", "METHOD", "PRODID", "REFRESH-INTERVAL", "VERSION", "X-PUBLISHED-TTL", "X-WR-CALNAME",
    ]  # fmt: skip
    assert content.rindex(b"END:VTIMEZONE") < content.index(b"BEGIN:VEVENT")
    named = set(re.findall(rb"TZID=([^:;]+)", content))
    assert named <= set(re.findall(rb"\r\nTZID:([^\r]+)", content))
    events = content.split(b"BEGIN:VEVENT")[1:]
    assert len(events) == 6
    for must in (
        b"UID",
        b"SEQUENCE",
        b"DTSTAMP",
        b"LAST-MODIFIED",
        b"STATUS",
        b"SUMMARY",
        b"DTSTART",
        b"DTEND",
    ):
        assert {len(re.findall(rb"\r\n%s[:;]" % must, event)) for event in events} == {1}
    assert re.findall(rb"(?:DTSTAMP|LAST-MODIFIED):(?!\d{8}T\d{6}Z\r\n)", content) == []
    assert len(set(re.findall(rb"UID:([^\r]+)", content))) == 6


def test_a_week_that_a_holiday_parts_is_two_events(client, trainee):
    """Monday, Children's Day on Tuesday, and three days more."""
    may = date(2026, 5, 4), date(2026, 5, 8)
    cohort = factories.make_cohort(starts=may[0], ends=may[1], state="nominating")
    with clock.at(date(2026, 3, 2)):
        enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
        placement = factories.make_placement(
            enrollment=enrollment, state="confirmed", first_day=may[0], last_day=may[1]
        )
    events = read_strictly(client, trainee.user)[0]
    uid = f"placement-{placement.pk}-2026-W19"
    assert {key: (one.dtstart.day, one.dtend.day) for key, one in events.items()} == {
        uid: (4, 5),
        f"{uid}-2": (6, 9),
    }


def test_a_program_may_ask_for_the_head_alone(client, cohort, trainee):
    factories.make_talk(cohort)
    good = address(trainee.user)
    whole, head = client.get(good), client.head(good)
    assert (head.status_code, head.content) == (200, b"")
    same = ("ETag", "Content-Type", "Content-Length")
    assert [head.headers[name] for name in same] == [whole.headers[name] for name in same]
    assert client.head(good, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.post(good).status_code == 405


def test_a_uid_stays_through_every_change_and_the_sequence_only_grows(client, cohort, trainee):
    session = factories.make_talk(cohort)
    seen = []
    for change in ({"starts_at": at(9), "ends_at": at(10)}, {"title": "Other"}, {"time_zone": "Asia/Almaty"}):
        Session.objects.filter(pk=session.pk).update(**change)
        schedule_releases.release(cohort, by=PORTAL)
        [(uid, event)] = read_strictly(client, trainee.user)[0].items()
        seen.append((uid, event.sequence))
    assert seen == [(f"session-{session.pk}", number) for number in (1, 2, 3)]


def test_a_session_is_read_with_its_zone_place_and_whom_to_ask(client, cohort, trainee, hospital):
    session = factories.make_talk(
        cohort, hospital=hospital, place="Room 4", meets="Dr. Choi", meets_phone="031-1", bring="white coat; card",
    )  # fmt: skip
    event = read(client, trainee.user)[f"session-{session.pk}"]
    assert event.summary.value == "Case talk"
    assert event.dtstart.value == at(16)
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Seoul"]
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)
    assert event.location.value == "Room 4, Myongji Hospital"
    assert event.description.value == (
        "Who meets you: Dr. Choi, 031-1\nWhat to bring: white coat; card\n"
        "For the driver: 경기도 고양시 덕양구 화수로 14번길 55"
    )
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")


def test_the_times_are_right_across_zones_midnight_new_year_and_the_summer_times_of_2016(client, trainee):
    old = factories.make_cohort(state="nominating", starts=date(2016, 1, 4), ends=date(2016, 12, 31))
    factories.make_enrollment(cohort=old, trainee=trainee, state="accepted")
    zones = {name: session_zone(name) for name in ("Asia/Ulaanbaatar", "Asia/Tashkent")}
    cases = {
        "Summer": (at(10, day=date(2016, 6, 1), zone=zones["Asia/Ulaanbaatar"]), "Asia/Ulaanbaatar", 1),
        "Winter": (at(10, day=date(2016, 12, 1), zone=zones["Asia/Ulaanbaatar"]), "Asia/Ulaanbaatar", 2),
        "Class": (at(20, 30, day=date(2016, 11, 9), zone=zones["Asia/Tashkent"]), "Asia/Tashkent", 15),
        "New Year": (at(23, day=date(2016, 12, 31)), "Asia/Seoul", 14),
    }
    made = {
        title: factories.make_talk(old, title, starts_at=starts_at, hours=2, time_zone=zone)
        for title, (starts_at, zone, _hour) in cases.items()
    }
    events = read(client, trainee.user)
    for title, (starts_at, _zone, hour) in cases.items():
        event = events[f"session-{made[title].pk}"]
        assert event.dtstart.value == starts_at, title
        assert event.dtstart.value.utctimetuple().tm_hour == hour, title
    assert events[f"session-{made['New Year'].pk}"].dtend.value == at(1, day=date(2017, 1, 1))


def session_zone(name):
    return Session(time_zone=name).zone


def test_days_in_a_department_are_dates_whatever_the_readers_zone(client, cohort, trainee, hospital):
    placement = factories.make_placement(
        enrollment=cohort.enrollments.get(),
        department=factories.make_department(hospital=hospital, specialty="surgery"),
        state="confirmed",
        last_day=date(2026, 11, 13),
    )
    events = read(client, trainee.user)
    assert sorted(events) == [f"placement-{placement.pk}-2026-W45", f"placement-{placement.pk}-2026-W46"]
    first = events[f"placement-{placement.pk}-2026-W45"]
    assert (first.dtstart.value, first.dtend.value) == (date(2026, 11, 2), date(2026, 11, 7))
    assert type(first.dtstart.value) is date
    assert first.summary.value == "Myongji Hospital, Surgery"
    placements.cancel(placement, by=PORTAL, reason="ill")
    after = read(client, trainee.user)
    assert {(event.status.value, event.transp.value) for event in after.values()} == {
        ("CANCELLED", "TRANSPARENT")
    }
    assert sorted(after) == sorted(events)
    assert int(after[f"placement-{placement.pk}-2026-W45"].sequence.value) > int(first.sequence.value)


def test_a_release_counts_the_sequence_up_and_a_plan_is_not_in_the_calendar(client, cohort, trainee):
    session = factories.make_talk(cohort)
    Session.objects.filter(pk=session.pk).update(place="Room 9")
    factories.make_talk(cohort, "Plan", starts_at=at(9), released=False)
    key = f"session-{session.pk}"
    before = read(client, trainee.user)
    assert list(before) == [key]
    assert not hasattr(before[key], "location")
    schedule_releases.release(cohort, by=PORTAL)
    after = read(client, trainee.user)
    assert len(after) == 2
    assert (after[key].sequence.value, after[key].location.value) == ("1", "Room 9")
    session.refresh_from_db()
    sessions.cancel(session, by=PORTAL, reason="The hall is closed")
    assert read(client, trainee.user)[key].status.value == "CONFIRMED"
    schedule_releases.release(cohort, by=PORTAL)
    off = read(client, trainee.user)[key]
    assert (off.status.value, off.sequence.value) == ("CANCELLED", "2")
    assert off.summary.value == "Called off: Case talk"
    assert "Cancelled: The hall is closed" in off.description.value


def test_everybody_reads_their_own(client, cohort, trainee, hospital):
    other = factories.make_trainee("Other Person", user=True)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=other, state="accepted")
    everybody = factories.make_talk(cohort, "Everybody")
    private = factories.make_talk(cohort, "Private", starts_at=at(9), trainees=[other])
    here = factories.make_talk(cohort, "Here", starts_at=at(11), hospital=hospital, trainees=[other])
    placement = factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=hospital), state="confirmed",
        last_day=date(2026, 11, 6),
    )  # fmt: skip
    rotation = f"placement-{placement.pk}-2026-W45"
    coordinator = factories.make_coordinator(hospital).user
    keys = [f"session-{one.pk}" for one in (everybody, private, here)]
    assert set(read(client, trainee.user)) == {keys[0]}
    assert set(read(client, other.user)) == {*keys, rotation}
    mine = read(client, coordinator)
    assert set(mine) == {keys[2], rotation}
    assert mine[rotation].summary.value.startswith("Other Person: ")
    assert set(read(client, cohort.lead_officer)) == set(keys)
    leads_another = factories.make_user()
    factories.make_cohort(state="nominating", lead_officer=leads_another)
    assert read(client, leads_another) == {}
    assert set(read(client, factories.make_user(Role.VIEWER))) == set(keys)
    assert read(client, factories.make_coordinator(factories.make_hospital()).user) == {}


def test_it_is_in_the_language_of_its_owner(client, cohort, trainee):
    session = factories.make_talk(cohort, title_ko="증례 토의", bring="card")
    trainee.user.language = "ko"
    trainee.user.save()
    event = read(client, trainee.user)[f"session-{session.pk}"]
    assert (event.summary.value, event.description.value) == ("증례 토의", "준비물: card")


# The address ------------------------------------------------------------------------------------------


def test_the_address_is_made_made_anew_and_ended_by_its_owner(client, trainee):
    client.force_login(trainee.user)
    mine = reverse("programs:my-calendar")
    assert "Make the address" in client.get(mine).content.decode()
    client.post(mine)
    first = client.get(mine).context["address"]
    assert client.get(mine).context["webcal"].startswith("webcal://")
    assert client.get(mine).context["address"] == first
    path = first.partition("//")[2].partition("/")[2]
    client.post(mine)
    second = client.get(mine).context["address"].partition("//")[2].partition("/")[2]
    client.logout()
    assert client.get(f"/{path}").status_code == 404
    assert client.get(f"/{second}").status_code == 200
    client.force_login(trainee.user)
    client.post(reverse("programs:my-calendar-end"))
    assert "Make the address" in client.get(mine).content.decode()
    assert client.get(f"/{second}").status_code == 404
    assert client.get(reverse("programs:my-calendar-end")).status_code == 302


def test_a_wrong_address_a_guest_and_somebody_who_left_are_answered_alike(client, cohort, trainee):
    factories.make_talk(cohort)
    good = address(trainee.user)
    for wrong in (
        good[:-6] + "x.ics",
        good.replace("-", "-x", 1),
        "/programs/calendar-feed/1",
        "/programs/calendar-feed/x-y",
    ):
        assert client.get(wrong).status_code == 404, wrong
    trainee.user.is_active = False
    trainee.user.save()
    assert client.get(good).status_code == 404


def test_the_database_alone_opens_no_calendar_and_a_former_key_still_does(client, trainee, settings):
    good = address(trainee.user)
    key = settings.SECRET_KEY
    settings.SECRET_KEY = "another key of the installation, as long as they are"
    assert client.get(good).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [key]
    assert client.get(good).status_code == 200


def test_what_is_unchanged_is_not_sent_again(client, cohort, trainee):
    factories.make_talk(cohort)
    good = address(trainee.user)
    first = client.get(good)
    again = client.get(good, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with clock.at(clock.now() + timedelta(days=1)):
        assert client.get(good, headers={"If-None-Match": f"W/{first.headers['ETag']}"}).status_code == 304
    factories.make_talk(cohort, "More", starts_at=at(9))
    assert client.get(good, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_no_proxy_keeps_it_no_search_engine_lists_it_and_it_sets_no_cookie(client, trainee):
    response = client.get(address(trainee.user))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_who_asks_too_often_waits_and_who_guesses_too(client, trainee, monkeypatch):
    monkeypatch.setattr("programs.views.calendars.READS_AN_HOUR", 2)
    monkeypatch.setattr("programs.views.calendars.WRONG_AN_HOUR", 2)
    good = address(trainee.user)
    assert [client.get(good).status_code for _time in range(3)] == [200, 200, 429]
    wrong = good.replace(".ics", "x.ics")
    assert [client.get(wrong).status_code for _time in range(3)] == [404, 404, 429]


def test_the_log_never_holds_the_address(client, trainee, caplog, monkeypatch):
    monkeypatch.setattr("programs.views.calendars.READS_AN_HOUR", 0)
    good = address(trainee.user)
    with caplog.at_level(logging.DEBUG):
        assert client.get(good).status_code == 429
        assert client.get(good.replace("-", "-x", 1)).status_code == 404
    token = good.rpartition("/")[2].partition(".")[0].partition("-")[2]
    assert "calendar-feed" in caplog.text
    assert token not in caplog.text
    assert "…" in caplog.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_calendar_costs_the_same_for_one_entry_and_for_three(
    client, cohort, trainee, django_assert_num_queries, count
):
    for number in range(count):
        first_day, last_day = factories.week(number + 1)
        factories.make_placement(
            enrollment=cohort.enrollments.get(), department=factories.make_department(), state="confirmed",
            first_day=first_day, last_day=last_day,
        )  # fmt: skip
        factories.make_talk(
            cohort, f"Talk {number}", starts_at=at(9 + number), hospital=factories.make_hospital()
        )
    good = address(trainee.user)
    client.get(good)
    with django_assert_num_queries(5):
        client.get(good)
