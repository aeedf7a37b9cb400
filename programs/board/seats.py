"""The hospitals' side of the board: the seats of each department in each week, used and free, and who sits there."""

from dataclasses import dataclass
from functools import cache, partial

from django.utils.translation import gettext as _

from portal.records.approximate import span_words
from portal.ui.components import SeatHolder, SeatRow
from programs.models import Placement
from programs.seat_count import seat_cell

from .layout import url_of

State = Placement.State
NAMED_IN_A_CELL = 6  # of those in a department in a week; the others are a number


@dataclass(frozen=True)
class DepartmentRow(SeatRow):
    """A department on the board; `pk` tells the page where a placement is put down."""

    pk: int = 0


def seat_rows(departments, closures, count, weeks, *, may_place):
    """A row for each of the departments, week by week."""
    rows, holder = [], cache(partial(_holder, may_place=may_place))  # who stays for weeks is written once
    for department in departments:
        closed = closures.get(department.pk, ())
        cells = [_seat_cell(department, closed, count, week, holder) for week in weeks]
        days = [span_words(closure.first_day, closure.last_day) for closure in closed]
        note = _("closed %(days)s") % {"days": ", ".join(days)} if days else ""
        rows.append(DepartmentRow(str(department), cells, note=note, pk=department.pk))
    return rows


def _seat_cell(department, closures, count, week, holder):
    present = count.present(department.pk, *week)[:NAMED_IN_A_CELL]
    return seat_cell(department, closures, count, week, [holder(placement) for placement in present])


def _holder(placement, may_place):
    """Who sits on a seat; what is asked for or only drafted is told apart from what is agreed."""
    return SeatHolder(
        placement.trainee.display_name,
        url_of(placement, may_place),
        "" if placement.is_seated else State(placement.state).label,
    )
