"""Files that no row names: a worker was killed, or the disk was full, between storing bytes and the end of its
transaction. They may hold a person's name or passport, and nobody would find them to erase them.
"""

from datetime import UTC, datetime, timedelta

from django.core.files.storage import storages

from .models import PrivateFile

# Longer than any transaction, and than whoever has restored yesterday's database by mistake takes to notice it.
SPARED = timedelta(days=7)


def discard(*, dry_run=False):
    """Files without a row that are older than a week go, by the machine's clock; how many. One query a folder."""
    storage, count = storages["private"], 0
    before = datetime.now(UTC) - SPARED
    for folder in _listed(storage, "")[0]:
        paths = {f"{folder}/{name}" for name in _listed(storage, folder)[1]}
        paths -= set(PrivateFile.objects.filter(path__in=paths).values_list("path", flat=True))
        old = [path for path in sorted(paths) if storage.get_modified_time(path) < before]
        count += len(old)
        for path in old if not dry_run else ():
            storage.delete(path)
    return count


def _listed(storage, folder):
    """The folders and files in there; nothing where nothing was ever stored."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
