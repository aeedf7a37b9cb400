"""Fifty certificates at the same moment, a third of which cannot be printed; also while the year turns in Seoul."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import Error, IntegrityError, OperationalError, transaction
from django.db.models import Max

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import NotNow
from programs import paper
from programs.models import Certificate, CertificateCounter
from programs.workflow import certificates
from tests import factories
from tests.threads import at_once, meet, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MANY = 50
DAY = datetime(2026, 12, 1, 3, tzinfo=UTC)
# In Seoul it is 23:59:59 on 31 December, and midnight a second later; in London the old year goes on for both.
OLD_YEAR, NEW_YEAR = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)


@pytest.fixture
def waiting(monkeypatch):
    """Fifty approved certificates; every third has a name that cannot be printed."""
    cohort, manager = factories.make_cohort(state="nominating"), factories.make_user(Role.MANAGER)
    found = []
    for number in range(MANY):
        trainee = factories.make_trainee(f"{'Unlucky' if number % 3 == 2 else 'Lucky'} {number}")
        enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
        found.append(factories.make_certificate(enrollment=enrollment, state="approved", approver=manager))

    def sealed(printed):
        if printed["name"].startswith("Unlucky"):
            raise NotNow("☃")
        return b"%PDF-1.7 " + printed["number"].encode()

    monkeypatch.setattr(paper, "sealed", sealed)
    return [certificate.pk for certificate in found]


def _issue(pk, moment):
    """A job that issues one; whoever waited too long for the counter is told to try again, and does."""

    def job():
        with clock.at(moment):
            for _attempt in range(20):
                try:
                    return certificates.issue(Certificate.objects.get(pk=pk), by=PORTAL)
                except OperationalError:
                    continue
                except (NotNow, Error) as error:
                    return error
        return None

    return job


def _serials(year):
    return list(Certificate.objects.filter(year=year).order_by("serial").values_list("serial", flat=True))


def test_fifty_at_once_have_no_gap_and_no_twin(waiting):
    answers = at_once(*(_issue(pk, DAY) for pk in waiting))
    assert sum(isinstance(answer, NotNow) for answer in answers) == MANY // 3
    assert _serials(2026) == list(range(1, MANY - MANY // 3 + 1))
    assert CertificateCounter.objects.get(year=2026).last == MANY - MANY // 3


def test_across_midnight_in_seoul_each_year_counts_from_one_without_a_gap(waiting):
    moments = [OLD_YEAR if number % 2 else NEW_YEAR for number in range(MANY)]
    at_once(*(_issue(*pair) for pair in zip(waiting, moments, strict=True)))
    old, new = _serials(2026), _serials(2027)
    assert old == list(range(1, len(old) + 1))
    assert new == list(range(1, len(new) + 1))
    assert len(old) + len(new) == MANY - MANY // 3
    first = Certificate.objects.get(year=2027, serial=1)
    assert (first.number, str(first.issued_on)) == ("GG-2027-0001", "2027-01-01")


def _two_halves(waiting):
    """The fifty as two batches that two workers print at once, each beginning with the number that should be next."""
    return [
        Certificate.objects.filter(pk__in=half).select_related(*Certificate.verbs_read).order_by("pk")
        for half in (waiting[: MANY // 2], waiting[MANY // 2 :])
    ]


def _together(rows, moment=DAY):
    def job():
        with clock.at(moment), transaction.atomic():
            return certificates.issue_together(list(rows.select_for_update(of=("self",))), by=PORTAL)

    return job


def _meet_after_printing(monkeypatch):
    """Both workers have printed by the same next number before either of them locks the year."""
    take, begun = CertificateCounter.take, set()

    def taken(year, many=1):
        if threading.get_ident() not in begun:
            begun.add(threading.get_ident())
            meet()
        return take(year, many)

    monkeypatch.setattr(CertificateCounter, "take", taken)


def _numbers_in_files():
    rows = Certificate.objects.numbered().order_by("serial").select_related("file")
    return [(one.number, one.file.read()[9:].decode()) for one in rows]


def test_two_batches_at_once_have_no_gap_and_no_twin_and_each_paper_its_own_number(waiting, monkeypatch):
    _meet_after_printing(monkeypatch)
    refused = at_once(*(_together(rows) for rows in _two_halves(waiting)))
    assert sum(map(len, refused)) == MANY // 3
    assert _serials(2026) == list(range(1, MANY - MANY // 3 + 1))
    assert all(number == inside for number, inside in _numbers_in_files())


def test_a_batch_of_each_year_counts_from_one(waiting):
    old, new = _two_halves(waiting)
    at_once(_together(old, OLD_YEAR), _together(new, NEW_YEAR))
    for year in (2026, 2027):
        assert _serials(year) == list(range(1, len(_serials(year)) + 1))
    assert len(_serials(2026)) + len(_serials(2027)) == MANY - MANY // 3


def test_with_the_year_not_locked_two_batches_give_the_same_numbers(waiting, monkeypatch):
    """The negative control: both find that nobody has taken a number meanwhile, and the constraint stops the second."""
    take = CertificateCounter.take

    def unlocked(year, many=1):
        if many:
            return take(year, many)
        last = CertificateCounter.objects.filter(year=year).values_list("last", flat=True).first() or 0
        meet()
        return last

    monkeypatch.setattr(CertificateCounter, "take", unlocked)
    answers = race(*(_together(rows) for rows in _two_halves(waiting)))
    assert any(isinstance(answer, IntegrityError) for answer in answers)


def test_with_the_next_free_number_in_place_of_the_counter_there_are_twins(waiting, monkeypatch):
    """The negative control: what is read without a lock is given twice, and the constraint stops the second."""

    def naive(year):
        last = Certificate.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
        meet()
        return last + 1

    monkeypatch.setattr(CertificateCounter, "take", naive)
    answers = at_once(*(_issue(pk, DAY) for pk in waiting))
    assert any(isinstance(answer, IntegrityError) for answer in answers)


def test_with_the_year_of_another_zone_the_new_year_begins_too_late(waiting, monkeypatch):
    """The negative control of midnight: by the clock of London all of them are of the old year."""
    monkeypatch.setattr(certificates.clock, "today", lambda *zone: clock.now().astimezone(UTC).date())
    at_once(*(_issue(pk, NEW_YEAR) for pk in waiting[:6]))
    assert _serials(2027) == []
    assert _serials(2026) == [1, 2, 3, 4]
