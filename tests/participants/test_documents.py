"""Papers: taken by their content, kept by version, checked or refused, opened by few, and each look kept."""

import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participants import workflow
from participants.models import Consent, Document, Trainee
from portal.accounts.roles import Role
from portal.records.models import AccessRecord, Event, PrivateFile
from portal.records.transitions import NotNow
from tests import factories
from tests.factories import A_PDF

pytestmark = pytest.mark.django_db

JPEG = (
    b"\xff\xd8"
    b"\xff\xe1\x00\x10Exif\x00\x00GPS here"
    b"\xff\xdb\x00\x04ab"
    b"\xff\xda\x00\x04abscan of the picture\xff\xd9"
)


def chunk(kind, data=b""):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"tEXt", b"secret") + chunk(b"IEND")


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def trainee():
    return factories.make_trainee("Nomin-Erdene Tsogt", user=True)


def hand_in(client, trainee, content, *, kind="cv", name="x.pdf", **facts):
    data = {"kind": kind, "file": SimpleUploadedFile(name, content), **facts}
    return client.post(reverse("participants:trainee-papers", args=[trainee.pk]), data)


@pytest.mark.parametrize(
    ("content", "content_type"), [(A_PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")]
)
def test_a_paper_is_known_by_its_content_and_served_under_a_name_of_ours(
    client, officer, trainee, content, content_type
):
    assert hand_in(client, trainee, content, name="../evil.html").status_code == 302
    document = Document.objects.get()
    assert document.file.content_type == content_type
    assert "evil" not in document.file.name
    answer = client.get(reverse("participants:document-download", args=[document.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"GPS" not in b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"PK\x03\x04 a document of an office",
        b"%PDF-1.7 without its end",
        b"\xff\xd8\xff\xe1\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"MZ",
    ],
)
def test_what_is_neither_pdf_nor_picture_is_refused_in_words(client, officer, trainee, content):
    response = hand_in(client, trainee, content, name="cv.pdf")
    assert response.status_code == 422
    assert response.context["form"].errors["file"] == ["Use a PDF, or a JPEG or PNG picture."]
    assert PrivateFile.objects.count() == 0


def test_a_photo_is_a_picture_and_a_file_has_its_limit(client, officer, trainee):
    refused = hand_in(client, trainee, A_PDF, kind="photo").context["form"].errors["file"]
    assert refused == ["Use a JPEG or PNG picture."]
    large = hand_in(client, trainee, A_PDF + b"0" * (10 * 1024 * 1024)).context["form"].errors["file"]
    assert large == ["The file is larger than 10 MB. Scan it with a lower resolution."]


def test_versions_are_kept_and_the_newest_counts(client, officer, trainee):
    first = factories.make_document(trainee, state="checked")
    hand_in(client, trainee, A_PDF)
    assert [d.state for d in Document.objects.filter(trainee=trainee)] == ["received", "checked"]
    assert Document.objects.latest().get().pk != first.pk


def test_a_paper_is_checked_and_refused_with_the_reason_on_it(client, officer, trainee):
    document = factories.make_document(trainee)
    check = reverse("participants:document-check", args=[document.pk])
    assert client.post(check, {"expires": "2030-01-01"}).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.checked_by, str(document.expires)) == ("checked", officer, "2030-01-01")
    refuse = reverse("participants:document-refuse", args=[document.pk])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    client.post(refuse, {"reason": "the last page is missing"})
    document.refresh_from_db()
    assert (document.state, document.refused_reason) == ("refused", "the last page is missing")


def test_a_checked_photo_becomes_the_portrait_until_it_is_refused(officer, trainee):
    photo = factories.make_document(trainee, "photo", state="checked")
    assert Trainee.objects.get(pk=trainee.pk).photo == photo.file
    workflow.documents.refuse(photo, by=officer, reason="somebody else")
    assert Trainee.objects.get(pk=trainee.pk).photo is None


def test_that_staff_opened_a_paper_is_kept_and_one_s_own_leaves_no_record(client, officer, trainee):
    document = factories.make_document(trainee)
    address = reverse("participants:document-download", args=[document.pk])
    list(client.get(address))
    look = AccessRecord.objects.get()
    assert (look.by, look.about, look.what) == (officer, trainee, "paper_cv")
    client.force_login(trainee.user)
    list(client.get(address))
    assert AccessRecord.objects.count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_nobody_else_opens_a_paper(client, role, trainee):
    document = factories.make_document(trainee)
    client.force_login(factories.make_user(role))
    answer = client.get(reverse("participants:document-download", args=[document.pk]))
    assert answer.status_code in (403, 404)
    assert client.get(reverse("participants:trainee-papers", args=[trainee.pk])).status_code == 403


def test_a_scan_of_the_passport_needs_consent_or_who_sent_it(officer, trainee):
    with pytest.raises(NotNow, match="only after the person has agreed"):
        factories.make_document(trainee, "passport")
    workflow.consents.give(trainee, by=trainee.user, purpose="passport", language="en")
    assert factories.make_document(trainee, "passport").kind == "passport"


@pytest.mark.parametrize("count", [1, 3])
def test_a_person_s_papers_cost_the_same(client, officer, trainee, django_assert_num_queries, count):
    for _ in range(count):
        factories.make_document(trainee, state="checked")
    address = reverse("participants:trainee-papers", args=[trainee.pk])
    client.get(address)
    with django_assert_num_queries(4):
        client.get(address)


def test_withdrawing_the_consent_takes_number_and_scan_with_it(client, trainee, private_files):
    client.force_login(trainee.user)
    address = reverse("participants:my-consents")
    client.post(address, {"purpose": "passport", "act": "give"})
    word = Consent.objects.get()
    assert (word.purpose, word.action, word.version, word.language) == ("passport", "given", "2026-11", "en")
    factories.make_passport(trainee, sent_by=None)
    scan, cv = factories.make_document(trainee, "passport"), factories.make_document(trainee, "cv")
    path = private_files / scan.file.path
    assert path.exists()
    withdraw = reverse("participants:my-consent-withdraw", args=["passport"])
    asked = client.get(withdraw).content.decode()
    assert f"({trainee.passport.masked}) is erased at once" in asked
    assert "1 scan of your passport is erased at once." in asked
    assert path.exists()
    assert client.post(withdraw).url == address
    assert not path.exists()
    assert not hasattr(Trainee.objects.get(pk=trainee.pk), "passport")
    scan.refresh_from_db()
    cv.refresh_from_db()
    assert (scan.file, cv.file is None) == (None, False)
    verbs = {event.verb for event in Event.objects.about(trainee)}
    assert {"withdraw_consent", "erase_passport", "erase_papers"} <= verbs
    assert "You have said no to this already." in client.post(withdraw).content.decode()
    assert client.get(reverse("participants:my-consent-withdraw", args=["anything"])).status_code == 404


def test_consents_are_read_in_korean_and_given_in_it(client):
    trainee = factories.make_trainee(user=factories.make_user(Role.TRAINEE, language="ko"))
    client.force_login(trainee.user)
    address = reverse("participants:my-consents")
    assert "비자 초청과 보험 가입을 위해서만" in client.get(address).content.decode()
    client.post(address, {"purpose": "abroad", "act": "give"})
    assert Consent.objects.get().language == "ko"


def test_a_person_changes_their_own_details_and_nobody_s_name(client, trainee):
    client.force_login(trainee.user)
    address = reverse("participants:my-profile")
    data = {"phone": "+976 1234", "language": "ko", "languages": ["en"], "passport_name": "Somebody Else"}
    assert client.post(address, data).status_code == 302
    trainee.refresh_from_db()
    assert (trainee.phone, trainee.language, trainee.passport_name) == (
        "+976 1234",
        "ko",
        "Nomin-Erdene Tsogt",
    )
    assert Event.objects.about(trainee).first().data == {"fields": ["language", "languages", "phone"]}


@pytest.mark.parametrize(
    "screen", ["participants:my-profile", "participants:my-consents", "programs:my-papers"]
)
def test_who_is_in_no_register_is_told_so(client, screen):
    client.force_login(factories.make_user(Role.TRAINEE))
    assert client.get(reverse(screen)).status_code == 200


def test_a_paper_that_was_checked_by_mistake_is_to_be_checked_again(client, officer, trainee):
    document = factories.make_document(trainee, "cv", state="checked")
    page = reverse("participants:document-check-again", args=[document.pk])
    assert page in client.get(reverse("participants:trainee-papers", args=[trainee.pk])).content.decode()
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "it is another person’s"}).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.checked_at, document.checked_by) == ("received", None, None)
