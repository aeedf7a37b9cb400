"""Two officers, or one with two clicks, confirm a ministry's list at the same moment."""

import pytest
from django.urls import reverse

from participants.models import Trainee
from portal.accounts.roles import Role
from portal.records import transitions
from portal.records.imports import workflow
from programs.imports import NominationImport
from programs.models import Enrollment
from tests import factories
from tests.threads import at_once, meet_after, posting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = "Name,Birth date,Institution\nAnu Bat,1985-02-28,First National Hospital\n"


@pytest.fixture
def slowly(monkeypatch):
    """Whoever writes takes a while between looking and writing."""
    monkeypatch.setattr(NominationImport, "assess", meet_after(NominationImport.assess))


def lists(number):
    factories.make_institution("First National Hospital")
    cohort = factories.make_cohort(state="nominating")
    return [factories.make_import(NominationImport, TEXT, parent=cohort) for _copy in range(number)]


def both_confirm(*batches):
    officer = factories.make_user(Role.OFFICER)
    addresses = [reverse("records:importbatch-write", args=[batch.pk]) for batch in batches]
    return at_once(*(posting(officer, address, {}) for address in addresses))


def test_two_who_confirm_one_list_bring_its_people_in_once(slowly):
    [batch] = lists(1)
    assert both_confirm(batch, batch) == [302, 302]
    assert (Trainee.objects.count(), Enrollment.objects.count()) == (1, 1)


def test_the_same_list_sent_twice_and_confirmed_at_one_moment_brings_them_in_once(slowly):
    both_confirm(*lists(2))
    assert (Trainee.objects.count(), Enrollment.objects.count()) == (1, 1)


def test_without_the_locks_they_would_come_in_twice(slowly, monkeypatch):
    """The negative control: what the two tests above prove is the locks' work."""
    monkeypatch.setattr(transitions, "_lock", lambda obj: obj.refresh_from_db())
    monkeypatch.setattr(workflow, "_one_at_a_time", lambda kind: None)
    monkeypatch.setattr(NominationImport, "lock", lambda self, rows: None)
    both_confirm(*lists(2))
    assert Trainee.objects.count() == 2
