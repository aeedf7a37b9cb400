import random
from itertools import chain

import django_filters
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.db.models import Case, Value, When
from django.template import Context, Template

from portal.ui import lists
from portal.ui.keyset import SALT, Order
from portal.ui.lists import listing

pytestmark = pytest.mark.django_db

SORTS = {
    "name": ["name"],  # many rows alike
    "kind": ["content_type__model", "-codename"],
    "mark": ["mark", "name"],  # half of them NULL
    "id": ["pk"],
}


@pytest.fixture
def rows():
    """37 rows of 5 names and 3 kinds; every other one has no mark."""
    chance = random.Random(7)
    kinds = [ContentType.objects.create(app_label="zoo", model=model) for model in ("ape", "bee", "cat")]
    made = [
        Permission(
            name=f"name {chance.randrange(5)}", content_type=kinds[number % 3], codename=f"code{number}"
        )
        for number in range(37)
    ]
    Permission.objects.bulk_create(made)
    even = Case(
        When(codename__endswith="0", then=Value(None)),
        When(codename__endswith="5", then=Value(None)),
        When(codename__endswith="7", then=Value("seven")),
        default=Value("other"),
        output_field=models.CharField(),
    )
    return Permission.objects.filter(content_type__app_label="zoo").annotate(mark=even)


class NameFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="Name")
    kind = django_filters.ModelChoiceFilter(
        field_name="content_type", queryset=ContentType.objects.filter(app_label="zoo"), label="Kind"
    )

    class Meta:
        model = Permission
        fields = []


def at(rf, url, queryset, **options):
    options = {"sorts": SORTS, "default_sort": "name", "per_page": 5, **options}
    return listing(rf.get(url), queryset, **options)


def walk(rf, queryset, url, link):
    """The rows of every page from `url` on, following one of the page's links."""
    pages = []
    while url:
        page = at(rf, url, queryset)
        pages.append([row.pk for row in page.rows])
        last, url = url, getattr(page, link)
        assert len(pages) < 20, "the links run in a circle"
    return pages, last


@pytest.mark.parametrize("sort", ["name", "-name", "kind", "-kind", "mark", "-mark", "id", "-id"])
def test_forwards_and_back_every_row_is_seen_once_and_in_order(rf, rows, sort):
    whole = [row.pk for row in at(rf, f"/?sort={sort}", rows, per_page=100).rows]
    assert len(set(whole)) == 37
    forwards, last = walk(rf, rows, f"/?sort={sort}", "next_url")
    assert list(chain.from_iterable(forwards)) == whole
    assert [len(page) for page in forwards] == [5] * 7 + [2]
    backwards, _first = walk(rf, rows, last, "previous_url")
    assert backwards[::-1] == forwards


def test_a_minus_turns_every_column_of_a_sort_round(rf, rows):
    there = [row.pk for row in at(rf, "/?sort=kind", rows, per_page=100).rows]
    back = [row.pk for row in at(rf, "/?sort=-kind", rows, per_page=100).rows]
    assert back == there[::-1]


def test_rows_without_a_value_stand_last_and_turned_round_first(rf, rows):
    assert at(rf, "/?sort=mark", rows, per_page=100).rows[-1].mark is None
    assert at(rf, "/?sort=-mark", rows, per_page=100).rows[0].mark is None


def test_a_row_that_goes_meanwhile_leaves_the_next_page_where_it_was(rf, rows):
    first = at(rf, "/", rows)
    expected = [row.pk for row in at(rf, first.next_url, rows).rows]
    Permission.objects.filter(pk=first.rows[-1].pk).delete()
    assert [row.pk for row in at(rf, first.next_url, rows).rows] == expected


@pytest.mark.parametrize(
    "junk",
    [
        "nonsense",
        "12",
        "a:b:c",
        signing.dumps("text", salt=SALT),
        signing.dumps([["other", "pk"], ["x", 1]], salt=SALT),
        signing.dumps([["name", "pk"], ["name 1", 1]], salt="elsewhere"),
    ],
    ids=["a word", "a number", "no signature", "not an order", "another order", "another salt"],
)
@pytest.mark.parametrize("direction", ["after", "before"])
def test_junk_for_a_cursor_is_answered_with_the_first_page(rf, rows, junk, direction):
    page = at(rf, f"/?{direction}={junk}", rows)
    assert page.rows == at(rf, "/", rows).rows
    assert not page.has_previous


def test_a_cursor_of_another_order_is_answered_with_the_first_page(rf, rows):
    cursor = at(rf, "/?sort=name", rows).next_url.partition("after=")[2]
    assert not at(rf, f"/?sort=kind&after={cursor}", rows).has_previous


def test_beyond_the_end_there_is_the_first_page_again(rf, rows):
    page = at(rf, "/?sort=id", rows)
    Permission.objects.filter(pk__gt=page.rows[-1].pk).delete()
    again = at(rf, page.next_url, rows)
    assert [row.pk for row in again.rows] == [row.pk for row in page.rows]
    assert (again.has_previous, again.has_next) == (False, False)


def test_an_unknown_sort_is_answered_with_the_default(rf, rows):
    page = at(rf, "/?sort=password", rows, default_sort="-kind")
    assert page.sort == "-kind"
    assert page.rows == at(rf, "/?sort=-kind", rows).rows


def test_links_keep_the_filters_and_drop_the_cursor(rf, rows):
    page = at(rf, "/list/?name=name&kind=&after=x&sort=kind", rows, filterset=NameFilter)
    assert page.url(sort="-kind") == "/list/?name=name&sort=-kind"
    assert page.next_url.startswith("/list/?name=name&sort=kind&after=")
    assert page.clear_url == "/list/?sort=kind"
    assert page.is_filtered


def test_a_filter_narrows_the_rows_and_the_count(rf, rows):
    page = at(rf, "/?name=NAME+1", rows, filterset=NameFilter)
    wanted = [row for row in rows if row.name == "name 1"]
    assert {row.name for row in page.rows} == {"name 1"}
    assert page.count == (len(wanted), False)


def test_a_wrong_choice_in_a_filter_breaks_nothing(rf, rows):
    assert len(at(rf, "/?kind=999999", rows, filterset=NameFilter).rows) == 5


def test_the_count_stops_at_its_limit(rf, rows, monkeypatch):
    assert str(at(rf, "/", rows).count) == "37"
    monkeypatch.setattr(lists, "COUNTED_EXACTLY", 20)
    assert str(at(rf, "/", rows).count) == "20+"
    monkeypatch.setattr(lists, "COUNTED_EXACTLY", 37)
    assert str(at(rf, "/", rows).count) == "37"


@pytest.mark.parametrize(("number", "queries"), [(1, 2), (3, 2), (37, 3)])
def test_a_page_costs_the_same_queries_whatever_its_rows(
    rf, rows, number, queries, django_assert_num_queries
):
    source = (
        "{% listing_filters page %}{% for row in page.rows %}{{ row.name }}{% endfor %}{% pagination page %}"
    )
    keep = list(rows.values_list("pk", flat=True)[:number])
    with django_assert_num_queries(
        queries
    ):  # rows and the filter's choices; a count where there are more pages
        page = at(rf, "/?sort=kind", rows.filter(pk__in=keep), filterset=NameFilter)
        Template(source).render(Context({"page": page}))


def test_the_column_that_is_sorted_by_says_so(rf, rows):
    page = at(rf, "/?sort=-name", rows)
    head = Template('{% sortable page "name" "Name" %}{% sortable page "kind" "Kind" %}').render(
        Context({"page": page})
    )
    assert head.count("aria-sort") == 1
    assert 'aria-sort="descending"><a class="sortable" href="/?sort=name">Name' in head
    assert 'href="/?sort=kind">Kind' in head


def test_an_empty_list_tells_nothing_found_from_nothing_there(rf, rows):
    source = '{% listing_empty page "calendar" "No permission yet" "" "Add one" "/add/" %}'
    found = at(rf, "/?name=nobody", rows, filterset=NameFilter)
    assert "Nothing matches" in Template(source).render(Context({"page": found}))
    empty = at(rf, "/", rows.none(), filterset=NameFilter)
    assert 'href="/add/">Add one' in Template(source).render(Context({"page": empty}))


def test_columns_know_where_a_value_may_be_missing():
    order = Order(LogEntry.objects.all(), ["-action_time", "object_id", "content_type__model", "user__pk"])
    assert [column.nullable for column in order.columns] == [False, True, True, False, False]
    assert [column.descending for column in order.columns] == [True, False, False, False, False]
