"""The hospitals' side of the board: the seats of each department in each week, used and free, and who sits there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from portal.records.approximate import span_words
from portal.ui.components import SeatHolder, SeatRow
from programs.models import Placement
from programs.seat_count import seat_cell

from .layout import url_of, week_heads

State = Placement.State
NAMED_IN_A_CELL = 6  # of those in a department in a week; the others are a number


@dataclass(frozen=True)
class DepartmentRow(SeatRow):
    """A department on the board; `pk` tells the page where a placement is put down."""

    pk: int = 0
    hospital: str = ""
    department: str = ""
    heads: Sequence[str] = ()
    trainees: frozenset = frozenset()

    @property
    def by_week(self):
        """Pairs of a week in words and its cell."""
        return list(zip(self.heads, self.cells, strict=True))


@dataclass(frozen=True)
class House:
    """The departments of a hospital, folded away where there is no room for the strip."""

    name: str
    rows: Sequence[DepartmentRow]

    @property
    def people(self):
        """How many different trainees are there or may come."""
        return len(frozenset().union(*(row.trainees for row in self.rows)))

    @property
    def is_over(self):
        return any(cell.fill == "over" for row in self.rows for cell in row.cells)


def houses_of(rows):
    """The rows hospital by hospital, in their order."""
    return [House(name, list(group)) for name, group in groupby(rows, key=lambda row: row.hospital)]


def seat_rows(departments, closures, count, weeks):
    """A row for each of the departments, week by week."""
    rows, heads = [], week_heads(weeks)
    for department in departments:
        closed = closures.get(department.pk, ())
        cells = [_seat_cell(department, closed, count, week) for week in weeks]
        days = [span_words(closure.first_day, closure.last_day) for closure in closed]
        note = _("closed %(days)s") % {"days": ", ".join(days)} if days else ""
        present = count.present(department.pk, weeks[0][0], weeks[-1][1])
        rows.append(
            DepartmentRow(
                str(department),
                cells,
                note=note,
                pk=department.pk,
                hospital=department.hospital.short,
                department=department.label,
                heads=heads,
                trainees=frozenset(placement.trainee_id for placement in present),
            )
        )
    return rows


def _seat_cell(department, closures, count, week):
    present = count.present(department.pk, *week)[:NAMED_IN_A_CELL]
    return seat_cell(department, closures, count, week, [_holder(placement) for placement in present])


def _holder(placement):
    """Who sits on a seat; what is asked for or only drafted is told apart from what is agreed."""
    return SeatHolder(
        placement.trainee.display_name,
        url_of(placement),
        "" if placement.is_seated else State(placement.state).label,
    )
