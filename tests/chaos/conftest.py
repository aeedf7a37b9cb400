"""A mail server that misbehaves, processes to be killed, and private servers to be stopped. Nothing outlives a test."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from devtools.home import Home
from devtools.postgres import Postgres
from devtools.processes import spawn
from devtools.services import Services
from devtools.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
# What the server does with a mail; “ok” is said again so that most get through.
FAULTS = ("451", "421", "drop before", "451 after", "drop after", "accept and drop", "stall", "slow") + (
    "ok",
) * 12


class BadServer:
    """aiosmtpd's handler with faults. `accepted` counts, by Message-ID, what it took, whatever it then said."""

    def __init__(self, faults, seed=1):
        self.faults = faults
        self.random = random.Random(seed)
        self.accepted = Counter()
        self.refused = set()
        self.lock = threading.Lock()

    def accept(self, envelope):
        with self.lock:
            self.accepted[
                message_from_bytes(envelope.content)["Message-ID"].strip("<>").partition("@")[0]
            ] += 1

    async def handle_RCPT(self, server, session, envelope, address, options):
        number = int("".join(sign for sign in address.partition("@")[0] if sign.isdigit()) or 0)
        if self.faults and number % 10 == 9:
            return "550 5.1.1 No such user"
        envelope.fault = self.random.choice(FAULTS) if self.faults else "ok"
        if envelope.fault in ("451", "421"):
            return f"{envelope.fault} 4.3.0 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        fault = envelope.fault
        if fault == "451 after":
            return "451 4.3.0 Not now"
        if fault in ("drop before", "drop after"):
            server.transport.abort()
            return "250 never heard"
        self.accept(envelope)
        if fault == "accept and drop":
            server.transport.abort()
        if fault in ("stall", "slow"):
            await asyncio.sleep(1.5 if fault == "stall" else 0.3)
        return "250 OK"


@pytest.fixture
def smtp():
    """Start a mail server, with faults or without."""
    running = []

    def start(*, faults):
        handler = BadServer(faults)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        handler.port = port
        return handler

    yield start
    for controller in running:
        controller.stop()


class Hands:
    """A process of tests/chaos/hands.py: `ask` sends one command and returns its answer."""

    def __init__(self, environment, log):
        self.groups = []
        self.log = log
        with log.open("wb") as errors:
            self.process = self._spawn(environment, errors)
        self._answer()

    @staticmethod
    def _spawn(environment, errors):
        return spawn(
            [sys.executable, "-m", "tests.chaos.hands"],
            stop=signal.SIGKILL,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def ask(self, do, **details):
        self.process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The hands have died:\n{self.log.read_text()[-3000:]}")
        return json.loads(line)

    def workers(self, count=2):
        self.groups.append(self.ask("workers", count=count)["group"])
        return self.groups[-1]

    def kill(self, group):
        """SIGKILL to a whole group of workers, wherever they are."""
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.groups.remove(group)

    def rows(self):
        return [Row(*row) for row in self.ask("rows")["rows"]]

    def close(self):
        for group in list(self.groups):
            self.kill(group)
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Row:
    """One mail as its table has it."""

    def __init__(self, key, uuid, state, silences, code, attempts):
        self.key, self.uuid, self.state, self.code = key, uuid, state, code
        self.silences, self.attempts = int(silences), int(attempts)
        self.number = int(key.partition(":")[2])


@pytest.fixture
def hands(tmp_path):
    """Start the process of workers for a database and a mail server."""
    running = []

    def start(database_url, smtp_port, **more):
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "CHAOS_SMTP_PORT": str(smtp_port),
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "PYTHONPATH": str(ROOT),
            **more,
        }
        running.append(Hands(environment, tmp_path / f"hands{len(running)}.log"))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def test_database_url():
    """The database of this very test, whose commits are real (transaction=True), as another process names it."""
    from django.db import connection

    facts = connection.settings_dict
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**facts)


@pytest.fixture
def private_home(tmp_path):
    """A home for servers of a test's own, and the services in it."""
    home = Home(tmp_path / "home").make()
    services = Services(home)
    yield home, services
    for service in services.running:
        with suppress(ProcessLookupError):
            os.kill(service.process.pid, signal.SIGCONT)
    services.stop()
    home.wipe()


@pytest.fixture
def private_postgres(private_home):
    home, services = private_home
    server = Postgres(home)
    server.start(services)
    return server, services


@pytest.fixture
def private_broker(private_home):
    home, services = private_home
    server = Valkey(home)
    server.start(services)
    return server, services


def eventually(what, *, patience, pause=0.1):
    """Wait until `what()` is true."""
    deadline = time.monotonic() + patience
    while not what():
        assert time.monotonic() < deadline, "It did not come to that in time."
        time.sleep(pause)
