"""Threads against real PostgreSQL: seats, two places at once, the cohort's last seat, certificate numbers.

Each race has a negative control: with the lock taken out, the same threads break the rule, so the test can fail.
"""

import contextlib
from datetime import date
from itertools import count

import pytest
from django.db import Error
from django.db.models.query import QuerySet

from hospitals.models import Department
from hospitals.workflow import departments
from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import NotNow
from programs import paper, rules
from programs.models import Certificate, CertificateCounter, Enrollment, Offer, Placement
from programs.workflow import certificates, drafts, enrollments, placements, requests
from tests import factories
from tests.threads import meet_after, meet_before, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

THREADS = 8


@pytest.fixture
def slow_check(monkeypatch):
    """Widen the gap between looking and writing, in which a race is lost."""
    monkeypatch.setattr(rules, "broken", meet_after(rules.broken))


@pytest.fixture
def without_locks(monkeypatch):
    """The negative control: every row lock asked for is not taken."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)


def _requests_for_one_seat():
    department = factories.make_department(seats=1)
    cohort = factories.make_cohort(state="nominating")
    people = [factories.make_enrollment(cohort=cohort, state="accepted") for _ in range(THREADS)]
    return department, [
        factories.make_placement(enrollment=person, department=department, state="requested")
        for person in people
    ]


def _confirm(placement):
    return lambda: placements.confirm(Placement.objects.get(pk=placement.pk), by=PORTAL)


def test_one_seat_is_given_once_however_many_confirm_at_once(slow_check):
    department, asked = _requests_for_one_seat()
    outcomes = race(*map(_confirm, asked))
    assert Placement.objects.taking_seats().filter(department=department).count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == THREADS - 1


def test_without_the_locks_the_same_threads_overbook(slow_check, without_locks):
    department, asked = _requests_for_one_seat()
    race(*map(_confirm, asked))
    assert Placement.objects.taking_seats().filter(department=department).count() > 1


@pytest.fixture
def look_together(monkeypatch):
    """Who confirms and who takes seats away both look before either writes, unless a lock lets one at a time look."""
    monkeypatch.setattr(rules, "broken", meet_after(rules.broken))
    monkeypatch.setattr(departments, "objections", meet_after(departments.objections))


def _confirm_while_the_seat_is_taken_away():
    department = factories.make_department(seats=1)
    asked = factories.make_placement(department=department, state="requested")

    def take_the_seat_away():
        fresh = Department.objects.get(pk=department.pk)
        fresh.seats = 0
        return departments.change(fresh, by=PORTAL, fields=["seats"])

    outcomes = race(_confirm(asked), take_the_seat_away)
    confirmed = Placement.objects.taking_seats().filter(department=department).count()
    department.refresh_from_db()
    return outcomes, confirmed, department.seats


def test_a_seat_is_either_given_or_taken_away(look_together):
    outcomes, confirmed, seats = _confirm_while_the_seat_is_taken_away()
    assert (confirmed, seats) in [(1, 1), (0, 0)]
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1


def test_without_the_locks_a_seat_is_given_and_taken_away(look_together, without_locks):
    _outcomes, confirmed, seats = _confirm_while_the_seat_is_taken_away()
    assert (confirmed, seats) == (1, 0)


def _requests_for_one_trainee():
    enrollment = factories.make_enrollment(state="accepted")
    drafted = [factories.put_draft(enrollment) for _ in range(4)]
    return enrollment, [placements.request(placement, by=PORTAL) for placement in drafted]


def test_a_trainee_is_never_in_two_places_even_without_the_locks(slow_check, without_locks):
    """Behind the locks stands the exclusion constraint."""
    enrollment, asked = _requests_for_one_trainee()
    race(*map(_confirm, asked))
    assert Placement.objects.taking_seats().filter(trainee=enrollment.trainee).count() == 1


def test_a_trainee_confirmed_twice_at_once_is_told_in_words(slow_check):
    enrollment, asked = _requests_for_one_trainee()
    outcomes = race(*map(_confirm, asked))
    assert Placement.objects.taking_seats().filter(trainee=enrollment.trainee).count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 3


@pytest.fixture
def slow_save(monkeypatch):
    """Widen the gap between deciding and writing."""
    for model in (Placement, Enrollment, Certificate):
        monkeypatch.setattr(model, "save", meet_before(model.save))


def _draft_the_same_days_at_once():
    enrollment, department = factories.make_enrollment(state="accepted"), factories.make_department()

    def draft():
        fresh = type(enrollment).objects.get(pk=enrollment.pk)
        return placements.draft(fresh, department, factories.MONDAY, factories.FRIDAY, by=PORTAL)

    return race(*[draft] * 4)


def test_of_drafts_for_the_same_days_made_at_once_one_stands(slow_save):
    outcomes = _draft_the_same_days_at_once()
    assert Placement.objects.count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 3


def test_without_the_locks_several_drafts_for_the_same_days_stand(slow_save, without_locks):
    _draft_the_same_days_at_once()
    assert Placement.objects.count() > 1


def _two_cohorts_ask_for_one_seat():
    department = factories.make_department(seats=1)
    people = [factories.make_enrollment(state="accepted") for _ in range(2)]
    for person in people:
        factories.make_placement(enrollment=person, department=department)

    def send(cohort):
        return lambda: requests.request_all(type(cohort).objects.get(pk=cohort.pk), by=PORTAL)

    return race(*(send(person.cohort) for person in people))


def test_one_seat_is_asked_for_once_when_two_cohorts_send_their_requests_at_once(slow_save):
    outcomes = _two_cohorts_ask_for_one_seat()
    assert Placement.objects.filter(state="requested").count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1


def test_without_the_locks_one_seat_is_asked_for_twice(slow_save, without_locks):
    _two_cohorts_ask_for_one_seat()
    assert Placement.objects.filter(state="requested").count() == 2


def _accept_all_at_once_for_one_seat():
    cohort = factories.make_cohort(state="nominating", seats=1)
    waiting = [factories.make_enrollment(cohort=cohort) for _ in range(THREADS)]

    def accept(enrollment):
        return lambda: enrollments.accept(type(enrollment).objects.get(pk=enrollment.pk), by=PORTAL)

    return cohort, race(*map(accept, waiting))


def test_the_last_seat_of_a_cohort_is_given_once(slow_save):
    cohort, outcomes = _accept_all_at_once_for_one_seat()
    assert cohort.enrollments.taking_part().count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == THREADS - 1


def test_without_the_locks_the_last_seat_of_a_cohort_is_given_more_than_once(slow_save, without_locks):
    cohort, _outcomes = _accept_all_at_once_for_one_seat()
    assert cohort.enrollments.taking_part().count() > 1


@pytest.fixture
def slow_offer(monkeypatch):
    """Widen the gap between looking who is first on the reserve list and offering the seat."""
    monkeypatch.setattr(Offer, "save", meet_before(Offer.save))


def _two_withdraw_at_once():
    cohort = factories.make_cohort(state="nominating")
    leaving = [factories.make_enrollment(cohort=cohort, state="accepted") for _ in range(2)]
    waiting = [factories.make_enrollment(cohort=cohort, state="reserve") for _ in range(2)]

    def withdraw(enrollment):
        return lambda: enrollments.withdraw(Enrollment.objects.get(pk=enrollment.pk), by=PORTAL, reason="ill")

    return waiting, race(*map(withdraw, leaving))


def test_two_seats_that_become_free_at_once_are_offered_to_two_people(slow_offer):
    waiting, _outcomes = _two_withdraw_at_once()
    offered = Offer.objects.values_list("enrollment", flat=True)
    assert sorted(offered) == sorted(enrollment.pk for enrollment in waiting)


def test_without_the_locks_both_seats_go_to_the_first_on_the_list(slow_offer, without_locks):
    """One open offer a person is held by the database: the second withdrawal fails instead of finding the next."""
    waiting, outcomes = _two_withdraw_at_once()
    assert list(Offer.objects.values_list("enrollment", flat=True)) == [waiting[0].pk]
    assert sum(isinstance(outcome, Error) for outcome in outcomes) == 1


def _approved(count):
    manager = factories.make_user(Role.MANAGER)
    cohort = factories.make_cohort(state="nominating")
    found = []
    for _ in range(count):
        enrollment = factories.make_enrollment(cohort=cohort, state="completed")
        found.append(factories.make_certificate(enrollment=enrollment, state="approved", approver=manager))
    return found


@pytest.fixture
def nine_of_which_three_fail(monkeypatch):
    """Nine approved certificates as jobs that issue them; every third has a name that cannot be printed."""
    waiting = _approved(9)
    unlucky = {certificate.enrollment.trainee.passport_name for certificate in waiting[::3]}

    def sealed(printed):
        if printed["name"] in unlucky:
            raise NotNow("☃")
        return b"%PDF-1.7 " + printed["number"].encode()

    monkeypatch.setattr(paper, "sealed", sealed)

    def issue(certificate):
        def job():
            with clock.at(date(2026, 12, 1)):
                return certificates.issue(Certificate.objects.get(pk=certificate.pk), by=PORTAL)

        return job

    return [issue(certificate) for certificate in waiting]


def _issued_serials():
    return list(
        Certificate.objects.filter(state="issued").order_by("serial").values_list("serial", flat=True)
    )


def test_numbers_have_no_gap_and_no_twin_when_a_third_fail_in_rendering(nine_of_which_three_fail):
    race(*nine_of_which_three_fail)
    assert _issued_serials() == [1, 2, 3, 4, 5, 6]
    assert Certificate.objects.get(serial=6).number == "GG-2026-0006"
    assert CertificateCounter.objects.get(year=2026).last == 6


def test_with_a_sequence_in_place_of_the_counter_the_failures_leave_gaps(
    nine_of_which_three_fail, monkeypatch
):
    sequence = count(1)
    monkeypatch.setattr(CertificateCounter, "take", lambda year: next(sequence))
    for job in nine_of_which_three_fail:
        with contextlib.suppress(NotNow):
            job()
    assert _issued_serials() == [2, 3, 5, 6, 8, 9]


@pytest.fixture
def plain_paper(monkeypatch):
    """The first seal of a process loads a library, which may take longer than others wait for a lock."""
    monkeypatch.setattr(paper, "sealed", lambda printed: b"%PDF-1.7 " + printed["number"].encode())


def _issue_twice_at_once():
    (certificate,) = _approved(1)

    def issue():
        return certificates.issue(Certificate.objects.get(pk=certificate.pk), by=PORTAL)

    return race(issue, issue)


def test_a_double_click_on_issue_makes_one_number(slow_save, plain_paper):
    outcomes = _issue_twice_at_once()
    assert CertificateCounter.objects.get().last == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1


def test_without_the_lock_a_double_click_takes_two_numbers(slow_save, plain_paper, without_locks):
    _issue_twice_at_once()
    assert CertificateCounter.objects.get().last == 2


ATTEMPTS = 200


def _attempt_in_rounds(seats):
    """Two hundred confirmations of requests for the same seats, twenty at a time; their outcomes."""
    department = factories.make_department(seats=seats)
    cohort = factories.make_cohort(state="nominating")
    asked = [
        factories.make_placement(
            enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
            department=department,
            state="requested",
        )
        for _ in range(20)
    ]
    outcomes = []
    for _round in range(ATTEMPTS // len(asked)):
        outcomes += race(*map(_confirm, asked))
    return Placement.objects.taking_seats().filter(department=department).count(), outcomes


def test_two_hundred_attempts_on_two_seats_fill_two_and_every_other_is_told_in_words():
    taken, outcomes = _attempt_in_rounds(seats=2)
    assert taken == 2
    assert len(outcomes) == ATTEMPTS
    assert sum(isinstance(outcome, Placement) for outcome in outcomes) == 2
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == ATTEMPTS - 2


def test_without_the_locks_the_same_attempts_overbook(slow_check, without_locks):
    taken, _outcomes = _attempt_in_rounds(seats=2)
    assert taken > 2


def _two_swaps_the_other_way_round():
    """The same two drafts are swapped by two people at once, each beginning with another of them."""
    cohort = factories.make_cohort(state="nominating")
    one, two = (
        factories.make_placement(enrollment=factories.make_enrollment(cohort=cohort, state="accepted"))
        for _ in range(2)
    )

    def swap(first, second):
        return lambda: drafts.swap(
            Placement.objects.get(pk=first.pk), Placement.objects.get(pk=second.pk), by=PORTAL
        )

    before = one.department_id, two.department_id
    outcomes = race(swap(one, two), swap(two, one))
    after = tuple(Placement.objects.order_by("pk").values_list("department", flat=True))
    return before, after, outcomes


def test_two_swaps_at_once_are_done_one_after_the_other_and_never_lock_each_other_out(slow_save):
    before, after, outcomes = _two_swaps_the_other_way_round()
    assert [type(outcome) for outcome in outcomes] == [list, list]  # the pair each has swapped, and no error
    assert after == before


def test_without_the_locks_both_swaps_read_the_same_places(slow_save, without_locks):
    before, after, _outcomes = _two_swaps_the_other_way_round()
    assert after == before[::-1]


def test_a_double_click_on_move_is_one_move_after_the_other_and_no_error(slow_save):
    drafted, department = factories.make_placement(), factories.make_department()

    def move():
        fresh = Placement.objects.get(pk=drafted.pk)
        days = {"first_day": fresh.first_day, "last_day": fresh.last_day}
        return drafts.move(fresh, by=PORTAL, department=department, **days)

    outcomes = race(move, move)
    assert [outcome.department_id for outcome in outcomes] == [department.pk] * 2
