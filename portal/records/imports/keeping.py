"""Between the rows that are worked on and the rows that are kept: JSON, seals, and what a page shows."""

from .columns import Reference
from .rows import Row

SETTLED = ["values", "title", "subtitle", "verdict", "problems", "evidence", "is_weak", "target_id", "candidates",
           "changes", "choice", "chosen_id", "corrections", "not_taken", "rank", "is_taken"]  # fmt: skip


def sealed(importer, texts):
    """The texts with those of secret columns sealed."""
    hidden = importer.secret_names
    if not hidden:
        return texts
    return {
        name: importer.sealer.seal(text) if name in hidden and text else text for name, text in texts.items()
    }


def unsealed(importer, texts):
    hidden = importer.secret_names
    if not hidden:
        return texts
    return {
        name: importer.sealer.unseal(text) if name in hidden and text else text
        for name, text in texts.items()
    }


def facts(importer, row):
    """What is kept of a row that has its verdict, by field of ImportRow."""
    hidden = importer.secret_names
    kept = {
        name: importer.column(name).keep(value) for name, value in row.values.items() if name not in hidden
    }
    title, subtitle = importer.title(row)
    return {
        "values": kept,
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
    """What is kept of a row that has its verdict, and of the file's line that it came from."""
    line = {"batch": batch.pk, "number": row.number, "texts": sealed(importer, row.texts)}
    return line | facts(importer, row)


READ = ["pk", "number", "texts", "corrections", "verdict", "is_weak", "target_id", "candidates", "changes", "choice",
        "chosen_id", "not_taken", "written_id", "before"]  # fmt: skip


def kept_rows(rows):
    """Kept rows in their order, with what `row_of` and `written_row` read: light ones, for 10,000 at a time."""
    return list(rows.order_by("number").values_list(*READ, named=True))


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
