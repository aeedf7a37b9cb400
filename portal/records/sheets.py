"""Writing tables: CSV as a stream, XLSX by way of a temporary file. Nothing in a cell is ever taken for a formula."""

import csv
import re
import tempfile
from datetime import date, datetime
from io import StringIO
from itertools import chain, islice

import xlsxwriter
from django.utils.translation import gettext as _

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_AT_ONCE = 500
LONGEST_CELL = 32_767  # of Excel
ABOUT_WIDTHS = (18, 60)

# What a spreadsheet takes for a formula when a cell begins with it, in half and full width. A reader whose list
# separator is the semicolon, or who splits at tabs or lines, begins cells elsewhere too.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_HARMLESS = re.compile(r"[^\W_][^\t\r\n;]*")  # nearly every cell: told in a quarter of the time
_RISK = re.compile(rf"""^(?=[\t\r\n])|(?:^|(?<=[\t\r\n;]))(?=[\s"']{{0,9}}[{_SIGNS}])""")


def guarded(text):
    """The text with an apostrophe before whatever a spreadsheet would compute."""
    return text if _HARMLESS.fullmatch(text) else _RISK.sub("'", text)


def _plain(cell):
    """A cell as CSV has it. Numbers stay numbers: what is computed from −5 is −5."""
    if isinstance(cell, str):
        return guarded(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else guarded(str(cell))


def csv_chunks(about, heads, lines):
    """The table as pieces of bytes: UTF-8 with a mark in front, by which Excel knows that it is."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    lines = chain(about, [()], [[head.label for head in heads]], lines)
    yield b"\xef\xbb\xbf"
    while batch := list(islice(lines, LINES_AT_ONCE)):
        writer.writerows([_plain(cell) for cell in line] for line in batch)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def xlsx(title, about, heads, lines):
    """An open file that holds a sheet about the table and the table, with its filter set; it is gone when closed."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    # Row by row to the disk; a text stays a text whatever it looks like.
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, {"constant_memory": True, **never}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        writers = _writers(book)
        first = book.add_worksheet(_sheet_name(_("About this list")))
        for column, width in enumerate(ABOUT_WIDTHS):
            first.set_column(column, column, width)
        _write(first, about, writers)
        sheet = book.add_worksheet(_sheet_name(title, taken=first.name))
        for column, head in enumerate(heads):
            sheet.set_column(column, column, head.width)
            sheet.write_string(0, column, head.label, bold)
        last = _write(sheet, lines, writers, begin=1)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(last, 1), max(len(heads) - 1, 0))
        sheet.activate()
    made.seek(0)
    return made


def _writers(book):
    """How each type of value is written, by type: looked up a hundred thousand times."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    return {
        int: lambda sheet, row, column, cell: sheet.write_number(row, column, cell),
        float: lambda sheet, row, column, cell: sheet.write_number(row, column, cell),
        date: lambda sheet, row, column, cell: sheet.write_datetime(row, column, cell, day),
        datetime: lambda sheet, row, column, cell: sheet.write_datetime(row, column, cell, moment),
        bool: lambda sheet, row, column, cell: sheet.write_string(row, column, _plain(cell)),
    }


def _write(sheet, lines, writers, begin=0):
    """Write the lines below each other; the number of the last row."""
    number, text = begin - 1, sheet.write_string
    for number, line in enumerate(lines, begin):
        for column, cell in enumerate(line):
            if cell is None or cell == "":
                continue
            writer = writers.get(type(cell))
            if writer:
                writer(sheet, number, column, cell)
            else:
                text(number, column, _fitting(str(cell)))
    return number


def _fitting(text):
    """As much of the text as a cell takes."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _sheet_name(title, taken=""):
    """The title as Excel allows it: 31 characters, none of a few, no two alike."""
    name = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31] or "1"
    return name if name.lower() != taken.lower() else f"{name[:29]} 2"
