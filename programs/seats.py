"""Counting seats half-day by half-day over many placements at once."""

from collections import defaultdict

from .models import Placement

Half = Placement.Half


def share_a_half(one, other):
    """Whether two placements want the same half of a day."""
    return one.half == other.half or Half.WHOLE in (one.half, other.half)


class SeatCount:
    """The seats taken in each department on each half-day of a period.

    Placements are added in the order in which they have a right to a seat. The count remembers which found
    none: `without_seat` holds their keys.
    """

    def __init__(self, first_day, last_day):
        self.first_day = first_day
        self.last_day = last_day
        days = (last_day - first_day).days + 1
        self.taken = defaultdict(lambda: [0] * (2 * days))
        self.refused = defaultdict(lambda: [0] * (2 * days))
        self.seated = defaultdict(list)
        self.without_seat = set()

    def _halves(self, first_day, last_day, half=Half.WHOLE):
        """The places of the half-days in the counts, as ranges; days outside the period are left out."""
        first = max((first_day - self.first_day).days, 0)
        last = min((last_day - self.first_day).days, (self.last_day - self.first_day).days)
        if half == Half.WHOLE:
            return range(2 * first, 2 * last + 2)
        return range(2 * first + (half == Half.AFTERNOON), 2 * last + 2, 2)

    def add(self, placement, seats):
        """Give the placement its seat on all its half-days, or none."""
        halves = self._halves(placement.first_day, placement.last_day, placement.half)
        taken = self.taken[placement.department_id]
        if any(taken[half] >= seats for half in halves):
            self.without_seat.add(placement.pk)
            taken = self.refused[placement.department_id]
        else:
            self.seated[placement.department_id].append(placement)
        for half in halves:
            taken[half] += 1

    def fullest(self, department, first_day, last_day):
        """How many are there on the fullest half-day, with those who found no seat where they wanted one."""
        halves = self._halves(first_day, last_day)
        taken, refused = self.taken.get(department), self.refused.get(department)
        if taken is None and refused is None:
            return 0
        return max((taken[half] if taken else 0) + (refused[half] if refused else 0) for half in halves)

    def holders(self, placement):
        """Those who have a seat in the department on some of the placement's half-days."""
        return [
            other
            for other in self.seated[placement.department_id]
            if other.first_day <= placement.last_day
            and other.last_day >= placement.first_day
            and share_a_half(placement, other)
        ]
