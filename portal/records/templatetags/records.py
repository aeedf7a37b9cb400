"""Filters for what is known only approximately: its words, its span, and what was not published."""

from django import template
from django.utils.translation import gettext

from ..approximate import ApproximateCount, ApproximateDate, span_words
from ..glance import chart_of

register = template.Library()

# `{% chart_of entries as chart %}`: a time line as a drawing
register.simple_tag(chart_of)


@register.filter
def words(value):
    """An approximate date or count, or a plain date or number, in the reader's language; nothing for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        value = ApproximateCount(value)
    if not isinstance(value, ApproximateCount):
        value = ApproximateDate.of(value)
    return value.words()


@register.filter
def short(value):
    """An approximate count for a narrow column: 12, ≈30, 60+."""
    return "" if value is None or value == "" else ApproximateCount.of(value).short()


@register.filter
def span(start, end):
    """`{{ cohort.starts|span:cohort.ends }}`: 8–10 June 2022."""
    return span_words(start or None, end or None)


@register.filter
def precision_note(value):
    """What of a date was not published; nothing where the day is known."""
    value = ApproximateDate.of(value)
    if value is None or value.precision == "day":
        return ""
    return gettext("day not published") if value.precision == "month" else gettext("month not published")


@register.filter
def span_note(start, end):
    """`{{ cohort.starts|span_note:cohort.ends }}`: which end of a span was published without its day."""
    start, end = ApproximateDate.of(start), ApproximateDate.of(end)
    if end is None or start is None or start == end:
        return precision_note(start or end)
    if (start.precision, end.precision) == ("month", "day"):
        return gettext("first day not published")
    if (start.precision, end.precision) == ("day", "month"):
        return gettext("last day not published")
    return gettext("days not published") if start.precision == end.precision == "month" else ""
