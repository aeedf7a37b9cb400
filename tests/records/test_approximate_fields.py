"""Approximate dates and counts in the database, queries, serialized data, model forms and the admin."""

import random
from datetime import date
from itertools import groupby

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import display_for_field
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce, ExtractMonth
from django.test.utils import isolate_apps
from django.utils import translation

from portal.records.approximate import ApproximateCount, ApproximateDate, Precision
from portal.records.fields import (
    ApproximateCountField,
    ApproximateCountFormField,
    ApproximateDateField,
    ApproximateDateFormField,
    Earliest,
    Latest,
    Number,
    SumCount,
)

DATES = ["2015", "2016", "2022", "2022-02", "2024-02", "2022-10", "2022-10-01", "2022-10-05", "2022-11"]
DATES += ["1900", "2100-12-31", "2024-02-29", "2022-06-09", "2021-12", "2022-12-31"]
COUNTS = ["0", "12", "≈12", "12+", "30", "≈30", "30+", "743", "11563"]


@pytest.fixture
def fact_model():
    """A model of the two fields that no migration knows."""
    with isolate_apps("portal.records"):

        class Fact(models.Model):
            place = models.CharField(max_length=20, default="")
            since = ApproximateDateField(null=True, blank=True)
            people = ApproximateCountField(null=True, blank=True)

            class Meta:
                app_label = "records"

            def __str__(self):
                return self.place

        yield Fact


@pytest.fixture
def facts(db, fact_model):
    """The model's manager, with a table that goes when the test's transaction is rolled back."""
    with connection.schema_editor() as editor:
        editor.create_model(fact_model)
    return fact_model.objects


def with_dates(facts, texts=DATES):
    shuffled = random.Random(4).sample(texts, len(texts))
    facts.bulk_create([facts.model(since=text) for text in shuffled])
    return facts


def with_counts(facts, texts=COUNTS, **values):
    facts.bulk_create([facts.model(people=text, **values) for text in texts])
    return facts


# In and out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", DATES)
def test_a_date_comes_back_as_precise_as_it_went_in(facts, text):
    facts.create(since=text)
    assert facts.get().since == ApproximateDate.parse(text)


@pytest.mark.parametrize("text", COUNTS)
def test_a_count_comes_back_as_precise_as_it_went_in(facts, text):
    facts.create(people=text)
    count = facts.get().people
    assert (count, type(count.precision)) == (ApproximateCount.parse(text), Precision)


def test_saving_leaves_the_values_on_the_instance(facts):
    fact = facts.create(since=date(2022, 6, 9), people=12)
    assert (fact.since, fact.people) == (ApproximateDate(2022, 6, 9), ApproximateCount(12))


def test_an_unknown_date_and_count_are_null(facts):
    facts.create()
    fact = facts.get(since=None, people__isnull=True)
    assert (fact.since, fact.people) == (None, None)


def test_an_update_takes_values_texts_and_columns(facts):
    facts.create(since="2015", people="≈30")
    facts.update(since=date(2022, 6, 9), people=F("people"))
    assert facts.get().since == ApproximateDate(2022, 6, 9)
    facts.update(people="60+")
    assert facts.get().people == ApproximateCount(60, Precision.MORE_THAN)


def test_many_rows_are_written_and_rewritten_at_once(facts):
    facts.bulk_create([facts.model(since=text, people=text) for text in ["2015", "2016", "2017"]])
    rows = list(facts.order_by("since"))
    for row in rows:
        row.since, row.people = "2022-10", row.people + ApproximateCount(1, Precision.ABOUT)
    facts.bulk_update(rows, ["since", "people"])
    assert [(str(r.since), str(r.people)) for r in facts.order_by("people")] == [
        ("2022-10", "≈2016"),
        ("2022-10", "≈2017"),
        ("2022-10", "≈2018"),
    ]


# What the database refuses --------------------------------------------------------------------------


def refused(facts, column, literal):
    table = connection.ops.quote_name(facts.model._meta.db_table)
    with pytest.raises(IntegrityError, match="check"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (place, {column}) VALUES ('', {literal})")


@pytest.mark.parametrize(
    "text",
    [
        *["", "22", "1899", "2101", "2022-", "2022-13", "2022-00", "2022-6", "2022-0609", "June 2022"],
        *["2022-06-32", "2022-06-31", "2022-02-30", "2023-02-29", "1900-02-29", "2022-06\n"],
    ],
)
def test_the_database_refuses_text_that_is_no_date(facts, text):
    refused(facts, "since", f"'{text}'")


@pytest.mark.parametrize(
    "literal",
    [
        *["'{}'", "'{12}'", "'{12,0,0}'", "'{-1,0}'", "'{12,3}'", "'{12,-1}'"],
        *["'{NULL,0}'", "'{12,NULL}'", "'{{12,0}}'", "'[2:3]={12,0}'"],
    ],
)
def test_the_database_refuses_an_array_that_is_no_count(facts, literal):
    refused(facts, "people", literal)


def test_a_negative_count_is_a_gap_and_cannot_be_stored(facts):
    with pytest.raises(ValidationError, match="A count cannot be negative"):
        facts.model(people=ApproximateCount(-1)).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        facts.create(people=ApproximateCount(-1))


def test_assigning_what_is_no_date_is_refused_before_the_database(facts):
    with pytest.raises(ValidationError, match="none of them"):
        facts.create(since="summer 2023")
    with pytest.raises(ValidationError, match="none of them"):
        facts.model(since="summer 2023").full_clean()


# Queries --------------------------------------------------------------------------------------------


def test_the_database_sorts_dates_as_python_does(facts):
    expected = sorted(map(ApproximateDate.parse, DATES))
    assert list(with_dates(facts).order_by("since").values_list("since", flat=True)) == expected


def test_the_order_of_dates_does_not_hang_on_the_collation(facts):
    with_dates(facts)
    expected = sorted(map(ApproximateDate.parse, DATES))
    with connection.cursor() as cursor:
        cursor.execute("SELECT collname FROM pg_collation WHERE collname IN ('C', 'en-x-icu', 'ko-x-icu')")
        collations = [name for (name,) in cursor.fetchall()]
    assert "C" in collations
    for name in collations:
        ordered = facts.order_by(models.functions.Collate("since", name))
        assert list(ordered.values_list("since", flat=True)) == expected


def test_the_database_sorts_counts_as_python_does(facts):
    expected = sorted(map(ApproximateCount.parse, COUNTS), reverse=True)
    assert list(with_counts(facts).order_by("-people").values_list("people", flat=True)) == expected


def test_bounds_in_the_database_are_those_of_python(facts):
    rows = with_dates(facts).annotate(first=Earliest("since"), last=Latest(F("since")))
    assert len(rows) == len(DATES)
    assert [(r.first, r.last) for r in rows] == [(r.since.earliest, r.since.latest) for r in rows]


def test_bounds_take_an_expression_with_parameters_and_null(facts):
    facts.create(since=None)
    fallback = Coalesce("since", models.Value("2022-02", output_field=ApproximateDateField()))
    row = facts.annotate(last=Latest(fallback), unknown=Latest("since"), first=Earliest("since")).get(
        last=date(2022, 2, 28)
    )
    assert (row.last, row.unknown, row.first) == (date(2022, 2, 28), None, None)


@pytest.mark.parametrize(
    "bound", ["2022-10", date(2022, 10, 5), ApproximateDate(2022), ApproximateDate(2016)]
)
@pytest.mark.parametrize("operator", ["gt", "gte", "lt", "lte", "exact"])
def test_comparisons_are_those_of_python(facts, operator, bound):
    with_dates(facts)
    other = ApproximateDate.of(bound)
    python = {
        "gt": lambda value: value > other,
        "gte": lambda value: value >= other,
        "lt": lambda value: value < other,
        "lte": lambda value: value <= other,
        "exact": lambda value: value == other,
    }[operator]
    found = facts.filter(**{f"since__{operator}": bound}).values_list("since", flat=True)
    assert sorted(found) == sorted(filter(python, map(ApproximateDate.parse, DATES)))


def test_dates_are_found_by_year_by_list_and_by_range(facts):
    with_dates(facts)
    assert facts.filter(since__year=2022).count() == 8
    assert facts.filter(since__year__gte=2024).count() == 3
    assert facts.filter(since__in=["2015", date(2022, 6, 9), "2023"]).count() == 2
    assert facts.filter(since__range=("2015", "2016")).count() == 2
    assert facts.filter(since__startswith="2022-10").count() == 3
    assert facts.exclude(since__year=2022).count() == len(DATES) - 8


def test_facts_that_may_fall_into_a_period_are_found_by_their_bounds(facts):
    with_dates(facts)
    may_be_in_may = facts.filter(since__earliest__lte=date(2022, 5, 31), since__latest__gte=date(2022, 5, 1))
    assert [str(fact.since) for fact in may_be_in_may] == ["2022"]
    assert facts.annotate(month=ExtractMonth(Latest("since"))).filter(month=2).count() == 3


def test_the_latest_date_of_a_group_is_an_approximate_date(facts):
    assert with_dates(facts).filter(since__year=2022).aggregate(last=Max("since")) == {
        "last": ApproximateDate(2022, 12, 31)
    }


def test_rows_are_counted_by_year(facts):
    by_year = with_dates(facts).values("since__year").annotate(rows=models.Count("pk"))
    years = sorted(int(text[:4]) for text in DATES)
    expected = {year: len(list(rows)) for year, rows in groupby(years)}
    assert {row["since__year"]: row["rows"] for row in by_year} == expected


def test_counts_are_found_by_value_by_number_and_by_precision(facts):
    with_counts(facts)
    assert facts.get(people="about 30").people == ApproximateCount(30, Precision.ABOUT)
    assert facts.filter(people__in=["12", "30+", "99"]).count() == 2
    assert facts.filter(people__gt="12+").count() == 5
    assert facts.filter(people__number=12).count() == 3
    assert facts.filter(people__precision=Precision.MORE_THAN).count() == 2
    assert facts.aggregate(number=Sum(Number("people")))["number"] == 12432


# Sums -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts", [["12"], ["12", "≈30"], ["60+", "12"], ["≈30", "60+"], ["12", "10"], COUNTS]
)
def test_the_databases_sum_is_pythons_sum(facts, texts):
    with_counts(facts, texts)
    facts.create(people=None)
    expected = ApproximateCount.total(map(ApproximateCount.parse, texts))
    assert facts.aggregate(people=SumCount("people")) == {"people": expected}


def test_the_sum_of_no_rows_is_exactly_zero(facts):
    assert facts.aggregate(people=SumCount("people")) == {"people": ApproximateCount(0)}
    assert facts.none().aggregate(people=SumCount("people")) == {"people": ApproximateCount(0)}
    facts.create(people=None)
    assert facts.aggregate(people=SumCount("people")) == {"people": ApproximateCount(0)}


def test_groups_are_summed_each_with_its_own_word(facts):
    with_counts(facts, ["12", "10"], place="Mongolia")
    with_counts(facts, ["16", "60+"], place="Khabarovsk")
    sums = facts.values("place").annotate(sum=SumCount("people")).order_by("-sum")
    assert [(row["place"], str(row["sum"])) for row in sums] == [("Khabarovsk", "76+"), ("Mongolia", "22")]
    assert [row["place"] for row in sums.filter(sum__gt=ApproximateCount(22))] == ["Khabarovsk"]


def test_a_sum_can_be_filtered(facts):
    with_counts(facts, ["12"], place="Mongolia")
    with_counts(facts, ["60+"], place="Khabarovsk")
    sums = facts.aggregate(
        mongolia=SumCount("people", filter=Q(place="Mongolia")),
        nowhere=SumCount("people", filter=Q(place="-")),
    )
    assert sums == {"mongolia": ApproximateCount(12), "nowhere": ApproximateCount(0)}


# Migrations and serialized data -----------------------------------------------------------------------


@pytest.mark.parametrize("field_class", [ApproximateDateField, ApproximateCountField])
def test_a_migration_gets_the_field_without_its_defaults(field_class):
    path, args, kwargs = field_class("since", null=True).deconstruct()[1:]
    assert (path, args, kwargs) == (
        f"portal.records.fields.{field_class.__name__}",
        [],
        {"verbose_name": "since", "null": True},
    )


def test_serialized_facts_come_back_the_same(fact_model):
    fact = fact_model(pk=1, since=ApproximateDate(2021, 7), people=ApproximateCount(30, Precision.ABOUT))
    known, unknown = serializers.serialize("python", [fact, fact_model(pk=2)])
    assert known["fields"] == {"place": "", "since": "2021-07", "people": "≈30"}
    assert unknown["fields"] == {"place": "", "since": None, "people": None}
    for name in ["since", "people"]:
        field = fact_model._meta.get_field(name)
        assert field.to_python(known["fields"][name]) == getattr(fact, name)


def test_a_column_becomes_approximate_and_keeps_its_check_when_renamed(facts):
    plain, since, renamed = (
        models.CharField(max_length=10, null=True),
        ApproximateDateField(null=True),
        ApproximateDateField(null=True),
    )
    for field, name in [(plain, "since"), (since, "since"), (renamed, "until")]:
        field.set_attributes_from_name(name)
        field.model = facts.model
    with connection.schema_editor() as editor:
        editor.alter_field(facts.model, since, plain)
        editor.alter_field(facts.model, plain, since)
        editor.alter_field(facts.model, since, renamed)
    refused(facts, "until", "'2022-02-30'")


# Forms ------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_a_model_form_shows_iso_text_with_help_and_saves_values(facts):
    form_class = forms.modelform_factory(facts.model, fields=["since", "people"])
    fact = facts.create(since="2021-07", people="60+")
    html = render_crispy_form(form_class(instance=fact))
    assert 'value="2021-07"' in html
    assert 'value="60+"' in html
    assert "As precisely as you know it: 2015, 2021-07 or 2022-06-09" in html
    assert "12, about 30 or 60+" in html
    assert (
        html.count('autocomplete="off"') == html.count('inputmode="text"') == html.count('type="text"') == 2
    )
    form = form_class({"since": "9 June 2022", "people": ""}, instance=fact)
    form.save()
    fact.refresh_from_db()
    assert (fact.since, fact.people) == (ApproximateDate(2022, 6, 9), None)


def test_a_fields_own_help_text_wins():
    field = ApproximateDateField(help_text="When the article was printed").formfield()
    assert field.help_text == "When the article was printed"


def test_the_admin_edits_and_lists_both_fields(facts, rf):
    model_admin = admin.ModelAdmin(facts.model, admin.AdminSite())
    form = model_admin.get_form(rf.get("/"))()
    assert isinstance(form.fields["since"], ApproximateDateFormField)
    assert isinstance(form.fields["people"], ApproximateCountFormField)
    assert 'inputmode="text"' in form["since"].as_widget()
    shown = {"since": ApproximateDate(2021, 7), "people": ApproximateCount(30, Precision.ABOUT)}
    assert [display_for_field(shown[n], facts.model._meta.get_field(n), "-") for n in shown] == [
        "2021-07",
        "≈30",
    ]
