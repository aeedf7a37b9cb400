"""Dates in English, written out: 9 June 2022."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_MONTH_DAY_FORMAT = "j M"  # the head of a narrow column
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d"]

# Beyond Django's names, for portal.records.approximate: a part of a date, and the dash of a span.
YEAR_FORMAT = "Y"
MONTH_FORMAT = "F"
DAY_FORMAT = "j"
SPAN_DASH = "–"  # 8–10 June 2022
SPAN_DASH_WIDE = " – "  # 26 May – 21 June 2014
