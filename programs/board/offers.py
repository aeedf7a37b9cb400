"""What the hospitals offer to a cohort, beside what is drafted there: worth a word, and never a bar."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from programs.conflicts import standing
from programs.models import Hosting, Placement
from programs.models.hostings import HostingSeats

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


def with_offers(departments, cohort):
    """The departments with what their hospitals said to the cohort, for `offers_of`."""
    said = Hosting.objects.filter(cohort=cohort, hospital=OuterRef("hospital"), interest=Hosting.Interest.NO)
    seats = HostingSeats.objects.filter(hosting__cohort=cohort, department=OuterRef("pk"))
    return departments.annotate(
        is_unwilling=Exists(said),
        offered=ArraySubquery(seats.values(week=JSONObject(monday="monday", seats="seats"))),
    )


def offers_of(departments):
    """What was said so far about departments that were read `with_offers`."""
    return Offers(
        {department.hospital_id for department in departments if department.is_unwilling},
        {
            (department.pk, date.fromisoformat(week["monday"])): week["seats"]
            for department in departments
            for week in department.offered
        },
    )
