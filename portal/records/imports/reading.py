"""Bytes to cells: what kind of file it is, whether it is what its name says, and one clear line where it is not.

Workbooks are read by `child` in a process of its own; text is decoded here. Only values come out, all of them as text:
a formula is never looked at, and a cell that begins with “=” is a text like any other.
"""

import codecs
import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MB = 1 << 20
LIMITS = {
    "bytes": 10 * MB,
    "unpacked": 200 * MB,
    "entries": 2_000,
    "memory": 900 * MB,
    "seconds": 20,  # of one core
    "sheets": 10,
    "cells": 2_000_000,
    "rows": 20_000,
    "columns": 200,
    "titles": 50,  # lines above the headings
    "cell": 5_000,  # characters
}
PATIENCE = 40  # seconds for a busy machine
NAMES = {".xlsx": "workbook", ".xls": "old workbook", ".ods": "open document", ".csv": "text", ".txt": "text"}
ACCEPTED = ".xlsx,.xls,.ods,.csv"
MACRO_NAMES = (".xlsm", ".xltm", ".xlsb", ".xlam", ".xla")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = (",", ";", "\t", "|")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")

REFUSALS = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than %(limit)s MB. Send it in several parts."),
    "too_large": _("The file unpacks to more than a list can hold. Save the list alone in a new file."),
    "too_many_rows": _("The file has more than %(limit)s rows. Send it in several parts."),
    "too_many_columns": _("The file has more than %(limit)s columns. Keep only those that are needed."),
    "long_cell": _("Cell %(cell)s holds more than %(limit)s characters. That is no entry of a list."),
    "macros": _("The file contains macros. Save it as .xlsx without macros."),
    "encrypted": _("The file is locked with a password. Remove the password and send it again."),
    "web_page": _("The file is a web page, not a spreadsheet. Open it and save it as .xlsx."),
    "unknown_name": _("The file’s name must end in .xlsx, .xls, .ods or .csv."),
    "misnamed": _("The file is not what its name says. Open it and save it as .xlsx."),
    "unreadable": _("The file is damaged, or no spreadsheet at all. Open it and save it as .xlsx."),
    "not_text": _("The file is not text that can be read. Save it as .xlsx or as CSV in UTF-8."),
    "no_heading": _("No row of column headings was found. The file needs a row such as: %(columns)s."),
    "no_rows": _("There are headings, but no rows below them."),
}


def refusal(code, **facts):
    """The error that says why a file is not read."""
    return ValidationError(REFUSALS[code], code=code, params=facts)


@dataclass
class Sheet:
    """One sheet: its name, and its rows from the first on as lists of text."""

    name: str
    rows: list


def letters(column):
    """The letters of a column counted from 0: A, Z, AA."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def read(data, name):
    """The sheets of a file, whatever is in it. Raises a ValidationError that says why it is not read."""
    if not data.strip():
        raise refusal("empty")
    if len(data) > LIMITS["bytes"]:
        raise refusal("too_big", limit=LIMITS["bytes"] // MB)
    kind = _kind(data, name.lower())
    sheets = [Sheet("", _text_rows(data))] if kind == "text" else _workbook(data)
    return [_bounded(sheet) for sheet in sheets if any(map(any, sheet.rows))] or _nothing()


def _nothing():
    raise refusal("empty")


def _kind(data, name):
    """What the file is by its bytes; refused where its name says something else."""
    if name.endswith(MACRO_NAMES):
        raise refusal("macros")
    said = NAMES.get(Path(name).suffix)
    if said is None:
        raise refusal("unknown_name")
    found = _by_content(data)
    if found == "locked or old":
        found = "old workbook" if said == "old workbook" else "locked"
    if found == "locked":
        raise refusal("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "misnamed")
    if found == "web page":
        raise refusal("web_page")
    if found != said:
        raise refusal("misnamed")
    return found


def _by_content(data):
    if data.startswith(COMPOUND):
        return "locked or old"
    if data.startswith(b"PK"):
        return "open document" if b"opendocument" in data[:200] else "workbook"
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")):
        return "web page"
    return "text"


def _workbook(data):
    """The sheets as the child process reads them; one that died has met a file it was not meant to survive."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("child.py")), json.dumps(LIMITS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)
        answer = json.loads(done.stdout) if done.returncode == 0 else {"refused": "too_large"}
    except subprocess.TimeoutExpired:
        answer = {"refused": "too_large"}
    code = answer.pop("refused", "")
    if code:
        raise refusal(code, **answer)
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in answer["sheets"]]


def _bounded(sheet):
    """The sheet within the limits, its cells without what no text may contain."""
    while sheet.rows and not any(sheet.rows[-1]):
        sheet.rows.pop()
    if len(sheet.rows) > LIMITS["rows"] + LIMITS["titles"]:
        raise refusal("too_many_rows", limit=LIMITS["rows"])
    for number, row in enumerate(sheet.rows):
        if len(row) > LIMITS["columns"] and any(row[LIMITS["columns"] :]):
            raise refusal("too_many_columns", limit=LIMITS["columns"])
        for column, text in enumerate(row):
            if len(text) > LIMITS["cell"]:
                raise refusal("long_cell", cell=f"{letters(column)}{number + 1}", limit=LIMITS["cell"])
            if text:
                row[column] = tidy(text)
    return sheet


def tidy(text):
    """The text composed and in one line where it was one, without signs that no database keeps."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).replace("\xa0", " ").strip()


# Text -----------------------------------------------------------------------------------------------


def _text_rows(data):
    text = _decoded(data)
    first, _break, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):  # a line that Excel writes for itself
        return [[], *_parsed(rest, first.strip()[4:5] or ",")]
    return _parsed(text, _delimiter(text))


def _decoded(data):
    """The text in UTF-8, else in UTF-16 by its mark, else in what Korean or Russian Windows writes."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding) or _not_text()
    if b"\x00" in data:
        return _not_text()
    return _strictly(data, "utf-8") or max((_korean(data), _russian(data)))[1] or _not_text()


def _not_text():
    raise refusal("not_text")


def _strictly(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeError:
        return ""


def _korean(data):
    """(how much of it reads as Korean, the text): Cyrillic bytes read as Korean make Chinese signs, not Hangul."""
    text = _strictly(data, "cp949")
    return _share(text, lambda sign: "가" <= sign <= "힣"), text


def _russian(data):
    """(how much of it reads as Russian, a little less sure than Korean, the text)."""
    text = _strictly(data, "cp1251")
    return _share(text, lambda sign: "Ѐ" <= sign <= "ӿ") * 0.9, text


def _share(text, fits):
    foreign = [sign for sign in text if sign > "\x7f"]
    return sum(map(fits, foreign)) / len(foreign) if foreign else 0


def _delimiter(text):
    """The sign that parts the first lines into the most even columns."""
    start = "\n".join(text.splitlines()[:40])

    def evenness(sign):
        widths = [len(row) for row in _parsed(start, sign) if row]
        usual = max(set(widths), key=widths.count) if widths else 1
        return (usual > 1) * widths.count(usual), usual

    return max(DELIMITERS, key=evenness)


def _parsed(text, delimiter):
    csv.field_size_limit(LIMITS["bytes"])
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > LIMITS["rows"] + LIMITS["titles"]:
                raise refusal("too_many_rows", limit=LIMITS["rows"])
    except csv.Error as error:
        raise refusal("unreadable") from error
    return rows
