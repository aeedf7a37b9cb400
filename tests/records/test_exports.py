"""A list as a file: the same rows, nothing that computes, and people only for a reason."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from partners.models import Institution, Mou
from portal.accounts.roles import Role
from portal.records import sheets
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.columns import Column, CountColumn, DateColumn
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = [
    ("partners:region-list", False),
    ("partners:institution-list", False),
    ("partners:mou-list", False),
    ("hospitals:hospital-list", False),
    ("programs:cohort-list", False),
    ("participants:trainee-list", True),
    ("participants:graduation-list", True),
    ("participants:followup-list", True),
    ("mail:outgoingmail-list", True),
    ("desk:user-list", True),
    ("programs:certificate-list", True),
    ("programs:cohort-trainees", True),
    ("programs:cohort-certificates", True),
    ("programs:cohort-mails", True),
    ("programs:cohort-history", True),
]
each_list = pytest.mark.parametrize(("name", "personal"), LISTS, ids=[name for name, _personal in LISTS])


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


@pytest.fixture
def world():
    """At least one row in every list, all of one cohort."""
    cohort = factories.make_cohort(state="placing")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state="requested")
    finished = factories.make_enrollment(cohort=cohort, state="completed")
    factories.make_certificate(enrollment=finished, state="issued")
    factories.make_mou()
    return cohort


def address_of(name, cohort):
    return reverse(
        name, args=[cohort.pk] if name.startswith("programs:cohort-") and "list" not in name else []
    )


def body(response):
    return b"".join(response.streaming_content)


def read_csv(response):
    """(lines about the list, heads, rows)."""
    text = body(response).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    gap = lines.index([])
    return dict(lines[:gap]), lines[gap + 1], lines[gap + 2 :]


def read_xlsx(response):
    about, sheet = load_workbook(BytesIO(body(response))).worksheets
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return {row[0].value: row[1].value for row in about.iter_rows()}, heads, rows


# Every list ----------------------------------------------------------------------------------------


@each_list
def test_every_list_offers_itself_as_both_files(client, officer, world, name, personal):
    address = address_of(name, world)
    page = client.get(address).content.decode()
    assert f'<a href="{address}?export=xlsx">XLSX</a> · <a href="{address}?export=csv">CSV</a>' in page


@each_list
def test_the_file_has_every_row_of_the_list_in_both_formats(client, officer, world, name, personal):
    address = address_of(name, world)
    shown = client.get(address).context["listing"]
    ask = client.post if personal else client.get
    sent = {"reason": "yearly report"} if personal else {}
    # Being downloaded leaves a line in the trail of who does it, and none in the cohort's.
    about, heads, rows = read_csv(ask(f"{address}?export=csv", sent))
    _about, xlsx_heads, xlsx_rows = read_xlsx(ask(f"{address}?export=xlsx", sent))
    assert shown.rows
    assert about["Rows"] == str(len(rows)) == str(len(xlsx_rows)) == str(shown.count.number)
    assert heads == xlsx_heads
    assert [str(row[0] or "") for row in xlsx_rows] == [row[0] for row in rows]


@each_list
def test_a_file_takes_the_same_queries_for_one_row_as_for_many(client, officer, world, name, personal):
    address = address_of(name, world)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            if personal:
                body(client.post(f"{address}?export=csv", {"reason": "yearly report"}))
            else:
                body(client.get(f"{address}?export=csv"))
        return len(asked)

    queries()  # the first one also learns the kinds of records, which stay known
    before = queries()
    for number in range(2):
        region = factories.make_region(f"Region {number}", country="KZ")
        home = factories.make_institution(f"Home {number}", region=region)
        person = factories.make_trainee(institution=home, specialty=factories.make_specialty(f"s{number}"))
        enrollment = factories.make_enrollment(cohort=world, trainee=person, state="accepted")
        factories.make_placement(enrollment=enrollment, state="requested")
        factories.make_mou(institution=home)
        factories.make_certificate(state="issued")
    assert queries() == before


# What is in it -------------------------------------------------------------------------------------


def test_dates_stand_in_words_and_as_they_sort_and_never_more_exact_than_known(client, officer):
    for day in ("2015", "2021-07", "2022-06-09"):
        factories.make_mou(signed=ApproximateDate.of(day))
    _about, heads, rows = read_csv(client.get(reverse("partners:mou-list") + "?export=csv&sort=signed"))
    at = heads.index("Signed")
    assert heads[at + 1] == "Signed (sortable)"
    assert [row[at : at + 2] for row in rows] == [
        ["2015", "2015"],
        ["July 2021", "2021-07"],
        ["9 June 2022", "2022-06-09"],
    ]
    _about, _heads, sheet_rows = read_xlsx(
        client.get(reverse("partners:mou-list") + "?export=xlsx&sort=signed")
    )
    assert [row[at : at + 2] for row in sheet_rows] == [row[at : at + 2] for row in rows]


def test_a_day_is_a_date_in_a_spreadsheet(client, officer):
    factories.make_trainee(birth_date=datetime(1985, 4, 3, tzinfo=UTC).date())
    address = reverse("participants:trainee-list")
    _about, heads, (row,) = read_xlsx(client.post(f"{address}?export=xlsx", {"reason": "visa letters"}))
    at = heads.index("Birth date")
    assert row[at : at + 2] == ["3 April 1985", datetime(1985, 4, 3)]


def test_a_count_keeps_its_word_its_number_and_its_precision():
    read = CountColumn("People", "people").reader()

    class Row:
        people = ApproximateCount.of("about 30")

    assert CountColumn("People", "people").heads() == [
        ("People", 16), ("People (number)", 12), ("People (precision)", 12)
    ]  # fmt: skip
    assert read(Row) == ("about 30", 30, "about")
    Row.people = None
    assert read(Row) == ("", "", "")


def test_a_path_through_nothing_is_an_empty_cell():
    class Row:
        region = None

    assert Column("Country", "region.country").reader()(Row) == (None,)
    Row.region = None
    assert DateColumn("Since", "region").reader()(Row) == ("", "")


def test_the_file_says_what_was_filtered_when_and_by_whom(client, officer):
    for name in ("Alpha", "Beta"):
        factories.make_institution(name)
    address = reverse("partners:institution-list") + "?q=alp&kind=hospital&export="
    for about, _heads, rows in (
        read_csv(client.get(f"{address}csv")),
        read_xlsx(client.get(f"{address}xlsx")),
    ):
        assert [row[0] for row in rows] == ["Alpha"]
        assert {label: str(value) for label, value in about.items()} == {
            "List": "Institutions",
            "Name": "alp",
            "Kind": "hospital",
            "Rows": "1",
            "Made": "13 October 2026, 10:00, Seoul time",
            "Made by": "Kim Seo-yeon",
        }


def test_a_file_is_in_the_readers_language_to_its_last_line(client, officer):
    officer.language = "ko"
    officer.save()
    for number in range(3):
        factories.make_mou(signed=ApproximateDate(2021, 7), kind=Mou.Kind.TRAINING, title=f"MOU {number}")
    about, heads, rows = read_csv(client.get(reverse("partners:mou-list") + "?export=csv"))
    at = heads.index("체결")
    assert about["작성자"] == "Kim Seo-yeon"
    assert {row[at] for row in rows} == {"2021년 7월"}


def test_the_pages_end_no_file(client, officer):
    home = factories.make_institution()
    Institution.objects.bulk_create(
        Institution(name=f"Hospital {number:04d}", kind="hospital", region=home.region)
        for number in range(1200)
    )
    address = reverse("partners:institution-list")
    second_page = client.get(client.get(address).context["listing"].next_url).context["listing"]
    _about, _heads, rows = read_csv(client.get(second_page.downloads[1][1]))
    assert len(rows) == 1201
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


# Formulas ------------------------------------------------------------------------------------------

EVIL = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    '";=1+1',
    "x;=1+1",
    "x\n=1+1",
    ' "=1+1',
]


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_csv_computes_however_it_is_cut(text):
    written = csv_of([["first", text]])
    for cut in ",;\t\r\n":
        for cell in written.split(cut):
            assert cell.lstrip(' "')[:1] not in tuple("=+-@＝＋－＠"), (cut, cell)
    (cells,) = csv.reader(StringIO(written, newline=""))
    assert [cell.replace("'", "") for cell in cells] == ["first", text.replace("'", "")]


def csv_of(lines):
    chunks = list(sheets.csv_chunks([], [], lines))
    return b"".join(chunks).decode("utf-8-sig").split("\r\n", 2)[2]


def test_what_is_harmless_is_left_as_it_is():
    harmless = ["Nomin-Erdene", "a = b", "명지병원", "3 + 4", "e-mail@example.org", "x; y", ""]
    assert [sheets.guarded(text) for text in harmless] == harmless
    assert csv_of([[-5, 2.5, None, True]]) == "-5,2.5,,yes\r\n"


@pytest.mark.parametrize("text", EVIL)
def test_a_formula_is_a_text_in_a_spreadsheet(client, officer, text):
    Institution.objects.create(name=text, region=factories.make_region(), kind="hospital", note=text)
    response = client.get(reverse("partners:institution-list") + "?export=xlsx")
    sheet = load_workbook(BytesIO(body(response))).worksheets[1]
    cell = sheet["A2"]
    assert (cell.data_type, cell.value.replace("_x000D_", "\r").strip()) == ("s", text.strip())


def test_a_long_text_is_cut_and_says_so():
    assert len(sheets._fitting("x" * 40_000)) == 32_767
    assert sheets._fitting("x" * 40_000).endswith("…")


def test_an_address_on_the_web_stays_a_text(client, officer):
    Institution.objects.create(name="https://evil.example/", region=factories.make_region(), kind="hospital")
    response = client.get(reverse("partners:institution-list") + "?export=xlsx")
    cell = load_workbook(BytesIO(body(response))).worksheets[1]["A2"]
    assert (cell.value, cell.hyperlink) == ("https://evil.example/", None)


# Who, and what for ---------------------------------------------------------------------------------


def test_a_list_of_people_asks_what_for_and_gives_nothing_before(client, officer):
    factories.make_trainee("Batbayar Dorj")
    address = reverse("participants:trainee-list") + "?name=bat&export=xlsx"
    page = client.get(address)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "The file holds 1 entry with personal data." in page.content.decode()
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    assert not Event.objects.filter(verb="download").exists()


def test_a_download_of_people_leaves_a_line_in_the_trail(client, officer):
    factories.make_trainee("Batbayar Dorj")
    factories.make_trainee("Somebody Else")
    address = reverse("participants:trainee-list") + "?name=bat&export=csv"
    _about, _heads, rows = read_csv(client.post(address, {"reason": "visa invitations"}))
    assert [row[0] for row in rows] == ["Batbayar Dorj"]
    event = Event.objects.get(verb="download")
    assert (event.actor, event.subject, event.reason) == (officer, officer, "Trainees: visa invitations")
    assert event.data == {
        "list": "/participants/trainees/",
        "filters": ["Name, in any script: bat"],
        "rows": 1,
        "format": "csv",
    }


@each_list
def test_a_viewer_takes_what_is_public_and_no_list_of_people(client, world, name, personal):
    client.force_login(factories.make_user(Role.VIEWER))
    address = address_of(name, world)
    page = client.get(address)
    if page.status_code == 403:
        assert name in ("mail:outgoingmail-list", "desk:user-list", "programs:cohort-mails")
        return
    assert bool(page.context["listing"].downloads) != personal
    assert client.get(f"{address}?export=csv").status_code == (403 if personal else 200)
    assert client.post(f"{address}?export=csv", {"reason": "curious"}).status_code == (
        403 if personal else 200
    )
    assert not Event.objects.filter(verb="download").exists()


def test_nobody_downloads_more_than_they_see(client, world):
    factories.make_hospital("Not theirs")
    own = factories.make_hospital("Theirs")
    client.force_login(factories.make_coordinator(own).user)
    _about, _heads, rows = read_csv(client.get(reverse("hospitals:hospital-list") + "?export=csv"))
    assert [row[0] for row in rows] == ["Theirs"]
    client.force_login(factories.make_contact(institution=factories.make_institution("Ours")).user)
    factories.make_institution("Another's")
    _about, _heads, rows = read_csv(client.get(reverse("partners:institution-list") + "?export=csv"))
    assert [row[0] for row in rows] == ["Ours"]


def test_needs_and_emergency_contacts_stay_in_the_portal(client, officer):
    factories.make_trainee(needs="halal food", emergency_contact="her brother")
    address = reverse("participants:trainee-list") + "?export=csv"
    text = body(client.post(address, {"reason": "yearly report"})).decode()
    assert "halal" not in text
    assert "brother" not in text


def test_an_unknown_format_is_the_page(client, officer):
    assert client.get(reverse("partners:mou-list") + "?export=pdf").context["listing"].rows == []


def test_a_file_is_kept_by_no_cache_and_is_a_download(client, officer):
    response = client.get(reverse("partners:mou-list") + "?export=csv")
    assert response["Content-Disposition"] == 'attachment; filename="mous-2026-10-13.csv"'
    assert response["Cache-Control"] == "private, no-store"
    body(response)
