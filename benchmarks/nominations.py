"""`./dev bench cohorts`: the cohort's tabs at 30 and 1,000 trainees, and a ministry's list of 30 and of 10,000 rows.

A list is measured from the upload to the preview, and from the confirmation to the last nomination; with it the
queries and how much the process grew. Half of the people are known already, written in another script.
"""

import io
import resource
import time
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from measure import page

from hospitals.models import Specialty
from participants.models import Trainee
from partners.models import Institution
from portal.accounts.models import User
from portal.records.approximate import ApproximateDate
from portal.records.imports import checking, workflow
from programs.imports import NominationImport
from programs.models import Cohort, Program

TABS = ("detail", "trainees", "placements", "schedule", "certificates", "follow-up", "mails", "history")
SYLLABLES = [("Bat", "Бат"), ("Dorj", "Дорж"), ("Gan", "Ган"), ("Bold", "Болд"), ("Oyun", "Оюун"), ("Anu", "Ану"),
             ("Erdene", "Эрдэнэ"), ("Saran", "Саран"), ("Tsetseg", "Цэцэг"), ("Munkh", "Мөнх")]  # fmt: skip
HEAD = "Name,ФИО,Date of birth,Home institution,Specialty,E-mail,Passport number\n"


def tabs(client, cohort, people):
    for name in TABS:
        page(client, f"cohort-{name}", reverse(f"programs:cohort-{name}", args=[cohort.pk]), people)


def lists():
    print(f"{'nominations by spreadsheet':<44}{'rows':>7}{'queries':>9}{'s':>9}{'+ MB':>8}")
    for rows in (30, 10_000):
        _list(rows)


def _person(number):
    """A name in both scripts and a birth date that nobody else of the list has."""
    words = [SYLLABLES[number // 10**place % 10] for place in range(4)]
    latin, cyrillic = ("".join(word[script] for word in words[:2]) for script in (0, 1))
    more_latin, more_cyrillic = ("".join(word[script] for word in words[2:]) for script in (0, 1))
    born = date(1960, 1, 1) + timedelta(days=number % 12_000)
    return f"{latin} {more_latin}", f"{cyrillic} {more_cyrillic}", born


def _list(rows):
    home, specialty = Institution.objects.get(name="Home"), Specialty.objects.get(name="surgery")
    Trainee.objects.bulk_create(
        Trainee(passport_name=name, local_name=local, birth_date=born, institution=home)
        for name, local, born in map(_person, range(0, rows, 2))
    )
    cohort = Cohort.objects.bulk_create([Cohort(
        program=Program.objects.first(), code=f"list-{rows}", name=f"List of {rows}", state="nominating",
        starts=ApproximateDate.of(date(2027, 3, 1)), ends=ApproximateDate.of(date(2027, 3, 26)),
    )])[0]  # fmt: skip
    text = io.StringIO(HEAD)
    text.seek(0, io.SEEK_END)
    for number in range(rows):
        name, local, born = _person(number)
        text.write(
            f"{name},{local},{born},Home,{specialty},n{number}.{rows}@bench.example,E{rows:05d}{number:05d}\n"
        )
    officer = User.objects.get(email="officer@bench.example")
    with _measured("  upload and preview", rows):
        batch = workflow.upload(
            text.getvalue().encode(), "list.csv", NominationImport, by=officer, parent=cohort
        )
        checking.check(batch.pk)
    batch.refresh_from_db()
    with _measured("  confirm", rows):
        workflow.write(batch, by=officer)


class _measured:
    """Print the seconds and queries of a block, and how much more memory the process has taken at most."""

    def __init__(self, name, rows):
        self.name, self.rows = name, rows

    def __enter__(self):
        self.queries = CaptureQueriesContext(connection).__enter__()
        self.memory, self.began = _peak(), time.perf_counter()

    def __exit__(self, *error):
        seconds = time.perf_counter() - self.began
        self.queries.__exit__(*error)
        grown = _peak() - self.memory
        print(f"{self.name:<44}{self.rows:>7}{len(self.queries):>9}{seconds:>9.2f}{grown:>8.0f}", flush=True)


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
