"""The spreadsheet a ministry fills in: one sheet for the list, one that says how, one with the words to choose from.

Headings are in English, Korean and Russian at once, so that one file serves whoever gets it.
"""

import io

import xlsxwriter
from django.utils.translation import override

from hospitals.models import Specialty
from participants.models import Trainee
from partners.models import Institution
from portal.ui.countries import country_name

from .nomination_columns import COLUMNS, PROFESSIONS, heading

ROWS = 500  # with drop-downs and as text
WIDTH, WIDE = 22, 60
NEEDED = ("passport_name", "birth_date", "institution")
SHEETS = {"list": "Nominees", "how": "How to fill in", "words": "Words"}
RULES = {
    "en": [
        "One person a row. Do not change the headings; their order does not matter.",
        "Columns marked * are needed for somebody who is new to us.",
        "Dates: year-month-day, for example 1985-02-28.",
        "Names in Latin letters exactly as in the passport.",
        "Institutions and specialties: choose from the list, or write the name as we know it.",
    ],
    "ko": [
        "한 줄에 한 명씩 입력해 주세요. 제목은 바꾸지 마세요. 열의 순서는 상관없습니다.",
        "* 표시된 열은 처음 추천하는 사람에게 반드시 필요합니다.",
        "날짜는 연-월-일 순서로 입력해 주세요. 예: 1985-02-28",
        "성명은 여권에 적힌 로마자와 똑같이 입력해 주세요.",
        "소속 기관과 전문 분야는 목록에서 선택하거나 등록된 이름으로 입력해 주세요.",
    ],
    "ru": [
        "Один человек в строке. Не меняйте заголовки; порядок столбцов не важен.",
        "Столбцы со знаком * обязательны для нового человека.",
        "Даты: год-месяц-день, например 1985-02-28.",
        "Имя латиницей точно как в паспорте.",
        "Учреждения и специальности: выберите из списка или напишите известное нам название.",
    ],
}


def template_for(cohort):
    """The bytes of the template; institutions and specialties are those known today."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    data, how, words = (book.add_worksheet(name) for name in SHEETS.values())
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})  # or the program turns 03/04 into a date
    with override("en"):  # what is chosen is read back by these names
        ranges = _words(words, bold, _choices())
    for place, column in enumerate(COLUMNS):
        data.set_column(place, place, WIDTH, text)
        star = " *" if column.name in NEEDED else ""
        data.write_string(0, place, heading(column.name) + star, bold)
        if column.name in ranges:
            data.data_validation(1, place, ROWS, place, {"validate": "list", "source": ranges[column.name],
                                                         "error_type": "warning"})  # fmt: skip
    data.set_row(0, 48)
    data.freeze_panes(1, 1)
    _rules(how, cohort, bold, book.add_format({"text_wrap": True, "valign": "top"}))
    book.close()
    return buffer.getvalue()


def _choices():
    """The words to choose from, by column."""
    countries = set(Trainee.objects.exclude(nationality="").order_by().values_list("nationality", flat=True))
    institutions, specialties = Institution.objects.in_use(), Specialty.objects.in_use()
    countries |= set(institutions.order_by().values_list("region__country", flat=True))
    return {
        "institution": list(institutions.order_by("name").values_list("name", flat=True).distinct()),
        "specialty": list(specialties.order_by("name").values_list("name", flat=True)),
        "profession": list(PROFESSIONS),
        "languages": ["English", "Korean", "Mongolian", "Russian", "English, Russian", "English, Mongolian"],
        "nationality": sorted(country_name(code) for code in countries),
    }


def _words(sheet, bold, choices):
    """Write the words in columns; {column's name: the range a drop-down shows}."""
    ranges = {}
    for place, (name, words) in enumerate(choices.items()):
        sheet.set_column(place, place, WIDTH * 2)
        sheet.write_string(0, place, heading(name), bold)
        for number, word in enumerate(words, 1):
            sheet.write_string(number, place, word)
        if words:
            letter = chr(ord("A") + place)
            ranges[name] = f"='{SHEETS['words']}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def _rules(sheet, cohort, bold, plain):
    sheet.set_column(0, 0, WIDE, plain)
    sheet.set_column(1, 1, WIDE, plain)
    row = 0
    with override("en"):
        sheet.write_string(row, 0, f"{cohort.program_name}, {cohort} · {cohort.dates}", bold)
    for rules in RULES.values():
        row += 1
        for rule in rules:
            row += 1
            sheet.write_string(row, 0, rule, plain)
    for column in COLUMNS:
        row += 1
        sheet.write_string(row + 1, 0, heading(column.name), plain)
        sheet.write_string(row + 1, 1, str(column.example or ""), plain)
