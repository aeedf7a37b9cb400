import pytest
from django import forms
from django.template import Context, Template

from portal.ui.forms import LinesField, PortalForm, error_list, field_groups


class AgreementForm(PortalForm):
    title = forms.CharField()
    signed = forms.DateField()
    seats = forms.IntegerField(min_value=1, required=False, help_text="A year")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    fieldsets = [("Agreement", ["title", ("signed", "seats")])]

    def clean(self):
        raise forms.ValidationError("The two sides differ.")


def shown(form):
    source = '{% portal_form form submit="Save the MOU" cancel="/back/" %}'
    return Template(source).render(Context({"form": form, "csrf_token": "token"}))


def wrong():
    return AgreementForm({"title": "<Old>", "signed": "2022-02-31", "seats": "ten"})


def test_the_summary_names_every_error_and_leads_to_its_field():
    assert [(str(error), error.anchor) for error in error_list(wrong())] == [
        ("The two sides differ.", ""),
        ("Signed: Enter a valid date.", "id_signed"),
        ("Seats: Enter a whole number.", "id_seats"),
        ("Kind: This field is required.", "id_kind_0"),
    ]


def test_every_link_of_the_summary_has_its_target_on_the_page():
    html = shown(wrong())
    for error in error_list(wrong()):
        assert not error.anchor or (f'href="#{error.anchor}"' in html and f'id="{error.anchor}"' in html)


def test_the_summary_is_announced_and_takes_the_focus():
    html = shown(wrong())
    assert 'role="alert" tabindex="-1" data-focus' in html
    assert "4 answers need a correction" in html
    assert html.count("The two sides differ.") == 1


def test_what_was_typed_is_kept_even_if_it_is_no_number():
    html = shown(wrong())
    assert 'value="&lt;Old&gt;"' in html
    assert 'type="text" name="seats" value="ten" inputmode="numeric"' in html


def test_an_error_and_a_help_text_belong_to_their_field():
    html = shown(wrong())
    assert 'aria-invalid="true" aria-describedby="id_seats_helptext id_seats_error"' in html
    assert 'id="id_seats_error"' in html
    assert 'id="id_seats_helptext"' in html


def test_a_new_form_has_no_summary_and_marks_what_is_required():
    html = shown(AgreementForm())
    assert "correction" not in html
    assert html.count("asteriskField") == 3
    assert 'type="date" name="signed"' in html
    assert "min=" not in html


def test_fieldsets_group_the_fields_and_leave_none_out():
    groups = field_groups(AgreementForm())
    assert [(group.legend, [[field.name for field in row] for row in group.rows]) for group in groups] == [
        ("Agreement", [["title"], ["signed", "seats"]]),
        ("", [["kind"]]),
    ]


def test_the_hidden_field_is_sent_along():
    assert '<input type="hidden" name="secret" id="id_secret">' in shown(AgreementForm())


def test_a_form_with_a_file_is_sent_as_multipart():
    class UploadForm(PortalForm):
        paper = forms.FileField()

    assert 'enctype="multipart/form-data"' in shown(UploadForm())
    assert "multipart" not in shown(AgreementForm())


def test_a_question_is_not_followed_by_a_colon():
    class AskingForm(PortalForm):
        way = forms.CharField(label="How did the answer come?")

    assert [str(error) for error in error_list(AskingForm({}))] == [
        "How did the answer come? This field is required."
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_nobody_can_reckon_with_is_refused_at_its_field(day):
    form = AgreementForm({"title": "MOU", "signed": day, "kind": "a"})
    assert list(form.errors) == ["signed", "__all__"]


def test_a_line_with_a_letter_that_no_database_keeps_is_refused():
    class Names(PortalForm):
        names = LinesField(longest=20)

    assert Names({"names": "Ulsan\nBu\x00san"}).errors == {"names": ["Null characters are not allowed."]}
    assert Names({"names": "Ulsan\nBusan"}).is_valid()
