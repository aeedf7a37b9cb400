"""Between the rows that are worked on and the rows that are kept: JSON, seals, and what a page shows."""

from .columns import Reference
from .models import ImportRow
from .rows import Row

SETTLED = ["values", "title", "subtitle", "verdict", "problems", "evidence", "is_weak", "target_id", "candidates",
           "changes", "choice", "chosen_id", "corrections", "not_taken", "rank", "is_taken"]  # fmt: skip


def secrets_of(importer):
    return {column.name for column in importer.columns if column.secret}


def sealed(importer, texts):
    """The texts with those of secret columns sealed."""
    hidden = secrets_of(importer)
    return {
        name: importer.sealer.seal(text) if name in hidden and text else text for name, text in texts.items()
    }


def unsealed(importer, texts):
    hidden = secrets_of(importer)
    return {
        name: importer.sealer.unseal(text) if name in hidden and text else text
        for name, text in texts.items()
    }


def facts(importer, row):
    """What is kept of a row that has its verdict, by field of ImportRow."""
    kept = {name: importer.column(name).keep(value) for name, value in row.values.items()}
    title, subtitle = importer.title(row)
    return {
        "values": {name: value for name, value in kept.items() if name not in secrets_of(importer)},
        "corrections": sealed(importer, row.corrections),
        "title": title[:200],
        "subtitle": subtitle[:200],
        "verdict": row.verdict,
        "problems": row.problems,
        "evidence": row.evidence,
        "is_weak": row.is_weak,
        "target_id": row.target.pk if row.target else None,
        "candidates": [list(one) for one in row.candidates],
        "changes": row.changes,
        "choice": row.choice,
        "chosen_id": row.chosen,
        "not_taken": row.not_taken,
        "rank": row.rank,
        "is_taken": row.is_taken,
    }


def kept(importer, batch, row):
    """The unsaved ImportRow of a row that has its verdict."""
    return ImportRow(
        batch=batch, number=row.number, texts=sealed(importer, row.texts), **facts(importer, row)
    )


def row_of(importer, stored, letters):
    """A kept row to work on again. What it came to is not taken over: it is found anew."""
    return Row(
        number=stored.number,
        texts=unsealed(importer, stored.texts),
        cells={name: f"{place}{stored.number}" for name, place in letters.items()},
        corrections=unsealed(importer, stored.corrections),
        choice=stored.choice,
        chosen=stored.chosen_id,
        not_taken=stored.not_taken,
        written=stored.written_id,
        before=stored.before,
    )


def written_row(importer, stored, letters):
    """A row that was written, with the values it had then: what putting back compares."""
    row = row_of(importer, stored, letters)
    row.verdict, row.changes = stored.verdict, stored.changes
    row.target = next((Reference(*one) for one in stored.candidates if one[0] == stored.target_id), None)
    return row
