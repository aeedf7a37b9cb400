"""`./dev bench proposals`: the solver against the greedy baseline, on invented cohorts from 30 × 8 to 1,000 × 100."""

import random
import resource
from datetime import date, timedelta

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
