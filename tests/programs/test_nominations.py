"""A ministry's list of nominees: from the template to nominations, and back."""

import io
import re
from datetime import date
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from participants.models import Passport, Trainee
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records.imports import checking, workflow
from portal.records.imports.models import ImportBatch
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs.models import Enrollment, Quota
from programs.nomination_columns import COLUMNS, HEADINGS
from programs.workflow import enrollments
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = "E1234567"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort(officer):
    factories.make_institution("First National Hospital", name_local="Улсын нэгдүгээр төв эмнэлэг")
    factories.make_specialty("cardiology")
    return factories.make_cohort(state="nominating", seats=8)


def send(client, cohort, content, name="list.csv", sender=""):
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    address = reverse("programs:cohort-nominations", args=[cohort.pk])
    response = client.post(address, {"file": file, "sender": sender})
    batch = ImportBatch.objects.order_by("-pk").first()
    if batch and batch.state == "checking":
        checking.check(batch.pk)
        batch.refresh_from_db()
    return response, batch


def book(rows, sheet="Sheet1"):
    out, made = io.BytesIO(), openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def rows(batch):
    return {row.number: row for row in batch.rows.order_by("number")}


def problems(row):
    from portal.records.imports.said import in_words

    return [(problem["cell"], in_words(problem["reason"])) for problem in row.problems]


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


HEAD = "Name,Date of birth,Home institution,Specialty,E-mail,Passport number\n"
ANU = "Anu Bat,1985-02-28,First National Hospital,cardiology,anu@example.org,E 123-4567\n"
BAT = "Bat Dorj,1979-05-01,First National Hospital,cardiology,bat@example.org,E7654321\n"


# The template --------------------------------------------------------------------------------------


def test_the_template_has_headings_in_three_languages_and_drop_downs(client, cohort):
    response = client.get(reverse("programs:cohort-nominations-template", args=[cohort.pk]))

    made = openpyxl.load_workbook(io.BytesIO(response.content))
    assert made.sheetnames == ["Nominees", "How to fill in", "Words"]
    head = [cell.value for cell in made["Nominees"][1]]
    assert head[0] == "Name as in the passport / 여권상 영문 성명 / Имя и фамилия латиницей *"
    assert len(head) == len(COLUMNS) == len(HEADINGS)
    validated = {
        str(one.sqref).split(":")[0]: one.formula1 for one in made["Nominees"].data_validations.dataValidation
    }
    assert len(validated) == 5
    words = [cell.value for cell in made["Words"]["A"] if cell.value]
    assert words == ["Home institution / 소속 기관 / Место работы", "First National Hospital"]
    how = " ".join(str(cell.value) for row in made["How to fill in"] for cell in row if cell.value)
    assert "Один человек в строке" in how
    assert "한 줄에 한 명씩" in how


def test_a_filled_template_is_understood_without_naming_a_column(client, cohort):
    response = client.get(reverse("programs:cohort-nominations-template", args=[cohort.pk]))
    made = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = made["Nominees"]
    facts = {"passport_name": "ANU BAT", "birth_date": "1985-02-28", "institution": "First National Hospital",
             "profession": "physician", "languages": "English, Russian", "practicing_since": "12 years"}  # fmt: skip
    for place, column in enumerate(COLUMNS, 1):
        sheet.cell(2, place).value = facts.get(column.name)
    out = io.BytesIO()
    made.save(out)

    _response, batch = send(client, cohort, out.getvalue(), "filled.xlsx")
    assert {number: row.verdict for number, row in rows(batch).items()} == {2: "new"}
    workflow.write(batch, by=batch.uploaded_by)

    anu = Trainee.objects.get()
    assert (anu.profession, anu.languages, anu.practicing_since) == ("physician", ["en", "ru"], 2014)


# Real files ----------------------------------------------------------------------------------------


def test_a_list_with_title_rows_cyrillic_headings_and_swapped_columns_is_read(client, cohort):
    home = "Улсын нэгдүгээр төв эмнэлэг"
    data = book(
        [
            ["МИНИСТЕРСТВО ЗДРАВООХРАНЕНИЯ"],
            ["Список кандидатов на обучение", None, "2026"],
            [],
            ["№", "Дата рождения", "ФИО", "Имя латиницей", "Место работы", "Специальность", "Профессия", "Паспорт",
             "Стаж"],
            [1, date(1985, 2, 28), "Бат Ану", "Anu Bat", home, "Кардиология", "врач", "E1234567", "с 2010"],
            [2, date(1979, 5, 1), "Дорж Бат", "Bat Dorj", home, "кардиология", "Медсестра", "e 765 43 21", 15],
        ]
    )  # fmt: skip

    _response, batch = send(client, cohort, data, "список.xlsx")
    if batch.state == "mapping":  # only “№” is unknown
        targets = {heading["place"]: heading["target"] or "" for heading in batch.headings}
        assert [heading["text"] for heading in batch.headings if heading["target"] is None] == ["№"]
        workflow.begin_check(batch, by=batch.uploaded_by, targets=targets)
        checking.check(batch.pk)
        batch.refresh_from_db()

    found = rows(batch)
    assert found[5].verdict == "wrong"
    assert problems(found[5]) == [("I5", "“с 2010” is no whole number.")]
    assert (found[6].verdict, found[6].title) == ("new", "Bat Dorj")
    workflow.write(batch, by=batch.uploaded_by)
    bat = Trainee.objects.get()
    assert (bat.local_name, bat.profession, bat.specialty.name) == ("Дорж Бат", "nurse", "cardiology")
    assert (bat.practicing_since, bat.passport.masked) == (2011, "••••321")


def test_a_csv_in_the_windows_code_page_is_read(client, cohort):
    text = (
        "Имя латиницей;ФИО;Дата рождения;Место работы\nAnu Bat;Бат Ану;1985-02-28;First National Hospital\n"
    )

    _response, batch = send(client, cohort, text.encode("cp1251"), "список.csv")

    assert rows(batch)[2].verdict == "new"
    assert rows(batch)[2].values["local_name"] == "Бат Ану"


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("Anu Bat,03/04/1985,First National Hospital,,,", "B2", "03/04/1985"),
        ("Anu Bat,1985-02-29,First National Hospital,,,", "B2", "1985-02-29"),
        ("Anu Bat,1985-02,First National Hospital,,,", "B2", "is no whole date"),
        ("Anu Bat,2024-02-01,First National Hospital,,,", "B2", "too young or too old"),
        ("Anu Bat,1985-02-28,Second Hospital of Nowhere,,,", "C2", "Nobody here has the name or alias"),
        ("Anu Bat,1985-02-28,First National Hospital,astrology,,", "D2", "Nobody here has the name or alias"),
        ("Anu Bat,1985-02-28,First National Hospital,,anu at example,", "E2", "is no e-mail address"),
        ("Anu Bat,1985-02-28,First National Hospital,,,Е1234567", "F2", "is a Cyrillic letter"),
        ("Ану Бат,1985-02-28,First National Hospital,,,", "A2", "in Latin letters"),
        (",1985-02-28,First National Hospital,,,", "A2", "Name as in the passport is missing."),
        ("Anu Bat,,First National Hospital,,,", "B2", "Birth date is missing."),
        ("Anu Bat,1985-02-28,,,,", "C2", "Home institution is missing."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_reason(client, cohort, line, cell, words):
    _response, batch = send(client, cohort, HEAD + line + "\n" + BAT)

    found = rows(batch)
    assert (found[2].verdict, found[3].verdict) == ("wrong", "new")
    ((place, reason),) = problems(found[2])
    assert place == cell
    assert words in reason


def test_full_width_digits_and_spaces_of_a_passport_number_are_one_spelling(client, cohort):
    _response, batch = send(client, cohort, HEAD + ANU.replace("E 123-4567", "ｅ１２３ ４５６７"))
    workflow.write(batch, by=batch.uploaded_by)

    _response, again = send(client, cohort, HEAD + ANU)

    assert Passport.objects.count() == 1
    assert rows(again)[2].verdict == "unchanged"


# The same person -----------------------------------------------------------------------------------


def test_a_person_known_by_name_and_birth_date_in_another_script_is_matched(client, cohort):
    known = factories.make_trainee(
        "Oyunchimeg Bat", local_name="Оюунчимэг Бат", birth_date=date(1985, 2, 28), email=""
    )

    _response, batch = send(client, cohort, HEAD + "Oyuunchimeg Bat,1985-02-28,First National Hospital,,,\n")

    row = rows(batch)[2]
    assert (row.verdict, row.target_id) in [("matched", known.pk), ("changed", known.pk)]
    assert row.evidence[0]["text"]


def test_two_rows_for_one_person_name_each_other(client, cohort):
    twice = "Bat Anu,1985-02-28,First National Hospital,,other@example.org,\n"

    _response, batch = send(client, cohort, HEAD + ANU + twice + ANU)

    found = rows(batch)
    assert [found[number].verdict for number in (2, 3, 4)] == ["new", "wrong", "wrong"]
    assert problems(found[3]) == [("", "Row 2 of this file is about the same person.")]


def test_two_rows_about_one_person_who_is_known_name_each_other(client, cohort):
    known = factories.make_trainee("Oyunchimeg Bat", birth_date=date(1985, 2, 28), email="")
    lines = ["Oyunchimeg Bat,1985-02-28", "Oyuunchimeg Batt,1985-02-28"]

    _response, batch = send(
        client, cohort, HEAD + "".join(f"{one},First National Hospital,,,\n" for one in lines)
    )

    found = rows(batch)
    assert [found[number].target_id for number in (2, 3)] == [known.pk, known.pk]
    assert [problems(found[number]) for number in (2, 3)] == [
        [],
        [("", "Row 2 of this file is about the same person.")],
    ]


def test_an_address_of_somebody_else_is_not_taken_over(client, cohort):
    factories.make_trainee("Somebody Else", email="anu@example.org", birth_date=date(1960, 1, 1))

    _response, batch = send(client, cohort, HEAD + ANU)
    workflow.decide(batch, 2, by=batch.uploaded_by, choice="other")

    row = rows(batch)[2]
    assert row.verdict == "wrong"
    assert ("E2", "Somebody with this e-mail address is entered already.") in problems(row)


# Writing -------------------------------------------------------------------------------------------


def test_confirming_enters_people_nominates_them_and_sends_one_mail(client, cohort, officer):
    home = factories.make_institution("First National Hospital")
    factories.make_contact(institution=home)
    known = factories.make_trainee(
        "Bat Dorj", email="bat@example.org", birth_date=date(1979, 5, 1), phone="1"
    )
    extra = HEAD.strip() + ",Recommended by,Recommending organization,Date of recommendation,Phone\n"
    text = extra + ANU.strip() + ",Dr. Enkh,Ministry of Health,2026-09-01,\n" + BAT.strip() + ",,,,976\n"

    _response, batch = send(client, cohort, text)
    page = text_of(client.get(reverse("records:importbatch-detail", args=[batch.pk])))
    assert "1 mail is sent to Training office, First National Hospital." in page
    workflow.write(batch, by=officer)

    assert {one.trainee.passport_name: one.state for one in cohort.enrollments.select_related("trainee")} == {
        "Anu Bat": "nominated", "Bat Dorj": "nominated",
    }  # fmt: skip
    anu = Enrollment.objects.get(trainee__passport_name="Anu Bat")
    assert (anu.recommended_by_person, anu.recommended_by_organization, anu.recommended_on) == (
        "Dr. Enkh", "Ministry of Health", date(2026, 9, 1),
    )  # fmt: skip
    assert anu.nominated_by == home
    known.refresh_from_db()
    assert (known.phone, known.passport.masked) == ("976", "••••321")
    (mail,) = OutgoingMail.objects.filter(kind="nominations_received")
    assert len(mail.context["enrollments"]) == 2
    assert Event.objects.about(anu).get().verb == "nominate"


def test_the_same_file_twice_changes_nothing(client, cohort, officer):
    _response, batch = send(client, cohort, HEAD + ANU + BAT)
    workflow.write(batch, by=officer)

    _response, again = send(client, cohort, HEAD + ANU + BAT)

    assert {row.verdict for row in rows(again).values()} == {"unchanged"}
    with pytest.raises(NotNow, match="There is nothing to write"):
        workflow.write(again, by=officer)
    assert (Trainee.objects.count(), Enrollment.objects.count()) == (2, 2)


def test_a_number_stands_nowhere_in_clear(client, cohort, officer, private_files):
    _response, batch = send(client, cohort, HEAD + ANU.replace("E 123-4567", NUMBER))
    workflow.write(batch, by=officer)

    kept = [str(list(model.objects.values())) for model in (ImportBatch, Event, Passport, Trainee)]
    kept += [
        str(list(batch.rows.values())),
        client.get(reverse("records:importbatch-detail", args=[batch.pk])).content.decode(),
    ]
    kept += [path.read_bytes().decode("latin-1") for path in private_files.rglob("*") if path.is_file()]
    assert [text for text in kept if NUMBER in text] == []
    assert Passport.objects.get().last_characters == "567"


def test_quotas_and_seats_are_warned_of_before_anything_is_written(client, cohort):
    type(cohort).objects.filter(pk=cohort.pk).update(seats=1)
    Quota.objects.create(cohort=cohort, region=factories.make_region(), seats=1)

    _response, batch = send(client, cohort, HEAD + ANU + BAT)
    page = text_of(client.get(reverse("records:importbatch-detail", args=[batch.pk])))

    assert "Quota of Mongolia: 1 seats, and with these 2 names." in page
    assert "The cohort has 1 seats, and with these 2 names." in page
    assert "No mail is sent: no contact with an address is known where they come from." in page


def test_a_cohort_that_takes_no_names_takes_no_file_either(client, officer):
    cohort = factories.make_cohort()
    factories.make_institution("First National Hospital")
    factories.make_specialty("cardiology")
    _response, batch = send(client, cohort, HEAD + ANU)

    with pytest.raises(NotNow, match="takes no nominations now"):
        workflow.write(batch, by=officer)
    assert not Trainee.objects.exists()


# Taking back ---------------------------------------------------------------------------------------


def test_a_reverted_file_leaves_no_trace_but_in_the_trail(client, cohort, officer):
    known = factories.make_trainee(
        "Bat Dorj", email="bat@example.org", birth_date=date(1979, 5, 1), phone="1"
    )
    text = HEAD.strip() + ",Phone\n" + ANU.strip() + ",5\n" + BAT.strip() + ",976\n"
    _response, batch = send(client, cohort, text)
    workflow.write(batch, by=officer)

    workflow.revert(batch, by=officer, reason="the wrong list")

    known.refresh_from_db()
    assert known.phone == "1"
    assert list(Trainee.objects.all()) == [known]
    assert not Enrollment.objects.exists()
    assert not Passport.objects.exists()


def test_a_file_of_which_somebody_is_accepted_is_not_reverted(client, cohort, officer):
    _response, batch = send(client, cohort, HEAD + ANU + BAT)
    workflow.write(batch, by=officer)
    enrollments.accept(Enrollment.objects.get(trainee__passport_name="Anu Bat"), by=officer)

    with pytest.raises(NotNow, match="Anu Bat: the state is “Accepted” by now"):
        workflow.revert(batch, by=officer, reason="the wrong list")
    assert Enrollment.objects.count() == 2


def test_what_somebody_has_changed_since_is_not_put_back(client, cohort, officer):
    known = factories.make_trainee(
        "Bat Dorj", email="bat@example.org", birth_date=date(1979, 5, 1), phone="1"
    )
    _response, batch = send(client, cohort, HEAD.strip() + ",Phone\n" + BAT.strip() + ",976\n")
    workflow.write(batch, by=officer)
    Trainee.objects.filter(pk=known.pk).update(phone="977")

    with pytest.raises(NotNow, match="Phone was changed since"):
        workflow.revert(batch, by=officer, reason="the wrong list")
    known.refresh_from_db()
    assert known.phone == "977"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_only_who_runs_cohorts_brings_in_names(client, role):
    cohort = factories.make_cohort(state="nominating")
    client.force_login(factories.make_user(role))

    for name in ["cohort-nominations", "cohort-nominations-template"]:
        assert client.get(reverse(f"programs:{name}", args=[cohort.pk])).status_code == 403
