"""The seats left for placements that wait for an answer."""

from collections import defaultdict

from .models import Placement
from .seat_count import SeatCount


def free_for(placements):
    """How many seats each placement finds free on the fullest half-day of its period, by key. One query."""
    placements = list(placements)
    if not placements:
        return {}
    first_day = min(placement.first_day for placement in placements)
    last_day = max(placement.last_day for placement in placements)
    seated = defaultdict(list)
    for other in (
        Placement.objects.taking_seats()
        .filter(department__in={placement.department_id for placement in placements})
        .overlapping(first_day, last_day)
    ):
        seated[other.department_id].append(other)
    return {placement.pk: _free(placement, seated[placement.department_id]) for placement in placements}


def _free(placement, seated):
    count = SeatCount(placement.first_day, placement.last_day)
    for other in seated:
        if other.pk != placement.pk:
            count.take(other)
    taken = count.fullest(placement.department_id, placement.first_day, placement.last_day, placement.half)
    return max(placement.department.seats - taken, 0)
