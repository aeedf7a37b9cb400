"""Dates in Mongolian, written out: 2022 оны 6 сарын 9."""

DATE_FORMAT = "Y оны n сарын j"
SHORT_DATE_FORMAT = "Y.m.d"
DATETIME_FORMAT = "Y оны n сарын j, H:i"
SHORT_DATETIME_FORMAT = "Y.m.d, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "Y оны n сар"
MONTH_DAY_FORMAT = "n сарын j"
SHORT_MONTH_DAY_FORMAT = "m.d"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# Beyond Django's names, for portal.records.approximate: a part of a date, and the dash of a span.
YEAR_FORMAT = "Y он"
MONTH_FORMAT = "n сар"
DAY_FORMAT = "j"
SPAN_DASH = "–"
SPAN_DASH_WIDE = " – "  # 2022 оны 6 сарын 8 – 10
