"""Dates in Korean, written out: 2022년 6월 9일."""

DATE_FORMAT = "Y년 n월 j일"
SHORT_DATE_FORMAT = "Y. n. j."
DATETIME_FORMAT = "Y년 n월 j일 H:i"
SHORT_DATETIME_FORMAT = "Y. n. j. H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "Y년 n월"
MONTH_DAY_FORMAT = "n월 j일"
SHORT_MONTH_DAY_FORMAT = "n. j."
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d"]

# Beyond Django's names, for portal.records.approximate: a part of a date, and the dash of a span.
YEAR_FORMAT = "Y년"
MONTH_FORMAT = "n월"
DAY_FORMAT = "j일"
SPAN_DASH = "~"  # 2022년 6월 8일~10일
SPAN_DASH_WIDE = "~"
