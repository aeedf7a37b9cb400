"""A spreadsheet's way in: upload, columns, preview, write, revert."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Institution
from portal.accounts.roles import Role
from portal.records.imports import checking, workflow
from portal.records.imports.models import ColumnMapping, ImportBatch
from portal.records.models import Event, PrivateFile
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "Name,Kind,Region,Aliases\n"


@pytest.fixture
def officer():
    return factories.make_user()


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def send(client, text, *, name="list.csv", kind="institutions", sender=""):
    data = text if isinstance(text, bytes) else text.encode()
    file = io.BytesIO(data)
    file.name = name
    factories.make_region()
    return client.post(reverse("records:importbatch-create", args=[kind]), {"file": file, "sender": sender})


def page(client, batch, name="records:importbatch-detail", query=""):
    return client.get(reverse(name, args=[batch.pk]) + query)


def post(client, batch, name, data=None, *more):
    return client.post(reverse(name, args=[batch.pk, *more]), data or {})


WRITE, REVERT = "records:importbatch-write", "records:importbatch-revert"
ROW, COLUMNS = "records:importbatch-row", "records:importbatch-columns"


def cells(response):
    """The first sheet of an answered workbook, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def rows(batch):
    return {row.number: row for row in batch.rows.all()}


def verdicts(batch):
    return {number: row.verdict for number, row in rows(batch).items()}


def test_a_file_goes_from_upload_to_preview_to_written_to_reverted(client):
    first = factories.make_institution("First National Hospital", aliases=["Shastin"])
    text = (
        HEAD
        + "Shastin,hospital,Mongolia,\nSecond Hospital,hospital,Mongolia,Number Two\nThird,kiosk,Mongolia,\n"
    )
    answer = send(client, text, sender="Ministry of Health")
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == reverse("records:importbatch-detail", args=[batch.pk])
    assert (batch.state, batch.row_count, batch.sender) == ("checked", 3, "Ministry of Health")
    assert verdicts(batch) == {2: "unchanged", 3: "new", 4: "wrong"}
    assert Institution.objects.count() == 1
    shown = page(client, batch).content.decode()
    assert "Write 1 of 3 rows?" in shown
    assert "No mail is sent." in shown
    assert '<span class="cellref">B4</span> “kiosk” is not one of: ministry, government agency' in shown
    answer = post(client, batch, WRITE)
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert batch.state == "written"
    second = Institution.objects.exclude(pk=first.pk).get()
    assert (second.name, second.kind, second.aliases) == ("Second Hospital", "hospital", ["Number Two"])
    assert Event.objects.about(second).get().verb == "bring_in"
    answer = post(client, batch, REVERT, {"reason": "the wrong list"})
    batch.refresh_from_db()
    assert batch.state == "reverted"
    assert list(Institution.objects.all()) == [first]
    events = Event.objects.about(batch).order_by("pk").values_list("verb", "reason")
    assert list(events) == [
        ("upload", ""), ("begin_check", ""), ("finish_check", ""), ("write", ""), ("revert", "the wrong list")
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing(client):
    text = HEAD + "Second Hospital,hospital,Mongolia,Number Two\n"
    send(client, text)
    post(client, ImportBatch.objects.get(), WRITE)
    before = list(Institution.objects.values())
    send(client, text)
    again = ImportBatch.objects.first()
    assert verdicts(again) == {2: "unchanged"}
    assert "There is nothing to write." in page(client, again).content.decode()
    post(client, again, WRITE)
    again.refresh_from_db()
    assert again.state == "checked"
    assert list(Institution.objects.values()) == before


def test_a_double_click_writes_once(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    assert post(client, batch, WRITE).status_code == 302
    assert post(client, batch, WRITE).status_code == 302
    assert Institution.objects.count() == 1


# Columns ----------------------------------------------------------------------------------------------


def test_headings_are_found_below_titles_in_any_order_language_and_near_spelling(client):
    text = (
        "List of institutions 2026;;;\n;;;\nРегион;Тип;Название;Name in Korea\n"
        "Mongolia;больница;Second Hospital;제2병원\n"
        "Регион;Тип;Название;Name in Korea\n;;;\nMongolia;больница;Third Hospital;\n"
    )
    send(client, text)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.heading_row) == ("checked", 3)
    assert [(row.number, row.title, row.verdict) for row in batch.rows.all()] == [
        (4, "Second Hospital", "new"), (7, "Third Hospital", "new")
    ]  # fmt: skip
    assert rows(batch)[4].values["name_ko"] == "제2병원"


def test_headings_and_choices_are_understood_in_any_language_whoever_reads():
    reader = factories.make_user(language="ko")
    client = Client()
    client.force_login(reader)
    send(client, "Name,Kind,Region,Also printed as\nSecond Hospital,health department,Mongolia,Two\n")
    send(client, "이름,종류,지역\nThird Hospital,병원,Mongolia\n")
    assert list(ImportBatch.objects.values_list("state", flat=True)) == ["checked", "checked"]
    assert [verdicts(batch) for batch in ImportBatch.objects.all()] == [{2: "new"}, {2: "new"}]


def test_unknown_columns_are_asked_for_and_remembered_for_the_sender(client):
    text = "Нэр томъёо,Kind,Region,Утас\nSecond Hospital,hospital,Mongolia,99112233\n"
    answer = send(client, text, sender="Ministry")
    batch = ImportBatch.objects.get()
    assert batch.state == "mapping"
    assert client.get(answer.headers["Location"]).headers["Location"] == reverse(COLUMNS, args=[batch.pk])
    shown = page(client, batch, COLUMNS).content.decode()
    assert "For example: Second Hospital" in shown
    wrong = post(client, batch, COLUMNS, {"column_0": "kind", "column_1": "kind", "column_2": "region"})
    assert wrong.status_code == 422
    assert "Two columns cannot both be “Kind”." in wrong.content.decode()
    assert "“Name” is needed: choose the column that holds it." in wrong.content.decode()
    named = {"column_0": "name", "column_1": "kind", "column_2": "region", "column_3": ""}
    assert post(client, batch, COLUMNS, named).status_code == 302
    assert verdicts(batch) == {2: "new"}
    send(client, text.replace("Second", "Third"), sender="Ministry")
    assert ImportBatch.objects.first().state == "checked"
    send(client, text, sender="Somebody else")
    assert ImportBatch.objects.first().state == "mapping"
    assert ColumnMapping.objects.filter(sender="Ministry", target="").count() == 1


def test_columns_can_be_named_anew_from_the_preview(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,Number Two\n")
    batch = ImportBatch.objects.get()
    post(
        client,
        batch,
        COLUMNS,
        {"column_0": "name", "column_1": "kind", "column_2": "region", "column_3": "note"},
    )
    batch.refresh_from_db()
    assert batch.state == "checked"
    assert rows(batch)[2].values["note"] == "Number Two"


# Rows -------------------------------------------------------------------------------------------------


def test_a_wrong_cell_is_corrected_here_and_the_nearest_name_is_one_click(client):
    send(client, HEAD + "Second Hospital,hospitl,Mongolia,\nThird Hospital,hospital,Mongolya,\n")
    batch = ImportBatch.objects.get()
    shown = page(client, batch).content.decode()
    assert "Nearest: Mongolia." in shown
    post(client, batch, ROW, {"choose": "nearest"}, 3)
    assert verdicts(batch) == {2: "wrong", 3: "new"}
    form = client.get(reverse(ROW, args=[batch.pk, 2])).content.decode()
    assert 'value="hospitl"' in form
    fields = {"text_name": "Second Hospital", "text_kind": "hospital", "text_region": "Mongolia"}
    assert post(client, batch, ROW, fields, 2).status_code == 302
    assert verdicts(batch) == {2: "new", 3: "new"}
    assert rows(batch)[2].corrections == {"kind": "hospital"}
    assert Institution.objects.count() == 0


def test_a_second_click_on_the_nearest_name_changes_nothing(client):
    send(client, HEAD + "Third Hospital,hospital,Mongolya,\n")
    batch = ImportBatch.objects.get()
    answers = [post(client, batch, ROW, {"choose": "nearest"}, 2).status_code for _click in range(2)]
    assert (answers, rows(batch)[2].corrections) == ([302, 302], {"region": "Mongolia"})


def test_weak_evidence_is_left_out_until_a_person_decides_and_then_the_name_is_an_alias(client):
    known = factories.make_institution("First National Hospital of Mongolia")
    send(client, HEAD + "First National Hospital of Mongolya,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    row = rows(batch)[2]
    assert (row.verdict, row.is_undecided, row.is_taken) == ("matched", True, False)
    assert "Weak evidence: left out until you decide." in page(client, batch).content.decode()
    post(client, batch, ROW, {"choose": "same"}, 2)
    assert (rows(batch)[2].verdict, rows(batch)[2].is_taken) == ("changed", True)
    post(client, batch, WRITE)
    known.refresh_from_db()
    assert (known.name, known.aliases) == (
        "First National Hospital of Mongolia",
        ["First National Hospital of Mongolya"],
    )
    post(client, batch, REVERT, {"reason": "no"})
    known.refresh_from_db()
    assert known.aliases == []


def test_another_one_of_nearly_the_same_name_is_new(client):
    factories.make_institution("First National Hospital of Mongolia")
    send(client, HEAD + "First National Hospital of Mongolya,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    post(client, batch, ROW, {"choose": "other"}, 2)
    assert verdicts(batch) == {2: "new"}
    post(client, batch, ROW, {"choose": ""}, 2)
    assert verdicts(batch) == {2: "matched"}


def test_a_changed_record_shows_before_and_after_and_each_change_can_be_refused(client):
    known = factories.make_institution("Second Hospital", note="old", name_ko="옛 이름")
    send(client, "Name,Kind,Region,Note,Name in Korean\nSecond Hospital,university,Mongolia,new,새 이름\n")
    batch = ImportBatch.objects.get()
    shown = page(client, batch).content.decode()
    assert (
        '<span class="cellref">D2</span> Note: <del class="was">old</del> <ins class="now-is">new</ins>'
        in shown
    )
    texts = {
        "name": "Second Hospital",
        "kind": "university",
        "region": "Mongolia",
        "note": "new",
        "name_ko": "새 이름",
    }
    fields = {**{f"text_{name}": text for name, text in texts.items()}, "take_note": "on"}
    post(client, batch, ROW, fields, 2)
    post(client, batch, WRITE)
    known.refresh_from_db()
    assert (known.note, known.kind, known.name_ko) == ("new", "hospital", "옛 이름")


def test_the_same_thing_twice_in_a_file_is_wrong_the_second_time(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\nSECOND  hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    assert verdicts(batch) == {2: "new", 3: "wrong"}
    assert "Row 2 of this file is about the same." in page(client, batch).content.decode()


def test_rows_left_out_are_downloaded_with_their_reasons_as_text(client):
    send(client, HEAD + "=1+1,kiosk,Mongolia,\n+Second,hospital,Mongolia,@SUM(A1)\n")
    batch = ImportBatch.objects.get()
    post(client, batch, ROW, {"choose": "leave_out"}, 3)
    found = cells(page(client, batch, "records:importbatch-left-out"))
    assert found[1][:3] == [
        2,
        "B2: “kiosk” is not one of: ministry, government agency, health department, hospital, university.",
        "=1+1",
    ]
    assert found[2][:3] == [3, "Left out by a person.", "+Second"]
    book = openpyxl.load_workbook(io.BytesIO(page(client, batch, "records:importbatch-left-out").content))
    assert {
        cell.data_type for row in book.worksheets[0].iter_rows(min_col=2) for cell in row if cell.value
    } == {"s"}


def test_the_template_can_be_filled_in_and_sent_back(client):
    answer = client.get(reverse("records:importbatch-template", args=["institutions"]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert headings[0] == "Name *"
    rules = sheet.data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == [
        '"ministry,government agency,health department,hospital,university"'
    ]
    for place, value in enumerate(headings, 1):
        fill = {"Name *": "Second Hospital", "Kind": "hospital", "Region *": "Mongolia"}.get(value)
        sheet.cell(2, place, fill)
    out = io.BytesIO()
    book.save(out)
    send(client, out.getvalue(), name="filled.xlsx")
    assert verdicts(ImportBatch.objects.get()) == {2: "new"}


# Writing and reverting --------------------------------------------------------------------------------


def test_what_moved_since_the_preview_is_said_checked_again_and_not_written(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\nThird Hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    meanwhile = factories.make_institution("Second Hospital")
    answer = client.post(reverse(WRITE, args=[batch.pk]), follow=True).content.decode()
    assert (
        "Nothing was written: 1 row is not any more as it was shown. Everything was checked again." in answer
    )
    assert list(Institution.objects.all()) == [meanwhile]
    assert verdicts(batch) == {2: "unchanged", 3: "new"}


def test_decisions_stay_when_a_batch_is_checked_again(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\nThird Hospital,kiosk,Mongolia,\n")
    batch = ImportBatch.objects.get()
    post(client, batch, ROW, {"choose": "leave_out"}, 2)
    post(client, batch, "records:importbatch-check")
    assert (rows(batch)[2].choice, rows(batch)[2].is_taken) == ("leave_out", False)


def test_revert_says_what_uses_or_changed_the_records_and_then_changes_nothing(client):
    known = factories.make_institution("Known", note="old")
    send(client, "Name,Kind,Region,Note\nSecond Hospital,hospital,Mongolia,\nKnown,hospital,Mongolia,new\n")
    batch = ImportBatch.objects.get()
    post(client, batch, WRITE)
    second = Institution.objects.get(name="Second Hospital")
    factories.make_trainee(institution=second)
    Institution.objects.filter(pk=known.pk).update(note="newer")
    answer = post(client, batch, REVERT, {"reason": "no"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Row 2, Second Hospital: it is used by now (trainees)." in shown
    assert "Row 3, Known: Note was changed since." in shown
    batch.refresh_from_db()
    known.refresh_from_db()
    assert (batch.state, known.note, list(Institution.objects.filter(pk=second.pk))) == (
        "written",
        "newer",
        [second],
    )


def test_a_file_put_aside_is_not_written_any_more(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    assert post(client, batch, "records:importbatch-abandon").status_code == 302
    post(client, batch, WRITE)
    batch.refresh_from_db()
    assert (batch.state, Institution.objects.count()) == ("abandoned", 0)
    assert post(client, batch, ROW, {"choose": "leave_out"}, 2).status_code == 302
    assert rows(batch)[2].choice == ""


# The check --------------------------------------------------------------------------------------------


@pytest.fixture
def slow(monkeypatch):
    """Nothing is small enough to be checked while the person waits, and no worker answers."""
    monkeypatch.setattr(checking, "SMALL", 0)
    monkeypatch.setattr(workflow.broker, "publish", lambda *args: None)


def test_a_check_says_that_it_is_at_work_and_can_be_taken_up_by_hand(client, slow):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    assert batch.state == "checking"
    shown = page(client, batch).content.decode()
    assert "1 row is being checked." in shown
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
    assert "Check it now" in shown
    checking.check(batch.pk)
    done = client.get(reverse("records:importbatch-detail", args=[batch.pk]), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert verdicts(batch) == {2: "new"}


def test_a_check_that_runs_twice_or_after_the_end_does_no_harm(client, slow):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    batch = ImportBatch.objects.get()
    checking.check(batch.pk)
    checking.check(batch.pk)
    assert verdicts(batch) == {2: "new"}
    assert Event.objects.about(batch).filter(verb="finish_check").count() == 1


def test_with_a_dead_broker_a_large_file_is_checked_at_once(client, monkeypatch):
    monkeypatch.setattr(checking, "SMALL", 0)

    def dead(*args):
        raise OSError("no broker")

    monkeypatch.setattr(workflow.broker, "publish", dead)
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    assert ImportBatch.objects.get().state == "checked"


# Doors ------------------------------------------------------------------------------------------------


def test_the_list_shows_the_files_and_asks_the_database_as_often_for_three_as_for_one(
    client, officer, django_assert_num_queries
):
    factories.make_import(by=officer)
    address = reverse("records:importbatch-list")
    client.get(address)
    with django_assert_num_queries(3):
        client.get(address)
    factories.make_import(by=officer)
    factories.make_import(by=officer)
    with django_assert_num_queries(3):
        shown = client.get(address).content.decode()
    assert shown.count("list.csv</a>") == 3


def test_the_preview_asks_the_database_as_often_for_three_rows_as_for_one(client, django_assert_num_queries):
    factories.make_institution("Known", note="old")
    head = "Name,Kind,Region,Note\n"
    for count in (1, 3):
        lines = "".join(f"Hospital {n},kiosk,Mongolia,\n" for n in range(count))
        batch = factories.make_import(text=head + lines)
        page(client, batch)
        with django_assert_num_queries(5):
            page(client, batch)


def test_the_file_is_handed_out_as_it_came(client):
    send(client, HEAD + "Second Hospital,hospital,Mongolia,\n")
    answer = page(client, ImportBatch.objects.get(), "records:importbatch-download")
    assert b"".join(answer.streaming_content) == (HEAD + "Second Hospital,hospital,Mongolia,\n").encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'


def test_who_may_bring_in_nothing_sees_no_batch():
    factories.make_import()
    assert not ImportBatch.objects.visible_to(factories.make_user(Role.VIEWER)).exists()


def test_without_a_kind_of_that_name_there_is_no_page(client):
    assert client.get(reverse("records:importbatch-create", args=["unicorns"])).status_code == 404


def test_a_refused_file_leaves_nothing_behind_and_keeps_what_was_typed(client):
    answer = send(
        client, "<html><table><tr><td>Name</td></tr></table></html>", name="list.xlsx", sender="Ministry"
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The file is a web page, not a spreadsheet." in shown
    assert 'value="Ministry"' in shown
    assert not ImportBatch.objects.exists()
    assert not PrivateFile.objects.exists()


def test_what_is_wrong_with_a_cell_stands_at_its_field(client, officer):
    batch = factories.make_import(text="Name,Kind,Region\nSecond Hospital,hospital,Atlantis\n")
    page = client.get(reverse(ROW, args=[batch.pk, 2]))
    [words] = page.context["form"]["text_region"].errors
    assert "Atlantis" in words
    assert page.content.decode().count(words) >= 1
    assert page.context["form"]["text_name"].errors == []
