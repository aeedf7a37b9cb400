"""Counting seats half-day by half-day over many placements at once."""

from collections import defaultdict

from portal.ui.components import SeatCell

from .models import Placement

Half, State = Placement.Half, Placement.State


def share_a_half(one, other):
    """Whether two placements want the same half of a day."""
    return one.half == other.half or Half.WHOLE in (one.half, other.half)


def share_days(one, other):
    """Whether two placements want the same half of some day."""
    return one.first_day <= other.last_day and one.last_day >= other.first_day and share_a_half(one, other)


class SeatCount:
    """The seats taken in each department on each half-day of a period.

    Placements are added in the order in which they have a right to a seat. The count remembers which found
    none: `without_seat` holds their keys. `wanting` are all who were added or taken, seated or not.
    """

    def __init__(self, first_day, last_day):
        self.first_day = first_day
        self.last_day = last_day
        days = (last_day - first_day).days + 1
        self.taken = defaultdict(lambda: [0] * (2 * days))
        self.refused = defaultdict(lambda: [0] * (2 * days))
        self.settled = defaultdict(lambda: [0] * (2 * days))
        self.seated = defaultdict(list)
        self.wanting = defaultdict(list)
        self.without_seat = set()

    def _halves(self, first_day, last_day, half=Half.WHOLE):
        """The places of the half-days in the counts, as ranges; days outside the period are left out."""
        first = max((first_day - self.first_day).days, 0)
        last = min((last_day - self.first_day).days, (self.last_day - self.first_day).days)
        if half == Half.WHOLE:
            return range(2 * first, 2 * last + 2)
        return range(2 * first + (half == Half.AFTERNOON), 2 * last + 2, 2)

    def take(self, placement):
        """Count the placement on all its half-days, whether there are seats or not."""
        self.seated[placement.department_id].append(placement)
        self._count(self.taken, placement)

    def add(self, placement, seats):
        """Give the placement its seat on all its half-days, or none."""
        taken = self.taken[placement.department_id]
        halves = self._halves(placement.first_day, placement.last_day, placement.half)
        if all(taken[half] < seats for half in halves):
            self.take(placement)
        else:
            self.without_seat.add(placement.pk)
            self._count(self.refused, placement)

    def _count(self, counts, placement):
        self.wanting[placement.department_id].append(placement)
        counts, settled = counts[placement.department_id], self.settled[placement.department_id]
        for half in self._halves(placement.first_day, placement.last_day, placement.half):
            counts[half] += 1
            settled[half] += placement.is_seated

    def fullest(self, department, first_day, last_day, half=Half.WHOLE):
        """How many are there on the fullest half-day, with those who found no seat where they wanted one."""
        taken, refused = self.taken[department], self.refused[department]
        return max((taken[at] + refused[at] for at in self._halves(first_day, last_day, half)), default=0)

    def confirmed(self, department, first_day, last_day, half=Half.WHOLE):
        """How many of them the hospital has confirmed, on the half-day on which that is most."""
        settled = self.settled[department]
        return max((settled[at] for at in self._halves(first_day, last_day, half)), default=0)

    def present(self, department, first_day, last_day):
        """The placements counted in the department on some of the days."""
        return [
            placement
            for placement in self.wanting[department]
            if placement.first_day <= last_day and placement.last_day >= first_day
        ]

    def holders(self, placement):
        """Those who have a seat in the department on some of the placement's half-days."""
        return [other for other in self.seated[placement.department_id] if share_days(placement, other)]


def seat_cell(department, closures, count, week, people=()):
    """The seats of a department in a week, as the count has them; `people` are those shown by name."""
    monday, friday = week
    states = [placement.state for placement in count.present(department.pk, monday, friday)]
    return SeatCell(
        count.confirmed(department.pk, monday, friday),
        department.seats,
        closed=any(closure.first_day <= monday and closure.last_day >= friday for closure in closures),
        people=people,
        more=max(len(states) - len(people), 0) if people else 0,
        asked=states.count(State.REQUESTED),
        drafts=states.count(State.DRAFT),
        wanted=count.fullest(department.pk, monday, friday),
    )
