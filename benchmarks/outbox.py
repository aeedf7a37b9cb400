"""`./dev bench outbox`: how fast mail leaves, how soon after its cause, and what kills cost. Printed, never asserted.

The mail server is a sink in a process of its own, which keeps when it took which mail.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.mail import delivery, outbox, states
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.models import PrivateFile

PDF = b"%PDF-1.7\n" + os.urandom(60_000)
MAILS, KILLS, ROWS = 400, 20, 100_000
PATIENCE = 120  # seconds: what has not left by then is said and not waited for


class Sink:
    """An SMTP server that takes everything; one line of its log a mail: the time and the Message-ID."""

    def __init__(self, log):
        self.log = log
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.pid = os.fork()
        if self.pid == 0:
            self._accept()

    def taken(self):
        """Pairs of time and Message-ID so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):  # nobody waits for children once SIGCHLD is ignored
            os.waitpid(self.pid, 0)
        self.listener.close()

    def _accept(self):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            client, _address = self.listener.accept()
            if os.fork() == 0:
                with suppress(OSError):
                    self._talk(client)
                os._exit(0)
            client.close()

    def _talk(self, client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = client.makefile("rb")
        client.sendall(b"220 sink\r\n")
        while line := reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                client.sendall(b"354 go on\r\n")
                self._take(reader)
            client.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return

    def _take(self, reader):
        name = ""
        while (line := reader.readline()) not in (b".\r\n", b""):
            if line.lower().startswith(b"message-id:"):
                name = line.split(b"<")[1].split(b"@")[0].decode()
        if line:
            with self.log.open("a") as log:
                log.write(json.dumps([time.time(), name]) + "\n")


def main(*wanted):
    """The measurements of these names, or all, one figure a line."""
    with TemporaryDirectory() as folder:
        sink = Sink(Path(folder) / "taken.log")
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
        try:
            for measure in (rate, latency, kills, idle):
                if not wanted or measure.__name__ in wanted:
                    measure(sink)
        finally:
            sink.stop()


def say(name, words):
    print(f"{name:<60}{words}")


def put(number, **details):
    user = User.objects.create(email=f"b{number}-{time.time_ns()}@bench.example", name=f"Bench {number}")
    return outbox.put("invitation", to=user, about=user, key=f"bench:{user.pk}", **details)


def rate(_sink):
    """Mails a second over one connection, each with a PDF of 60 kB, rendered and frozen on the way."""
    with transaction.atomic():
        paper = PrivateFile.objects.store(PDF, name="certificate.pdf", content_type="application/pdf")
        for number in range(300):
            put(number, attachments=[paper])
    delivery.deliver_one(states.claim(), delivery.Line())  # what a worker reads once: templates, addresses
    started, worked = time.perf_counter(), time.process_time()
    count = delivery.drain()
    seconds, processor = time.perf_counter() - started, (time.process_time() - worked) / count
    say(
        "mails a second with a PDF of 60 kB, one connection",
        f"{count / seconds:.0f} ({processor * 1000:.1f} cpu ms)",
    )


def latency(sink):
    """From the commit to the server's 250, by a Celery worker that is nudged."""
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    argv = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "portal",
        "worker",
        "-c",
        "2",
        "-l",
        "error",
        "--without-gossip",
    ]
    worker = subprocess.Popen(argv, env=environment, start_new_session=True)
    committed = {}
    try:
        for number in range(80):
            with transaction.atomic():
                mail = put(number)
            committed[str(mail.uuid)] = time.time()
            time.sleep(0.1 if number else 15)  # the first waits for the worker to be there
        time.sleep(3)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    waits = sorted(at - committed[name] for at, name in sink.taken() if name in committed)[:-1]
    if len(waits) > 20:
        figures = statistics.quantiles(waits, n=20)
        say("commit to 250, nudged, p50 · p95", f"{figures[9] * 1000:.0f} · {figures[18] * 1000:.0f} ms")


def kills(sink):
    """Groups of workers killed while they send; then how long until the mails of the last group leave."""
    states.LEASE, kept = timedelta(seconds=2), states.LEASE
    with transaction.atomic():
        for number in range(MAILS):
            put(number)
    names = {str(name) for name in OutgoingMail.objects.filter(state="queued").values_list("uuid", flat=True)}
    connection.close()
    for _kill in range(KILLS):
        group = _workers(3)
        time.sleep(0.12)
        os.killpg(group, signal.SIGKILL)
    killed = time.time()
    group = _workers(3)
    mails = OutgoingMail.objects.filter(uuid__in=names)
    while mails.filter(state__in=["queued", "sending"]).exists() and time.time() < killed + PATIENCE:
        time.sleep(0.05)
    waiting = mails.filter(state__in=["queued", "sending"]).count()
    os.killpg(group, signal.SIGKILL)
    took = Counter(name for _at, name in sink.taken() if name in names)
    lost = [str(mail.uuid) for mail in mails.filter(state="sent") if not took[str(mail.uuid)]]
    doubled = [name for name, count in took.items() if count > 1]
    uncertain = mails.filter(state="uncertain").count()
    say(
        f"{MAILS} mails under {KILLS} kills: lost · doubled · uncertain · still waiting",
        f"{len(lost)} · {len(doubled)} · {uncertain} · {waiting}",
    )
    say("from the last kill to the last mail (lease of 2 s for this)", f"{time.time() - killed:.1f} s")
    states.LEASE = kept


def _workers(count):
    """Forked workers in one group: each looks and sends until it is killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    group = 0
    for _number in range(count):
        pid = os.fork()
        if pid == 0:
            _work(group)
        with suppress(PermissionError):
            os.setpgid(pid, group or pid)
        group = group or pid
    return group


def _work(group):
    """Look and send until killed; whatever goes wrong, the rest of the benchmark does not run a second time."""
    try:
        os.setpgid(0, group)
        states.backoff = lambda attempts: timedelta(seconds=0.1)
        while True:
            delivery.sweep()
            time.sleep(0.02)
    finally:
        os._exit(1)


def idle(_sink):
    """A sweep with nothing due, beside many rows that are settled or still to come."""
    user = User.objects.first() or User.objects.create(email="idle@bench.example", name="Idle")
    later = clock.now() + timedelta(days=30)
    rows = (
        OutgoingMail(
            key=f"idle:{time.time_ns()}:{number}", kind="invitation", template="mail/invitation", about=user,
            address="x@bench.example", due=later, next_attempt=later,
        )
        for number in range(ROWS)
    )  # fmt: skip
    OutgoingMail.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outgoingmail")
    delivery.sweep()  # the first keeps the row that the others change
    with CaptureQueriesContext(connection) as queries:
        delivery.sweep()
    times = []
    for _repeat in range(20):
        started = time.perf_counter()
        delivery.sweep()
        times.append((time.perf_counter() - started) * 1000)
    say(
        f"a sweep with nothing due at {ROWS:,} rows",
        f"{len(queries)} queries, {statistics.median(times):.1f} ms",
    )
