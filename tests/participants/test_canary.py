"""A passport number that was entered through the screens stands in plain nowhere: not in one column of one table."""

import io
import logging
import zipfile

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.log import AdminEmailHandler

from portal.accounts.roles import Role
from portal.desk import due
from portal.mail.models import OutgoingMail
from portal.records.models import AccessRecord
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
    """The list of people as a file, in both formats: a spreadsheet is a zip, so its parts are read."""
    address = reverse("participants:trainee-list")
    for kind in ("csv", "xlsx"):
        answer = client.post(f"{address}?export={kind}", {"reason": "to look for a leak"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Nomin" in content or content.startswith(b"PK")
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"\n".join(book.read(name) for name in book.namelist())
        yield kind, content.decode(errors="replace")


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
