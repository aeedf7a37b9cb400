"""Seconds and memory of looking for duplicates among 10,000 people: `./dev manage shell < benchmarks/duplicates.py`.

The people are put into a transaction that is rolled back, so that it may run anywhere. One in fifty is entered twice,
the second time with the words of the name turned round.
"""

import random
import resource
import time
from datetime import date, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from participants import duplicates
from participants.models import Duplicate, Trainee
from participants.workflow import duplicates as verbs
from partners.models import Institution, Region

PEOPLE = 10_000
TWICE = PEOPLE // 50
SYLLABLES = "bat bay ar dorj tse mongol gan bold su khe na ran oyun tuya er dene zaya chi meg nar".split()  # noqa: SIM905
WORDS = 300  # given names and fathers' names are few


def word(chance):
    return "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3)))).capitalize()


def people(chance):
    country = Region.objects.create(name="Bench", level="country", country="MN")
    homes = [Institution.objects.create(name=f"Home {n}", kind="hospital", region=country) for n in range(20)]
    names = [word(chance) for _word in range(WORDS)]
    born = date(1960, 1, 1)
    found = [
        Trainee(
            passport_name=f"{chance.choice(names)} {chance.choice(names)}",
            institution=chance.choice(homes),
            birth_date=born + timedelta(days=chance.randrange(14_000)),
            email=f"person{number}@bench.example",
        )
        for number in range(PEOPLE - TWICE)
    ]
    for person in chance.sample(found, TWICE):
        turned = " ".join(reversed(person.passport_name.split()))
        found.append(Trainee(passport_name=turned, birth_date=person.birth_date))
    return found


def measured(words, work):
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        count = work()
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{words:<52}{count:>7}{seconds:>9.2f} s{len(queries):>5} queries, {peak} MB at most")


def bench():
    chance = random.Random(2026)
    Trainee.objects.bulk_create(people(chance))
    rows = list(duplicates.known(Trainee.objects.filter(institution__region__name="Bench")))
    rows = [
        duplicates.Facts(names=facts.names, birth_date=facts.birth_date, email=facts.email) for facts in rows
    ]
    measured("the whole register with itself, pairs kept", verbs.look_through)
    measured("again, nothing new", verbs.look_through)
    measured("10,000 rows against 10,000 people, matches", lambda: sum(map(bool, duplicates.find(rows))))
    measured("30 rows against 10,000 people, matches", lambda: sum(map(bool, duplicates.find(rows[:30]))))
    measured("1 row against 10,000 people, matches", lambda: sum(map(bool, duplicates.find(rows[:1]))))
    print(f"strong: {Duplicate.objects.filter(strength='strong').count()} of {TWICE} entered twice")


with transaction.atomic():
    bench()
    transaction.set_rollback(True)
