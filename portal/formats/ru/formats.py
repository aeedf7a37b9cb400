"""Dates in Russian, written out: 9 июня 2022"""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "d.m.Y"
DATETIME_FORMAT = "j E Y, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j E"
SHORT_MONTH_DAY_FORMAT = "d.m"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3

# Beyond Django's names, for portal.records.approximate: a part of a date, and the dash of a span.
YEAR_FORMAT = "Y"
MONTH_FORMAT = "F"
DAY_FORMAT = "j"
SPAN_DASH = "–"  # 8–10 июня 2022
SPAN_DASH_WIDE = " – "
