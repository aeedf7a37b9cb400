"""Workers, database and broker are killed while mails leave. Nothing is lost, and nothing is sent twice unseen.

`pytest -m chaos` does it at length: 400 mails and 20 kills.
"""

import os
import random
import signal
import subprocess
import sys
import time

import kombu.pools
import pytest
from django.core.management import call_command

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.celery import app
from portal.mail import delivery, nudge, outbox, states
from portal.mail.models import OutgoingMail
from portal.records import clock
from tests.chaos.conftest import ROOT, eventually

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
SETTLED = {"sent", "failed", "uncertain", "cancelled"}


@pytest.fixture
def at_length(request):
    """Whether somebody asked for chaos by name."""
    return "chaos" in request.config.getoption("markexpr")


def settled(hands, patience):
    """Wait until every row is settled; the rows."""
    eventually(lambda: all(row.state in SETTLED for row in hands.rows()), patience=patience)
    return hands.rows()


def account_for(rows, server):
    """Every row is where it belongs, and what stands as sent was taken by the server."""
    for row in rows:
        taken = server.accepted[row.uuid]
        if row.number % 10 == 7:
            assert (row.state, taken) == ("cancelled", 0), row.key  # withdrawn
        elif row.number % 10 == 8:
            assert (row.state, row.code, taken) == ("failed", "template", 0), row.key
        elif row.number % 10 == 9:
            assert (row.state, row.code, taken) == ("failed", "550", 0), row.key
        else:
            assert row.state in {"sent", "uncertain"}, (row.key, row.state, row.code)
        if row.state == "sent":
            assert taken >= 1, row.key
        if taken > 1:
            assert row.silences >= 1, f"{row.key} went out {taken} times and nobody was told"
            assert row.number % 4 == 0, f"{row.key} is a reminder and was sent again"
        assert taken <= 2, row.key


def test_groups_of_workers_killed_while_a_bad_server_takes_mail(smtp, hands, test_database_url, at_length):
    mails, kills = (400, 20) if at_length else (60, 6)
    server = smtp(faults=True)
    crew = hands(test_database_url, server.port)
    crew.ask("break_words")
    crew.ask("put", count=mails)
    dice = random.Random(7)
    for _kill in range(kills):
        group = crew.workers(3)
        time.sleep(dice.uniform(0.2, 0.9))
        crew.kill(group)
    crew.workers(3)
    rows = settled(crew, patience=240 if at_length else 60)
    assert len(rows) == mails
    account_for(rows, server)


def test_a_database_killed_hard_loses_nothing_and_pages_come_back(smtp, hands, private_postgres, at_length):
    postgres, services = private_postgres
    server = smtp(faults=False)
    url = postgres.url
    migrate = [sys.executable, "manage.py", "migrate", "mail", "-v", "0"]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
    subprocess.run(migrate, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, check=True)
    crew = hands(url, server.port)
    mails = 200 if at_length else 40
    crew.ask("put", count=mails)
    crew.ask("get", path="/health/")  # the first page of a process imports what it needs
    crew.workers(2)
    for _crash in range(3 if at_length else 1):
        taken = sum(server.accepted.values())
        eventually(lambda taken=taken: sum(server.accepted.values()) > taken, patience=20, pause=0.01)
        [service] = services.running
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
        services.forget(service)
        down = crew.ask("get", path="/health/")
        assert (down["status"], down["seconds"] < 2) == (503, True)
        assert crew.ask("put", count=10, start=1000)["error"]
        postgres.start(services)
        assert postgres.url == url
    rows = settled(crew, patience=40)
    assert len(rows) == mails
    for row in rows:
        if row.number % 10 == 7:
            assert row.state == "cancelled"
            continue
        assert row.state in {"sent", "uncertain"}, (row.key, row.state, row.code)
        # At most the mails in the hands of a worker at the crash are in doubt, and these are shown.
        assert server.accepted[row.uuid] == 1 or row.silences, row.key
    assert crew.ask("get", path="/health/")["seconds"] < 2


# The broker ------------------------------------------------------------------------------------------


def stopped(broker, services):
    [service] = services.running
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait()
    services.forget(service)


def frozen(broker, services):
    os.kill(services.running[0].process.pid, signal.SIGSTOP)


def flushed(broker, services):
    with app.connection_for_write() as connection:
        connection.default_channel.client.flushall()


def full(broker, services):
    with app.connection_for_write() as connection:
        connection.default_channel.client.config_set("maxmemory", "1")


def forget_connections():
    """The next task goes to the broker over a new connection; Celery keeps pools, also closed ones."""
    kombu.pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def celery_at(monkeypatch):
    def point(url):
        monkeypatch.setattr(app.conf, "broker_url", url)
        monkeypatch.setattr(app.conf, "broker_write_url", url)
        monkeypatch.setattr(app.conf, "broker_read_url", url)
        forget_connections()

    yield point
    forget_connections()


@pytest.mark.parametrize("fault", [stopped, frozen, flushed, full])
def test_whatever_happens_to_the_broker_pages_answer_and_mail_leaves(
    client, private_broker, celery_at, monkeypatch, settings, smtp, fault
):
    broker, services = private_broker
    celery_at(broker.url)
    server = smtp(faults=False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    client.force_login(create_user("o@gyeonggi.example", name="O", roles=[Role.OFFICER], by=None))
    people = [
        create_user(f"new{number}@hospital.example", name="New", roles=[Role.COORDINATOR], by=None)
        for number in range(4)
    ]
    client.get(f"/users/{people[3].pk}/invite-again/")  # the first page of a process compiles its templates
    fault(broker, services)
    for person in people[:3]:
        # Each as if by another web process: after a failure one leaves the broker alone for a while.
        monkeypatch.setitem(nudge._quiet, "until", 0.0)
        started = time.monotonic()
        response = client.post(f"/users/{person.pk}/invite-again/")
        assert time.monotonic() - started < 2
        assert response.status_code == 302
    assert OutgoingMail.objects.filter(state="queued").count() == 3
    call_command("drain_outbox", "--once", verbosity=0)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    assert sorted(server.accepted.values()) == [1, 1, 1]


@pytest.fixture
def celery(private_broker, test_database_url, tmp_path):
    """`celery(smtp_port, *words)` starts a real Celery process and gives its log; all are killed at the end."""
    started = []
    broker, _services = private_broker

    def start(smtp_port, *words):
        log = tmp_path / f"celery{len(started)}.log"
        environment = {
            **os.environ,
            "DATABASE_URL": test_database_url,
            "REDIS_URL": broker.url,
            "CHAOS_SMTP_PORT": str(smtp_port),
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "PYTHONPATH": str(ROOT),
        }
        argv = [sys.executable, "-m", "celery", "-A", "portal", *words, "-l", "info"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                argv, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
            )
        started.append(process)
        return log

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def assert_each_sent_once(crew, server):
    """The vital kind is the hands' own: the worker knows none of that name and lets those fail, each alone."""
    eventually(lambda: all(row.state in SETTLED for row in crew.rows()), patience=40)
    sent = [row for row in crew.rows() if row.state == "sent"]
    assert len(sent) > 15
    assert {server.accepted[row.uuid] for row in sent} == {1}
    assert sum(server.accepted.values()) == len(sent)


def test_a_real_worker_told_twenty_times_at_once_sends_each_mail_once(
    private_broker, celery_at, hands, smtp, test_database_url, celery
):
    """A redelivered task, a nudge beside a sweep: tasks that come too often."""
    broker, _services = private_broker
    celery_at(broker.url)
    server = smtp(faults=False)
    crew = hands(test_database_url, server.port)
    crew.ask("put", count=30)
    for task in ("sweep", "deliver") * 10:
        app.send_task(f"portal.mail.tasks.{task}")
    celery(server.port, "worker", "-c", "2", "--without-gossip")
    assert_each_sent_once(crew, server)


def test_two_beats_and_a_worker_send_each_mail_once(hands, smtp, celery, tmp_path, test_database_url):
    server = smtp(faults=False)
    crew = hands(test_database_url, server.port)
    crew.ask("put", count=30)
    celery(server.port, "worker", "-c", "2", "--without-gossip")
    beats = [celery(server.port, "beat", "-s", str(tmp_path / f"beat{number}")) for number in range(2)]
    assert_each_sent_once(crew, server)
    # The control: both were there, and each told the worker to look.
    eventually(lambda: all("Sending due task sweep" in log.read_text() for log in beats), patience=20)


# Time ------------------------------------------------------------------------------------------------


@pytest.fixture
def put_for():
    def put_for(name, **details):
        person = User.objects.create_user(f"{name}@example.mn", name=name)
        from django.db import transaction

        with transaction.atomic():
            return outbox.put("invitation", to=person, about=person, key=f"invitation:{name}", **details)

    return put_for


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_that_jumps_takes_no_mail_out_of_a_workers_hands(put_for, days):
    from datetime import timedelta

    mail = put_for("bat")
    held = states.claim()
    with clock.at(clock.now() + timedelta(days=days)):
        assert states.recover() == 0
        assert states.claim() is None
        assert states.sent(held)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)


def test_after_three_days_without_anybody_everything_leaves_once(put_for, mailoutbox):
    from datetime import timedelta

    for day in range(3):
        put_for(f"day{day}", due=clock.now() + timedelta(days=day))
    put_for("stale", due=clock.now(), valid_until=clock.now() + timedelta(days=1))
    with clock.at(clock.now() + timedelta(days=3)):
        delivery.sweep()
        delivery.sweep()
    assert sorted(message.to[0].split("@")[0].split("<")[-1] for message in mailoutbox) == [
        "day0",
        "day1",
        "day2",
    ]
    assert OutgoingMail.objects.get(key="invitation:stale").state == "cancelled"


def test_a_person_who_withdraws_one_second_before_gets_no_mail(put_for, mailoutbox, monkeypatch):
    mail = put_for("bat")
    claim = states.claim

    def claimed_and_then_withdrawn():
        taken = claim()
        User.objects.filter(pk=mail.about_id).update(is_active=False)
        return taken

    monkeypatch.setattr(states, "claim", claimed_and_then_withdrawn)
    delivery.drain()
    mail.refresh_from_db()
    assert (mail.state, mail.cancelled_reason) == ("cancelled", "The account was closed.")
    assert mailoutbox == []
