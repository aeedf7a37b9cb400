"""What must not be read by who reads the database or the disk: a secret column, and the file it came in."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse

from partners.imports import InstitutionImport
from partners.models import Institution
from portal.records.imports import importers, workflow
from portal.records.imports.columns import TextColumn
from portal.records.models import Event, PrivateFile
from tests import factories

pytestmark = pytest.mark.django_db
CANARY, BROKEN = "M98765471", "X1234?567"
TEXT = f"Name,Kind,Region,Passport\nSecond,hospital,Mongolia,{CANARY}\nThird,hospital,Mongolia,{BROKEN}\n"
written = {}


class PassportColumn(TextColumn):
    def read(self, text, importer):
        if not text.isalnum():
            raise ValidationError("“%(value)s” is no passport number.", params={"value": text})
        return text


class SecretImport(InstitutionImport):
    """Institutions with a number nobody may read."""

    key = "secrets"
    keeps_file = False
    columns = [*InstitutionImport.columns, PassportColumn("passport", "Passport", secret=True)]

    def write(self, rows, *, by):
        super().write(rows, by=by)
        written.update({row.written: row.values["passport"] for row in rows})


@pytest.fixture
def batch(monkeypatch):
    monkeypatch.setitem(importers._kinds, "secrets", SecretImport)
    written.clear()
    return factories.make_import(SecretImport, TEXT)


def everything_kept(batch, private_files):
    rows = json.loads(
        serialize("json", [batch, *batch.rows.all(), *Event.objects.all(), *PrivateFile.objects.all()])
    )
    files = b"".join(path.read_bytes() for path in private_files.rglob("*") if path.is_file())
    return json.dumps(rows, ensure_ascii=False) + files.decode("latin-1")


def test_neither_database_nor_disk_hold_it_and_it_is_written_all_the_same(batch, private_files):
    assert [row.verdict for row in batch.rows.all()] == ["new", "wrong"]
    workflow.write(batch, by=batch.uploaded_by)
    kept = everything_kept(batch, private_files)
    assert CANARY not in kept
    assert BROKEN not in kept
    assert written == {Institution.objects.get(name="Second").pk: CANARY}


def test_no_page_shows_more_than_its_end(batch):
    client = Client()
    client.force_login(batch.uploaded_by)
    pages = [
        client.get(reverse("records:importbatch-detail", args=[batch.pk]) + "?show=all"),
        client.get(reverse("records:importbatch-row", args=[batch.pk, 2])),
        client.get(reverse("records:importbatch-row", args=[batch.pk, 3])),
    ]
    shown = "".join(page.content.decode() for page in pages)
    assert CANARY not in shown
    assert BROKEN not in shown
    assert "“•••567” is no passport number." in shown
    assert client.get(reverse("records:importbatch-download", args=[batch.pk])).status_code == 404
    left_out = client.get(reverse("records:importbatch-left-out", args=[batch.pk]))
    assert BROKEN.encode() not in left_out.content


def test_a_correction_is_sealed_too(batch, private_files):
    workflow.decide(batch, 3, by=batch.uploaded_by, corrections={"passport": "K55555471"})
    assert [row.verdict for row in batch.rows.all()] == ["new", "new"]
    assert "K55555471" not in everything_kept(batch, private_files)
