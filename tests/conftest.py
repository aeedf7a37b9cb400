"""What every test stands on: one day in October 2026, files that go nowhere, no word beyond this machine."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_socket import socket_allow_hosts

from portal.records import clock
from portal.ui.translations import compile_catalogs

# Tuesday, 13 October 2026, 10:00 in Seoul: before the factories' cohort, which runs from 2 to 27 November.
TODAY = datetime(2026, 10, 13, 1, 0, tzinfo=UTC)


def pytest_configure(config):
    compile_catalogs()
    DatabaseOperations.sql_flush = _emptied


AFTER_A_MIGRATION = {"django_content_type", "auth_permission"}
_truncated = DatabaseOperations.sql_flush


def _emptied(operations, style, tables, **options):
    """How a test with transactions of its own clears away: DELETE where a row stands.

    TRUNCATE writes new files for every table and index, ten times the time. Foreign keys and the triggers that keep the
    trail are asleep meanwhile, which PostgreSQL allows a superuser; anybody else truncates. What Django writes after a
    migration is left: it would write it again.
    """
    quoted = [operations.quote_name(name) for name in tables if name not in AFTER_A_MIGRATION]
    with connections[operations.connection.alias].cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() != ("on",):
            return _truncated(operations, style, tables, **options)
        cursor.execute(" UNION ALL ".join(f"(SELECT %s FROM {name} LIMIT 1)" for name in quoted), quoted)
        filled = [name for (name,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]


def pytest_runtest_setup():
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def october():
    """The portal's clock stands still, so that no test depends on the day it runs."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Files of a test go when it ends."""
    storages = {**settings.STORAGES}
    storages["private"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files", "base_url": None},
    }
    settings.STORAGES = storages
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()
