"""The seats left, for pages that show many placements or departments at once: one query, whatever their number."""

from collections import defaultdict

from .models import Placement
from .seat_count import SeatCount

WHOLE = Placement.Half.WHOLE


def free_for(placements):
    """How many seats each placement finds free on the fullest half-day of its period, itself not counted, by key."""
    placements = list(placements)
    if not placements:
        return {}
    first_day = min(placement.first_day for placement in placements)
    last_day = max(placement.last_day for placement in placements)
    taking = Placement.objects.taking_seats()
    seated = _by_department(
        taking, {placement.department_id for placement in placements}, first_day, last_day
    )
    found = {}
    for placement in placements:
        department, days = placement.department, (placement.first_day, placement.last_day)
        others = [other for other in seated[department.pk] if other.pk != placement.pk]
        found[placement.pk] = _free(department, others, *days, placement.half)
    return found


def free_in(departments, first_day, last_day, half=WHOLE):
    """How many seats each department has for one more draft through the whole period, by key.

    A seat that was asked for is not offered again: the draft would stand in conflict with the request.
    """
    departments = list(departments)
    spoken_for = Placement.objects.filter(state__in=[*Placement.SEATED, Placement.State.REQUESTED])
    seated = _by_department(spoken_for, [department.pk for department in departments], first_day, last_day)
    return {one.pk: _free(one, seated[one.pk], first_day, last_day, half) for one in departments}


def _by_department(placements, departments, first_day, last_day):
    """Those of the placements that are in the departments on some of the days, by department. One query."""
    found = defaultdict(list)
    for other in placements.filter(department__in=departments).overlapping(first_day, last_day):
        found[other.department_id].append(other)
    return found


def _free(department, seated, first_day, last_day, half):
    count = SeatCount(first_day, last_day)
    for other in seated:
        count.take(other)
    return max(department.seats - count.fullest(department.pk, first_day, last_day, half), 0)
