"""The schedule at size: `./dev manage shell < benchmarks/schedule.py`. All of it is rolled back.

The trainee's page (bytes, queries, milliseconds), the calendar of 200 sessions, and a month of 30 trainees and 400
sessions, each as the web server would answer it, the median of nine after two.
"""

import gzip
import statistics
import time
from datetime import timedelta

from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hospitals.models import Hospital
from participants.models import Trainee
from partners.models import Institution
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from programs import calendar_links
from programs.models import Program, Session
from programs.workflow import calendar_feeds, cohorts, enrollments, schedule_releases

FILES = ("portal.css", "vendor/bootstrap/bootstrap.min.css", "portal.js", "my_schedule.js", "sign.svg")


def measured(label, client, address):
    times, content = [], b""
    for _time in range(11):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            response = client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        content = response.content
        assert response.status_code == 200, response.status_code
    packed = len(gzip.compress(content, 9))
    print(
        f"{label:<44} {statistics.median(times[2:]):6.1f} ms  {len(asked):3} queries  {len(content):8,} bytes, "
        f"{packed:7,} packed"
    )
    return packed


def made(people, count):
    """A running cohort of so many people and sessions, a third of them for some people only, all released."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    officer = create_user("bench@bench.example", name="Bench", roles=[Role.OFFICER], by=None, language="en")
    cohort = cohorts.plan(
        Program.objects.filter(kind="invitation").first(), by=PORTAL, code="bench", name="Bench", lead_officer=officer,
        starts=ApproximateDate.of(monday), ends=ApproximateDate.of(monday + timedelta(days=25)),
    )  # fmt: skip
    cohorts.open_nominations(cohort, by=PORTAL)
    home = Institution.objects.exclude(region=None).first()
    trainees = []
    for number in range(people):
        email = f"bench{number}@bench.example"
        user = create_user(email, name=f"Bench {number}", roles=[Role.TRAINEE], by=None, language="en")
        trainees.append(
            Trainee.objects.create(passport_name=f"Bench {number}", email=email, user=user, institution=home)
        )
        enrollments.accept(enrollments.nominate(cohort, trainees[-1], by=PORTAL), by=PORTAL)
    hospitals = list(Hospital.objects.unmerged()[:8])
    sessions = [
        Session(
            cohort=cohort, kind="lecture", title=f"Lecture number {number}", lecturer=f"Dr. {number}",
            starts_at=clock.start_of(monday) + timedelta(days=number % 26, hours=8, minutes=20 * (number // 26)),
            ends_at=clock.start_of(monday) + timedelta(days=number % 26, hours=8, minutes=20 * (number // 26) + 20),
            hospital=hospitals[number % len(hospitals)], place=f"Room {number}", whole_cohort=number % 3 > 0,
        )
        for number in range(count)
    ]  # fmt: skip
    Session.objects.bulk_create(sessions)
    for number, session in enumerate(sessions):
        if not session.whole_cohort:
            session.trainees.set(trainees[number % people : number % people + 5])
    schedule_releases.hand_out(list(cohort.sessions.prefetch_related("trainees")), clock.now())
    return cohort, officer, trainees


def signed_in(user):
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    return client


def look(people, count, *, at):
    with transaction.atomic():
        cohort, officer, trainees = made(people, count)
        at(cohort, officer, trainees)
        transaction.set_rollback(True)


def phone(cohort, officer, trainees):
    page = measured(
        "trainee's page, 30 sessions", signed_in(trainees[0].user), reverse("programs:my-schedule")
    )
    files = sum(len(gzip.compress(open(finders.find(name), "rb").read(), 9)) for name in FILES)  # noqa: SIM115
    print(f"{'  with styles, scripts and the sign':<44} {page + files:7,} bytes packed on the first load")


def feed(cohort, officer, trainees):
    token = calendar_links.token_for(calendar_feeds.make(by=officer))
    address = reverse("programs:calendar-feed", args=[f"{token}.ics"])
    measured("calendar of 200 sessions", Client(HTTP_HOST="127.0.0.1"), address)


def grids(cohort, officer, trainees):
    client, address = signed_in(officer), reverse("programs:cohort-schedule", args=[cohort.pk])
    for view in ("month", "week", "list"):
        measured(f"{view}, 30 trainees and 400 sessions", client, f"{address}?view={view}&on={clock.today()}")


with override_settings(ALLOWED_HOSTS=["*"]):
    look(4, 30, at=phone)
    look(4, 200, at=feed)
    look(30, 400, at=grids)
