"""The problem as an integer program: columns with bounds and gains, rows with at most so much. Any solver takes it.

Wishes, shares and company are written so that the relaxed program is nearly whole already: what is beyond a limit costs
more and more (convex), so that the proof comes with the first bound and not with a search.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from . import problem as values
from .problem import WISHES


@dataclass
class Program:
    """Columns are whole numbers from 0 to their bound; the first ones are the problem's options."""

    gains: list = field(default_factory=list)
    bounds: list = field(default_factory=list)
    rows: list = field(default_factory=list)  # (numbers of columns, factors, at most)

    def column(self, gain, bound=1):
        self.gains.append(gain)
        self.bounds.append(bound)
        return len(self.gains) - 1

    def at_most(self, plus, limit, minus=()):
        """The sum of the columns `plus`, less that of `minus`, is at most `limit`."""
        self.rows.append(([*plus, *minus], [1] * len(plus) + [-1] * len(minus), limit))

    def beyond(self, columns, limit, loss, most):
        """Each one of the columns' sum beyond the limit costs `loss`."""
        if most > limit:
            over = self.column(loss, most)
            self.at_most(columns, limit, minus=[over])


def written(problem):
    """The Program of a problem."""
    program = Program()
    for option in problem.options:
        program.column(option.value)
    for numbers in problem.by_stay():
        if len(numbers) > 1:
            program.at_most(numbers, 1)
    _seats(problem, program)
    for person, numbers in zip(problem.people, problem.by_person(), strict=True):
        _wishes(problem, program, person, numbers)
        _repeats(problem, program, person, numbers)
    _shares(problem, program)
    _company(problem, program)
    return program


def _seats(problem, program):
    wanting = defaultdict(list)
    for number, option in enumerate(problem.options):
        for week in problem.stays[option.stay].weeks:
            wanting[option.place, week].append(number)
    rows = {}
    for (place, week), numbers in wanting.items():
        free = problem.places[place].free[week]
        if len(numbers) > free:
            # Weeks that the same stays want and that have as many seats are one row.
            rows[place, tuple(numbers), free] = numbers
    for (_place, _numbers, free), numbers in rows.items():
        program.at_most(numbers, free)


def _wishes(problem, program, person, numbers):
    for wish in person.wishes:
        meeting = [n for n in numbers if problem.meets(wish, problem.places[problem.options[n].place])]
        if meeting:
            met = program.column(WISHES[wish[0]])
            program.at_most([met], 0, minus=meeting)


def _repeats(problem, program, person, numbers):
    by_place = defaultdict(list)
    for number in numbers:
        by_place[problem.options[number].place].append(number)
    for place, own in by_place.items():
        before = int(problem.places[place].key in person.departments)
        program.beyond(own, 1 - before, values.SAME_DEPARTMENT_AGAIN, len(own))


def _shares(problem, program):
    by_hospital = defaultdict(list)
    for number, option in enumerate(problem.options):
        by_hospital[problem.places[option.place].hospital].append(number)
    shares = problem.shares()
    for hospital, numbers in by_hospital.items():
        weeks = [len(problem.stays[problem.options[number].stay].weeks) for number in numbers]
        has = problem.load.get(hospital, 0)
        for share, loss in (
            (shares[hospital], values.HOSPITAL_ABOVE_SHARE),
            (shares[hospital] * 3 // 2, values.HOSPITAL_FAR_ABOVE_SHARE),
        ):
            limit = max(share - has, 0)
            over = program.column(loss, sum(weeks))
            program.rows.append(([*numbers, over], [*weeks, -1], limit))


def _company(problem, program):
    if problem.together == "free":
        return
    groups = defaultdict(list)
    for number, option in enumerate(problem.options):
        stay = problem.stays[option.stay]
        home = problem.people[stay.person].home
        if home is not None:
            groups[home, problem.places[option.place].hospital, stay.first].append(number)
    for numbers in groups.values():
        if problem.together == "apart":
            program.beyond(numbers, 1, values.NOT_APART, len(numbers))
            continue
        used = program.column(values.ONE_MORE_HOSPITAL)
        for number in numbers:
            program.at_most([number], 0, minus=[used])
