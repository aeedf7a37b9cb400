"""A passport number that was entered through the screens stands in plain nowhere: not in one column of one table."""

import io
import logging
import zipfile

import openpyxl
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.log import AdminEmailHandler

from participants.models import Passport
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail.models import OutgoingMail
from portal.records.imports import checking
from portal.records.imports.models import ImportBatch
from portal.records.models import AccessRecord
from programs import calls, paper_links
from programs.models import Call, Program
from tests import factories
from tests.factories import A_PDF

CANARY = "ZX9173642"
TYPED = ["ZX9173642", "zx 9173-642", "ＺＸ９１７３６４２"]
# However a leak would be spelled: as typed, in lower case, in the hexadecimal of a bytea, in UTF-16's.
SPELLINGS = {CANARY, CANARY.lower(), *TYPED, "9173642", CANARY.encode().hex(), CANARY.lower().encode().hex()}

pytestmark = pytest.mark.django_db


def everything():
    """Every column of every table as text, by table and column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name IN"
            " (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        columns = cursor.fetchall()
        for table, column in columns:
            cursor.execute(f'SELECT coalesce(string_agg("{column}"::text, chr(10)), \'\') FROM "{table}"')
            yield f"{table}.{column}", cursor.fetchone()[0]


def leaks(texts):
    return [place for place, text in texts if any(word.lower() in text.lower() for word in SPELLINGS)]


@pytest.fixture
def watched(caplog):
    """Everything any logger says, down to each query's parameters."""
    caplog.set_level(logging.DEBUG)
    return caplog


def test_the_dump_would_show_a_number_that_stood_somewhere():
    """The negative control: the search finds what is there."""
    factories.make_trainee(f"Somebody {CANARY}")
    assert "participants_trainee.passport_name" in leaks(everything())


def enter(client, trainee, typed):
    address = reverse("participants:passport-edit", args=[trainee.pk])
    data = {"number": typed, "issuing_country": "MN", "sent_by": trainee.institution_id}
    return client.post(address, data)


def test_a_number_entered_through_the_screens_stands_nowhere_in_plain(client, watched):
    officer = factories.make_user([Role.MANAGER, Role.ADMINISTRATOR])
    client.force_login(officer)
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, trainee=trainee)
    for typed in TYPED:
        assert enter(client, trainee, typed).status_code == 302
    enter(client, factories.make_trainee(), CANARY)  # refused: another's number
    enter(client, factories.make_trainee(), f"{CANARY}Ж")  # refused: a foreign letter
    client.post(reverse("participants:passport-find"), {"number": CANARY})
    shown = client.post(
        reverse("participants:passport-reveal", args=[trainee.pk]), {"reason": "visa invitation"}
    )
    assert CANARY in shown.content.decode()  # the one place
    assert AccessRecord.objects.count() == 1
    scan = SimpleUploadedFile(f"{CANARY}.pdf", A_PDF)
    client.post(reverse("participants:trainee-papers", args=[trainee.pk]), {"kind": "passport", "file": scan})
    client.post(reverse("programs:cohort-ask-papers", args=[cohort.pk]))
    due.run(say=lambda line: None)

    assert leaks(everything()) == []
    assert leaks([("log", watched.text)]) == []
    mails = [("outbox", f"{m.subject}{m.text}{m.html}{m.context}") for m in OutgoingMail.objects.all()]
    assert leaks([*mails, *(("mail", str(m.message())) for m in mail.outbox)]) == []
    pages = [
        reverse("participants:trainee-list"),
        reverse("participants:trainee-detail", args=[trainee.pk]),
        reverse("participants:passport-edit", args=[trainee.pk]),
        reverse("participants:passport-reveal", args=[trainee.pk]),
        reverse("participants:trainee-papers", args=[trainee.pk]),
        reverse("programs:cohort-papers", args=[cohort.pk]),
        reverse("programs:cohort-history", args=[cohort.pk]),
        reverse("desk:access-list") + "?month=2026-10",
        reverse("admin:participants_passport_changelist"),
        reverse("admin:participants_trainee_change", args=[trainee.pk]),
        reverse("admin:records_accessrecord_changelist"),
    ]
    assert leaks((page, client.get(page).content.decode()) for page in pages) == []
    assert leaks(exports(client)) == []


def exports(client):
    """The list of people as a file, in both formats."""
    address = reverse("participants:trainee-list")
    for kind in ("csv", "xlsx"):
        answer = client.post(f"{address}?export={kind}", {"reason": "to look for a leak"})
        yield kind, content_of(answer)


def content_of(answer):
    """What a page or a file says: a spreadsheet is a zip, so its parts are read."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert content or answer.status_code == 302
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def stored_files(folder):
    """Every file the portal keeps: as it is, and unpacked where it is a zip."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        yield str(path), content.decode(errors="replace")
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                yield str(path), "\n".join(book.read(n).decode(errors="replace") for n in book.namelist())


def a_list(numbers):
    """A ministry's spreadsheet with these numbers, one nominee each; the last row cannot be read."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["Name", "Date of birth", "Home institution", "Passport number"])
    for place, number in enumerate(numbers):
        made.active.append(
            [f"Anu {'ABCDE'[place]}at", f"198{place}-02-28", "First National Hospital", number]
        )
    made.active.append(["Somebody Else", "31.02.1985", "First National Hospital", f"{CANARY}Ж"])
    made.save(out)
    return SimpleUploadedFile("list.xlsx", out.getvalue())


def test_a_number_that_comes_in_a_spreadsheet_stands_nowhere_in_plain(client, watched, private_files):
    client.force_login(factories.make_user([Role.MANAGER, Role.ADMINISTRATOR]))
    factories.make_institution("First National Hospital")
    cohort = factories.make_cohort(state="nominating")
    client.post(
        reverse("programs:cohort-nominations", args=[cohort.pk]),
        {"file": a_list([TYPED[1], f"{CANARY}Ω"]), "sender": ""},
    )
    batch = ImportBatch.objects.get()
    checking.check(batch.pk)
    assert batch.rows.count() == 3

    def screens():
        for name in ("detail", "columns", "revert", "abandon", "left-out", "download"):
            yield name, content_of(client.get(reverse(f"records:importbatch-{name}", args=[batch.pk])))
        for row in batch.rows.all():
            address = reverse("records:importbatch-row", args=[batch.pk, row.number])
            yield address, client.get(address).content.decode()
        yield "list", client.get(reverse("records:importbatch-list")).content.decode()
        yield "search", client.get(reverse("desk:search"), {"q": "Anu"}).content.decode()
        yield "rows", client.get(reverse("admin:records_importrow_changelist")).content.decode()

    assert leaks(everything()) == []
    assert leaks(screens()) == []
    client.post(reverse("records:importbatch-write", args=[batch.pk]))
    assert Passport.objects.get().number.plain == CANARY
    assert leaks(everything()) == []
    assert leaks(screens()) == []
    assert leaks(exports(client)) == []
    assert leaks(stored_files(private_files)) == []
    client.post(reverse("records:importbatch-revert", args=[batch.pk]), {"reason": "wrong list"})
    assert leaks(everything()) == []
    assert leaks([("log", watched.text)]) == []


def test_a_number_that_a_contact_types_stands_nowhere_in_plain(client, watched, private_files):
    contact = factories.make_contact(name="Saruul Bat")
    cohort = factories.make_cohort(state="nominating")
    token = calls.token_for(Call.objects.create(cohort=cohort, contact=contact))
    nominate = reverse("programs:call-nominate", args=[token])
    data = {
        "passport_name": "Bolormaa Dorj",
        "birth_date": "1985-04-03",
        "language": "mn",
        "nationality": "MN",
        "recommended_by_organization": "First National Hospital",
        "recommended_by_person": "Director Tsend",
        "recommended_on": "2026-10-01",
    }
    refused = client.post(nominate, data | {"passport_number": f"{CANARY}Ж"})
    assert refused.status_code == 422
    assert client.post(nominate, data | {"passport_number": TYPED[1]}).status_code == 302
    assert Passport.objects.get().number.plain == CANARY
    page = client.get(reverse("programs:call-open", args=[token]))
    again = data | {"passport_name": "Saruul Tsogt", "birth_date": "1990-01-01", "passport_number": CANARY}
    assert client.post(nominate, again).status_code == 422  # another's number
    assert leaks(everything()) == []
    assert leaks([("page", page.content.decode()), ("log", watched.text)]) == []
    assert leaks(stored_files(private_files)) == []


def test_the_link_for_papers_shows_and_keeps_no_number(client, watched, private_files):
    enrollment = factories.make_enrollment(cohort=factories.make_cohort(state="nominating"))
    Program.objects.update(papers=["passport"])
    factories.make_passport(enrollment.trainee, CANARY)
    upload = reverse("programs:paper-upload", args=[paper_links.token_for(enrollment)])
    scan = SimpleUploadedFile(f"{CANARY}.pdf", A_PDF)
    answer = client.post(upload, {"kind": "passport", "file": scan})
    assert answer.status_code == 302, answer.context["form"].errors
    bad = SimpleUploadedFile(f"{CANARY}.exe", b"MZ")
    answer = client.post(upload, {"kind": "passport", "file": bad})
    assert answer.status_code == 422
    pages = [("refused", answer.content.decode()), ("page", client.get(upload).content.decode())]
    assert leaks([*pages, ("log", watched.text)]) == []
    assert leaks(everything()) == []
    assert leaks(stored_files(private_files)) == []


@pytest.mark.django_db
def test_an_error_report_leaves_the_number_out(client, settings, monkeypatch):
    """A crash in the middle of keeping it: the report for the administrators hides what was typed."""
    settings.ADMINS = [("Admin", "admin@example.org")]
    client.force_login(factories.make_user(Role.OFFICER))
    trainee = factories.make_trainee()
    monkeypatch.setattr("participants.workflow.passports.record", lambda *args, **data: 1 / 0)
    client.raise_request_exception = False
    log = logging.getLogger("django.request")
    handler = AdminEmailHandler(include_html=True)
    log.addHandler(handler)
    try:
        assert enter(client, trainee, CANARY).status_code == 500
    finally:
        log.removeHandler(handler)
    reports = [f"{m.message()}{m.body}{m.alternatives}" for m in mail.outbox]
    assert any("ZeroDivisionError" in report for report in reports)
    assert leaks(("report", report) for report in reports) == []


def test_a_number_that_the_person_types_stands_nowhere_in_plain(client, watched, private_files):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    factories.make_passport(factories.make_trainee(), "E7340471")
    client.force_login(trainee.user)
    page = reverse("participants:my-passport")
    data = {"issuing_country": "MN", "expires": "2030-01-31", "agrees": "on"}
    refused = [
        client.post(page, data | {"number": CANARY, "expires": "2020-01-31"}),
        client.post(page, data | {"number": f"{CANARY}Ж"}),
    ]
    assert client.post(page, data | {"number": TYPED[1]}).status_code == 302
    assert Passport.objects.get(trainee=trainee).number.plain == CANARY
    pages = [page, reverse("participants:my-profile"), reverse("programs:my-papers")]
    shown = [*refused, *(client.get(address) for address in pages)]
    assert leaks(("page", answer.content.decode()) for answer in shown) == []
    assert leaks(everything()) == []
    assert leaks([("log", watched.text)]) == []
    assert leaks(stored_files(private_files)) == []
