"""Approximate counts as values: what is read, how they add up, and how they read in words."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.records.approximate import ApproximateCount, Precision

EXACT, ABOUT, MORE = Precision.EXACT, Precision.ABOUT, Precision.MORE_THAN
counts = st.builds(ApproximateCount, st.integers(0, 999_999_999), st.sampled_from(Precision))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


# Counts: reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("12", "12"),
        ("0", "0"),
        ("1,410", "1410"),
        ("12명", "12"),
        ("about 30", "≈30"),
        ("About 30 people", "≈30"),
        ("around 30", "≈30"),
        ("c. 30", "≈30"),
        ("≈30", "≈30"),
        ("~30", "≈30"),
        ("～３０", "≈30"),
        ("약 30", "≈30"),
        ("약 30명", "≈30"),
        ("30명 정도", "≈30"),
        ("60+", "60+"),
        ("60 +", "60+"),
        ("more than 60", "60+"),
        ("over 60", "60+"),
        ("60명 이상", "60+"),
        ("30여", "30+"),
        ("약 30여 명", "30+"),
        ("999,999,999", "999999999"),
    ],
)
def test_a_count_is_read_as_people_write_it(typed, short):
    assert str(ApproximateCount.parse(typed)) == short


@pytest.mark.parametrize("typed", ["many", "-3", "12.5", "1,41", "10-20", "", "about", "+60", "1" * 5000])
def test_what_is_no_count_is_named_in_the_refusal(typed):
    message = f"Write a number, “about” and a number, or a number and “+”. “{typed}” is none of them."
    with pytest.raises(ValidationError) as refused:
        ApproximateCount.parse(typed)
    assert refused.value.messages == [message]


def test_a_count_too_large_for_the_database_is_refused():
    with pytest.raises(ValidationError, match=r"The largest count that can be kept is 999,999,999\."):
        ApproximateCount.parse("1000000000")


@settings(database=None)
@given(counts)
def test_any_count_is_read_back_from_its_text_its_short_form_and_its_words(count):
    assert ApproximateCount.parse(str(count)) == count
    assert ApproximateCount.parse(count.short()) == count
    assert ApproximateCount.parse(count.words()) == count


# Counts: arithmetic and words ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two", "total"),
    [
        ("12", "10", "22"),
        ("12", "≈30", "≈42"),
        ("12", "60+", "72+"),
        ("≈30", "60+", "90+"),
        ("60+", "60+", "120+"),
    ],
)
def test_a_sum_keeps_the_word_of_its_least_precise_part(one, two, total):
    assert str(ApproximateCount.parse(one) + ApproximateCount.parse(two)) == total
    assert str(ApproximateCount.parse(two) + ApproximateCount.parse(one)) == total


def test_counts_add_up_from_zero_and_from_nothing():
    assert sum([ApproximateCount(10), ApproximateCount(30, ABOUT)]) == ApproximateCount(40, ABOUT)
    assert ApproximateCount.total([]) == ApproximateCount(0)
    assert ApproximateCount.total([ApproximateCount(60, MORE), 3]) == ApproximateCount(63, MORE)


@pytest.mark.parametrize(
    ("published", "counted", "gap"),
    [
        ("743", "23", "720"),
        ("≈60", "4", "≈56"),
        ("60+", "4", "56+"),
        ("743", "≈23", "≈720"),
        ("100", "60+", "≈40"),
        ("100+", "60+", "≈40"),
        ("12", "15", "-3"),
    ],
)
def test_the_gap_between_published_and_counted_claims_no_more_than_is_known(published, counted, gap):
    assert str(ApproximateCount.parse(published) - ApproximateCount.parse(counted)) == gap


def test_the_gap_takes_plain_numbers_on_either_side():
    assert ApproximateCount(60, MORE) - 4 == ApproximateCount(56, MORE)
    assert 743 - ApproximateCount(23) == ApproximateCount(720)


def test_counts_do_not_add_to_words():
    with pytest.raises(TypeError):
        ApproximateCount(3) + "4"


@settings(database=None)
@given(st.lists(counts, max_size=6), st.randoms())
def test_a_sum_does_not_depend_on_order_or_grouping(parts, random):
    total = ApproximateCount.total(parts)
    shuffled = random.sample(parts, len(parts))
    cut = random.randint(0, len(parts))
    assert ApproximateCount.total(shuffled[:cut]) + ApproximateCount.total(shuffled[cut:]) == total
    assert total.number == sum(part.number for part in parts)
    assert total.precision == max((part.precision for part in parts), default=EXACT)


def test_counts_sort_by_number_and_then_by_precision():
    in_order = ["12", "30", "≈30", "30+", "31"]
    assert [str(c) for c in sorted(map(ApproximateCount.parse, reversed(in_order)))] == in_order


def test_a_count_reads_in_words_and_in_short():
    assert ApproximateCount(12).words() == "12"
    assert ApproximateCount(30, ABOUT).words() == "about 30"
    assert ApproximateCount(60, MORE).words() == "more than 60"
    assert ApproximateCount(25673).words() == "25,673"
    assert ApproximateCount(1410, ABOUT).short() == "≈1,410"
    assert ApproximateCount(60, MORE).short() == "60+"
    assert ApproximateCount(-3).words() == "−3"


def test_thousands_of_digits_are_too_many_and_no_error():
    with pytest.raises(ValidationError, match="The largest count"):
        ApproximateCount.parse("1" + ",111" * 2000)
    assert ApproximateCount.parse("000,005") == ApproximateCount(5)
