"""The daily round: what it costs, and two rounds at the same moment."""

from datetime import date

import pytest
from django.db.models.query import QuerySet

from participants.models import FollowUp
from participants.workflow import followups
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from tests import factories
from tests.threads import at_once, meet_before

DAY = date(2026, 10, 12)


def _round():
    with clock.at(DAY):
        return followups.due_work(say=lambda line: None)


def _due(count, *, months=1, ended_on=date(2026, 9, 10)):
    for _ in range(count):
        graduation = factories.make_graduation(completed=ended_on.isoformat())
        followups.plan(graduation, ended_on, [months])


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_round_with_nothing_left_to_do_costs_two_queries_however_many_are_open(
    count, django_assert_num_queries
):
    _due(count)
    assert _round() == count
    with django_assert_num_queries(2):
        assert _round() == 0


@pytest.mark.django_db
def test_with_nobody_waiting_a_round_costs_one_query(django_assert_num_queries):
    _due(3, months=12)
    with django_assert_num_queries(1):
        assert _round() == 0


@pytest.mark.django_db
def test_a_graduate_who_answers_while_the_round_runs_is_not_asked_again(monkeypatch):
    _due(1)
    followup = FollowUp.objects.get()
    real = followups._with_something_to_do

    def answered_meanwhile(rows):
        waiting = real(rows)
        opened = followups.open_followup(FollowUp.objects.get(pk=followup.pk), by=PORTAL)
        followups.answer(opened, by=PORTAL, applied="The new suture")
        return waiting

    monkeypatch.setattr(followups, "_with_something_to_do", answered_meanwhile)
    assert _round() == 0
    assert (FollowUp.objects.get().state, OutgoingMail.objects.count()) == ("answered", 0)


@pytest.fixture
def slow_save(monkeypatch):
    """Widen the gap between deciding and writing."""
    monkeypatch.setattr(FollowUp, "save", meet_before(FollowUp.save))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_do_everything_once(slow_save):
    _due(2)
    assert sum(at_once(_round, _round)) == 2
    assert Event.objects.filter(verb="open_followup").count() == 2
    assert OutgoingMail.objects.count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_locks_two_rounds_open_a_follow_up_twice(slow_save, monkeypatch):
    _due(1)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    at_once(_round, _round)
    assert Event.objects.filter(verb="open_followup").count() == 2
