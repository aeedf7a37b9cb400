"""Institutions and MOUs by spreadsheet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.imports import InstitutionImport, MouImport
from partners.models import Institution, Mou, MouParty
from portal.records.approximate import ApproximateDate
from portal.records.imports import workflow
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "Gyeonggi side,Partner side,Signed,Expires,Seats\n"


def found(batch):
    return [
        (row.verdict, [problem["reason"]["text"] for problem in row.problems]) for row in batch.rows.all()
    ]


def write(batch):
    workflow.write(batch, by=batch.uploaded_by)
    batch.refresh_from_db()
    return batch


def revert(batch):
    workflow.revert(batch, by=batch.uploaded_by, reason="wrong list")


def test_an_institution_is_known_by_any_of_its_names_in_any_script():
    factories.make_institution(
        "First National Hospital",
        name_ko="제1국립병원",
        name_local="Улсын нэгдүгээр төв эмнэлэг",
        short_name="FNH",
        aliases=["Shastin"],
    )
    for name in ("first  national hospital", "제1국립병원", "УЛСЫН НЭГДҮГЭЭР ТӨВ ЭМНЭЛЭГ", "fnh", "Shastin"):
        batch = factories.make_import(text=f"Name,Region\n{name},Mongolia\n")
        assert found(batch) == [("unchanged", [])], name


def test_the_same_name_in_another_country_is_another_institution():
    factories.make_institution("Central Hospital")
    factories.make_region("Kazakhstan", country="KZ")
    batch = factories.make_import(text="Name,Kind,Region\nCentral Hospital,hospital,Kazakhstan\n")
    assert found(batch) == [("new", [])]


def test_a_file_that_names_the_country_takes_nothing_from_a_record_that_knows_the_city():
    country = factories.make_region()
    city = factories.make_region("Ulaanbaatar", level="city", parent=country)
    known = factories.make_institution("Central Hospital", region=city)
    batch = factories.make_import(text="Name,Region,Note\nCentral Hospital,Mongolia,old\n")
    write(batch)
    known.refresh_from_db()
    assert (known.region, known.note) == (city, "old")
    revert(batch)
    known.refresh_from_db()
    assert known.note == ""


def test_a_new_institution_needs_its_kind_and_a_known_one_does_not():
    factories.make_institution("Known")
    batch = factories.make_import(text="Name,Region\nKnown,Mongolia\nUnknown,Mongolia\n")
    assert found(batch) == [("unchanged", []), ("wrong", ["%(column)s is missing."])]


def queries_of(count):
    """How many queries it takes to check and write so many new institutions."""
    lines = "".join(f"Hospital {count} {number},hospital,Mongolia\n" for number in range(count))
    with CaptureQueriesContext(connection) as queries:
        write(factories.make_import(InstitutionImport, "Name,Kind,Region\n" + lines))
    return len(queries)


def test_500_institutions_cost_as_many_queries_as_two():
    queries_of(1)
    assert queries_of(500) == queries_of(2)
    assert Institution.objects.count() == 503


def test_an_mou_has_any_number_of_parties_on_two_sides():
    first, second = (
        factories.make_hospital("Wiltse Memorial Hospital", aliases=["Leon Wiltse"]),
        factories.make_hospital("Ansan"),
    )
    partner = factories.make_institution("Second National Hospital")
    batch = factories.make_import(
        MouImport, HEAD + "Leon Wiltse; Ansan,Second National Hospital,9 June 2022,,4\n"
    )
    write(batch)
    mou = Mou.objects.get()
    assert (mou.signed, mou.seats_a_year) == (ApproximateDate(2022, 6, 9), 4)
    assert {(party.side, party.party) for party in mou.parties.all()} == {
        ("gyeonggi", first), ("gyeonggi", second), ("partner", partner)
    }  # fmt: skip
    again = factories.make_import(
        MouImport, HEAD + "Ansan;Wiltse Memorial Hospital,Second National Hospital,2022-06-09,,4\n"
    )
    assert found(again) == [("unchanged", [])]
    revert(batch)
    assert (Mou.objects.count(), MouParty.objects.count()) == (0, 0)


def test_the_province_signs_with_a_region_under_any_of_its_names():
    factories.make_region("Khabarovsk Krai", country="RU", name_local="Хабаровский край")
    for name in ("Gyeonggi-do", "경기도"):
        batch = factories.make_import(MouImport, HEAD + f"{name},Хабаровский край,2011,,\n")
        assert found(batch) == [("new", [])]


def test_a_more_exact_date_is_a_change_of_the_same_mou_and_another_date_is_another_mou():
    mou = factories.make_mou(signed=ApproximateDate(2022, 6))
    head = "Gyeonggi side,Partner side,Signed\n"
    batch = factories.make_import(MouImport, head + "Gyeonggi Province,First National Hospital,2022-06-09\n")
    assert found(batch) == [("changed", [])]
    assert [change["after"] for change in batch.rows.get().changes] == ["2022-06-09"]
    batch = factories.make_import(MouImport, head + "Gyeonggi Province,First National Hospital,2024\n")
    assert found(batch) == [("new", [])]
    assert mou.signed == ApproximateDate(2022, 6)


OURS = "Gyeonggi Province"
THEIRS = "First National Hospital"
TWO_WAYS = "“%(value)s” can be read in two ways. Write %(one)s or %(other)s."
NO_DAY = "“%(value)s” is not in the calendar. Check the month and the day."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{OURS},{THEIRS},2022,2021,", "It expires before it is signed."),
        (f"{OURS},{THEIRS},03/04/2022,,", TWO_WAYS),
        (f"{OURS},{THEIRS},31.02.2022,,", NO_DAY),
        (f"{OURS},Nobody,2022,,", "Nobody here has the name or alias “%(value)s”."),
        (f"{OURS},{THEIRS},2022,,-1", "“%(value)s” must be from %(first)s to %(last)s."),
        (f",{THEIRS},2022,,", "%(column)s is missing."),
    ],
)
def test_what_is_wrong_is_said_with_its_cell(line, reason):
    factories.make_institution()
    assert found(factories.make_import(MouImport, HEAD + line + "\n")) == [("wrong", [reason])]
