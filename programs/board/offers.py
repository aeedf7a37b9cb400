"""What the hospitals offer to a cohort, beside what is drafted there: worth a word, and never a bar."""

from collections import defaultdict
from dataclasses import dataclass, field

from programs.conflicts import standing
from programs.models import Hosting, Placement

from .layout import weeks_touched


@dataclass
class Offers:
    """Which hospitals said no, and the seats told by department and Monday; what is not told is not judged."""

    unwilling: set = field(default_factory=set)
    seats: dict = field(default_factory=dict)

    def beyond(self, placements, weeks):
        """Those for whom no offered seat is left in some week, by key: the Monday, the seats offered and how many are
        placed there. Who has the better right to a seat is counted first.
        """
        there = defaultdict(list)
        for placement in sorted(placements, key=standing) if self.seats else ():
            for week in weeks_touched(placement, weeks):
                place = placement.department_id, weeks[week][0]
                if place in self.seats and placement.state != Placement.State.DECLINED:
                    there[place].append(placement)
        found = {}
        for (department, monday), people in there.items():
            offered = self.seats[department, monday]
            for placement in people[offered:]:
                found.setdefault(placement.pk, (monday, offered, len(people)))
        return found


def offers_of(cohort):
    """What was said to the cohort so far. One query."""
    offers = Offers()
    rows = Hosting.objects.filter(cohort=cohort).values_list(
        "hospital", "interest", "seats__department", "seats__monday", "seats__seats"
    )
    for hospital, interest, department, monday, seats in rows:
        if interest == Hosting.Interest.NO:
            offers.unwilling.add(hospital)
        if department is not None:
            offers.seats[department, monday] = seats
    return offers
