"""`./dev bench certificates`: one rendered and sealed, a thousand issued by one worker, and checked by many at once."""

import statistics
import threading
import time
from datetime import date

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from measure import timed

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
    began = time.perf_counter()
    issued = issuing.work_off()
    took = time.perf_counter() - began
    print(
        f"{f'{issued} of {count} issued by one worker':<60}{took:>10.1f} s {1000 * took / issued:>8.1f} ms each"
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
        print(f"{f'one certificate, {name} (p50)':<60}{statistics.median(times):>10.1f} ms")
    print(
        f"{'bytes, with signature, seal and transcript':<60}{len(sealing.seal(page, number='x')) / 1000:>10.1f} kB"
    )


def _checked():
    """The verification page: its queries, and how long it takes while fifty ask at once."""
    addresses = [
        reverse("public:verify-code", args=[one.code]) for one in Certificate.objects.numbered()[:AT_ONCE]
    ]
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(addresses[0])
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[0])
    times, start = [], threading.Barrier(len(addresses))

    def ask(number, address):
        own = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")
        start.wait()
        for _ in range(EACH):
            times.append(timed(own.get, address))
        connection.close()

    cache.clear()
    threads = [threading.Thread(target=ask, args=pair) for pair in enumerate(addresses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{f'verification page, {AT_ONCE} at once in one process (p95)':<60}{p95:>10.1f} ms {len(queries):>6} queries"
    )
