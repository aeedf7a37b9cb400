"""Host hospitals and departments by spreadsheet."""

import pytest
from django.urls import reverse

from hospitals.imports import DepartmentImport, HospitalImport
from hospitals.models import Department, Hospital
from portal.accounts.roles import Role
from portal.records.imports import workflow
from tests import factories

pytestmark = pytest.mark.django_db


def found(batch):
    return [
        (row.verdict, [problem["reason"]["text"] for problem in row.problems]) for row in batch.rows.all()
    ]


def test_a_korean_list_of_hospitals_in_an_old_encoding():
    known = factories.make_hospital("Myongji Hospital", name_ko="명지병원", city="")
    text = "병원명,한글명,주소,시\nMyongji Hospital,명지병원,,Goyang\nAnsan Hospital,안산병원,경기도 안산시,안산\n"
    batch = factories.make_import(HospitalImport, text.encode("cp949"))
    assert found(batch) == [("changed", []), ("new", [])]
    workflow.write(batch, by=batch.uploaded_by)
    known.refresh_from_db()
    assert (known.city, known.city_ko) == ("Goyang", "고양시")
    ansan = Hospital.objects.get(name="Ansan Hospital")
    assert (ansan.address_ko, ansan.city, ansan.city_ko) == ("경기도 안산시", "Ansan", "안산시")


def test_departments_find_their_hospital_by_alias_and_one_that_is_there_is_changed():
    hospital = factories.make_hospital("Wiltse Memorial Hospital", aliases=["Leon Wiltse"])
    known = factories.make_department(hospital=hospital, specialty="surgery", seats=2)
    factories.make_specialty("cardiology")
    text = (
        "Hospital,Specialty,Seats at one time,Languages\n"
        "Leon Wiltse,surgery,3,영어; Russian\nWiltse Memorial Hospital,cardiology,1,\n"
        "Leon Wiltse,astrology,1,\nLeon Wiltse,cardiology,-1,\n"
    )
    batch = factories.make_import(DepartmentImport, text)
    assert found(batch) == [
        ("changed", []),
        ("new", []),
        ("wrong", ["Nobody here has the name or alias “%(value)s”."]),
        ("wrong", ["“%(value)s” must be from %(first)s to %(last)s."]),
    ]
    workflow.write(batch, by=batch.uploaded_by)
    known.refresh_from_db()
    assert (known.seats, known.languages) == (3, ["en", "ru"])
    assert Department.objects.filter(hospital=hospital).count() == 2
    workflow.revert(batch, by=batch.uploaded_by, reason="wrong year")
    known.refresh_from_db()
    assert (known.seats, known.languages) == (2, [])
    assert Department.objects.filter(hospital=hospital).count() == 1


@pytest.mark.parametrize(("role", "links"), [(Role.OFFICER, 2), (Role.VIEWER, 0)])
def test_the_list_leads_who_may_edit_to_the_import(client, role, links):
    client.force_login(factories.make_user(role))
    shown = client.get(reverse("hospitals:hospital-list")).content.decode()
    assert shown.count("/records/imports/create/") == links
