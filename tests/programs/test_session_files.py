"""Files to read before a session: attached, handed out by a release, opened by who takes part, taken out again."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.models import Event, PrivateFile
from portal.records.transitions import NotNow
from programs.models import Session, SessionFile
from programs.workflow import cohort_copies, schedule_releases, session_files, sessions
from tests import factories
from tests.records import test_pictures

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nread me"
TYPES = "[Content_Types].xml"


@pytest.fixture
def officer():
    return factories.make_user()


@pytest.fixture
def cohort(officer):
    return factories.make_cohort(state="nominating", lead_officer=officer)


@pytest.fixture
def trainee(cohort):
    return factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Dilshod Rakhimov", user=True), state="accepted"
    ).trainee


def archive(*parts, types="x"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for part in parts:
            files.writestr(part, types if part == TYPES else "x")
    return packed.getvalue()


def renamed(kind):
    """A Word file that holds a part of this kind under a name that does not tell."""
    types = f'<Types><Override PartName="/word/notes.bin" ContentType="application/{kind}"/></Types>'
    return archive(TYPES, "word/document.xml", "word/notes.bin", types=types)


def send(client, user, session, content=PDF, name="reading.pdf"):
    client.force_login(user)
    return client.post(
        reverse("programs:session-attach", args=[session.pk]), {"file": SimpleUploadedFile(name, content)}
    )


def opened(client, user, attached):
    client.force_login(user)
    answer = client.get(reverse("programs:sessionfile-download", args=[attached.pk]))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_file_is_a_plan_until_the_release_that_hands_it_out(client, officer, cohort, trainee):
    session = factories.make_talk(cohort)
    assert send(client, officer, session).status_code == 302
    attached = SessionFile.objects.get()
    session = Session.objects.get()
    assert (session.state, attached.added_by, Event.objects.filter(verb="attach_file").count()) == (
        "changed", officer, 1,
    )  # fmt: skip
    assert (opened(client, officer, attached), opened(client, trainee.user, attached)) == (PDF, 404)
    assert "reading.pdf" not in text_of(client.get(reverse("programs:my-schedule")))
    release = schedule_releases.release(cohort, by=officer)
    assert opened(client, trainee.user, attached) == PDF
    with_file = release.changes[0]["after"]["files"]
    assert with_file == [{"pk": attached.pk, "name": "reading.pdf", "size": len(PDF)}]
    mail = OutgoingMail.objects.get(kind="schedule_changed")
    assert "New file: reading.pdf." in render.preview(mail)["text"]


def test_the_download_is_never_shown_in_the_page_nor_kept_by_a_cache(client, cohort, trainee):
    attached = factories.make_session_file(factories.make_talk(cohort))
    client.force_login(trainee.user)
    answer = client.get(reverse("programs:sessionfile-download", args=[attached.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reading.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    b"".join(answer.streaming_content)


def test_nobody_opens_what_is_not_for_them(client, cohort, trainee):
    """A trainee of the cohort who is not named, one of another cohort, the coordinator of another hospital."""
    other = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Not Named", user=True), state="accepted"
    ).trainee
    stranger = factories.make_enrollment(
        trainee=factories.make_trainee("Elsewhere", user=True), state="accepted"
    ).trainee
    hospital = factories.make_hospital()
    own, foreign = (factories.make_coordinator(house).user for house in (hospital, factories.make_hospital()))
    attached = factories.make_session_file(
        factories.make_talk(cohort, hospital=hospital, trainees=[trainee], released=False)
    )
    assert opened(client, trainee.user, attached) == opened(client, own, attached) == PDF
    assert [opened(client, user, attached) for user in (other.user, stranger.user, foreign)] == [404] * 3
    plan = factories.make_session_file(attached.session, b"%PDF-1.7\nnot yet", released=False)
    assert (opened(client, own, plan), opened(client, trainee.user, plan)) == (b"%PDF-1.7\nnot yet", 404)


def test_what_trainees_have_stays_until_the_next_release_and_what_nobody_saw_goes_at_once(
    client, officer, cohort, trainee
):
    attached = factories.make_session_file(factories.make_talk(cohort))
    plan = factories.make_session_file(attached.session, b"%PDF-1.7\nplan", name="plan.pdf", released=False)
    client.force_login(officer)
    address = reverse("programs:sessionfile-take-out", args=[attached.pk])
    assert "Trainees can open it until the schedule is released" in text_of(client.get(address))
    client.post(address)
    client.post(reverse("programs:sessionfile-take-out", args=[plan.pk]))
    assert list(SessionFile.objects.values_list("pk", flat=True)) == [attached.pk]
    assert not PrivateFile.objects.filter(name="plan.pdf").exists()
    page = text_of(client.get(reverse("programs:session-detail", args=[attached.session_id])))
    assert "Taken out: reading.pdf." in page
    assert opened(client, trainee.user, attached) == PDF
    assert client.post(address).status_code in (403, 404)  # a trainee takes nothing out
    stored = attached.file
    schedule_releases.release(cohort, by=officer)
    assert not SessionFile.objects.exists()
    assert not PrivateFile.objects.filter(pk=stored.pk).exists()
    with pytest.raises(FileNotFoundError):
        stored.open()


def test_copies_share_the_bytes_until_the_last_of_them_goes(officer, cohort):
    attached = factories.make_session_file(factories.make_talk(cohort, released=False), released=False)
    [copy] = sessions.copy_to(attached.session, [date(2026, 11, 12)], by=officer)
    new = cohort_copies.copy(
        cohort, by=officer, parts=["sessions"], name="Next", code="NEXT-1", starts=cohort.starts
    )
    assert {one.file_id for one in SessionFile.objects.all()} == {attached.file_id}
    assert new.sessions.count() == 2
    assert [one["name"] for one in new.sessions.first().files] == ["reading.pdf"]
    sessions.remove(attached.session, by=officer)
    sessions.remove(copy, by=officer)
    assert attached.file.read() == PDF
    for session in list(new.sessions.all()):
        sessions.remove(session, by=officer)
    assert not PrivateFile.objects.filter(pk=attached.file_id).exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        (
            "slides.pptx",
            archive("[Content_Types].xml", "ppt/presentation.xml"),
            "presentationml.presentation",
        ),
        ("text.docx", archive("word/document.xml"), "wordprocessingml.document"),
        ("list.xlsx", archive("xl/workbook.xml"), "spreadsheetml.sheet"),
        ("안내.hwpx", archive("Contents/content.hpf"), "hwp+zip"),
        ("안내.hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..HWP Document File..", "x-hwp"),
    ],
)
def test_what_staff_hand_out_is_taken(client, officer, cohort, name, content, kind):
    session = factories.make_talk(cohort, released=False)
    assert send(client, officer, session, content, name).status_code == 302
    stored = SessionFile.objects.get().file
    assert (stored.name, stored.read(), stored.content_type.endswith(kind)) == (name, content, True)


def test_a_photo_is_handed_out_without_where_it_was_taken(client, officer, cohort):
    session = factories.make_talk(cohort, released=False)
    content = test_pictures.photo()
    assert send(client, officer, session, content, "ward.jpg").status_code == 302
    stored = SessionFile.objects.get().file
    assert (stored.name, stored.content_type) == ("ward.jpg", "image/jpeg")
    assert (test_pictures.PLACE in content, test_pictures.PLACE in stored.read()) == (True, False)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("slides.pptx", archive("word/document.xml"), "is not what its name says: its content is Word"),
        ("macros.docx", archive("word/document.xml", "word/vbaProject.bin"), "has macros"),
        ("hidden.docx", renamed("vnd.ms-office.vbaProject"), "has macros"),
        ("enabled.docx", renamed("vnd.ms-word.document.macroEnabled.main+xml"), "has macros"),
        ("page.html", b"<script>alert(1)</script>", "is none of these"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "is none of these"),
        ("cut off.jpg", b"\xff\xd8\xff\xe0\x00", "is damaged. Open it, save it anew"),
        ("broken.docx", b"PK\x03\x04 and nothing else", "is none of these"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_what_is_something_else_is_refused_at_its_field(client, officer, cohort, name, content, words):
    session = factories.make_talk(cohort, released=False)
    answer = send(client, officer, session, content, name)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not SessionFile.objects.exists()


def test_the_same_file_twice_and_an_eleventh_are_refused(client, officer, cohort):
    session = factories.make_talk(cohort, released=False)
    send(client, officer, session)
    assert "This file is attached already." in text_of(send(client, officer, session, name="again.pdf"))
    for number in range(9):
        factories.make_session_file(session, b"%%PDF-%d" % number, released=False)
    assert "10 files at most" in text_of(send(client, officer, session, b"%PDF-more"))
    gone = SessionFile.objects.last()
    session_files.take_out(gone, by=officer)
    with pytest.raises(NotNow, match="taken out already"):
        session_files.take_out(gone, by=officer)


def test_a_coordinator_attaches_at_their_own_hospital_alone(client, cohort):
    hospital = factories.make_hospital()
    coordinator = factories.make_coordinator(hospital).user
    own = factories.make_talk(cohort, hospital=hospital, released=False)
    other = factories.make_talk(cohort, hospital=factories.make_hospital(), released=False)
    assert [send(client, coordinator, one).status_code for one in (own, other)] == [302, 404]


def test_the_trainee_reads_the_file_from_the_release_on_and_not_of_what_is_called_off(
    client, cohort, trainee
):
    attached = factories.make_session_file(factories.make_talk(cohort))
    client.force_login(trainee.user)
    link = f'<a href="/programs/session-files/{attached.pk}/download/">reading.pdf</a>'

    def links(days_before):
        with clock.at(attached.session.starts_at - timedelta(days=days_before)):
            return text_of(client.get(reverse("programs:my-schedule"))).count(link)

    # In the list of all weeks always; also today or as what comes next, and in the rest of the week.
    assert [links(days) for days in (0, 1, 8)] == [2, 3, 2]
    sessions.cancel(attached.session, by=factories.make_user(), reason="ill")
    schedule_releases.release(cohort, by=factories.make_user())
    assert links(1) == 0
