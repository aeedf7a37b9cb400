"""The placement board of a cohort: trainees by week, departments by week, and what is in conflict, in words.

Everything is read in six queries and laid out from those rows, for one trainee as for a thousand.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hospitals.models import Closure, Department
from portal.records import clock
from portal.records.approximate import span_words
from portal.ui.badges import look_of
from portal.ui.components import SeatCell, SeatHolder, SeatRow

from .conflicts import Judge
from .models import Enrollment, Placement
from .rules import not_placeable, weeks_of
from .seat_count import SeatCount

State = Placement.State
OPEN = (State.DRAFT, State.REQUESTED)
SHOWN = (*OPEN, State.DECLINED, *Placement.SEATED)
NAMED_IN_A_CELL = 6  # of those in a department in a week; the others are a number


@dataclass(frozen=True)
class Cell:
    """Some weeks of one line of the board: a placement with its look and word, or days without a place."""

    weeks: int
    first_day: date
    last_day: date
    word: str
    placement: Placement | None = None
    role: str = ""
    icon: str = ""
    hospital: str = ""
    department: str = ""
    url: str = ""


@dataclass
class Row:
    """A trainee's weeks: usually one line, more where placements share days."""

    enrollment: Enrollment
    lines: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def name(self):
        return self.enrollment.trainee.display_name

    @property
    def is_invented(self):
        return self.enrollment.trainee.is_invented

    @property
    def from_where(self):
        """The trainee's specialty and home, as far as they are known."""
        trainee = self.enrollment.trainee
        return " · ".join(str(part) for part in (trainee.specialty, trainee.institution) if part)

    @property
    def height(self):
        return len(self.lines)

    @property
    def create_url(self):
        return reverse("programs:placement-create", args=[self.enrollment.pk])

    @property
    def takes_placements(self):
        return not not_placeable(self.enrollment)

    @property
    def needs_attention(self):
        return any(note.is_conflict for note in self.notes) or any(
            cell.placement is None or cell.placement.state == State.DECLINED for cell in self.lines[0]
        )


@dataclass(frozen=True)
class Silence:
    """A hospital that has not answered in time: how many requests, and since when."""

    hospital: object
    requests: int
    asked_on: date
    answer_due: date


@dataclass(frozen=True)
class Board:
    """All that the page shows."""

    weeks: list
    rows: list
    seats: list
    silences: list
    drafts: int

    @property
    def week_heads(self):
        """The days of each week in words."""
        return [span_words(monday, friday) for monday, friday in self.weeks]

    @property
    def conflicts(self):
        """How many trainees have a conflict."""
        return sum(any(note.is_conflict for note in row.notes) for row in self.rows)

    def attention_first(self):
        """The rows with those on top that need somebody; otherwise in the order of names."""
        return sorted(self.rows, key=lambda row: not row.needs_attention)


def board_of(cohort):
    """The board of a cohort as things stand now. Six queries, whatever its size."""
    enrollments = list(
        cohort.enrollments.taking_part()
        .select_related("trainee__institution", "trainee__specialty")
        .order_by("trainee__passport_name", "pk")
    )
    departments, placements = _placements(cohort, enrollments)
    weeks = board_weeks(cohort, placements)
    if not weeks:
        return Board([], [Row(enrollment, [[]]) for enrollment in enrollments], [], [], 0)
    closures = _closures(departments, weeks)
    count = _count_seats(cohort, departments, placements, weeks)
    judge = Judge(cohort, closures, count, _elsewhere(cohort, weeks))
    by_enrollment = defaultdict(list)
    for placement in placements:
        by_enrollment[placement.enrollment_id].append(placement)
    rows = []
    for enrollment in enrollments:
        own = by_enrollment[enrollment.pk]
        notes = [note for placement in own for note in judge.notes(placement, own)]
        in_conflict = {note.placement.pk for note in notes if note.is_conflict}
        rows.append(Row(enrollment, _lines(own, weeks, in_conflict), notes))
    return Board(
        weeks=weeks,
        rows=rows,
        seats=_seat_rows(departments, placements, closures, count, weeks),
        silences=_silences(placements),
        drafts=sum(placement.state == State.DRAFT for placement in placements),
    )


def board_weeks(cohort, placements):
    """The weeks to show, as (monday, friday) pairs: those of the cohort, and of any placement outside it.

    Where only the month or year of an end is known, the placements alone say where the weeks begin or end, so
    that the board never shows weeks in which perhaps nobody was there.
    """
    firsts = [placement.first_day for placement in placements]
    lasts = [placement.last_day for placement in placements]
    if cohort.starts.precision == "day" or not firsts:
        firsts.append(cohort.first_day)
    if cohort.ends.precision == "day" or not lasts:
        lasts.append(cohort.last_day)
    if "year" in (cohort.starts.precision, cohort.ends.precision) and not placements:
        return []
    return weeks_of(min(firsts), max(lasts))


# Reading -------------------------------------------------------------------------------------------


def _placements(cohort, enrollments):
    """The departments concerned by key, and the placements shown, with their records attached."""
    departments = {
        department.pk: department
        for department in Department.objects.with_names()
        .filter(
            Q(hospital__in=cohort.hospitals.values("pk"), archived_at=None)
            | Q(pk__in=Placement.objects.filter(enrollment__cohort=cohort).values("department"))
        )
        .order_by("hospital__name", "specialty__name", "pk")
    }
    by_pk = {enrollment.pk: enrollment for enrollment in enrollments}
    placements = []
    for placement in Placement.objects.filter(enrollment__cohort=cohort, state__in=SHOWN).order_by(
        "first_day", "pk"
    ):
        enrollment = by_pk.get(placement.enrollment_id)
        if enrollment is None:  # of somebody who does not take part any more
            continue
        placement.enrollment, placement.trainee = enrollment, enrollment.trainee
        placement.department = departments[placement.department_id]
        placements.append(placement)
    return departments, placements


def _closures(departments, weeks):
    found = defaultdict(list)
    for closure in Closure.objects.filter(
        department__in=departments, first_day__lte=weeks[-1][1], last_day__gte=weeks[0][0]
    ):
        found[closure.department_id].append(closure)
    return found


def _count_seats(cohort, departments, placements, weeks):
    """Seats day by day: those of other cohorts too, because a seat is one whoever sits on it."""
    others = (
        Placement.objects.filter(department__in=departments, state__in=(State.REQUESTED, *Placement.SEATED))
        .exclude(enrollment__cohort=cohort)
        .overlapping(weeks[0][0], weeks[-1][1])
        .select_related("trainee")
    )
    count = SeatCount(weeks[0][0], weeks[-1][1] + timedelta(days=2))
    shown = [placement for placement in placements if placement.state != State.DECLINED]
    for placement in sorted([*others, *shown], key=_right_to_a_seat):
        count.add(placement, departments[placement.department_id].seats)
    return count


def _right_to_a_seat(placement):
    """Who has a seat keeps it, who was taken beyond the seats comes after, then who asked, and drafts last."""
    return (
        not placement.is_seated,
        placement.overbook_reason != "",
        placement.state == State.DRAFT,
        placement.pk,
    )


def _elsewhere(cohort, weeks):
    """Seats that these trainees have in other cohorts in the same weeks, by trainee."""
    found = defaultdict(list)
    for placement in (
        Placement.objects.taking_seats()
        .filter(trainee__enrollments__cohort=cohort)
        .exclude(enrollment__cohort=cohort)
        .overlapping(weeks[0][0], weeks[-1][1])
        .select_related("department__hospital", "department__specialty")
    ):
        found[placement.trainee_id].append(placement)
    return found


# Laying out ----------------------------------------------------------------------------------------


def _lines(placements, weeks, in_conflict):
    """The trainee's placements in as few lines as their weeks allow; a declined one yields to any other."""
    live = [placement for placement in placements if placement.state != State.DECLINED]
    covered = {week for placement in live for week in _weeks(placement, weeks)}
    declined = [
        placement
        for placement in placements
        if placement.state == State.DECLINED and covered.isdisjoint(_weeks(placement, weeks))
    ]
    lines, until = [], []
    for placement in sorted(live + declined, key=lambda placement: (placement.first_day, placement.pk)):
        spans = _weeks(placement, weeks)
        place = next((index for index, week in enumerate(until) if week < spans[0]), None)
        if place is None:
            place = len(lines)
            lines.append([])
            until.append(-1)
        lines[place].append((spans, placement))
        until[place] = spans[-1]
    return [_cells(line, weeks, in_conflict) for line in lines or [[]]]


def _weeks(placement, weeks):
    """The indexes of the weeks a placement touches; a weekend counts to the week before it."""
    first = (placement.first_day - weeks[0][0]).days // 7
    last = (placement.last_day - weeks[0][0]).days // 7
    return range(first, last + 1)


def _cells(line, weeks, in_conflict):
    cells, week = [], 0
    for spans, placement in line:
        if spans[0] > week:
            cells.append(_gap(week, spans[0] - 1, weeks))
        cells.append(_stay(placement, len(spans), placement.pk in in_conflict))
        week = spans[-1] + 1
    if week < len(weeks):
        cells.append(_gap(week, len(weeks) - 1, weeks))
    return cells


def _stay(placement, weeks, in_conflict):
    role, icon = look_of("placement", placement.state)
    word = _word(placement)
    if in_conflict:
        role, icon = "stop", "exclamation-triangle"
        word = _("%(state)s, in conflict") % {"state": word}
    return Cell(
        weeks=weeks,
        first_day=placement.first_day,
        last_day=placement.last_day,
        word=word,
        placement=placement,
        role=role,
        icon=icon,
        hospital=placement.department.hospital.short,
        department=placement.department.label,
        url=reverse("programs:placement-detail", args=[placement.pk]),
    )


def _word(placement):
    """The state of a placement, with the day of what somebody waits for or was told; halves of days are named."""
    word = State(placement.state).label  # get_state_display() would look at every choice, thousands of times
    if placement.state == State.REQUESTED:
        silent = is_silent(placement, clock.today())
        word = _("Requested %(day)s, silent") if silent else _("Requested %(day)s")
        word %= {"day": _month_day(placement.requested_at)}
    elif placement.state == State.DECLINED:
        word = _("Declined %(day)s") % {"day": _month_day(placement.answered_at)}
    if placement.half != Placement.Half.WHOLE:
        word = _("%(state)s, %(half)s") % {"state": word, "half": placement.get_half_display()}
    return word


def _month_day(moment):
    return date_format(moment.astimezone(clock.SEOUL), "MONTH_DAY_FORMAT")


def _gap(first, last, weeks):
    """The weeks from one index to another, in which the trainee has no place."""
    word = _("Place in week %(first)s") if first == last else _("Place in weeks %(first)s to %(last)s")
    return Cell(
        last - first + 1, weeks[first][0], weeks[last][1], word % {"first": first + 1, "last": last + 1}
    )


# Seats and silence ---------------------------------------------------------------------------------


def _seat_rows(departments, placements, closures, count, weeks):
    """A row for each department this cohort uses or asks for; all of its hosts' as long as it uses none."""
    used = {placement.department_id for placement in placements if placement.state != State.DECLINED}
    rows = []
    for department in departments.values():
        if used and department.pk not in used:
            continue
        closed = closures.get(department.pk, ())
        cells = [_seat_cell(department, closed, count, monday, friday) for monday, friday in weeks]
        days = [span_words(closure.first_day, closure.last_day) for closure in closed]
        note = _("closed %(days)s") % {"days": ", ".join(days)} if days else ""
        rows.append(SeatRow(str(department), cells, note=note))
    return rows


def _seat_cell(department, closures, count, monday, friday):
    present = count.present(department.pk, monday, friday)
    return SeatCell(
        count.fullest(department.pk, monday, friday),
        department.seats,
        closed=any(closure.first_day <= monday and closure.last_day >= friday for closure in closures),
        people=[_holder(placement) for placement in present[:NAMED_IN_A_CELL]],
        more=max(len(present) - NAMED_IN_A_CELL, 0),
    )


def _holder(placement):
    """Who sits on a seat; what is asked for or only drafted is told apart from what is agreed."""
    return SeatHolder(
        placement.trainee.display_name,
        reverse("programs:placement-detail", args=[placement.pk]),
        "" if placement.is_seated else State(placement.state).label,
    )


def _silences(placements):
    """Hospitals whose answer is overdue, those that have been silent longest first."""
    today, by_hospital = clock.today(), defaultdict(list)
    for placement in placements:
        if is_silent(placement, today):
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


def is_silent(placement, today):
    """Whether the hospital should have answered before `today` and has not."""
    return placement.state == State.REQUESTED and placement.answer_due < today
