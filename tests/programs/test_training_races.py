"""Two at the same moment: over one line of attendance, one check-in, one evaluation, one trainee's own evaluation.

Each has a negative control: with the locks taken out, the same threads break the rule, so the test can fail.
"""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models.query import QuerySet

from portal.records import clock
from portal.records.actors import System
from portal.records.models import Event
from programs import ticking
from programs.models import Attendance, Evaluation, ProgramFeedback
from programs.workflow import attendance, check_ins, evaluations, feedback
from tests import factories
from tests.threads import at_once, meet_before

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MARKS = dict.fromkeys(Evaluation.MARKS, 4)


@pytest.fixture
def without_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)


@pytest.fixture
def slow(monkeypatch):
    """Widen the gap between looking and writing: each function is called after the one and before the other."""
    for module, name in [
        (attendance, "_refuse"),
        (check_ins, "day_of"),
        (evaluations.outbox, "cancel_about"),
    ]:
        monkeypatch.setattr(module, name, meet_before(getattr(module, name)))


def said(job):
    """A job whose refusal, or the database's, is its answer; a thread has no clock but the one it is given."""
    moment = clock.now()

    def run():
        try:
            with clock.at(moment):
                job()
        except (ValidationError, IntegrityError) as error:
            return type(error).__name__
        return "kept"

    return run


@pytest.fixture
def there(october):
    """A trainee in a department, and a session on the same day that has just begun."""
    cohort = factories.make_cohort(state="placing")
    person = factories.make_trainee("Bolormaa Dorj", user=True)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    hospital = factories.make_hospital()
    placement = factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=hospital), state="confirmed"
    )
    session = factories.make_session(cohort, hospital=hospital)
    with clock.at(session.starts_at):
        yield placement, session


def noting(by, status, *, what):
    """A job that ticks this status for everybody at a session, or for who is in a department."""

    def run():
        sheet = ticking.sheet_of(by, factories.MONDAY)
        lines = [line for line in sheet.lines if getattr(line.unit, what)]
        for line in lines:
            line.status, line.reason = status, "unwell" if status == "excused" else ""
        attendance.note(sheet.day, lines, by=by)

    return said(run)


def two_lists(there):
    placement, _session = there
    coordinator = factories.make_coordinator(placement.department.hospital).user
    return at_once(
        noting(coordinator, "present", what="placement"),
        noting(factories.make_user(), "excused", what="placement"),
    )


def test_of_two_who_note_a_day_at_once_the_second_is_told_what_the_first_did(there, slow):
    assert sorted(two_lists(there)) == ["NotNow", "kept"]
    assert Attendance.objects.count() == 1


def test_without_the_locks_the_second_runs_into_the_database(there, slow, without_locks):
    assert sorted(two_lists(there)) == ["IntegrityError", "kept"]


def in_the_room_and_on_the_list(there):
    placement, session = there
    opened = factories.make_check_in(session)
    user = placement.trainee.user
    return at_once(
        said(lambda: check_ins.check_in(opened, by=user)),
        noting(factories.make_user(), "absent", what="session"),
    )


def test_who_checks_in_while_they_are_noted_as_absent_is_one_or_the_other(there, slow):
    assert sorted(in_the_room_and_on_the_list(there)) == ["NotNow", "kept"]
    assert Attendance.objects.filter(session__isnull=False).count() == 1


def test_without_the_locks_both_write_the_same_line(there, slow, without_locks):
    assert sorted(in_the_room_and_on_the_list(there)) == ["IntegrityError", "kept"]


def double_click(there):
    """The same link sent twice; what each found, by the trail."""
    placement, _session = there
    evaluation = factories.make_evaluation(placement)

    def send(who):
        row = Evaluation.objects.get(pk=evaluation.pk)
        return said(lambda: evaluations.answer(row, by=System(who), who=who, channel="link", **MARKS))

    assert at_once(send("Prof. Kwon"), send("Dr. Seo")) == ["kept", "kept"]
    return sorted(Event.objects.about(evaluation).filter(verb="answer").values_list("source", flat=True))


def test_an_evaluation_sent_twice_is_an_answer_and_its_correction(there, slow):
    assert double_click(there) == ["answered", "open"]


def test_without_the_locks_both_believe_to_be_the_first(there, slow, without_locks):
    assert double_click(there) == ["open", "open"]


def two_tabs(there, monkeypatch):
    placement, _session = there
    enrollment = placement.enrollment
    monkeypatch.setattr(ProgramFeedback.objects, "create", meet_before(ProgramFeedback.objects.create))
    program = dict.fromkeys(ProgramFeedback.MARKS, 5)

    def send():
        feedback.give(enrollment, by=placement.trainee.user, program=program, hospitals={}, objectives={})

    with clock.at(factories.FRIDAY):
        return at_once(said(send), said(send))


def test_what_a_trainee_says_twice_at_once_is_kept_once(there, monkeypatch):
    assert sorted(two_tabs(there, monkeypatch)) == ["NotNow", "kept"]


def test_without_the_lock_the_second_word_runs_into_the_database(there, monkeypatch, without_locks):
    assert sorted(two_tabs(there, monkeypatch)) == ["IntegrityError", "kept"]
