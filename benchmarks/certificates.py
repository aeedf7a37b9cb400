"""`./dev bench certificates`: one rendered and sealed, a thousand issued by one worker, and checked by many at once."""

import http.client
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from measure import timed

from devtools.commands.run import programs
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.desk.demo import specimen
from programs import paper, pdf, sealing
from programs.models import Certificate, Enrollment
from programs.workflow import issuing, signatories

AT_ONCE, EACH = 50, 6


def main(cohort):
    """`cohort` has as many people as certificates are issued."""
    manager = create_user("manager@bench.example", name="Manager", roles=[Role.MANAGER], by=None)
    _signed_by(manager)
    count = _approved(cohort, manager)
    _one()
    issuing.ask(cohort, by=manager)
    began, busy = time.perf_counter(), time.process_time()
    issued = issuing.work_off()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(
        f"{f'{issued} of {count} issued by one worker':<60}{took:>10.1f} s {1000 * took / issued:>8.1f} ms each"
        f" {1000 * busy / issued:>8.1f} ms of CPU"
    )
    _checked()


def _signed_by(manager):
    person = signatories.create(
        by=manager, name="Bench", name_ko="벤치", title="Governor", title_ko="도지사", since=date(2020, 1, 1)
    )
    for kind, drawn in (("signature", specimen.signature()), ("seal", specimen.seal())):
        signatories.put_mark(person, by=manager, kind=kind, content=drawn)


def _approved(cohort, manager):
    """Everybody of the cohort has completed and a certificate that waits."""
    from portal.records import clock  # the settings are read by then

    rows = Enrollment.objects.filter(cohort=cohort)
    Certificate.objects.bulk_create(
        Certificate(enrollment=one, state="approved", approved_by=manager, approved_at=clock.now())
        for one in rows
    )
    return rows.count()


def _one():
    """Milliseconds of the parts, after the first of the process."""
    certificate = Certificate.objects.first()
    printed = paper.words_of(certificate, "GG-2026-9999", date(2026, 11, 27))
    content = paper._content(printed)
    sealing.seal(pdf.render(content), number="warm")
    words = [timed(paper.words_of, certificate, f"GG-2026-{n:04d}", date(2026, 11, 27)) for n in range(30)]
    drawn = [timed(pdf.render, paper._content({**printed, "number": f"GG-{n}"})) for n in range(30)]
    page = pdf.render(content)
    sealed = [timed(lambda: sealing.seal(page, number="GG-2026-9999")) for _ in range(30)]
    for name, times in (("its words read", words), ("rendered", drawn), ("sealed", sealed)):
        print(
            f"{f'one certificate, {name} (p50, least)':<60}{statistics.median(times):>10.1f} ms {min(times):>8.1f} ms"
        )
    print(
        f"{'bytes, with signature, seal and transcript':<60}{len(sealing.seal(page, number='x')) / 1000:>10.1f} kB"
    )


def _checked():
    """The verification page: its queries and its time alone, and through the web server while fifty ask at once."""
    codes = Certificate.objects.numbered()[:AT_ONCE].values_list("code", flat=True)
    addresses = [reverse("public:verify-code", args=[code]) for code in codes]
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(addresses[0])
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[0])
    cache.clear()
    with _web_server() as port:
        for name, asked in (
            ("bare page", [reverse("public:accessibility")] * AT_ONCE),
            ("verification page", addresses),
        ):
            alone = [timed(_fetch, port, asked[0], 200 + number) for number in range(30)]
            at_once, took = _fifty(port, asked)
            p95 = statistics.quantiles(at_once, n=20)[-1]
            print(f"{f'{name} through gunicorn, alone (p50)':<60}{statistics.median(alone):>10.1f} ms")
            print(
                f"{f'{name} through gunicorn, {len(asked)} at once (p50, p95)':<60}"
                f"{statistics.median(at_once):>10.1f} ms {p95:>8.1f} ms {len(at_once) / took:>6.0f} a second"
            )
    print(f"{'verification page, queries':<60}{len(queries):>10}")


@contextmanager
def _web_server():
    """gunicorn as `./dev run` starts it, until it answers; its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    arguments = programs(SimpleNamespace(path=Path()), port)["web"]
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for number in range(20 * 4):  # each of its threads has a connection by then
            while True:
                with suppress(OSError):
                    _fetch(port, reverse("public:accessibility"), 100 + number)
                    break
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _fetch(port, address, caller):
    """One request on a connection of its own, from an address of its own: each caller may ask twenty times a minute."""
    own = http.client.HTTPConnection("127.0.0.1", port, source_address=(f"127.0.1.{caller}", 0), timeout=60)
    own.request("GET", address, headers={"Host": "127.0.0.1"})
    answer = own.getresponse()
    answer.read()
    own.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")


def _fifty(port, addresses):
    """Milliseconds of each request while all ask at once, several times over; seconds of it all."""
    times, start = [], threading.Barrier(len(addresses) + 1)

    def ask(number, address):
        start.wait()
        for _ in range(EACH):
            times.append(timed(_fetch, port, address, number + 1))

    threads = [threading.Thread(target=ask, args=pair) for pair in enumerate(addresses)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - began
