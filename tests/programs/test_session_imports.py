"""A schedule by spreadsheet: read, matched, written as a plan, taken back until it is released."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from portal.records.imports import workflow as imports
from portal.records.imports.importers import Obstacle
from portal.records.transitions import NotNow
from programs.models import Session
from programs.session_imports import SessionImport
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "Kind,Title,Begins,Ends,Time zone,Host hospital,Place,Lecturer,For these trainees\n"


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


@pytest.fixture
def officer():
    return factories.make_user()


def checked(cohort, officer, lines):
    return factories.make_import(SessionImport, HEAD + lines, by=officer, parent=cohort)


def verdicts(batch):
    return [(row.number, row.verdict) for row in batch.rows.order_by("number")]


def problems(client, officer, batch):
    client.force_login(officer)
    return " ".join(
        client.get(reverse("records:importbatch-detail", args=[batch.pk])).content.decode().split()
    )


def test_sessions_are_brought_in_as_a_plan_and_taken_back(cohort, officer):
    factories.make_hospital("Myongji Hospital")
    person = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Dilshod Rakhimov"), state="accepted"
    ).trainee
    batch = checked(
        cohort, officer,
        "lecture,Case talk,2026-11-10 16:00,17:00,,Myongji Hospital,Room 4,Dr. Han,\n"
        "online class,Late class,2026-11-10 22:00,2026-11-11 00:30,asia/almaty,,Zoom,,Dilshod Rakhimov\n",
    )  # fmt: skip
    assert verdicts(batch) == [(2, "new"), (3, "new")]
    imports.write(batch, by=officer)
    talk, late = Session.objects.order_by("title")
    assert (talk.kind, talk.whole_cohort, talk.state, talk.hospital.name) == (
        "lecture", True, "draft", "Myongji Hospital",
    )  # fmt: skip
    assert (talk.starts_at.hour, talk.ends_at.hour) == (7, 8)  # UTC
    assert (late.kind, late.time_zone, list(late.trainees.all())) == ("online", "Asia/Almaty", [person])
    assert (late.starts_at.hour, late.ends_at - late.starts_at) == (17, late.ends_at - late.starts_at)
    imports.revert(batch, by=officer, reason="wrong file")
    assert not Session.objects.exists()


def test_the_same_file_again_changes_nothing_and_another_hour_is_a_change(cohort, officer):
    line = "lecture,Case talk,2026-11-10 16:00,17:00,,,Room 4,Dr. Han,\n"
    imports.write(checked(cohort, officer, line), by=officer)
    assert verdicts(checked(cohort, officer, line)) == [(2, "unchanged")]
    moved = checked(cohort, officer, line.replace("16:00,17:00", "15:00,16:30").replace("Room 4", "Room 9"))
    assert verdicts(moved) == [(2, "changed")]
    imports.write(moved, by=officer)
    session = Session.objects.get()
    assert (session.starts_at.hour, session.place) == (6, "Room 9")
    imports.revert(moved, by=officer, reason="wrong file")
    session.refresh_from_db()
    assert (session.starts_at.hour, session.place) == (7, "Room 4")


def test_who_takes_part_is_changed_by_the_file_shown_before_and_put_back(client, cohort, officer):
    people = {
        name: factories.make_enrollment(
            cohort=cohort, trainee=factories.make_trainee(name), state="accepted"
        ).trainee
        for name in ("Aida Bekova", "Bota Serik", "Chingis Bold")
    }
    line = "lecture,Case talk,2026-11-10 16:00,17:00,,,Room 4,Dr. Han,{}\n"
    imports.write(checked(cohort, officer, line.format("Aida Bekova; Bota Serik")), by=officer)
    session = Session.objects.get()

    def who():
        session.refresh_from_db()
        return session.whole_cohort, {one.passport_name for one in session.trainees.all()}

    assert verdicts(checked(cohort, officer, line.format(""))) == [(2, "unchanged")]
    assert verdicts(checked(cohort, officer, line.format("Bota Serik; Aida Bekova"))) == [(2, "unchanged")]
    other = checked(cohort, officer, line.format("Bota Serik; Chingis Bold").replace("Room 4", "Room 9"))
    page = problems(client, officer, other)
    assert '<del class="was">Aida Bekova</del> <ins class="now-is">Chingis Bold; 1 stays</ins>' in page
    imports.write(other, by=officer)
    assert (who(), session.place) == ((False, {"Bota Serik", "Chingis Bold"}), "Room 9")
    everybody = checked(cohort, officer, line.format("전체").replace("Room 4", "Room 9"))
    assert '<ins class="now-is">everybody</ins>' in problems(client, officer, everybody)
    imports.write(everybody, by=officer)
    assert who() == (True, set())
    with pytest.raises(NotNow, match="For these trainees was changed since"):
        imports.revert(other, by=officer, reason="wrong file")
    imports.revert(everybody, by=officer, reason="wrong file")
    imports.revert(other, by=officer, reason="wrong file")
    assert (who(), session.place) == ((False, {"Aida Bekova", "Bota Serik"}), "Room 4")
    assert people["Aida Bekova"] in session.trainees.all()


def test_a_department_is_found_in_the_hospital_of_its_row(client, cohort, officer):
    house, other = factories.make_hospital("Myongji Hospital"), factories.make_hospital("Other Hospital")
    department = factories.make_department(hospital=house, specialty="Cardiology")
    factories.make_department(hospital=other, specialty="Cardiology")
    head = HEAD.replace("Place,", "Department,Place,")
    line = "lecture,Case talk,2026-11-10 16:00,17:00,,{},{},,,\n"

    def brought(hospital, ward):
        return factories.make_import(
            SessionImport, head + line.format(hospital, ward), by=officer, parent=cohort
        )

    imports.write(brought("Myongji Hospital", "cardiology"), by=officer)
    assert Session.objects.get().department == department
    assert verdicts(brought("Myongji Hospital", "Cardiology")) == [(2, "unchanged")]
    assert "Nobody here has the name or alias" in problems(
        client, officer, brought("Myongji Hospital", "Oncology")
    )
    assert "name the department, too" in problems(client, officer, brought("Other Hospital", ""))
    assert "Name the hospital of the department" in problems(client, officer, brought("", "Cardiology"))


def test_the_plan_as_a_spreadsheet_comes_back_without_a_change_and_names_nobody(client, cohort, officer):
    house = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    department = factories.make_department(hospital=house, specialty="Cardiology")
    person = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Dilshod Rakhimov"), state="accepted"
    ).trainee
    factories.make_talk(
        cohort, "=Case talk", hospital=house, department=department, place="Room 4", place_ko="가\n나",
        materials="Read this\nhttps://example.org/a", online_link="https://meet.example/x",
    )  # fmt: skip
    factories.make_talk(
        cohort, "Own class", time_zone="Asia/Almaty", place="Lab", hours=10, trainees=[person]
    )
    client.force_login(officer)
    answer = client.get(reverse("programs:cohort-sessions-plan", args=[cohort.pk]))
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["=Case talk", "Own class"]
    assert [row[-1] for row in rows] == ["everybody", ""]
    batch = factories.make_import(SessionImport, answer.content, by=officer, parent=cohort, name="plan.xlsx")
    assert verdicts(batch) == [(2, "unchanged"), (3, "unchanged")]


def test_what_is_wrong_is_said_at_its_cell(client, cohort, officer):
    batch = checked(
        cohort, officer,
        "lecture,No time,2026-11-10,17:00,,,Room 4,,\n"
        "lecture,No day,2026-02-31 10:00,11:00,,,Room 4,,\n"
        "lecture,Backwards,2026-11-10 17:00,16:00,,,Room 4,,\n"
        "lecture,Nowhere,2026-11-10 17:00,18:00,,,,,\n"
        "lecture,Zone,2026-11-10 17:00,18:00,Mars/Base,,Room 4,,\n"
        "lecture,Who,2026-11-10 17:00,18:00,,,Room 4,,Nobody Known\n",
    )  # fmt: skip
    assert {verdict for _number, verdict in verdicts(batch)} == {"wrong"}
    page = problems(client, officer, batch)
    for words in (
        "“2026-11-10” is no day with a time.",
        "There is no “2026-02-31 10:00”.",
        "It ends before it begins.",
        "Say where it is: a hospital, a place or a link.",
        "“Mars/Base” is no time zone.",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("moment", "zone", "says"),
    [
        ("0001-01-01 00:00", "Asia/Seoul", "There is no “0001-01-01 00:00”."),
        ("9999-12-31 22:00", "America/New_York", "There is no “9999-12-31 22:00”."),
        ("2026-11-10 10:00", "localtime", "“localtime” is no time zone."),
        ("2026-11-10 10:00", "Factory", "“Factory” is no time zone."),
    ],
)
def test_a_time_that_no_clock_can_reckon_with_is_refused_at_its_cell(
    client, cohort, officer, moment, zone, says
):
    batch = checked(cohort, officer, f"lecture,Case talk,{moment},23:00,{zone},,Hall,,")
    page = problems(client, officer, batch)
    assert says in page


def test_what_is_released_is_not_taken_back(cohort, officer):
    batch = checked(cohort, officer, "lecture,Case talk,2026-11-10 16:00,17:00,,,Room 4,,\n")
    imports.write(batch, by=officer)
    factories.release(Session.objects.get())
    with pytest.raises((NotNow, Obstacle), match="released by now"):
        imports.revert(batch, by=officer, reason="wrong file")
    assert Session.objects.exists()


def test_the_file_goes_up_from_the_schedule_and_its_template_can_be_had(client, cohort, officer):
    client.force_login(officer)
    upload = reverse("programs:cohort-sessions", args=[cohort.pk])
    template = reverse("programs:cohort-sessions-template", args=[cohort.pk])
    assert template in client.get(upload).content.decode()
    assert client.get(template).status_code == 200
    file = SimpleUploadedFile(
        "plan.csv", (HEAD + "lecture,Talk,2026-11-10 16:00,17:00,,,Room 4,,\n").encode()
    )
    response = client.post(upload, {"file": file})
    assert "/records/imports/" in response.headers["Location"]
