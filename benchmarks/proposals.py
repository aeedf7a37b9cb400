"""`./dev bench proposals`: the solver against the greedy baseline, on invented cohorts from 30 × 8 to 1,000 × 100.

With `large`, 1,000 × 100 as well, and the same size through the portal: rows in the database, asked for like staff
ask, worked out by another process as in the worker, with its progress; with `portal`, that alone.
"""

import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from programs.proposing import greedy, solver
from programs.proposing.problem import (
    COMMON_LANGUAGE,
    OWN_SPECIALTY,
    RELATED_SPECIALTY,
    WEEK_PLACED,
    Option,
    Person,
    Place,
    Problem,
    Stay,
)

MONDAY = date(2026, 11, 2)
SPECIALTIES, WEEKS, STAY = 12, 4, 2
LANGUAGES = ["en", "mn", "ru", "ko"]


def main(arguments):
    if "portal" in arguments:
        through_the_portal(1000, 100)
        return
    sizes = [(30, 8, 1), (30, 8, 2), (30, 8, 3), (100, 20, 1), (300, 40, 1)]
    if "large" in arguments:
        sizes.append((1000, 100, 1))
    print(f"{'instance':<26}{'company':<10}{'greedy s':>9}{'solver s':>9}{'gain':>8}{'gap %':>7}"
          f"{'first wishes':>16}{'weeks placed':>16}{'MB':>6}")  # fmt: skip
    for people, hospitals, seed in sizes:
        for together in ("free", "apart", "together"):
            if people >= 1000 and together != "free" and "all" not in arguments:
                continue
            compare(
                invented(people, hospitals, seed, together), f"{people} × {hospitals}, seed {seed}", together
            )
    if "large" in arguments:
        through_the_portal(1000, 100)


def compare(problem, name, together):
    plain, best = greedy.solve(problem), solver.solve(problem)
    gain = 100 * (best.value - plain.value) / plain.value
    gap = 100 * (best.bound - best.value) / best.bound
    wishes = f"{first_wishes(problem, plain):.0%} → {first_wishes(problem, best):.0%}"
    weeks = f"{placed(problem, plain):.0%} → {placed(problem, best):.0%}"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<26}{together:<10}{plain.seconds:>9.2f}{best.seconds:>9.2f}{gain:>+7.1f}%{gap:>7.2f}"
          f"{wishes:>16}{weeks:>16}{memory:>6}", flush=True)  # fmt: skip


def first_wishes(problem, solution):
    """The share of trainees whose first wish is met."""
    met = set()
    for number in solution.taken:
        option = problem.options[number]
        person = problem.stays[option.stay].person
        if problem.meets(problem.people[person].wishes[0], problem.places[option.place]):
            met.add(person)
    return len(met) / len(problem.people)


def placed(problem, solution):
    wanted = sum(len(stay.weeks) for stay in problem.stays)
    return sum(len(problem.stays[problem.options[n].stay].weeks) for n in solution.taken) / wanted


def invented(people, hospitals, seed, together):
    """Hospitals with four departments of one to three seats; trainees with three wishes, of a fifth as many homes."""
    chance = random.Random(seed)
    places, languages = [], []
    for hospital in range(hospitals):
        for specialty in chance.sample(range(SPECIALTIES), 4):
            places.append(Place(len(places), hospital, specialty, (chance.randint(1, 3),) * WEEKS))
            languages.append(frozenset(chance.sample(LANGUAGES, 2)))
    persons, stays, options = [], [], []
    for key in range(people):
        wishes = tuple((rank, hospital, None) for rank, hospital in
                       enumerate(chance.sample(range(hospitals), 3), start=1))  # fmt: skip
        persons.append(Person(key, chance.randrange(max(2, people // 5)), wishes))
        own, speaks = chance.randrange(SPECIALTIES), set(chance.sample(LANGUAGES[:3], 2))
        for first in range(0, WEEKS, STAY):
            days = MONDAY + timedelta(weeks=first), MONDAY + timedelta(weeks=first + STAY, days=-3)
            stays.append(Stay(key, first, first + STAY - 1, *days))
            for number, place in enumerate(places):
                if not languages[number] & speaks or abs(place.specialty - own) > 1:
                    continue
                fit = OWN_SPECIALTY if place.specialty == own else RELATED_SPECIALTY
                options.append(Option(len(stays) - 1, number, STAY * WEEK_PLACED + fit + COMMON_LANGUAGE))
    return Problem(persons, places, stays, options, WEEKS, together)


# Through the portal ----------------------------------------------------------------------------------


def through_the_portal(people, hospitals):
    """Ask for a proposal, let another process work it out, watch its progress, and open the page that shows it."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from measure import page

    from portal.accounts.roles import Role
    from portal.accounts.workflow import create_user
    from programs.models import Proposal
    from programs.workflow import proposals

    call_command("collectstatic", verbosity=0, interactive=False)
    officer = create_user("solver@bench.example", name="Officer", roles=[Role.OFFICER], by=None)
    cohort = rows_of(people, hospitals)
    proposal = proposals.ask(
        cohort, by=officer, stay_weeks=STAY, together="free", own_specialty=True, common_language=True
    )
    began = time.perf_counter()
    work = "from programs.workflow import proposals; proposals.work_off()"
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    worker = subprocess.Popen([sys.executable, str(manage), "shell", "--no-imports", "-c", work])
    seen = ""
    while worker.poll() is None:
        proposal.refresh_from_db()
        if proposal.phase != seen:
            seen = proposal.phase
            print(f"{time.perf_counter() - began:8.1f} s  {proposal.percent:3} %  {seen}", flush=True)
        time.sleep(0.2)
    proposal = Proposal.objects.get(pk=proposal.pk)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{people} × {hospitals} through the portal: {time.perf_counter() - began:.1f} s in all, "
          f"{proposal.seconds:.1f} s in the solver, {proposal.lines.count()} lines, worth {proposal.value}, "
          f"at most {proposal.bound}, gap {proposal.distance} %, {memory} MB{proposal.problem}")  # fmt: skip
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer)
    page(client, "cohort-proposal", reverse("programs:cohort-proposal", args=[cohort.pk]), people)


def rows_of(people, hospitals):
    """A cohort as `invented` makes it, as rows."""
    from hospitals.models import Department, Hospital, Specialty
    from participants.models import Trainee
    from partners.models import Institution, Region
    from portal.records.approximate import ApproximateDate
    from programs.models import Cohort, Enrollment, Program, Wish

    chance = random.Random(1)
    specialties = Specialty.objects.bulk_create(
        Specialty(name=f"specialty {n:02}") for n in range(SPECIALTIES)
    )
    houses = Hospital.objects.bulk_create(Hospital(name=f"Hospital {n:03}") for n in range(hospitals))
    Department.objects.bulk_create(
        Department(hospital=house, specialty=specialty, seats=chance.randint(1, 3),
                   languages=chance.sample(LANGUAGES, 2))
        for house in houses for specialty in chance.sample(specialties, 4)
    )  # fmt: skip
    country = Region.objects.create(
        name="Mongolia", level="country", country="MN", time_zone="Asia/Ulaanbaatar"
    )
    homes = Institution.objects.bulk_create(
        Institution(name=f"Home {n:03}", region=country, kind="hospital") for n in range(max(2, people // 5))
    )
    cohort = Cohort.objects.bulk_create([Cohort(
        program=Program.objects.create(name="Clinical training", kind=Program.Kind.INVITATION),
        code="solver", name="Solver", state="placing",
        starts=ApproximateDate.of(MONDAY), ends=ApproximateDate.of(MONDAY + timedelta(days=25)),
    )])[0]  # fmt: skip
    cohort.hospitals.set(houses)
    trainees = Trainee.objects.bulk_create(
        Trainee(passport_name=f"Trainee {n:04}", email=f"s{n}@bench.example", institution=chance.choice(homes),
                specialty=chance.choice(specialties), languages=chance.sample(LANGUAGES[:3], 2))
        for n in range(people)
    )  # fmt: skip
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(cohort=cohort, trainee=trainee, state="accepted") for trainee in trainees
    )
    Wish.objects.bulk_create(
        Wish(enrollment=enrollment, rank=rank, hospital=house)
        for enrollment in enrollments for rank, house in enumerate(chance.sample(houses, 3), start=1)
    )  # fmt: skip
    return cohort
