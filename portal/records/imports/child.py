"""A workbook's cells as JSON, read in a process of its own with bounded memory and time.

Run by its path, without Django: `python -I child.py LIMITS < workbook`. Whatever a hostile file does, it does here: a
zip that unpacks without end, two cells a million rows apart, a crash of the reader. The parent sees JSON, or a
process that died, and says one clear line.
"""

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

CHUNK = 1 << 16
STORED, DEFLATED = 0, 8
ENCRYPTED_FLAG = 1
ENTRY = b"PK\x01\x02"  # how each begins in an archive's directory
CELL = re.compile(rb"""<(?:\w{1,8}:)?(?:c|row)\s[^<>]{0,200}?\br\s*=\s*["']([A-Z]{1,3})?(\d{1,9})["']""")
REPEATED = re.compile(rb"""number-(rows|columns)-repeated\s*=\s*["'](\d{1,12})["']""")
OVERLAP = 300  # an element may lie across two chunks
MACROS = ("vbaproject.bin", "basic/script-lc.xml", "scripts/")
# Empty cells repeated to the sheet's end are how LibreOffice fills it up; more than a sheet holds is an attack.
MOST_REPEATED = {b"rows": 1_048_576, b"columns": 16_384}


class Refused(Exception):
    """The file is not read; the code says why, the facts what a person wants to know of it."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.answer = {"refused": code, **facts}


def main():
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = {"sheets": read(sys.stdin.buffer.read(limits["bytes"] + 1), limits)}
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = {"refused": "too_large"}
    except BaseException as error:  # the reader's own panics are no Exception
        answer = {"refused": "encrypted" if "assword" in str(error) else "unreadable"}
    sys.stdout.write(json.dumps(answer))


def read(data, limits):
    """Every visible sheet as a name, rows of cells from A1 on, and its cells that were merged downward."""
    if data.startswith(b"PK"):
        check_archive(data, limits)
    else:
        check_old_workbook(data)
    from python_calamine import (
        CalamineWorkbook,
        SheetVisibleEnum,
    )  # after the checks: it costs as much as they do

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets, cells = [], 0
    for sheet in book.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible or len(sheets) >= limits["sheets"]:
            continue
        content = book.get_sheet_by_name(sheet.name)
        if content.end is None:
            continue
        rows, columns = content.end[0] + 1, content.end[1] + 1
        cells += rows * columns
        if cells > limits["cells"]:
            raise Refused("too_large")
        sheets.append({"name": sheet.name, "rows": rows_of(content, limits), "columns": columns})
    return sheets


def rows_of(content, limits):
    """The rows as JSON can hold them; what was merged downward stands in each of its rows."""
    rows = [[plain(value) for value in row] for row in content.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in content.merged_cell_ranges or ():
        if left == right and bottom < len(rows):
            for number in range(top + 1, bottom + 1):
                rows[number][left] = rows[top][left]
    return rows[: limits["rows"] + 1]


def plain(value):
    """A cell's value as text: dates in ISO, whole numbers without a point. A formula has left its value only."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta | int):
        return str(value)
    return ""


def check_old_workbook(data):
    """An .xls is a compound file; so is a workbook locked with a password, whatever its name says."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("encrypted")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused("macros")


def check_archive(data, limits):
    """Unpack the archive once, counting what really comes out and looking for what has no place in it."""
    if data.count(ENTRY) > limits["entries"]:  # before the directory is read, which takes seconds for 100,000
        raise Refused("too_large")
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise Refused("unreadable") from error
    if any(entry.filename.lower().endswith(MACROS[0]) for entry in entries) or any(
        entry.filename.lower().startswith(MACROS[1:]) for entry in entries
    ):
        raise Refused("macros")
    left, end = limits["unpacked"], 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise Refused("encrypted")
        if entry.header_offset < end or entry.compress_type not in (STORED, DEFLATED):
            raise Refused("unreadable")  # entries that share their bytes, or are packed as no spreadsheet is
        begin = body_of(data, entry)
        end = begin + entry.compress_size
        left -= check_entry(data[begin:end], entry, left, limits)


def body_of(data, entry):
    """Where the entry's packed bytes begin, by its own header."""
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Refused("unreadable")
    return (
        entry.header_offset
        + 30
        + int.from_bytes(head[26:28], "little")
        + int.from_bytes(head[28:30], "little")
    )


def check_entry(packed, entry, most, limits):
    """How many bytes the entry really holds; refused as soon as they are more than declared, or than `most`."""
    size, tail = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    for chunk in unpacked(packed, entry.compress_type):
        size += len(chunk)
        if size > most:
            raise Refused("too_large")
        if size > entry.file_size:
            raise Refused("unreadable")
        if is_xml:
            look_at(tail + chunk, limits)
            tail = chunk[-OVERLAP:]
    return size


def unpacked(packed, method):
    """The entry's bytes piece by piece, never more than a chunk at a time."""
    if method == STORED:
        yield packed
        return
    inflate = zlib.decompressobj(-15)
    try:
        while packed and not inflate.eof:
            yield inflate.decompress(packed, CHUNK)
            packed = inflate.unconsumed_tail
    except zlib.error as error:
        raise Refused("unreadable") from error


def look_at(xml, limits):
    """Refuse declarations of entities, and cells that lie too far out for any list."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Refused("unreadable")
    for letters, number in CELL.findall(xml):
        if int(number) > limits["rows"] + limits["titles"]:
            raise Refused("too_many_rows", limit=limits["rows"])
        if letters and column_number(letters) > limits["columns"]:
            raise Refused("too_many_columns", limit=limits["columns"])
    for what, number in REPEATED.findall(xml):
        if int(number) > MOST_REPEATED[what]:
            raise Refused("too_large")


def column_number(letters):
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


if __name__ == "__main__":
    main()
