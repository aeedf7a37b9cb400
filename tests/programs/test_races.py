"""Threads against real PostgreSQL: seats, two places at once, the cohort's last seat, certificate numbers.

Each race has a negative control: with the lock taken out, the same threads break the rule, so the test can fail.
"""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.db.models.query import QuerySet

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import NotNow
from programs import rules
from programs.models import Certificate, CertificateCounter, Placement
from programs.workflow import certificates, enrollments, placements, requests
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

THREADS = 8


def race(*jobs):
    """Run the jobs at the same moment, each in its own thread and connection; returns what each raised or returned."""
    start = threading.Barrier(len(jobs))
    outcomes = [None] * len(jobs)

    def run(index, job):
        try:
            start.wait(10)
            outcomes[index] = job()
        except (ValidationError, Error) as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, job)) for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.fixture
def slow_check(monkeypatch):
    """Widen the gap between looking and writing, in which a race is lost."""
    looked = threading.Event()
    real = rules.broken

    def slowly(*args, **kwargs):
        found = real(*args, **kwargs)
        looked.wait(0.2)
        return found

    monkeypatch.setattr(rules, "broken", slowly)


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


def test_of_drafts_for_the_same_days_made_at_once_one_stands():
    enrollment, department = factories.make_enrollment(state="accepted"), factories.make_department()

    def draft():
        fresh = type(enrollment).objects.get(pk=enrollment.pk)
        return placements.draft(fresh, department, factories.MONDAY, factories.FRIDAY, by=PORTAL)

    outcomes = race(*[draft] * 4)
    assert Placement.objects.count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 3


def test_one_seat_is_asked_for_once_when_two_cohorts_send_their_requests_at_once():
    department = factories.make_department(seats=1)
    people = [factories.make_enrollment(state="accepted") for _ in range(2)]
    for person in people:
        factories.make_placement(enrollment=person, department=department)

    def send(cohort):
        return lambda: requests.request_all(type(cohort).objects.get(pk=cohort.pk), by=PORTAL)

    outcomes = race(*(send(person.cohort) for person in people))
    assert Placement.objects.filter(state="requested").count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1


def test_the_last_seat_of_a_cohort_is_given_once():
    cohort = factories.make_cohort(state="nominating", seats=1)
    waiting = [factories.make_enrollment(cohort=cohort) for _ in range(THREADS)]

    def accept(enrollment):
        return lambda: enrollments.accept(type(enrollment).objects.get(pk=enrollment.pk), by=PORTAL)

    outcomes = race(*map(accept, waiting))
    assert cohort.enrollments.taking_part().count() == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == THREADS - 1


def _approved(count):
    manager = factories.make_user(Role.MANAGER)
    cohort = factories.make_cohort(state="nominating")
    found = []
    for _ in range(count):
        enrollment = factories.make_enrollment(cohort=cohort, state="completed")
        found.append(factories.make_certificate(enrollment=enrollment, state="approved", approver=manager))
    return found


def test_numbers_have_no_gap_and_no_twin_when_a_third_fail_in_rendering(monkeypatch):
    waiting = _approved(9)
    failing = {certificate.pk for certificate in waiting[::3]}
    monkeypatch.setattr(certificates, "_content", lambda printed: printed)
    real = certificates.pdf.render

    def render(printed):
        if printed["name"] in unlucky:
            raise certificates.pdf.MissingGlyph("☃")
        return b"%PDF-1.7 " + printed["number"].encode()

    unlucky = {c.enrollment.trainee.passport_name for c in waiting if c.pk in failing}
    monkeypatch.setattr(certificates.pdf, "render", render)
    assert real is not render

    def issue(certificate):
        def job():
            with clock.at(date(2026, 12, 1)):
                return certificates.issue(Certificate.objects.get(pk=certificate.pk), by=PORTAL)

        return job

    race(*map(issue, waiting))
    issued = Certificate.objects.filter(state="issued").order_by("serial")
    assert [certificate.number for certificate in issued] == [f"GG-2026-{n:04d}" for n in range(1, 7)]
    assert CertificateCounter.objects.get(year=2026).last == 6


def test_a_double_click_on_issue_makes_one_number():
    (certificate,) = _approved(1)

    def issue():
        return certificates.issue(Certificate.objects.get(pk=certificate.pk), by=PORTAL)

    outcomes = race(issue, issue)
    assert CertificateCounter.objects.get().last == 1
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
