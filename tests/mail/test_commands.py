import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import call_command

from portal.mail import delivery, states, tasks
from portal.mail.health import outbox_health
from portal.records import clock

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_draining_once_sends_what_is_due_without_any_broker(put):
    put(key="1")
    put(key="2")
    put(key="later", due=clock.now() + timedelta(days=1))
    assert run("drain_outbox", "--once") == "2 mails taken up.\n"
    assert len(django_mail.outbox) == 2


def test_looping_goes_on_until_interrupted(put, monkeypatch):
    looks = []

    def look():
        looks.append(1)
        if len(looks) == 3:
            raise KeyboardInterrupt
        return 1

    monkeypatch.setattr(delivery, "sweep", look)
    monkeypatch.setattr("portal.mail.management.commands.drain_outbox.time.sleep", lambda seconds: None)
    monkeypatch.setattr("portal.mail.management.commands.drain_outbox.close_old_connections", lambda: None)
    assert run("drain_outbox", "--loop").splitlines() == [
        "1 mails taken up.",
        "1 mails taken up.",
        "Stopped.",
    ]


def test_the_tasks_do_the_same(put):
    first = put(key="1")
    tasks.deliver()
    second = put(key="2")
    tasks.sweep()
    for mail in (first, second):
        mail.refresh_from_db()
        assert mail.state == "sent"


def test_health_tells_what_waits_and_what_needs_a_person(put, person, django_assert_num_queries):
    put(key="waits", due=clock.now() - timedelta(minutes=5))
    put(key="waits less", due=clock.now() - timedelta(minutes=1))
    put(key="not due", due=clock.now() + timedelta(days=1))
    put(key="doubt")
    states._rows().filter(key="doubt").update(state="uncertain")
    person.email = ""
    put(key="no address", to=person)
    with django_assert_num_queries(2):
        health = outbox_health()
    assert health == {
        "oldest_due_seconds": 300,
        "due": 2,
        "queued": 3,
        "sending": 0,
        "failed": 1,
        "uncertain": 1,
        "last_sweep": None,
    }


def test_health_knows_the_last_sweep():
    delivery.sweep()
    assert outbox_health()["last_sweep"] is not None
    assert outbox_health()["oldest_due_seconds"] == 0


def test_the_report_counts_by_kind(put):
    put()
    put("vital")
    delivery.drain()
    put(key="another")
    report = json.loads(run("outbox_report", "--json"))
    assert report["kinds"] == {"note": {"queued": 1, "sent": 1}, "vital": {"sent": 1}}
    assert report["due"] == 1
    assert report["states"] == {"queued": 1, "sent": 2}
    assert report["needing_a_person"] == []
    assert "note: 1 queued, 1 sent" in run("outbox_report").splitlines()


def test_the_report_lists_what_needs_a_person_without_naming_anybody(put):
    mail = put("broken")
    delivery.drain()
    mail.refresh_from_db()
    text = run("outbox_report", "--json")
    [row] = json.loads(text)["needing_a_person"]
    assert (row["pk"], row["kind"], row["state"], row["trouble"]) == (mail.pk, "broken", "failed", "text")
    assert row["last_error"] == mail.last_error
    assert "bat@example.mn" not in text
    assert f"#{mail.pk} broken: failed, text, {mail.last_error}" in run("outbox_report").splitlines()


def test_a_sweep_with_nothing_to_do_asks_two_queries(put, django_assert_num_queries):
    put(due=clock.now() + timedelta(days=1))
    delivery.sweep()
    with django_assert_num_queries(2):
        assert delivery.sweep() == 0
