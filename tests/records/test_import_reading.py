"""Files as they come, and files that mean harm: made here, refused in one line, with bounded memory."""

import io
import os
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
import xlwt
from django.core.exceptions import ValidationError

from portal.records.imports import reading

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def workbook(*rows, **extras):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, value in extras.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_entry(data, name, content, *, instead=False):
    """The archive with one more entry, or another content of one that it has."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if not (instead and entry.filename == name):
                new.writestr(entry, old.read(entry.filename))
        new.writestr(name, content)
    return out.getvalue()


def refused(data, name="list.xlsx"):
    """The code of the refusal, and its one line."""
    with pytest.raises(ValidationError) as caught:
        reading.read(data, name)
    (line,) = caught.value.messages
    assert "\n" not in line
    return caught.value.code


def rows_of(data, name="list.xlsx"):
    return reading.read(data, name)[0].rows


# Files as they come -----------------------------------------------------------------------------------


def test_dates_numbers_and_formulas_of_an_xlsx_are_text():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Name", "Day", "Number", "Sum", "Text"])
    sheet.write_string(1, 0, "=HYPERLINK(1)")
    sheet.write_datetime(1, 1, datetime(1984, 2, 28), day)
    sheet.write_number(1, 2, 99112233)
    sheet.write_formula(1, 3, "=1+2", None, 3)
    sheet.write_string(1, 4, "007")
    book.close()
    assert rows_of(out.getvalue())[1] == ["=HYPERLINK(1)", "1984-02-28", "99112233", "3", "007"]


def test_what_was_merged_downward_stands_in_each_of_its_rows_and_a_title_only_once():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range("A1:C1", "A title")
    sheet.merge_range("A2:A3", "Ministry")
    sheet.write("B2", "one")
    sheet.write("B3", "two")
    book.close()
    assert rows_of(out.getvalue()) == [["A title", ""], ["Ministry", "one"], ["Ministry", "two"]]


def test_cells_keep_their_place_below_blank_rows_and_beside_blank_columns():
    assert rows_of(workbook(C4="here"))[3] == ["", "", "here"]


def test_an_old_xls_is_read():
    book = xlwt.Workbook()
    sheet = book.add_sheet("list")
    sheet.write(0, 0, "Name")
    sheet.write(1, 0, "Дархан")
    sheet.write(1, 1, date(2022, 6, 9), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    out = io.BytesIO()
    book.save(out)
    assert rows_of(out.getvalue(), "list.xls") == [["Name", ""], ["Дархан", "2022-06-09"]]


def ods(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def table(rows):
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="list">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_an_ods_is_read_also_where_its_last_row_is_repeated_to_the_end_of_the_sheet():
    row = f"<table:table-row>{CELL.format('Name')}{CELL.format('병원')}</table:table-row>"
    end = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    assert rows_of(ods(table(row + end)), "list.ods") == [["Name", "병원"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_korean_csv_in_every_encoding_and_with_every_delimiter(encoding, sign):
    text = f"이름{sign}도시\r\n김철수{sign}수원\r\n"
    assert rows_of(text.encode(encoding), "list.csv") == [["이름", "도시"], ["김철수", "수원"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_russian_csv(encoding):
    text = 'Название;Город\r\n"Больница; № 1";АБАЙ\r\n'
    assert rows_of(text.encode(encoding), "list.csv") == [["Название", "Город"], ["Больница; № 1", "АБАЙ"]]


def test_signs_that_no_database_keeps_are_taken_out():
    assert rows_of("Name,City\nA\x00b\x07c,D\u00a0e\n".replace("\x00", "").encode(), "list.csv")[1] == [
        "Abc",
        "D e",
    ]


# Files that mean harm ---------------------------------------------------------------------------------


def test_an_empty_file_and_an_empty_sheet():
    assert refused(b"") == "empty"
    assert refused(b" \n\n", "list.csv") == "empty"
    assert refused(workbook()) == "empty"


def test_a_file_that_is_not_what_its_name_says():
    assert refused(workbook(["Name"]), "list.csv") == "misnamed"
    assert refused(workbook(["Name"]), "list.ods") == "misnamed"
    assert refused(workbook(["Name"]), "list.xls") == "misnamed"
    assert refused(b"Name,City\nA,B\n") == "misnamed"
    assert refused(b"%PDF-1.7 ...") == "misnamed"
    assert refused(b"MZ\x90", "list.exe") == "unknown_name"
    assert refused(ods(table("")), "list.xlsx") == "misnamed"
    assert refused(b"PK\x03\x04 and then nothing") == "unreadable"
    assert refused(os.urandom(3000), "list.csv") == "not_text"


def test_a_web_page_with_the_name_of_a_spreadsheet():
    assert refused(b"\xef\xbb\xbf\n<!DOCTYPE html><html><table>") == "web_page"
    assert refused(b"<html><table><tr><td>Name", "list.xls") == "web_page"


def test_macros_by_name_and_by_content():
    assert refused(workbook(["Name"]), "list.xlsm") == "macros"
    assert refused(with_entry(workbook(["Name"]), "xl/vbaProject.bin", b"code")) == "macros"
    assert refused(reading.COMPOUND + "_VBA_PROJECT".encode("utf-16-le") * 40, "list.xls") == "macros"


def test_a_workbook_locked_with_a_password():
    locked = reading.COMPOUND + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000
    assert refused(locked) == "encrypted"
    assert refused(locked, "list.xls") == "encrypted"


def test_a_zip_bomb_is_stopped_while_it_unpacks():
    bomb = with_entry(workbook(["Name"]), "xl/media/image1.xml", b"\0" * (reading.LIMITS["unpacked"] + 1))
    assert len(bomb) < reading.MB
    assert refused(bomb) == "too_large"


def test_a_zip_that_lies_about_its_sizes_is_found_out():
    bomb = with_entry(workbook(["Name"]), "xl/media/image1.xml", b"\0" * 50_000_000)
    honest, lie = struct.pack("<L", 50_000_000), struct.pack("<L", 10)
    assert honest in bomb
    assert refused(bomb.replace(honest, lie)) == "unreadable"


def test_entries_that_share_their_bytes_are_refused():
    data = bytearray(workbook(["Name"]))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # both begin at one place
    assert refused(bytes(data)) == "unreadable"


def test_too_many_entries():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number in range(reading.LIMITS["entries"] + 1):
            file.writestr(f"xl/{number}.xml", b"")
    assert refused(out.getvalue()) == "too_large"


def test_two_cells_as_far_apart_as_a_sheet_allows_do_not_fill_the_memory():
    assert refused(workbook(A1="x", A1048576="y")) == "too_many_rows"
    assert refused(workbook(A1="x", XFD1="y")) == "too_many_columns"


def test_cells_hidden_from_the_look_at_the_bytes_meet_the_memory_limit_of_their_process():
    gap = " " * 400  # further than the look reaches
    far = f'<row r="1"><c r="A1"><v>1</v></c></row><row {gap}r="1048576"><c {gap}r="XFD1048576"><v>1</v></c></row>'
    data = with_entry(workbook(["Name"]), "xl/worksheets/sheet1.xml", SHEET.format(far), instead=True)
    assert refused(data) == "too_large"


@pytest.mark.parametrize("times", ["1000000", "999999999999"])
def test_cells_repeated_a_million_times_in_an_ods(times):
    cell = CELL.format("x").replace("office:", 'table:number-columns-repeated="16000" office:', 1)
    row = f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'
    assert refused(ods(table(row)), "list.ods") in ("too_large", "unreadable")


def test_entities_are_not_expanded():
    laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;">]>' + SHEET.format("&lol1;")
    assert (
        refused(with_entry(workbook(["Name"]), "xl/worksheets/sheet1.xml", laughs, instead=True))
        == "unreadable"
    )


def test_more_rows_columns_or_characters_than_a_list_has():
    limit = reading.LIMITS["rows"] + reading.LIMITS["titles"]
    assert refused(b"Name,City\n" * (limit + 1), "list.csv") == "too_many_rows"
    assert refused(b"x," * 201 + b"x\n", "list.csv") == "too_many_columns"
    assert refused(workbook(["Name"], ["x" * 5001])) == "long_cell"
    assert refused(b"x" * (reading.LIMITS["bytes"] + 1), "list.csv") == "too_big"


def test_a_broken_stream_inside_the_archive():
    data = bytearray(workbook(*[["Name", number] for number in range(500)]))
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place : place + 20] = b"\xff" * 20
    assert refused(bytes(data)) == "unreadable"
