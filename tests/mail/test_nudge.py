import socket
import time

import pytest
from django.db import connection, transaction

from portal.celery import app
from portal.mail import nudge, outbox
from portal.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker_at(monkeypatch):
    """Point Celery to another port of this machine."""

    def point(port):
        monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")

    return point


@pytest.fixture
def frozen_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def seconds_to_put(person, count=1):
    started = time.monotonic()
    with transaction.atomic():
        for number in range(count):
            outbox.put("note", to=person, about=person, key=f"note:{number}")
    return time.monotonic() - started


def test_with_a_dead_broker_the_click_is_answered(person, broker_at, unused_tcp_port, caplog):
    broker_at(unused_tcp_port)
    assert seconds_to_put(person) < 2
    assert OutgoingMail.objects.get().state == "queued"
    assert "The broker took no nudge" in caplog.text


def test_with_a_frozen_broker_the_click_is_answered(person, broker_at, frozen_port, caplog):
    broker_at(frozen_port)
    assert seconds_to_put(person, count=20) < 2
    assert OutgoingMail.objects.count() == 20
    assert "The broker took no nudge" in caplog.text


def test_after_a_failure_the_broker_is_left_alone_for_a_while(person, broker_at, frozen_port):
    broker_at(frozen_port)
    seconds_to_put(person)
    started = time.monotonic()
    nudge.nudge()
    assert time.monotonic() - started < 0.1


def test_one_transaction_nudges_once(person, monkeypatch):
    published = []
    monkeypatch.setattr(nudge, "_publish", lambda _task: published.append(1))
    seconds_to_put(person, count=3)
    assert published == [1]


def test_a_savepoint_rolled_back_does_not_take_the_nudge_of_another_along(person, monkeypatch):
    published = []
    monkeypatch.setattr(nudge, "_publish", lambda _task: published.append(1))
    with transaction.atomic():
        with transaction.atomic():
            outbox.put("note", to=person, about=person, key="first")
            transaction.set_rollback(True)
        outbox.put("note", to=person, about=person, key="second")
    assert published == [1]
    assert not connection.run_on_commit
