"""A list that was kept sealed goes when its time is over: its bytes, and the sealed cells of its rows.

What each row came to stays, so that the history of the people can still be read; nothing of it can be opened any more.
"""

from django.db import connection, transaction

from portal.records import clock
from portal.records.transitions import record

from .models import ImportBatch, ImportRow

State = ImportBatch.State
# A file that nobody has written or put aside in all that time is put aside now.
UNDER_WAY = (State.MAPPING, State.CHECKING, State.CHECKED)


def due(before):
    """Sealed lists that were uploaded before this moment and still hold what was sealed. No query of its own."""
    return ImportBatch.objects.filter(is_sealed=True, secrets_erased_at=None, uploaded_at__lt=before)


def erase_due(before, *, by, reason, dry_run=False):
    """Erase them, each in a transaction of its own. Returns how many; with `dry_run` it only counts."""
    keys = list(due(before).order_by("pk").values_list("pk", flat=True))
    if dry_run:
        return len(keys)
    return sum(_erase(pk, before, by=by, reason=reason) for pk in keys)


@transaction.atomic
def _erase(pk, before, *, by, reason):
    from .workflow import abandon  # it reads files, which is slow to load, and here nobody does

    batch = ImportBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("file").get(pk=pk)
    if batch.secrets_erased_at is not None:
        return 0  # another round was faster
    if batch.state in UNDER_WAY:
        batch = abandon(batch, by=by)
    hidden = list(batch.importer.secret_names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ImportRow._meta.db_table} SET texts = texts - %s::text[], corrections = corrections - %s::text[]"  # noqa: S608  (the name is ours)
            " WHERE batch_id = %s",
            [hidden, hidden, pk],
        )
    batch.secrets_erased_at = clock.now()
    batch.save(update_fields=["secrets_erased_at"])
    record(batch, "erase_list", by=by, reason=reason)
    batch.file.discard_content()  # last: if anything failed, the next round finds it all as it was
    return 1
