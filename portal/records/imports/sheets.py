"""The spreadsheets we hand out: the template of a kind, and the rows that were left out with their reasons.

Every cell is written as text: nothing that a file brought can become a formula in somebody's spreadsheet program.
"""

import io

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .said import in_words
from .storing import TYPES

DROP_DOWN_ROWS = 1000
LONGEST_DROP_DOWN = 255  # characters, by the format
WIDTH = 24


def template(importer):
    """An empty list with its headings and drop-downs, and a sheet that says what goes where."""
    return _list(importer, [], _("%(kind)s template") % {"kind": importer.label})


def filled(importer, lines, name):
    """The same list with what is here already, to be changed and brought in again: `lines` of texts by column."""
    return _list(importer, lines, name)


def _list(importer, lines, name):
    book, buffer = _book()
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})  # or the program turns 03/04 into a date
    data, words = book.add_worksheet(_("List")), book.add_worksheet(_("How to fill it in"))
    for place, column in enumerate(importer.columns):
        data.set_column(place, place, WIDTH, text)
        data.write_string(0, place, f"{column.label} *" if column.required else str(column.label), bold)
        options = column.options
        if options and len(",".join(options)) <= LONGEST_DROP_DOWN:
            data.data_validation(1, place, DROP_DOWN_ROWS, place, {"validate": "list", "source": options})
    for number, line in enumerate(lines, 1):
        for place, cell in enumerate(line):
            data.write_string(number, place, cell, text)
    data.freeze_panes(1, 0)
    _instructions(words, importer, bold, book.add_format({"text_wrap": True, "valign": "top"}))
    return _answer(book, buffer, name)


def _instructions(sheet, importer, bold, plain):
    sheet.set_column(0, 0, WIDTH, plain)
    sheet.set_column(1, 1, 12, plain)
    sheet.set_column(2, 3, 60, plain)
    for place, heading in enumerate([_("Column"), _("Needed"), _("What to write"), _("Example")]):
        sheet.write_string(0, place, heading, bold)
    for number, column in enumerate(importer.columns, 1):
        help_text = str(column.help)
        if column.options:
            help_text = (
                f"{help_text} {_('One of: %(options)s.') % {'options': ', '.join(column.options)}}".strip()
            )
        for place, words in enumerate(
            [str(column.label), _("yes") if column.required else _("no"), help_text, str(column.example)]
        ):
            sheet.write_string(number, place, words)


def left_out(batch, rows):
    """The rows that are not written, as they came, each with its reason. Secrets are not handed out again."""
    importer, letters = batch.importer, batch.letters
    columns = [column for column in importer.columns if column.name in letters]
    book, buffer = _book()
    bold, sheet = book.add_format({"bold": True, "bottom": 2}), book.add_worksheet(_("Left out"))
    sheet.set_column(0, 1, WIDTH * 2)
    sheet.set_column(2, len(columns) + 1, WIDTH)
    headings = [_("Row in the file"), _("Why it was left out"), *(str(column.label) for column in columns)]
    for place, words in enumerate(headings):
        sheet.write_string(0, place, words, bold)
    for number, row in enumerate(rows, 1):
        sheet.write_number(number, 0, row.number)
        sheet.write_string(number, 1, reasons(row))
        for place, column in enumerate(columns, 2):
            sheet.write_string(
                number,
                place,
                "•••" if column.secret else row.corrections.get(column.name, row.texts.get(column.name, "")),
            )
    return _answer(book, buffer, _("%(file)s left out") % {"file": batch.file.name.rsplit(".", 1)[0]})


def reasons(row):
    """Why a row is not written, in one cell."""
    if row.choice == row.Choice.LEAVE_OUT:
        return _("Left out by a person.")
    problems = [
        f"{problem['cell']}: {in_words(problem['reason'])}".removeprefix(": ") for problem in row.problems
    ]
    return "\n".join(problems or [*map(in_words, row.evidence), _("Nobody has decided.")])


def _book():
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(buffer, options), buffer


def _answer(book, buffer, name):
    book.close()
    response = HttpResponse(buffer.getvalue(), content_type=TYPES[".xlsx"])
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{slugify(name, allow_unicode=True)}.xlsx"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
