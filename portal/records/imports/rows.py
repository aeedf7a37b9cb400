"""A row of the file while it is worked on: what it says, what is wrong with it, and which record it is about."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .said import of_error


class Verdict(TextChoices):
    """What a row comes to."""

    NEW = "new", _("New")
    MATCHED = "matched", _("Matched")
    CHANGED = "changed", _("Changed")
    WRONG = "wrong", _("Wrong")
    UNCHANGED = "unchanged", _("Unchanged")


class Choice(TextChoices):
    """What a person has decided about a row."""

    NONE = "", _("nothing yet")
    SAME = "same", _("it is the same")
    OTHER = "other", _("it is another one")
    LEAVE_OUT = "leave_out", _("left out")


# Before everything else comes what needs a person.
RANKS = {Verdict.WRONG: 0, Verdict.MATCHED: 2, Verdict.CHANGED: 3, Verdict.NEW: 4, Verdict.UNCHANGED: 5}
UNDECIDED_RANK = 1


@dataclass
class Row:
    """One row. `texts` and `cells` are by column's name; `values` those that could be read."""

    number: int
    texts: dict
    cells: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    # What matching found
    target: object = None  # a columns.Reference
    candidates: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    is_weak: bool = False
    changes: list = field(default_factory=list)  # dicts of column, before, after (kept values)
    # What a person said
    choice: str = Choice.NONE
    chosen: int | None = None  # the record that it is, where there were several
    corrections: dict = field(default_factory=dict)
    not_taken: list = field(default_factory=list)  # columns whose change is not wanted
    # What came of it
    verdict: str = ""
    written: int | None = None
    before: dict = field(default_factory=dict)

    def text(self, name):
        """What is written in a column, or was corrected to."""
        return self.corrections.get(name, self.texts.get(name, ""))

    def value(self, name, default=None):
        return self.values.get(name, default)

    def wrong(self, column, error, *, nearest="", hint=None):
        """Something is wrong in a column (empty for the whole row): a sentence `said`, or a ValidationError."""
        found = of_error(error) if isinstance(error, ValidationError) else [error]
        nearest = getattr(error, "nearest", nearest)
        for reason in found:
            self.problems.append(
                {
                    "column": column,
                    "cell": self.cells.get(column, ""),
                    "reason": reason,
                    "nearest": nearest,
                    "hint": hint,
                }
            )

    def is_about(self, record, *evidence, weak=False):
        """The row is about this record, and why; with weak evidence only once a person says so."""
        self.target, self.candidates = record, [record]
        self.evidence, self.is_weak = list(evidence), weak

    def may_be(self, records, *evidence):
        """The row may be about one of these records; which one, or whether it is new, a person decides."""
        self.is_about(records[0], *evidence, weak=True)
        self.candidates = list(records)

    @property
    def is_undecided(self):
        return self.is_weak and not self.choice

    @property
    def is_taken(self):
        """Whether something will be written for it."""
        if self.choice == Choice.LEAVE_OUT or self.is_undecided:
            return False
        return self.verdict in (Verdict.NEW, Verdict.MATCHED, Verdict.CHANGED)

    @property
    def rank(self):
        return UNDECIDED_RANK if self.is_undecided and self.verdict != Verdict.WRONG else RANKS[self.verdict]

    @property
    def wanted_changes(self):
        return [change for change in self.changes if change["column"] not in self.not_taken]

    def outcome(self):
        """What a preview promises: if this differs when it is written, the promise does not hold any more."""
        target = self.target.pk if self.target else None
        return [self.verdict, target, self.changes, self.is_weak]
