"""`./dev bench followups`: 100,000 graduates are planned, asked and read. Printed, never asserted."""

import time
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.models import FollowUp, Graduation, Trainee
from participants.register import for_register
from participants.workflow import followups
from partners.models import Institution, Region
from portal.records import clock
from portal.records.approximate import ApproximateDate
from programs.outcomes import outcomes

GRADUATES, MONTHS = 100_000, (1, 3, 6, 12)
BEGIN = date(2026, 1, 1)


def main(number=GRADUATES):
    with _measured(f"made, past the triggers: {number:,} graduates"), _without_triggers():
        graduations = _graduates(number)
    ends = [BEGIN + timedelta(days=day % 360) for day in range(number)]
    with _measured("due dates, four each"):
        rows = [
            FollowUp(graduation=graduation, months=months, due=clock.months_after(end, months))
            for graduation, end in zip(graduations, ends, strict=True)
            for months in MONTHS
        ]
    with _measured(f"written ({4 * number:,} rows)"):
        FollowUp.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)
    with _measured("planned one by one, as a completion does (100)"):
        for graduation, end in zip(graduations[:100], ends, strict=False):
            followups.plan(graduation, end, (24,))
    with clock.at(BEGIN), _measured("a round with nothing due"):
        followups.due_work(say=lambda line: None)
    day = min(row.due for row in rows)
    with clock.at(day), _measured(f"a round on the first day (about {number // 360} due)"):
        followups.due_work(say=lambda line: None)
    with _measured("the register's first page"):
        list(for_register(Graduation.objects.order_by("-completed", "pk"))[:26])
    with _measured("outcomes by region over all of them"):
        outcomes(FollowUp.objects.all(), "region")


def _graduates(number):
    region = Region.objects.create(name="Bench", level="country", country="MN", time_zone="Asia/Ulaanbaatar")
    institution = Institution.objects.create(name="Bench Hospital", region=region, kind="hospital")
    people = [
        Trainee(passport_name=f"Bench {one}", email=f"b{one}@bench.example", institution=institution)
        for one in range(number)
    ]
    Trainee.objects.bulk_create(people, batch_size=5000)
    rows = [Graduation(trainee=person, completed=ApproximateDate(2026)) for person in people]
    return Graduation.objects.bulk_create(rows, batch_size=5000)


@contextmanager
def _without_triggers():
    """The rows that are there before anything is measured: no history and no search is kept of them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


class _measured:
    """Prints how long its block took and how many queries it made."""

    def __init__(self, name):
        self.name, self.queries = name, CaptureQueriesContext(connection)

    def __enter__(self):
        self.queries.__enter__()
        self.begun = time.perf_counter()

    def __exit__(self, *error):
        took = time.perf_counter() - self.begun
        self.queries.__exit__(*error)
        print(f"{self.name:<60}{took * 1000:>10.0f} ms {len(self.queries):>6} queries", flush=True)
