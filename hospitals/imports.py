"""Host hospitals and their departments by spreadsheet. The machinery is explained in portal.records.imports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records.imports.columns import (
    CodesColumn,
    LinesColumn,
    ListColumn,
    NumberColumn,
    Reference,
    ReferenceColumn,
    TextColumn,
)
from portal.records.imports.importers import importer
from portal.records.imports.names import NameIndex, same_name
from portal.records.imports.records import RecordImporter
from portal.records.imports.said import said

from .cities import both_names
from .models import Department, Hospital, Specialty

LANGUAGE_WORDS = {
    "en": ["english", "영어", "английский"],
    "ko": ["korean", "한국어", "корейский"],
    "ru": ["russian", "러시아어", "русский"],
    "mn": ["mongolian", "몽골어", "монгольский"],
}


@importer
class HospitalImport(RecordImporter):
    """One row a host hospital."""

    key = "hospitals"
    label = _("Host hospitals")
    model = Hospital
    permission = Permission.EDIT_HOSPITALS
    list_url_name = "hospitals:hospital-list"
    columns = [
        TextColumn(
            "name",
            _("Name"),
            ["hospital", "hospital name", "name in english", "병원", "병원명", "больница"],
            required=True,
            example="Myongji Hospital",
        ),
        TextColumn("short_name", _("Short name"), ["short", "약칭"], max_length=60, example="Myongji"),
        TextColumn(
            "name_ko",
            _("Name in Korean"),
            ["korean name", "한글명", "병원명(한글)", "국문명"],
            example="명지병원",
        ),
        TextColumn("short_name_ko", _("Short name in Korean"), ["한글약칭"], max_length=60, example="명지"),
        ListColumn(
            "aliases",
            _("Also printed as"),
            ["aliases", "other names", "별칭", "другие названия"],
            help=_("Several are parted by semicolons."),
        ),
        TextColumn("city", _("City"), ["town", "시", "도시", "город"], max_length=60, example="Goyang"),
        TextColumn(
            "city_ko", _("City in Korean"), ["시(한글)", "한글 도시명"], max_length=60, example="고양시"
        ),
        LinesColumn("address_ko", _("Address in Korean"), ["address", "주소", "адрес"]),
        TextColumn("phone", _("Phone"), ["telephone", "전화", "전화번호", "телефон"], max_length=40),
    ]

    def prepare(self, rows):
        self.names = NameIndex.of(Hospital.objects.unmerged())

    def match(self, rows):
        for row in rows:
            names = both_names(row.value("city", ""), row.value("city_ko", ""))
            row.values |= {
                column: name for column, name in zip(("city", "city_ko"), names, strict=True) if name
            }
            self.names.settle(row, row.values["name"])

    def identity(self, row):
        return same_name(row.values["name"])

    def title(self, row):
        return row.text("name"), row.text("city")

    def url_of(self, pk):
        return reverse("hospitals:hospital-detail", args=[pk])


@importer
class DepartmentImport(RecordImporter):
    """One row a department of a hospital that is known already."""

    key = "departments"
    label = _("Departments")
    model = Department
    permission = Permission.EDIT_HOSPITALS
    list_url_name = "hospitals:hospital-list"
    name_column = alias_field = ""
    columns = [
        ReferenceColumn(
            "hospital",
            _("Hospital"),
            ["hospital name", "병원", "병원명", "больница"],
            required=True,
            help=_("By any of its names."),
            example="Myongji Hospital",
        ),
        ReferenceColumn(
            "specialty",
            _("Specialty"),
            ["진료과", "전문과목", "специальность"],
            required=True,
            example="cardiology",
        ),
        TextColumn(
            "name",
            _("Department"),
            ["department name", "부서", "отделение"],
            max_length=120,
            help=_("Where it differs from the specialty."),
        ),
        TextColumn("name_ko", _("Department in Korean"), ["부서(한글)"], max_length=120),
        NumberColumn(
            "seats",
            _("Seats at one time"),
            ["seats", "정원", "연수 정원", "количество мест"],
            needed_when_new=True,
            maximum=500,
            example="2",
        ),
        CodesColumn(
            "languages",
            _("Languages it can host in"),
            ["languages", "언어", "языки"],
            choices=READING_LANGUAGES,
            words=LANGUAGE_WORDS,
            example="English; Korean",
        ),
        TextColumn("meeting_point", _("Where to go first"), ["meeting point", "place to meet"]),
        TextColumn("meeting_point_ko", _("Where to go first, in Korean"), ["집합 장소"]),
    ]

    def prepare(self, rows):
        self.indexes = {
            "hospital": NameIndex.of(Hospital.objects.unmerged()),
            "specialty": NameIndex.of(Specialty.objects.all()),
        }
        places = Department.objects.values_list("hospital", "specialty", "name", "pk")
        self.known = {(hospital, specialty, same_name(name)): pk for hospital, specialty, name, pk in places}

    def identity(self, row):
        return row.values["hospital"].pk, row.values["specialty"].pk, same_name(row.value("name", ""))

    def match(self, rows):
        for row in rows:
            if pk := self.known.get(self.identity(row)):
                row.is_about(
                    Reference(pk, " · ".join(self.title(row))), said(_("The hospital has this department."))
                )

    def title(self, row):
        return row.text("hospital"), row.text("name") or row.text("specialty")
