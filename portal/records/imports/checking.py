"""The long work on a batch: read the file, find each row's verdict, keep them. By a task, or in the request.

Whoever takes a batch holds a lease of a minute, by the database's clock: some ten times what the largest file needs. A
worker that died leaves a lease that runs out; the batch can then be taken up again, and begins anew. A late worker
notices that the lease is not its own any more and keeps nothing. The rows are kept together with the end of the check.
"""

import uuid

from django.db.models.functions import Now

from ..actors import PORTAL
from . import storing
from .bulk import insert_each
from .headings import Table
from .keeping import kept, kept_rows, row_of
from .models import LEASE, ImportBatch, ImportRow
from .rows import Row

SMALL = 500  # rows that are checked while the person waits


class LeaseLost(Exception):
    """Somebody else has taken the batch up."""


def check(pk):
    """Check the batch unless somebody is at it. May be called twice, at once, or after a crash."""
    lease = uuid.uuid4()
    if (
        not ImportBatch.objects.stuck()
        .filter(pk=pk)
        .update(lease=lease, lease_until=Now() + LEASE, checked_count=0)
    ):
        return
    batch = ImportBatch.objects.select_related("file", "parent_type").get(pk=pk)
    try:
        _check(batch, lease)
    except LeaseLost:
        return


def _check(batch, lease):
    importer = batch.importer
    rows = rows_in(batch, storing.table_of(batch))
    earlier = kept_rows(batch.rows)
    _take_over(importer, earlier, rows)
    importer.assess(rows)
    from .workflow import finish_check  # the verbs begin checks, and this ends one

    finish_check(
        batch,
        by=PORTAL,
        lease=lease,
        rows=[kept(importer, batch, row) for row in rows],
        is_again=bool(earlier),
    )


def keep(batch, rows, *, is_again):
    """The rows of the batch are these now."""
    if is_again:
        batch.rows.all().delete()
    insert_each(ImportRow, rows)


def rows_in(batch, table: Table):
    """The rows of the file, each text under the column that its heading stands for."""
    places = {heading["target"]: heading["place"] for heading in batch.headings if heading["target"]}
    letters = batch.letters
    return [
        Row(
            number=number,
            texts={
                name: cells[place] for name, place in places.items() if place < len(cells) and cells[place]
            },
            cells={name: f"{letters[name]}{number}" for name in places},
        )
        for number, cells in table.rows
    ]


def _take_over(importer, earlier, rows):
    """What a person has decided or corrected stays when the batch is checked again."""
    decisions = {
        stored.number: row_of(importer, stored, {})
        for stored in earlier
        if stored.choice or stored.corrections or stored.not_taken
    }
    for row in rows:
        if earlier := decisions.get(row.number):
            row.choice, row.chosen = earlier.choice, earlier.chosen
            row.corrections, row.not_taken = earlier.corrections, earlier.not_taken
