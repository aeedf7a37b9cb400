"""The placement board of a cohort: trainees by week, departments by week, and what is in conflict, in words.

Everything is read in a fixed number of queries (`reading`), judged as a whole (`programs.conflicts`), and laid out
(`layout`, `seats`) only for the rows that a page shows: a cohort of a thousand costs what its page costs.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import ngettext

from programs.conflicts import Judge
from programs.matching import SpecialtyTree
from programs.models import Enrollment
from programs.rules import not_placeable

from . import reading
from .layout import State, board_weeks, lines_of, week_heads, weeks_covered
from .offers import Offers, offers_of
from .seats import seat_rows
from .silences import silences_of

# So many trainees, and departments, stand on one page; a cohort that is not much larger is not cut.
PER_PAGE = 40
UNCUT = 60


@dataclass
class Row:
    """A trainee's weeks: usually one line, more where placements share days."""

    enrollment: Enrollment
    placements: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    weeks: list = field(default_factory=list)
    proposed: list = field(default_factory=list)
    gone: list = field(default_factory=list)  # in words: told to the trainee once, and not to be any more

    @cached_property
    def lines(self):
        """The cells, line by line."""
        in_conflict = {note.placement.pk for note in self.notes if note.is_conflict}
        return lines_of(self.placements, self.weeks, in_conflict, self.proposed) if self.weeks else [[]]

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
    def has_conflict(self):
        return any(note.is_conflict for note in self.notes)

    @cached_property
    def weeks_placed(self):
        return len(weeks_covered(self.placements, self.weeks))

    @property
    def placed_in_words(self):
        words = ngettext(
            "%(placed)s of %(weeks)s week placed", "%(placed)s of %(weeks)s weeks placed", len(self.weeks)
        )
        return words % {"placed": self.weeks_placed, "weeks": len(self.weeks)}

    @cached_property
    def needs_attention(self):
        return self.has_conflict or self.weeks_placed < len(self.weeks)


@dataclass
class Board:
    """All that is known; a page lays out some of its rows."""

    weeks: list
    rows: list
    departments: list = field(default_factory=list)
    placements: list = field(default_factory=list)
    closures: dict = field(default_factory=dict)
    count: object = None
    offers: Offers = field(default_factory=Offers)
    may_place: bool = True  # whether whoever looks may rearrange what is drafted

    @property
    def week_heads(self):
        """The days of each week in words."""
        return week_heads(self.weeks)

    @cached_property
    def conflicts(self):
        """How many trainees have a conflict."""
        return sum(row.has_conflict for row in self.rows)

    @cached_property
    def drafts(self):
        return sum(placement.state == State.DRAFT for placement in self.placements)

    @cached_property
    def open_conditions(self):
        """How many things that hospitals want to see nobody has ticked off yet."""
        return sum(len(placement.open_conditions) for placement in self.placements)

    @cached_property
    def silences(self):
        return silences_of(self.placements)

    def attention_first(self):
        """The rows with those on top that need somebody; otherwise in the order of names."""
        return sorted(self.rows, key=lambda row: not row.needs_attention)

    @property
    def seats(self):
        """The departments of the hosts and whatever else the cohort uses, week by week."""
        return self._seat_rows(self.departments)

    def seats_for(self, rows):
        """The same where they are few; of many, those in which the trainees of these rows are."""
        if len(self.departments) <= UNCUT:
            return self.seats
        used = {placement.department_id for row in rows for placement in row.placements}
        shown = [department for department in self.departments if department.pk in used]
        return self._seat_rows(shown)

    def _seat_rows(self, departments):
        return seat_rows(departments, self.closures, self.count, self.weeks, may_place=self.may_place)


def board_of(cohort):
    """The board of a cohort as things stand now. Eight queries, whatever its size."""
    enrollments = list(
        cohort.enrollments.taking_part()
        .select_related("trainee__institution", "trainee__specialty")
        .order_by("trainee__passport_name", "pk")
    )
    for enrollment in enrollments:
        enrollment.cohort = cohort
    departments, placements = reading.placements_of(cohort, enrollments)
    weeks = board_weeks(cohort, placements)
    if not weeks:
        return Board([], [Row(enrollment) for enrollment in enrollments])
    closures = reading.closures_of(departments, weeks)
    count = reading.count_seats(cohort, departments, placements, weeks)
    offers, elsewhere = offers_of(departments.values()), reading.elsewhere_of(cohort, weeks)
    judge = Judge(
        cohort,
        closures,
        count,
        elsewhere,
        specialties=SpecialtyTree(),
        unwilling=offers.unwilling,
        beyond=offers.beyond(placements, weeks),
    )
    by_enrollment = defaultdict(list)
    for placement in placements:
        by_enrollment[placement.enrollment_id].append(placement)
    proposed, rows = reading.proposed_of(cohort), []
    for enrollment in enrollments:
        own = by_enrollment[enrollment.pk]
        notes = [note for placement in own for note in judge.notes(placement, own)]
        rows.append(Row(enrollment, own, notes, weeks, proposed.get(enrollment.pk, [])))
    return Board(weeks, rows, list(departments.values()), placements, closures, count, offers)
