"""Two people at one placement at the same moment, each race with its negative control (see test_races)."""

import pytest
from django.db.models.query import QuerySet
from django.test import Client
from django.urls import reverse

from portal.mail.models import OutgoingMail
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import answer_links
from programs.models import Enrollment, Placement, Release
from programs.workflow import enrollments, placements, releases
from tests import factories
from tests.threads import meet_before, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def slow_save(monkeypatch):
    """Widen the gap between deciding and writing."""
    for model in (Placement, Enrollment, Release):
        monkeypatch.setattr(model, "save", meet_before(model.save))


@pytest.fixture
def without_locks(monkeypatch):
    """The negative control: every row lock asked for is not taken."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)


def fresh(placement):
    return Placement.objects.get(pk=placement.pk)


def _two_coordinators_answer():
    """One accepts and one declines, each by their own link and over HTTP."""
    placement = factories.make_placement(state="requested")
    cohort, hospital = placement.enrollment.cohort, placement.department.hospital
    prefix = f"p{placement.pk}"
    answers = (
        {f"{prefix}-answer": "accept"},
        {f"{prefix}-answer": "decline", f"{prefix}-reason": "Theatre closed"},
    )

    def send(data, coordinator):
        address = reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])
        return lambda: Client().post(address, data, follow=True)

    pages = race(*(send(data, factories.make_coordinator(hospital)) for data in answers))
    verbs = Event.objects.about(placement).filter(verb__in=["confirm", "decline"]).count()
    return pages, verbs, fresh(placement)


def test_of_two_coordinators_who_answer_at_once_one_is_told_the_other_s_answer_stands(slow_save):
    pages, verbs, placement = _two_coordinators_answer()
    assert verbs == 1
    assert [page.status_code for page in pages] == [200, 200]
    said = [page.content.decode() for page in pages]
    assert sum("1 answer is sent. Thank you." in page for page in said) == 1
    assert sum("had been answered before" in page for page in said) == 1
    assert placement.state in ("confirmed", "declined")
    assert bool(placement.decline_reason) == (placement.state == "declined")


def test_without_the_locks_both_answers_are_taken(slow_save, without_locks):
    _pages, verbs, _placement = _two_coordinators_answer()
    assert verbs == 2


def _withdrawn_while_the_hospital_accepts():
    placement = factories.make_placement(state="requested")
    enrollment = placement.enrollment

    def withdraw():
        return enrollments.withdraw(Enrollment.objects.get(pk=enrollment.pk), by=PORTAL, reason="ill")

    outcomes = race(lambda: placements.confirm(fresh(placement), by=PORTAL), withdraw)
    return outcomes, fresh(placement), Enrollment.objects.get(pk=enrollment.pk)


def test_who_is_withdrawn_while_the_hospital_accepts_has_no_seat(slow_save):
    outcomes, placement, enrollment = _withdrawn_while_the_hospital_accepts()
    assert (placement.state, enrollment.state) == ("cancelled", "withdrawn")
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(outcome, NotNow) for outcome in refused)
    verbs = list(Event.objects.about(placement).order_by("pk").values_list("verb", flat=True))
    assert verbs.count("cancel") == 1
    assert verbs[-1] == "cancel"


def test_without_the_locks_who_was_withdrawn_keeps_a_seat_or_both_go_through(slow_save, without_locks):
    outcomes, placement, _enrollment = _withdrawn_while_the_hospital_accepts()
    verbs = set(Event.objects.about(placement).values_list("verb", flat=True))
    assert {"cancel", "confirm"} <= verbs
    assert not any(isinstance(outcome, NotNow) for outcome in outcomes)
    confirm, cancel = (Event.objects.about(placement).get(verb=verb).source for verb in ("confirm", "cancel"))
    assert (confirm, cancel) == ("requested", "requested")  # neither saw the other


def _released_twice_at_once():
    placement = factories.make_placement(state="confirmed")
    cohort = placement.enrollment.cohort

    def release():
        return releases.release(type(cohort).objects.get(pk=cohort.pk), "placements", by=PORTAL)

    return race(release, release)


def test_a_plan_that_two_give_out_at_once_is_one_release_and_one_mail(slow_save):
    outcomes = _released_twice_at_once()
    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
    assert Release.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="release_trainee").count() == 1


def test_without_the_locks_the_constraint_refuses_the_second_release_without_words(slow_save, without_locks):
    outcomes = _released_twice_at_once()
    assert Release.objects.count() == 1
    assert not any(isinstance(outcome, NotNow) for outcome in outcomes)


def test_a_double_click_sends_one_answer_one_line_of_the_trail_and_one_digest(slow_save):
    cohort = factories.make_cohort(state="nominating", lead_officer=factories.make_user())
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    placement = factories.make_placement(enrollment=enrollment, state="requested")
    coordinator = factories.make_coordinator(placement.department.hospital)
    address = reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])
    race(*[lambda: Client().post(address, {f"p{placement.pk}-answer": "accept"})] * 4)
    assert Event.objects.about(placement).filter(verb="confirm").count() == 1
    assert OutgoingMail.objects.filter(kind="placement_answered").count() == 1
