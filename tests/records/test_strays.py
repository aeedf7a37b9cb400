"""Bytes that no row names, as a killed worker leaves them, go after a week."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from portal.records import strays
from portal.records.models import PrivateFile

pytestmark = pytest.mark.django_db


def stored(folder, *, days_ago):
    """A file and its path there, stored so many days ago."""
    file = PrivateFile.objects.store(b"%PDF-1.7 a name", name="paper.pdf", content_type="application/pdf")
    path = folder / file.path
    moment = (datetime.now(UTC) - timedelta(days=days_ago)).timestamp()
    os.utime(path, (moment, moment))
    return file, path


def test_what_no_row_names_goes_after_a_week_and_all_else_stays(private_files):
    _kept, known = stored(private_files, days_ago=400)
    (old, forgotten), (fresh, under_way) = (stored(private_files, days_ago=days) for days in (8, 6))
    PrivateFile.objects.filter(pk__in=[old.pk, fresh.pk]).delete()
    assert strays.discard(dry_run=True) == 1
    assert forgotten.exists()
    assert strays.discard() == 1
    assert [path.exists() for path in (known, forgotten, under_way)] == [True, False, True]
    assert strays.discard() == 0


def test_where_nothing_was_ever_stored_nothing_goes(private_files):
    assert not private_files.exists()
    assert strays.discard() == 0
