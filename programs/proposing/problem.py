"""What is to be decided, as plain data: no database and no solver is needed to read or test it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

# What is gained, and lost. A week with a place outweighs everything else, a first wish outweighs any specialty.
WEEK_PLACED = 1000
OWN_SPECIALTY = 120
RELATED_SPECIALTY = 60
TOPIC = 40
COMMON_LANGUAGE = 30
WISHES = {1: 300, 2: 180, 3: 90}
SAME_DEPARTMENT_AGAIN = -30
HOSPITAL_ABOVE_SHARE = -20  # for each week with a trainee beyond the hospital's share
HOSPITAL_FAR_ABOVE_SHARE = -30  # and again beyond one and a half times of it
NOT_APART = -200  # staff's choice outweighs fairness, and yields to a first wish
ONE_MORE_HOSPITAL = -200


@dataclass(frozen=True)
class Place:
    """A department as the proposal sees it: `free` has the seats left in each week that still may be filled."""

    key: int
    hospital: int
    specialty: int
    free: tuple


@dataclass(frozen=True)
class Stay:
    """Some weeks of one trainee that want a department: from week `first` to `last` of the cohort, both included."""

    person: int
    first: int
    last: int
    first_day: date
    last_day: date

    @property
    def weeks(self):
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Option:
    """A stay in a place, and what it is worth by itself; `why` says what the worth is made of."""

    stay: int
    place: int
    value: int
    why: tuple = ()


@dataclass
class Person:
    """A trainee: the enrollment's key, home institution, wishes, and the departments they are in already."""

    key: int
    home: int | None
    wishes: tuple = ()  # (rank, hospital or None, keys of specialties that meet it or None)
    departments: frozenset = frozenset()


@dataclass
class Problem:
    """Everything the solver looks at. Lists are in a fixed order, so that the same input gives the same answer."""

    people: list
    places: list
    stays: list
    options: list
    weeks: int
    together: str = "free"
    load: dict = field(default_factory=dict)  # weeks with a trainee that hospitals have already

    def meets(self, wish, place):
        """Whether a place is what the wish names."""
        _rank, hospital, specialties = wish
        return (hospital is None or place.hospital == hospital) and (
            specialties is None or place.specialty in specialties
        )

    def shares(self):
        """The fair share of each hospital, in weeks with a trainee, by the seats it has left; rounded up."""
        seats = defaultdict(int)
        for place in self.places:
            seats[place.hospital] += sum(place.free)
        for hospital, weeks in self.load.items():
            seats[hospital] += weeks
        wanted = sum(len(stay.weeks) for stay in self.stays) + sum(self.load.values())
        total = sum(seats.values()) or 1
        return {hospital: -(-wanted * number // total) for hospital, number in seats.items()}

    def by_stay(self):
        """The numbers of each stay's options."""
        found = [[] for _ in self.stays]
        for number, option in enumerate(self.options):
            found[option.stay].append(number)
        return found

    def by_person(self):
        """The numbers of each person's options."""
        found = [[] for _ in self.people]
        for number, option in enumerate(self.options):
            found[self.stays[option.stay].person].append(number)
        return found


@dataclass
class Solution:
    """The options that were taken, what they are worth together, and the bound that is proven."""

    taken: list
    value: int
    bound: int
    seconds: float = 0.0


def worth(problem, taken):
    """What the options with these numbers are worth together: the same sum that the solver makes as large as it can."""
    options = [problem.options[number] for number in taken]
    total = sum(option.value for option in options)
    by_person = defaultdict(list)
    for option in options:
        by_person[problem.stays[option.stay].person].append(problem.places[option.place])
    for index, places in by_person.items():
        person = problem.people[index]
        total += sum(
            WISHES[wish[0]] for wish in person.wishes if any(problem.meets(wish, place) for place in places)
        )
        keys = [place.key for place in places]
        repeated = sum(keys.count(key) + (key in person.departments) - 1 for key in set(keys))
        total += SAME_DEPARTMENT_AGAIN * repeated
    return total + _fairness(problem, options) + _company(problem, options)


def _fairness(problem, options):
    load = defaultdict(int, problem.load)
    for option in options:
        load[problem.places[option.place].hospital] += len(problem.stays[option.stay].weeks)
    total = 0
    for hospital, share in problem.shares().items():
        total += HOSPITAL_ABOVE_SHARE * max(load[hospital] - max(share, problem.load.get(hospital, 0)), 0)
        far = max(share * 3 // 2, problem.load.get(hospital, 0))
        total += HOSPITAL_FAR_ABOVE_SHARE * max(load[hospital] - far, 0)
    return total


def company(problem, options):
    """How many of one institution are in one hospital from the same week on, by (institution, hospital, week)."""
    found = defaultdict(int)
    for option in options:
        stay = problem.stays[option.stay]
        home = problem.people[stay.person].home
        if home is not None:
            found[home, problem.places[option.place].hospital, stay.first] += 1
    return found


def _company(problem, options):
    groups = company(problem, options)
    if problem.together == "apart":
        return sum(NOT_APART * (number - 1) for number in groups.values())
    if problem.together == "together":
        return ONE_MORE_HOSPITAL * len(groups)
    return 0
