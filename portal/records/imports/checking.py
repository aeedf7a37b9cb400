"""The long work on a batch: read the file, find each row's verdict, keep them. By a task, or in the request.

Whoever takes a batch holds a lease of a minute, by the database's clock, and prolongs it with every thousand rows kept.
A worker that died leaves a lease that runs out; the batch can then be taken up again, and begins anew. A late worker
notices that the lease is not its own any more and stops.
"""

import uuid

from django.db import transaction
from django.db.models.functions import Now

from ..actors import PORTAL
from . import storing
from .headings import Table
from .keeping import kept, row_of
from .models import LEASE, ImportBatch, ImportRow
from .rows import Row

CHUNK = 5000
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
    _take_over(importer, batch, rows)
    importer.assess(rows)
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            _hold(batch, lease, start)
            if start == 0:
                batch.rows.all().delete()
            ImportRow.objects.bulk_create([kept(importer, batch, row) for row in rows[start : start + CHUNK]])
    from .workflow import finish_check  # the verbs begin checks, and this ends one

    finish_check(batch, by=PORTAL, lease=lease)


def _hold(batch, lease, done):
    mine = ImportBatch.objects.filter(pk=batch.pk, lease=lease, state=ImportBatch.State.CHECKING)
    if not mine.update(lease_until=Now() + LEASE, checked_count=done):
        raise LeaseLost


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


def _take_over(importer, batch, rows):
    """What a person has decided or corrected stays when the batch is checked again."""
    decided = batch.rows.exclude(choice="", corrections={}, not_taken=[])
    decisions = {stored.number: row_of(importer, stored, {}) for stored in decided}
    for row in rows:
        if earlier := decisions.get(row.number):
            row.choice, row.chosen = earlier.choice, earlier.chosen
            row.corrections, row.not_taken = earlier.corrections, earlier.not_taken
