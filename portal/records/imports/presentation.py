"""A row as the preview says it: what we found and why, and what can be chosen."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import ImportRow
from .rows import Choice, Verdict
from .said import in_words

TALLIES = [Verdict.NEW, Verdict.MATCHED, Verdict.CHANGED, Verdict.WRONG, Verdict.UNCHANGED]


@dataclass
class Line:
    """One sentence of a row: the cell it is about, the words, and smaller ones below."""

    words: str
    cell: str = ""
    hint: str = ""
    column: str = ""


@dataclass
class Change:
    """What the file would change in a record."""

    column: str
    label: str
    cell: str
    before: str
    after: str
    is_wanted: bool


@dataclass
class Candidate:
    """A record that a row may be about."""

    pk: int
    label: str
    url: str
    is_chosen: bool = False


@dataclass
class ShownRow:
    """A row of the preview."""

    row: ImportRow
    problems: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    candidates: list = field(default_factory=list)
    nearest: str = ""

    @property
    def choices(self):
        """The buttons of a row, as (value, words); what has been chosen stands beside them in words."""
        row, buttons = self.row, []
        if row.choice:
            return [("", _("Take it back"))]
        if row.verdict == Verdict.WRONG and self.nearest:
            buttons.append(("nearest", _("Use the nearest")))
        if row.is_undecided and len(self.candidates) == 1:
            buttons.append((Choice.SAME, _("It is the same")))
        if self.candidates and row.verdict != Verdict.WRONG:
            buttons.append((Choice.OTHER, _("It is another one")))
        if row.verdict != Verdict.UNCHANGED:
            buttons.append((Choice.LEAVE_OUT, _("Leave out")))
        return buttons

    @property
    def chosen(self):
        """The choice in words."""
        return {
            Choice.SAME: _("It is the same."),
            Choice.OTHER: _("It is another one."),
            Choice.LEAVE_OUT: _("Left out."),
        }.get(self.row.choice, "")


def shown(batch, rows):
    """The kept rows with their sentences in the reader's language. No queries."""
    importer, letters = batch.importer, batch.letters
    return [_shown(importer, letters, row) for row in rows]


def _shown(importer, letters, row):
    chosen = row.chosen_id if row.choice == Choice.SAME else None
    return ShownRow(
        row=row,
        problems=[
            Line(
                in_words(problem["reason"]),
                problem["cell"],
                in_words(problem["hint"] or ""),
                problem["column"],
            )
            for problem in row.problems
        ],
        evidence=[in_words(sentence) for sentence in row.evidence],
        changes=[_change(importer, letters, row, change) for change in row.changes],
        candidates=[Candidate(pk, label, importer.url_of(pk), pk == chosen) for pk, label in row.candidates],
        nearest=next((problem["nearest"] for problem in row.problems if problem["nearest"]), ""),
    )


def _change(importer, letters, row, change):
    column = importer.column(change["column"])
    before, after = change["before"] or "", change["after"]
    if not column.secret:
        values = (column.load(kept) if kept else None for kept in (before, after))
        before, after = (in_words(text) for text in column.shown_change(*values))
    cell = f"{letters[column.name]}{row.number}" if column.name in letters else ""
    return Change(column.name, str(column.label), cell, before, after, column.name not in row.not_taken)


# The whole batch --------------------------------------------------------------------------------------


def counts(batch):
    """How many rows have each verdict, and of each how many are taken: two dicts, in one query."""
    found = (
        batch.rows.order_by()
        .values("verdict")
        .annotate(all=Count("pk"), taken=Count("pk", filter=Q(is_taken=True)))
    )
    everything, taken = dict.fromkeys(Verdict.values, 0), dict.fromkeys(Verdict.values, 0)
    for one in found:
        everything[one["verdict"]], taken[one["verdict"]] = one["all"], one["taken"]
    return everything, taken


def tallies(everything):
    """The figures on top: verdict, its word, how many, and what that means."""
    meanings = {
        Verdict.NEW: _("will be added"),
        Verdict.MATCHED: _("look like records we know"),
        Verdict.CHANGED: _("update a record"),
        Verdict.WRONG: _("cannot be taken"),
        Verdict.UNCHANGED: _("are here already"),
    }
    return [(verdict.value, verdict.label, everything[verdict], meanings[verdict]) for verdict in TALLIES]


def effects(batch, everything, taken):
    """What the confirm box says will happen."""
    importer = batch.importer
    left_out = sum(everything.values()) - sum(taken.values()) - everything[Verdict.UNCHANGED]
    sentences = list(importer.effects(taken))
    if left_out:
        sentences.append(
            ngettext(
                "%(count)s row is left out: wrong, undecided, or by your choice. "
                "It can be downloaded with the reason and sent back.",
                "%(count)s rows are left out: wrong, undecided, or by your choice. "
                "They can be downloaded with the reasons and sent back.",
                left_out,
            )
            % {"count": left_out}
        )
    if unchanged := everything[Verdict.UNCHANGED]:
        sentences.append(
            ngettext(
                "%(count)s row is here already; nothing of it changes.",
                "%(count)s rows are here already; nothing of them changes.",
                unchanged,
            )
            % {"count": unchanged}
        )
    return [*sentences, *importer.mails(batch), importer.revert_note()]


def summary(batch, everything, taken):
    """What a batch's page says beside its rows."""
    count = sum(taken.values())
    return {
        "tallies": tallies(everything),
        "taken": count,
        "left_out": sum(everything.values()) - count - everything[Verdict.UNCHANGED],
        "effects": effects(batch, everything, taken) if batch.state == batch.State.CHECKED else [],
    }


def revert_effects(batch):
    """What reverting takes back, as sentences."""
    counted = batch.rows.taken().aggregate(
        new=Count("pk", filter=Q(verdict=Verdict.NEW)), changed=Count("pk", filter=~Q(verdict=Verdict.NEW))
    )
    sentences = []
    if new := counted["new"]:
        sentences.append(
            ngettext("%(count)s added record is removed.", "%(count)s added records are removed.", new)
            % {"count": new}
        )
    if changed := counted["changed"]:
        sentences.append(
            ngettext(
                "%(count)s changed record is put back as it was.",
                "%(count)s changed records are put back as they were.",
                changed,
            )
            % {"count": changed}
        )
    sentences.append(
        _(
            "If something has changed since or uses them by now, nothing is put back, and you are told what it is."
        )
    )
    return sentences


def decision(row, pressed):
    """What a button of the preview means, for `workflow.decide`."""
    if pressed == "nearest":
        problem = next((problem for problem in row.row.problems if problem["nearest"]), None)
        # The second of two clicks finds nothing left to correct.
        return {"corrections": {problem["column"]: problem["nearest"]} if problem else {}}
    choice = pressed if pressed in Choice.values else Choice.NONE
    return {
        "choice": choice,
        "chosen": row.candidates[0].pk if choice == Choice.SAME and row.candidates else None,
    }
