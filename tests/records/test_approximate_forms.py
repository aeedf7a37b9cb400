"""The lines of text in which people write approximate dates and counts."""

import pytest
from django import forms
from django.utils import translation

from portal.records.approximate import ApproximateCount, ApproximateDate, Precision
from portal.records.fields import ApproximateCountFormField, ApproximateDateFormField


class FactForm(forms.Form):
    since = ApproximateDateFormField()
    people = ApproximateCountFormField(required=False)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_a_form_cleans_what_a_person_typed():
    form = FactForm({"since": " July 2021 ", "people": "about 30"})
    assert form.is_valid()
    assert form.cleaned_data == {
        "since": ApproximateDate(2021, 7),
        "people": ApproximateCount(30, Precision.ABOUT),
    }


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed():
    form = FactForm({"since": "summer 2023", "people": "many"})
    assert form.errors == {
        "since": ["Write a year, a month or a day. “summer 2023” is none of them."],
        "people": [
            "Write a number, “about” and a number, or a number and “+”. “many” is none of them.",
        ],
    }
    assert 'value="summer 2023"' in str(form["since"])


def test_an_empty_line_is_unknown_or_required():
    form = FactForm({"since": "   ", "people": "  "})
    assert form.errors == {"since": ["This field is required."]}
    assert form.cleaned_data["people"] is None


def test_only_a_different_meaning_is_a_change():
    initial = {"since": ApproximateDate(2021, 7), "people": "60+"}
    assert FactForm({"since": "July 2021", "people": "more than 60"}, initial=initial).changed_data == []
    assert FactForm({"since": "2021", "people": "60"}, initial=initial).changed_data == ["since", "people"]
