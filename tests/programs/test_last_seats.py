"""The last seats under attack, each with its negative control: over real HTTP, and while staff move somebody there."""

import re
from datetime import timedelta
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.db.models.query import QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import answer_links, rules
from programs.models import HostingRequest, Placement, Release
from programs.workflow import answers, changes, hostings, placements, releases
from tests import factories
from tests.threads import at_once, meet_after, meet_before, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
READERS, SEATS = 20, 2
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def slow_check(monkeypatch):
    """Widen the gap between looking and writing, in which a race is lost."""
    monkeypatch.setattr(rules, "broken", meet_after(rules.broken))


@pytest.fixture
def slow_save(monkeypatch):
    for model in (Placement, Release):
        monkeypatch.setattr(model, "save", meet_before(model.save))


@pytest.fixture
def without_locks(monkeypatch):
    """The negative control: every row lock asked for is not taken."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)


def fresh(placement):
    return Placement.objects.get(pk=placement.pk)


# Twenty at the door --------------------------------------------------------------------------------


def _ready(address, placement):
    """A coordinator who has opened the page: a job that accepts one trainee, and answers status and page."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    token = CSRF.search(opener.open(address, timeout=60).read().decode()).group(1)
    data = urlencode({"csrfmiddlewaretoken": token, f"p{placement.pk}-answer": "accept"}).encode()

    def accept():
        try:
            with opener.open(address, data, timeout=120) as page:
                return page.status, page.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    return accept


def _twenty_confirm(live_server):
    """Each for another trainee, by a link of their own, over real HTTP; the server has the real clock."""
    with clock.at(timezone.now()):
        monday = clock.today() + timedelta(days=63 - clock.today().weekday())
        cohort = factories.make_cohort(state="nominating", starts=monday, ends=monday + timedelta(days=25))
        department = factories.make_department(seats=SEATS)
        jobs = []
        for _ in range(READERS):
            enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
            placement = factories.make_placement(
                enrollment=enrollment, department=department, state="requested",
                first_day=monday, last_day=monday + timedelta(days=4),
            )  # fmt: skip
            coordinator = factories.make_coordinator(department.hospital)
            address = reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])
            jobs.append(_ready(live_server.url + address, placement))
        pages = at_once(*jobs)
    return pages, Placement.objects.taking_seats().filter(department=department).count()


def test_of_twenty_who_confirm_two_seats_over_http_two_get_them_and_the_others_a_polite_page(
    live_server, slow_check
):
    pages, seated = _twenty_confirm(live_server)
    assert seated == SEATS
    assert sorted(status for status, _page in pages) == [200] * SEATS + [422] * (READERS - SEATS)
    for status, page in pages:
        if status == 200:
            assert "1 answer is sent. Thank you." in page or "답변 1건을 보냈습니다" in page
        else:
            assert "No seat is free" in page or "Somebody else is working on this just now." in page
    assert Event.objects.filter(verb="confirm").count() == SEATS


def test_without_the_locks_the_same_twenty_overbook(live_server, slow_check, without_locks):
    _pages, seated = _twenty_confirm(live_server)
    assert seated > SEATS


# Staff move somebody there -------------------------------------------------------------------------


def _the_hospital_confirms_while_staff_move_another_there():
    department = factories.make_department(seats=1)
    asked = factories.make_placement(department=department, state="requested")
    other = factories.make_placement(state="confirmed")
    days = {"first_day": asked.first_day, "last_day": asked.last_day}

    def move():
        return changes.reschedule(
            fresh(other),
            by=PORTAL,
            reason="nearer",
            department=department,
            channel="phone",
            who="Han",
            **days,
        )

    outcomes = race(lambda: placements.confirm(fresh(asked), by=PORTAL), move)
    seated = Placement.objects.taking_seats().filter(department=department).count()
    return outcomes, seated, fresh(asked).state, fresh(other).state


def test_the_last_seat_is_the_hospital_s_answer_s_or_staff_s_never_both(slow_check):
    outcomes, seated, asked, other = _the_hospital_confirms_while_staff_move_another_there()
    assert seated == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
    assert (asked, other) in [("confirmed", "confirmed"), ("requested", "rescheduled")]


def test_without_the_locks_both_have_it(slow_check, without_locks):
    _outcomes, seated, asked, other = _the_hospital_confirms_while_staff_move_another_there()
    assert (seated, asked, other) == (2, "confirmed", "rescheduled")


# Taken back ----------------------------------------------------------------------------------------


def _taken_back_twice_at_once():
    placement = factories.make_placement(state="requested")
    placements.confirm(placement, by=PORTAL)
    moment = clock.now()

    def take_back():
        with clock.at(moment):
            return answers.take_back(fresh(placement), by=PORTAL)

    outcomes = race(take_back, take_back)
    return outcomes, Event.objects.about(placement).filter(verb="take_back").count()


def test_an_answer_that_two_take_back_at_once_is_taken_back_once(slow_save):
    outcomes, lines = _taken_back_twice_at_once()
    assert lines == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1


def test_without_the_locks_it_is_taken_back_twice(slow_save, without_locks):
    _outcomes, lines = _taken_back_twice_at_once()
    assert lines == 2


def _released_while_it_is_taken_back():
    placement = factories.make_placement(state="requested")
    placements.confirm(placement, by=PORTAL)
    cohort, moment = placement.enrollment.cohort, clock.now()

    def take_back():
        with clock.at(moment):
            return answers.take_back(fresh(placement), by=PORTAL)

    race(lambda: releases.release(type(cohort).objects.get(pk=cohort.pk), "placements", by=PORTAL), take_back)
    told = any(release.lines for release in Release.objects.all())
    return told, fresh(placement).state


def test_what_is_released_at_that_moment_is_not_taken_back(slow_save):
    assert _released_while_it_is_taken_back() in [(True, "confirmed"), (False, "requested")]


def test_without_the_locks_the_trainee_is_told_of_what_does_not_stand(slow_save, without_locks):
    assert _released_while_it_is_taken_back() == (True, "requested")


# Offers --------------------------------------------------------------------------------------------


def _two_change_an_offer():
    hosting = factories.make_hosting()

    def say(note):
        return lambda: hostings.say(
            hosting.cohort, hosting.hospital, by=PORTAL, interest="yes", note=note, seen=1
        )

    outcomes = race(say("one"), say("other"))
    hosting.refresh_from_db()
    return outcomes, hosting.version


def test_of_two_who_keep_an_offer_at_once_one_is_told_of_the_other():
    outcomes, version = _two_change_an_offer()
    assert sum(isinstance(outcome, hostings.SaidMeanwhile) for outcome in outcomes) == 1
    assert version == 2


def test_hospitals_that_two_ask_for_their_offers_at_once_are_asked_once():
    cohort, hospital = factories.make_cohort(), factories.make_hospital()
    cohort.hospitals.add(hospital)
    factories.make_coordinator(hospital)
    moment = clock.now()

    def ask():
        with clock.at(moment):
            due = clock.today() + timedelta(days=5)
            return hostings.ask(cohort, [hospital], by=PORTAL, answer_by=due)

    outcomes = race(ask, ask)
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
    assert HostingRequest.objects.count() == 1
    assert Event.objects.about(cohort).filter(verb="ask_hostings").count() == 1
