"""Two people, or one with two clicks, write at the same moment."""

import threading

import pytest
from django.urls import reverse

from partners.imports import MouImport
from partners.models import Mou
from portal.records import transitions
from portal.records.imports import workflow
from portal.records.imports.models import ImportBatch
from portal.records.models import Event
from tests import factories
from tests.threads import at_once, meet_after, posting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = "Gyeonggi side,Partner side,Signed\nGyeonggi Province,First National Hospital,2022-06\n"


@pytest.fixture
def slowly(monkeypatch):
    """Whoever writes takes a while between looking and writing."""
    monkeypatch.setattr(MouImport, "assess", meet_after(MouImport.assess))


def both_write(*batches):
    officer = factories.make_user()
    return at_once(
        *(posting(officer, reverse("records:importbatch-write", args=[batch.pk]), {}) for batch in batches)
    )


def test_two_clicks_at_one_moment_write_once(slowly):
    factories.make_institution()
    batch = factories.make_import(MouImport, TEXT)
    assert both_write(batch, batch) == [302, 302]
    assert Mou.objects.count() == 1


def test_two_files_with_the_same_new_record_make_it_once(slowly):
    factories.make_institution()
    batches = [factories.make_import(MouImport, TEXT) for _copy in range(2)]
    both_write(*batches)
    assert Mou.objects.count() == 1
    assert sorted(ImportBatch.objects.values_list("state", flat=True)) == ["checked", "written"]


@pytest.fixture
def together(monkeypatch):
    """Whoever begins a check has read the batch before anybody else has changed it."""
    begin, meeting = workflow.begin_check, threading.Barrier(2)

    def begin_check(batch, **said):
        meeting.wait(10)
        return begin(batch, **said)

    begin_check.verb = begin.verb
    monkeypatch.setattr(workflow, "begin_check", begin_check)


@pytest.mark.parametrize("screen", ["check", "columns"])
def test_of_two_clicks_on_check_one_checks_and_the_other_is_told(screen, request):
    factories.make_institution()
    batch = factories.make_import(MouImport, TEXT)
    request.getfixturevalue("together")
    columns = {f"column_{heading['place']}": heading["target"] for heading in batch.headings}
    click = posting(factories.make_user(), reverse(f"records:importbatch-{screen}", args=[batch.pk]), columns)
    assert at_once(click, click) == [302, 302]
    assert ImportBatch.objects.get().state == "checked"
    assert Event.objects.filter(verb="begin_check").count() == 2  # with the one after the upload


def test_without_the_locks_it_would_be_made_twice(slowly, monkeypatch):
    """The negative control: what the two tests above prove is the locks' work."""
    monkeypatch.setattr(transitions, "_lock", lambda obj: obj.refresh_from_db())
    monkeypatch.setattr(workflow, "_one_at_a_time", lambda kind: None)
    factories.make_institution()
    batches = [factories.make_import(MouImport, TEXT) for _copy in range(2)]
    both_write(*batches)
    assert Mou.objects.count() == 2
