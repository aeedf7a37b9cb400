"""The uploaded file: kept as it came, or sealed where its importer asks for that, and read again from there."""

import base64

from ..models import PrivateFile
from .headings import find_table, table_below
from .models import ColumnMapping
from .reading import read

TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def table_in(data, name, importer, sender):
    """The list in the file as the importer and the sender's earlier files name its columns."""
    return find_table(read(data, name), importer.columns, remembered(importer.key, sender))


def remembered(kind, sender):
    """What has been said of this sender's headings."""
    known = ColumnMapping.objects.filter(kind=kind, sender=sender)
    return dict(known.values_list("heading", "target"))


def store(data, name, importer):
    """Keep the bytes; sealed ones are of no use to who reads the disk."""
    if not importer.keeps_file:
        data = importer.sealer.seal(base64.b64encode(data).decode()).encode()
    suffix = name[name.rfind(".") :].lower()
    return PrivateFile.objects.store(data, name=name[-200:], content_type=TYPES.get(suffix, "text/csv"))


def table_of(batch):
    """The list in the batch's file, read again from where it was found."""
    data = batch.file.read()
    if batch.is_sealed:
        data = base64.b64decode(batch.importer.sealer.unseal(data.decode()))
    sheet = next(sheet for sheet in read(data, batch.file.name) if sheet.name == batch.sheet)
    return table_below(sheet, batch.heading_row - 1, {})
