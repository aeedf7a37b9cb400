"""Hospitals that have not answered in time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from portal.records import clock
from programs.waits import is_late


@dataclass(frozen=True)
class Silence:
    """A hospital that has not answered in time: how many requests, and since when."""

    hospital: object
    requests: int
    asked_on: date
    answer_due: date


def silences_of(placements):
    """Hospitals whose answer is overdue, as on the call list; those that have been silent longest first."""
    by_hospital = defaultdict(list)
    for placement in placements:
        if is_late(placement):
            by_hospital[placement.department.hospital].append(placement)
    found = [
        Silence(
            hospital,
            len(asked),
            min(placement.requested_at for placement in asked).astimezone(clock.SEOUL).date(),
            min(placement.answer_due for placement in asked),
        )
        for hospital, asked in by_hospital.items()
    ]
    return sorted(found, key=lambda silence: (silence.answer_due, silence.hospital.name))
