"""Approximate dates as values, and the template filters: what is read, how it sorts, how it reads."""

import pickle
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.records.approximate import ApproximateCount, ApproximateDate, Precision, span_words

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
approximate_dates = st.builds(
    lambda day, parts: ApproximateDate(*(day.year, day.month, day.day)[:parts]), days, st.integers(1, 3)
)
languages = st.sampled_from(["en", "ko", "ru", "mn"])


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refusal(parse, text):
    with pytest.raises(ValidationError) as refused:
        parse(text)
    return refused.value.messages[0]


# Dates: reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2015", "2015"),
        ("2021-07", "2021-07"),
        ("2022-06-09", "2022-06-09"),
        (" 2022-6-9 ", "2022-06-09"),
        ("２０２２－０６", "2022-06"),
        ("July 2021", "2021-07"),
        ("JULY 2021", "2021-07"),
        ("Sept. 2021", "2021-09"),
        ("9 June 2022", "2022-06-09"),
        ("9th Jun 2022", "2022-06-09"),
        ("June 9, 2022", "2022-06-09"),
        ("May 2014", "2014-05"),
        ("2015년", "2015"),
        ("2021년 7월", "2021-07"),
        ("2022년 6월 9일", "2022-06-09"),
        ("2022년6월9일", "2022-06-09"),
        ("2022.6.9", "2022-06-09"),
        ("2022. 6. 9.", "2022-06-09"),
        ("2021/07", "2021-07"),
        ("07/2021", "2021-07"),
        ("25.04.1985", "1985-04-25"),
        ("04/25/1985", "1985-04-25"),
        ("4/4/1985", "1985-04-04"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_a_date_is_read_as_people_write_it_and_no_more_precisely(typed, iso):
    assert str(ApproximateDate.parse(typed)) == iso


@pytest.mark.parametrize(
    "typed",
    [
        *["summer 2023", "", "ma 2014", "2020-2022", "2022-06-09-01", "22-06-09", "20220609", "2022-6/9"],
        *["9 June", "2022-06-09T10:00", "Q2 2022", "2022\x00", "九"],
    ],
)
def test_what_is_no_date_is_named_in_the_refusal(typed):
    message = f"Write a year, a month or a day. “{typed}” is none of them."
    assert refusal(ApproximateDate.parse, typed) == message


@pytest.mark.parametrize(
    "typed", ["2022-13", "2022-00", "2022-02-30", "2023-02-29", "31 June 2022", "31/31/2020"]
)
def test_a_day_that_no_calendar_has_is_refused(typed):
    message = f"“{typed}” is not in the calendar. Check the month and the day."
    assert refusal(ApproximateDate.parse, typed) == message


@pytest.mark.parametrize("typed", ["1899", "2101-01", "1 May 0014", "25.04.1066"])
def test_a_year_out_of_range_is_refused(typed):
    assert refusal(ApproximateDate.parse, typed) == "The year must be from 1900 to 2100."


@pytest.mark.parametrize("typed", ["03/04/1985", "3.4.1985", "03-04-1985"])
def test_a_date_with_two_readings_is_refused_and_both_are_named(typed):
    message = f"“{typed}” can be read in two ways. Write 1985-04-03 or 1985-03-04."
    assert refusal(ApproximateDate.parse, typed) == message


@pytest.mark.parametrize("text", ["2021-7", "July 2021", "2021-07-", "2021-13", "1899", "2022-02-30", ""])
def test_stored_text_is_read_strictly(text):
    with pytest.raises(ValueError):
        ApproximateDate.from_iso(text)


def test_a_date_is_made_from_whatever_the_record_file_gives():
    assert ApproximateDate.of(2015) == ApproximateDate(2015)
    assert ApproximateDate.of("2021-07") == ApproximateDate(2021, 7)
    assert ApproximateDate.of(date(2022, 6, 9)) == ApproximateDate(2022, 6, 9)
    assert ApproximateDate.of(None) is ApproximateDate.of("") is None


def test_an_instant_becomes_the_day_it_is_in_seoul():
    assert ApproximateDate.of(datetime(2022, 6, 9, 15, 30, tzinfo=UTC)) == ApproximateDate(2022, 6, 10)


@pytest.mark.parametrize("parts", [(2022, None, 9), (2022, 0), (2022, 2, 30), (2022, 6, 0), (1899,)])
def test_an_impossible_date_cannot_be_made(parts):
    with pytest.raises(ValueError):
        ApproximateDate(*parts)


# Dates: order and bounds --------------------------------------------------------------------------


def test_the_unknown_sorts_before_its_parts():
    in_order = ["2021", "2022", "2022-10", "2022-10-05", "2022-10-06", "2022-11", "2023"]
    assert [str(d) for d in sorted(map(ApproximateDate.parse, reversed(in_order)))] == in_order


def test_bounds_are_the_first_and_the_last_possible_day():
    assert (ApproximateDate(2015).earliest, ApproximateDate(2015).latest) == (
        date(2015, 1, 1),
        date(2015, 12, 31),
    )
    assert ApproximateDate(2022, 2).latest == date(2022, 2, 28)
    assert ApproximateDate(2024, 2).latest == date(2024, 2, 29)
    assert ApproximateDate(2022, 6, 9).earliest == ApproximateDate(2022, 6, 9).latest == date(2022, 6, 9)


def test_a_date_is_a_key_and_survives_pickling():
    assert {ApproximateDate(2022): 1}[ApproximateDate.parse("2022")] == 1
    assert pickle.loads(pickle.dumps(ApproximateDate(2022, 6))) == ApproximateDate(2022, 6)
    assert ApproximateDate(2022) != ApproximateDate(2022, 1) != ApproximateDate(2022, 1, 1)
    with pytest.raises(TypeError):
        assert ApproximateDate(2022) < date(2022, 1, 1)


@settings(database=None)
@given(approximate_dates)
def test_any_date_is_read_back_from_its_own_text(value):
    assert ApproximateDate.parse(str(value)) == ApproximateDate.from_iso(str(value)) == value


@settings(database=None)
@given(approximate_dates, st.sampled_from(["en", "ko"]))
def test_any_date_is_read_back_from_its_words(value, language):
    with translation.override(language):
        assert ApproximateDate.parse(value.words()) == value


@settings(database=None)
@given(approximate_dates, approximate_dates)
def test_order_goes_by_the_first_possible_day_and_then_by_precision(one, two):
    def key(value):
        return value.earliest, ["year", "month", "day"].index(value.precision)

    assert (one < two) == (key(one) < key(two)) == (str(one) < str(two))
    assert (one == two) == (key(one) == key(two))


# Dates: words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "english", "korean"),
    [
        ("2015", "2015", "2015년"),
        ("2021-07", "July 2021", "2021년 7월"),
        ("2022-06-09", "9 June 2022", "2022년 6월 9일"),
    ],
)
def test_a_date_reads_in_the_readers_language(iso, english, korean):
    value = ApproximateDate.parse(iso)
    assert value.words() == english
    with translation.override("ko"):
        assert value.words() == korean


def test_a_language_without_our_formats_still_gets_a_year():
    with translation.override("kk"):
        assert ApproximateDate(2015).words() == "2015"
    with translation.override(None):
        assert ApproximateDate(2015).words() == "2015"


@pytest.mark.parametrize(
    ("start", "end", "english", "korean"),
    [
        ("2022-06-08", "2022-06-10", "8–10 June 2022", "2022년 6월 8일~10일"),
        ("2014-05-26", "2014-06-21", "26 May – 21 June 2014", "2014년 5월 26일~6월 21일"),
        ("2021-12-28", "2022-01-03", "28 December 2021 – 3 January 2022", "2021년 12월 28일~2022년 1월 3일"),
        ("2022-10", "2022-11-25", "October – 25 November 2022", "2022년 10월~11월 25일"),
        ("2022-10-03", "2022-11", "3 October – November 2022", "2022년 10월 3일~11월"),
        ("2022-06", "2022-08", "June–August 2022", "2022년 6월~8월"),
        ("2021-10", "2022-03", "October 2021 – March 2022", "2021년 10월~2022년 3월"),
        ("2020", "2022", "2020–2022", "2020년~2022년"),
        ("2011", "2014-06-23", "2011 – 23 June 2014", "2011년~2014년 6월 23일"),
        ("2022", "2022-11", "2022 – November 2022", "2022년~2022년 11월"),
        ("2022-06-09", "2022-06-09", "9 June 2022", "2022년 6월 9일"),
        ("2022-06", "2022-06", "June 2022", "2022년 6월"),
        ("2022-07-25", None, "25 July 2022", "2022년 7월 25일"),
        ("2022-06-10", "2022-06-08", "10 June 2022 – 8 June 2022", "2022년 6월 10일~2022년 6월 8일"),
    ],
)
def test_a_span_names_each_part_once(start, end, english, korean):
    assert span_words(start, end) == english
    with translation.override("ko"):
        assert span_words(start, end) == korean


def test_a_span_without_a_start_reads_until():
    assert span_words(None, date(2014, 6, 23)) == "until 23 June 2014"
    assert span_words(None, None) == ""


@settings(database=None)
@given(st.none() | approximate_dates | days, st.none() | approximate_dates | days, languages)
def test_a_span_of_anything_has_words_in_every_language(start, end, language):
    with translation.override(language):
        words = span_words(start, end)
    years = {str(value.year) for value in (start, end) if value}
    assert all(year in words for year in years)
    assert "FORMAT" not in words


# Templates ----------------------------------------------------------------------------------------


def render(source, **context):
    return Template("{% load records %}" + source).render(Context(context))


def test_words_filter_serves_dates_counts_and_nothing():
    values = [
        ApproximateDate(2021, 7),
        ApproximateCount(30, Precision.ABOUT),
        date(2022, 6, 9),
        743,
        None,
        "",
    ]
    words = render("{% for value in values %}[{{ value|words }}]{% endfor %}", values=values)
    assert words == "[July 2021][about 30][9 June 2022][743][][]"


def test_span_filter_takes_approximate_and_plain_dates():
    assert (
        render("{{ a|span:b }}", a=ApproximateDate(2022, 10), b=date(2022, 11, 25))
        == "October – 25 November 2022"
    )
    assert render("{{ a|span:b }}", a=date(2022, 6, 9), b=None) == "9 June 2022"


def test_short_filter_is_for_narrow_columns():
    assert render("{{ a|short }}{{ b|short }}", a=ApproximateCount(60, Precision.MORE_THAN), b=None) == "60+"


@pytest.mark.parametrize(
    ("iso", "note"),
    [("2015", "month not published"), ("2021-07", "day not published"), ("2022-06-09", ""), (None, "")],
)
def test_precision_note_says_what_was_not_published(iso, note):
    assert render("{{ value|precision_note }}", value=ApproximateDate.of(iso)) == note


@pytest.mark.parametrize(
    ("start", "end", "note"),
    [
        ("2022-10", "2022-11-25", "first day not published"),
        ("2022-10-03", "2022-11", "last day not published"),
        ("2022-10", "2022-11", "days not published"),
        ("2022-10", "2022-10", "day not published"),
        ("2022-10", None, "day not published"),
        ("2022-06-08", "2022-06-10", ""),
        ("2011", "2014-06-23", ""),
    ],
)
def test_span_note_says_which_day_was_not_published(start, end, note):
    values = {"start": ApproximateDate.of(start), "end": ApproximateDate.of(end)}
    assert render("{{ start|span_note:end }}", **values) == note
