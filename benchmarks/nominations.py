"""`./dev bench cohorts`: the cohort's tabs at 30 and 1,000 trainees, and a ministry's list of 30 and of 10,000 rows.

A list is measured from the upload to the preview, and from the confirmation to the last nomination; with it the
queries and how much the process grew. Half of the people are known already, written in another script. All are of one
institution, and their names are made of 300 words, or of 2,000: the fewer, the more people are worth comparing.
Processor seconds stand beside those of the clock, which a busy machine makes longer.

`./dev bench nominations` measures the lists alone.
"""

import io
import random
import resource
import time
from datetime import date, timedelta

import pghistory
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
    print(f"{'nominations by spreadsheet':<44}{'rows':>7}{'queries':>9}{'cpu s':>9}{'s':>9}{'+ MB':>8}")
    for rows, words in ((30, 300), (10_000, 300), (10_000, 2_000)):
        _list(rows, words)


def _people(rows, words):
    """So many people, each with a name in both scripts and a birth date."""
    chance = random.Random(2026)
    spelled = {}
    while len(spelled) < words:
        parts = chance.choices(SYLLABLES, k=chance.choice((2, 3, 4)))
        spelled["".join(latin for latin, _cyrillic in parts).capitalize()] = "".join(
            cyrillic for _latin, cyrillic in parts
        ).capitalize()
    pairs = list(spelled.items())
    for _number in range(rows):
        (given, given_local), (father, father_local) = chance.sample(pairs, 2)
        born = date(1960, 1, 1) + timedelta(days=chance.randrange(12_000))
        yield f"{given} {father}", f"{given_local} {father_local}", born


def _list(rows, words):
    people = list(_people(rows, words))
    home, specialty = Institution.objects.get(name="Home"), Specialty.objects.get(name="surgery")
    Trainee.objects.bulk_create(
        Trainee(passport_name=name, local_name=local, birth_date=born, institution=home)
        for name, local, born in people[::2]
    )
    cohort = Cohort.objects.bulk_create([Cohort(
        program=Program.objects.first(), code=f"list-{rows}-{words}", name=f"List of {rows}", state="nominating",
        starts=ApproximateDate.of(date(2027, 3, 1)), ends=ApproximateDate.of(date(2027, 3, 26)),
    )])[0]  # fmt: skip
    text = io.StringIO(HEAD)
    text.seek(0, io.SEEK_END)
    for number, (name, local, born) in enumerate(people):
        sign = f"{rows}{words}{number:05d}"
        text.write(f"{name},{local},{born},Home,{specialty},n{sign}@bench.example,E{sign}\n")
    officer = User.objects.get(email="officer@bench.example")
    with _measured(f"  upload and preview, {words} words", rows):
        batch = workflow.upload(
            text.getvalue().encode(), "list.csv", NominationImport, by=officer, parent=cohort
        )
        checking.check(batch.pk)
    batch.refresh_from_db()
    with pghistory.context(user=officer.pk), _measured(f"  confirm, {words} words", rows):  # as in a request
        workflow.write(batch, by=officer)


class _measured:
    """Print the seconds and queries of a block, and how much more memory the process has taken at most."""

    def __init__(self, name, rows):
        self.name, self.rows = name, rows

    def __enter__(self):
        self.queries = CaptureQueriesContext(connection).__enter__()
        self.memory, self.began, self.worked = _peak(), time.perf_counter(), time.process_time()

    def __exit__(self, *error):
        seconds, worked = time.perf_counter() - self.began, time.process_time() - self.worked
        self.queries.__exit__(*error)
        grown = _peak() - self.memory
        print(f"{self.name:<44}{self.rows:>7}{len(self.queries):>9}{worked:>9.2f}{seconds:>9.2f}{grown:>8.0f}",
              flush=True)  # fmt: skip


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
