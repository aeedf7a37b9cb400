"""The drawing of a time line: marks as precise as the record, words that cover nothing, the same facts in the list."""

from datetime import date
from itertools import pairwise

import pytest

from portal.records import clock, glance
from portal.records.approximate import ApproximateDate
from portal.records.timeline import recorded


def entry(starts, ends=None, lane="Agreements", short="Ulaanbaatar"):
    starts, ends = ApproximateDate.of(starts), ApproximateDate.of(ends)
    return recorded(starts, ends, title="t", lane=lane, short=short)


def drawn(*entries, today=date(2026, 11, 25)):
    with clock.at(today):
        return glance.chart_of(entries)


def marks(chart):
    return [mark for lane in chart["lanes"] for mark in lane.marks]


def test_a_mark_says_how_much_of_the_date_is_known():
    chart = drawn(entry("2015"), entry("2021-07"), entry("2022-06-09"), entry("2022-10", "2022-11-25"))
    assert [mark.shape for mark in marks(chart)] == ["bar", "month", "day", "span"]
    assert [mark.words for mark in marks(chart)][:2] == ["2015 · Ulaanbaatar", "July 2021 · Ulaanbaatar"]


def test_a_year_is_as_wide_as_the_year_and_the_axis_goes_on_until_today():
    chart = drawn(entry("2017"), entry("2018"))
    assert (chart["years"].first, chart["years"].last) == (2017, 2026)
    first, second = marks(chart)
    assert (first.x, second.x - first.x) == (glance.LEFT + 2, round(chart["years"].width))


def test_what_is_still_to_come_is_within_the_years():
    chart = drawn(entry("2025"), entry("2027-02-15", "2027-03-12"))
    assert chart["years"].last == 2027


def test_kinds_have_lanes_of_their_own_the_oldest_on_top():
    chart = drawn(
        entry("2022", lane="People"), entry("2015", lane="Agreements"), entry("2023", lane="People")
    )
    assert [(lane.label, len(lane.marks)) for lane in chart["lanes"]] == [("Agreements", 1), ("People", 2)]


@pytest.mark.parametrize("short", ["Ulaanbaatar", "울란바토르시 보건국", "A very long name " * 9])
def test_no_words_cover_others_or_leave_the_drawing(short):
    days = [f"20{year}-{month:02}" for year in range(15, 27) for month in (3, 9)]
    chart = drawn(*(entry(day, short=short) for day in days))
    for lane in chart["lanes"]:
        for row in lane.taken:
            pieces = sorted(row)
            assert all(left[1] < right[0] for left, right in pairwise(pieces))
            assert pieces[0][0] >= 0
            assert pieces[-1][1] <= glance.RIGHT + 2 * glance.GAP


def test_what_finds_no_room_is_counted():
    chart = drawn(*(entry("2022-06") for _number in range(11)))
    assert len(marks(chart)) == glance.MOST_ROWS
    assert chart["left_out"] == 11 - glance.MOST_ROWS


@pytest.mark.parametrize("entries", [[], [entry("2015")], [entry("2015"), entry(None)]])
def test_fewer_than_two_dates_are_no_drawing(entries):
    assert drawn(*entries) is None
