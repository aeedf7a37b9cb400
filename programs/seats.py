"""The seats left, for pages that show many placements or departments at once: one query, whatever their number."""

from collections import defaultdict
from dataclasses import dataclass

from portal.ui.components import free_in_words, wanted_in_words

from .models import Placement
from .seat_count import SeatCount, share_days

State, WHOLE = Placement.State, Placement.Half.WHOLE
ASKED = (*Placement.SEATED, State.REQUESTED)


@dataclass(frozen=True)
class SeatsLeft:
    """The seats of a department in some days: free are those that nobody is confirmed on; others may want them too."""

    free: int
    seats: int
    asked: int = 0
    drafts: int = 0

    @property
    def words(self):
        return " · ".join([free_in_words(self.free, self.seats), *wanted_in_words(self.asked, self.drafts)])


@dataclass(frozen=True)
class _Days:
    """The days that a placement would have, to be compared with those that are there."""

    first_day: object
    last_day: object
    half: str


def left_for(placements):
    """The SeatsLeft that each placement finds in its period, itself not counted, by key.

    What staff only draft is not in it: hospitals read this too.
    """
    placements = list(placements)
    if not placements:
        return {}
    first_day = min(placement.first_day for placement in placements)
    last_day = max(placement.last_day for placement in placements)
    there = _by_department({one.department_id for one in placements}, ASKED, first_day, last_day)
    found = {}
    for placement in placements:
        others = [other for other in there[placement.department_id] if other.pk != placement.pk]
        found[placement.pk] = _left(placement.department, others, placement)
    return found


def left_in(departments, first_day, last_day, half=WHOLE, *, instead_of=None):
    """The SeatsLeft that one more draft finds in each department through the whole period, by key.

    A placement in whose stead it would stand is not counted.
    """
    departments, days = list(departments), _Days(first_day, last_day, half)
    keys = [department.pk for department in departments]
    there = _by_department(keys, (*ASKED, State.DRAFT), first_day, last_day)
    own = instead_of and instead_of.pk
    return {
        one.pk: _left(one, [other for other in there[one.pk] if other.pk != own], days) for one in departments
    }


def _by_department(departments, states, first_day, last_day):
    """Who is in the departments on some of the days, by department. One query."""
    found = defaultdict(list)
    rows = Placement.objects.filter(department__in=departments, state__in=states)
    for other in rows.overlapping(first_day, last_day):
        found[other.department_id].append(other)
    return found


def _left(department, others, wanted):
    days = wanted.first_day, wanted.last_day
    count = SeatCount(*days)
    there = [one for one in others if share_days(one, wanted)]
    for other in there:
        count.take(other)
    states = [other.state for other in there]
    taken = count.confirmed(department.pk, *days, wanted.half)
    return SeatsLeft(
        max(department.seats - taken, 0),
        department.seats,
        states.count(State.REQUESTED),
        states.count(State.DRAFT),
    )
