"""The baseline: trainee by trainee, each stay where it is worth most just then. Also the solver's first answer."""

import time
from collections import defaultdict

from .problem import WISHES, Solution, worth


def solve(problem):
    """Take the best option that still fits, stay by stay in the order of the trainees."""
    began = time.perf_counter()
    free = [list(place.free) for place in problem.places]
    met, taken = defaultdict(set), []
    for numbers in problem.by_stay():
        fitting = [number for number in numbers if _fits(problem, problem.options[number], free)]
        if not fitting:
            continue
        best = max(fitting, key=lambda number: (_gain(problem, problem.options[number], met), -number))
        option = problem.options[best]
        stay = problem.stays[option.stay]
        for week in stay.weeks:
            free[option.place][week] -= 1
        met[stay.person] |= _met(problem, option)
        taken.append(best)
    value = worth(problem, taken)
    return Solution(taken, value, value, time.perf_counter() - began)


def _fits(problem, option, free):
    return all(free[option.place][week] > 0 for week in problem.stays[option.stay].weeks)


def _met(problem, option):
    person = problem.people[problem.stays[option.stay].person]
    place = problem.places[option.place]
    return {wish[0] for wish in person.wishes if problem.meets(wish, place)}


def _gain(problem, option, met):
    fresh = _met(problem, option) - met[problem.stays[option.stay].person]
    return option.value + sum(WISHES[rank] for rank in fresh)
