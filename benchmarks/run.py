"""`./dev bench`: milliseconds and queries of the pages that matter, and of one certificate. Printed, never asserted.

`./dev bench lists` measures the lists at 10,000 rows, `./dev bench cohorts` a cohort's tabs and a ministry's list,
`./dev bench nominations` that list alone.
`./dev bench outbox` measures the queue (or one of rate, latency, kills, idle).
`./dev bench board` measures the placement board, `./dev bench proposals` the solver beside a greedy baseline
(with `large` 1,000 × 100 as well, and that through the portal with its progress; it takes minutes).
`./dev bench attendance` measures the day's list, the three tabs of a training and Today, at 30 and 300 trainees.
`./dev bench answers` measures the page a hospital answers on, and its home.
`benchmarks/phone.py` looks at a demo that runs with a slow phone's eyes: paint, shifts, bytes.
`./dev bench followups` measures planning, a round of due work and the register at 100,000 graduates (or so many).
`./dev bench certificates` measures one, a thousand by one worker, and the page that verifies them.
`./dev bench imports` measures spreadsheets of 30 to 10,000 rows.

Rows are made in bulk, past the verbs: what is measured is reading. The first row is a bare page of the same frame.
"""

import os
import statistics
import sys
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")

import django  # noqa: E402

django.setup()

import answers  # noqa: E402
import attendance  # noqa: E402
import certificates  # noqa: E402
import followups  # noqa: E402
import imports  # noqa: E402
import lists  # noqa: E402
import nominations  # noqa: E402
import proposals  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from measure import page, timed  # noqa: E402

from hospitals.models import Department, Hospital, Specialty  # noqa: E402
from participants.models import Trainee  # noqa: E402
from partners.models import Institution, Region  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.accounts.roles import Role  # noqa: E402
from portal.accounts.workflow import create_user  # noqa: E402
from portal.records.approximate import ApproximateDate  # noqa: E402
from programs import pdf  # noqa: E402
from programs.models import Cohort, Enrollment, Placement, Program  # noqa: E402

MONDAY = date(2026, 11, 2)


def main():
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    if sys.argv[1:2] == ["proposals"]:
        proposals.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["followups"]:
        followups.main(*map(int, sys.argv[2:3]))
        return
    if sys.argv[1:2] == ["certificates"]:
        call_command("collectstatic", verbosity=0, interactive=False)
        create_user("officer@bench.example", name="Officer", roles=[Role.OFFICER], by=None)
        certificates.main(make_cohort(int(sys.argv[2]) if sys.argv[2:] else 1000))
        return
    if sys.argv[1:2] == ["outbox"]:
        from benchmarks import outbox  # its own subject: it forks, and needs nothing of what follows

        outbox.main(*sys.argv[2:])
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    if sys.argv[1:2] == ["lists"]:
        lists.main(int(sys.argv[2]) if sys.argv[2:] else 10_000)
        return
    if sys.argv[1:2] == ["imports"]:
        imports.main(create_user("officer@bench.example", name="Officer", roles=[Role.OFFICER], by=None))
        return
    user = create_user("officer@bench.example", name="Officer", roles=[Role.OFFICER], by=None)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    print(f"{'page':<44}{'rows':>7}{'queries':>9}{'ms p50':>9}{'kB':>8}")
    page(client, "bare page (text in the frame)", reverse("public:accessibility"), 0)
    if sys.argv[1:2] == ["answers"]:
        answers.main()
        return
    if sys.argv[1:2] == ["attendance"]:
        attendance.main(client, make_cohort)
        return
    if sys.argv[1:2] == ["nominations"]:
        make_cohort(1)
        nominations.lists()
        return
    if sys.argv[1:2] == ["board"]:
        for people in (30, 300, 1000):
            board = reverse("programs:cohort-placements", args=[make_cohort(people).pk])
            page(client, "cohort-placements", board, people)
        return
    if sys.argv[1:2] == ["cohorts"]:
        for people in (30, 1000):
            nominations.tabs(client, make_cohort(people), people)
        nominations.lists()
        return
    for people in (12, 1200):
        cohort = make_cohort(people)
        for name in ("cohort-detail", "cohort-trainees", "cohort-placements", "cohort-certificates"):
            page(client, name, reverse(f"programs:{name}", args=[cohort.pk]), people)
    page(client, "trainee-list", reverse("participants:trainee-list"), Trainee.objects.count())
    page(client, "today", reverse("desk:today"), 0)
    certificate()


def make_cohort(people):
    """A cohort in placing with so many trainees, each with two confirmed placements of two weeks."""
    now = timezone.now()
    program, _new = Program.objects.get_or_create(
        name="Clinical training", defaults={"kind": Program.Kind.INVITATION}
    )
    country, _new = Region.objects.get_or_create(
        name="Mongolia", defaults={"level": "country", "country": "MN", "time_zone": "Asia/Ulaanbaatar"}
    )
    home, _new = Institution.objects.get_or_create(name="Home", region=country, defaults={"kind": "hospital"})
    specialty, _new = Specialty.objects.get_or_create(name="surgery")
    hospitals = [Hospital.objects.get_or_create(name=f"Hospital {n}")[0] for n in range(8)]
    departments = [
        Department.objects.get_or_create(hospital=hospital, specialty=specialty, defaults={"seats": people})[
            0
        ]
        for hospital in hospitals
    ]
    cohort = Cohort.objects.bulk_create([Cohort(
        program=program, code=f"bench-{people}", name=f"Bench {people}", state="placing",
        starts=ApproximateDate.of(MONDAY), ends=ApproximateDate.of(MONDAY + timedelta(days=25)),
    )])[0]  # fmt: skip
    cohort.hospitals.set(hospitals)
    trainees = Trainee.objects.bulk_create(
        Trainee(passport_name=f"Trainee {people} {n:04d}", email=f"t{people}-{n}@bench.example",
                institution=home, specialty=specialty) for n in range(people)
    )  # fmt: skip
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(cohort=cohort, trainee=trainee, state="accepted") for trainee in trainees
    )
    officer = User.objects.get(email="officer@bench.example")
    Placement.objects.bulk_create(
        Placement(
            enrollment=enrollment, trainee_id=enrollment.trainee_id, state="confirmed",
            department=departments[(n + half) % 8],
            first_day=MONDAY + timedelta(weeks=2 * half), last_day=MONDAY + timedelta(weeks=2 * half, days=11),
            requested_at=now, answer_due=MONDAY, answered_at=now, answered_by=officer,
            answered_name="Officer", answer_channel="phone",
        )
        for n, enrollment in enumerate(enrollments) for half in (0, 1)
    )  # fmt: skip
    return cohort


def certificate():
    """Print the milliseconds and bytes of one certificate, after the first of the process."""

    def content(number):
        return pdf.CertificateContent(
            number=f"GG-2026-{number:04d}", name=f"Nomin-Erdene Tsogt {number}", local_name="Номин-Эрдэнэ Цогт",
            korean_name="노민에르데네 촉트", program_en="Gyeonggi Province Medical Training Program",
            program_ko="경기도 의료연수 프로그램", period_en="2–27 November 2026", period_ko="2026년 11월 2일~27일",
            hospitals=(("Myongji Hospital", "명지병원"),), home_institution="First National Hospital",
            issued_on=date(2026, 11, 27), signatory_en="Director", signatory_ko="국장",
            signatory_title_en="Gyeonggi Province", signatory_title_ko="경기도",
            verify_url=f"https://portal.example/verify/{number:032x}/", demo=True,
        )  # fmt: skip

    first = timed(pdf.render, content(0))
    times = [timed(pdf.render, content(number)) for number in range(1, 31)]
    size = len(pdf.render(content(99))) / 1000
    print(f"{'certificate (PDF/A-2a, UA-1), first ' + format(first, '.0f') + ' ms':<44}{1:>7}{0:>9}"
          f"{statistics.median(times):>9.1f}{size:>8.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
