"""Two at once over the file of a session and of its copies. Each has a negative control: the same without the lock."""

import threading

import pytest
from django.db import IntegrityError
from django.db.models.query import QuerySet

from portal.records.models import PrivateFile
from portal.records.uploads import Upload
from programs import handouts
from programs.models import SessionFile
from programs.workflow import cohort_copies, session_files
from tests import factories
from tests.threads import PATIENCE, at_once, meet_after, step_back

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def without_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)


@pytest.fixture
def officer():
    return factories.make_user()


@pytest.fixture
def attached(officer):
    session = factories.make_talk(factories.make_cohort(state="nominating"), released=False)
    upload = Upload(b"%PDF-1.7", "reading.pdf", "application/pdf")
    return session_files.attach(session, by=officer, upload=upload)


def copied(attached, officer):
    cohort = attached.session.cohort
    facts = {"name": "Next", "code": "NEXT-1", "starts": cohort.starts}
    return cohort_copies.copy(cohort, by=officer, parts=["sessions"], **facts)


def copied_and_taken_out(monkeypatch, attached, officer):
    """What the files that are left hold, after a copy that takes its time and a file taken out meanwhile."""
    real, copying = handouts.share, threading.Event()

    def slow(pairs):
        real(pairs)
        copying.set()
        step_back()

    def take_out():
        copying.wait(PATIENCE)
        session_files.take_out(attached, by=officer)

    monkeypatch.setattr(handouts, "share", slow)
    at_once(lambda: copied(attached, officer), take_out)
    return [one.file.read() for one in SessionFile.objects.select_related("file")]


def test_a_file_taken_out_while_its_session_is_copied_stays_with_the_copy(monkeypatch, attached, officer):
    assert copied_and_taken_out(monkeypatch, attached, officer) == [b"%PDF-1.7"]


def test_without_the_lock_the_copy_fails(monkeypatch, attached, officer, without_locks):
    with pytest.raises(IntegrityError):
        copied_and_taken_out(monkeypatch, attached, officer)


def both_taken_out(monkeypatch, attached, officer):
    """How many files are stored, after two cohorts have let go of the same one at once."""
    copied(attached, officer)
    look = meet_after(QuerySet.exists)
    is_left = QuerySet.exists
    monkeypatch.setattr(
        QuerySet, "exists", lambda rows: (look if rows.model is SessionFile else is_left)(rows)
    )
    one, other = SessionFile.objects.all()
    at_once(
        lambda: session_files.take_out(one, by=officer), lambda: session_files.take_out(other, by=officer)
    )
    return PrivateFile.objects.count()


def test_the_bytes_go_where_two_cohorts_let_go_of_them_at_once(monkeypatch, attached, officer):
    assert both_taken_out(monkeypatch, attached, officer) == 0


def test_without_the_lock_bytes_are_left_that_nobody_has(monkeypatch, attached, officer, without_locks):
    assert both_taken_out(monkeypatch, attached, officer) == 1
