"""Who signs certificates: from a day on, with a signature and a seal that are versions."""

import io
import struct
import zlib
from datetime import date

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.accounts.roles import Role
from portal.desk.demo import specimen
from programs import marks
from programs.models import Signatory, SignatoryMark
from programs.workflow import certificates
from tests import factories
from tests.programs.test_certificates import text_of

pytestmark = pytest.mark.django_db
TODAY = {"name": "Kim Min-seo", "name_ko": "김민서", "title": "Governor", "title_ko": "도지사"}


@pytest.fixture
def manager(client):
    user = factories.make_user(Role.MANAGER, name="Lee Dong-hyun")
    client.force_login(user)
    return user


def upload(client, person, content, *, kind="signature", name="signature.png"):
    sent = SimpleUploadedFile(name, content, "image/png")
    address = reverse("programs:signatory-mark", args=[person.pk])
    return client.post(address, {"kind": kind, "picture": sent}, follow=True)


def images_of(certificate):
    return [len(page.images) for page in pypdf.PdfReader(io.BytesIO(certificate.file.read())).pages]


def test_until_somebody_is_entered_the_office_is_named(client, manager):
    assert "Nobody is entered yet" in text_of(client.get(reverse("programs:signatory-list")))
    certificate = factories.make_certificate(state="issued")
    assert certificate.printed["signatory_en"] == "Director, Health and Medical Policy"
    assert images_of(certificate)[0] == 0


def test_a_manager_enters_who_signs_and_uploads_signature_and_seal(client, manager):
    response = client.post(
        reverse("programs:signatory-create"), {**TODAY, "since": "2026-01-01"}, follow=True
    )
    person = Signatory.objects.get()
    assert "Kim Min-seo is entered. Upload the signature now." in text_of(response)

    upload(client, person, specimen.signature())
    page = upload(client, person, specimen.seal(), kind="seal")

    assert "Certificates issued from now on carry it." in text_of(page)
    assert "Version 1" in text_of(page)
    assert set(SignatoryMark.objects.values_list("kind", "version", "by")) == {
        ("signature", 1, manager.pk),
        ("seal", 1, manager.pk),
    }
    mark = SignatoryMark.objects.get(kind="signature")
    picture = client.get(reverse("programs:signatorymark-picture", args=[mark.pk]))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")


def test_a_certificate_carries_signature_and_seal_with_words_for_who_cannot_see_them():
    person = factories.make_signatory()
    marks_of = {kind: factories.make_mark(person, kind=kind).pk for kind in ("signature", "seal")}
    certificate = factories.make_certificate(state="issued")
    assert certificate.printed["marks"] == marks_of
    assert certificate.printed["signatory_en"] == "Dr. Specimen Governor"
    assert images_of(certificate)[0] == 2
    content = certificate.file.read()
    assert len(content) <= 60_000
    told = _alternatives(content)
    assert "Signature of Dr. Specimen Governor" in told
    assert "Official seal of Governor of Gyeonggi Province" in told


def _alternatives(content):
    """The words that stand for pictures, in the structure of the document."""
    found, waiting = [], [pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found += [str(node["/Alt"])] if "/Alt" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_a_new_signature_changes_no_certificate_that_is_issued():
    person = factories.make_signatory()
    factories.make_mark(person)
    before = factories.make_certificate(state="issued")
    kept = before.file.read()
    second = factories.make_mark(person)
    after = factories.make_certificate(state="issued")
    before.refresh_from_db()
    assert before.file.read() == kept
    assert before.printed["marks"] != after.printed["marks"] == {"signature": second.pk}


def test_the_next_one_signs_from_their_first_day():
    factories.make_signatory("First", since=date(2026, 1, 1))
    factories.make_signatory("Second", since=date(2027, 7, 1))
    names = [
        factories.make_certificate(state="issued", issued_on=day).printed["signatory_en"]
        for day in (date(2027, 6, 30), date(2027, 7, 1))
    ]
    assert names == ["First", "Second"]


def test_two_cannot_begin_on_one_day(client, manager):
    factories.make_signatory(since=date(2026, 1, 1))
    response = client.post(reverse("programs:signatory-create"), {**TODAY, "since": "2026-01-01"})
    assert response.status_code == 422
    assert "Somebody else begins to sign on this day already." in text_of(response)


def test_a_slip_is_corrected_and_the_history_says_so(client, manager):
    person = factories.make_signatory()
    address = reverse("programs:signatory-edit", args=[person.pk])
    page = client.post(address, {**TODAY, "since": "2026-01-01"}, follow=True)
    assert "Kim Min-seo" in text_of(page)
    assert "Changed" in text_of(page)


def bomb():
    """A PNG that says it has 100,000 × 100,000 dots, and goes on as every PNG does."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    parts = [head, b"IDAT" + zlib.compress(b""), b"IEND"]
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def picture(color, size=(400, 200)):
    found = io.BytesIO()
    Image.new("RGB", size, color).save(found, "PNG")
    return found.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is not a PNG or JPEG picture, or it is damaged.",
        ),
        (specimen.signature()[:400], "This is not a PNG or JPEG picture, or it is damaged."),
        (bomb(), "This is not a PNG or JPEG picture, or it is damaged."),
        (picture("white"), "The picture is empty: there is no ink on it."),
        (picture("navy"), "The background is not white."),
        (picture("white", (9000, 9000)), "The picture has too many dots."),
        (b"\x89PNG" + b"0" * marks.LARGEST_BYTES, "The picture is larger than 2 MB."),
    ],
    ids=["svg", "cut off", "bomb", "empty", "no paper", "too many dots", "too large"],
)
def test_what_is_no_signature_is_refused_at_its_field(client, manager, content, words):
    person = factories.make_signatory()
    response = upload(client, person, content)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not SignatoryMark.objects.exists()


def test_a_picture_is_kept_small_and_without_what_stood_beside():
    scan = io.BytesIO()
    sheet = Image.open(io.BytesIO(specimen.signature())).resize((3000, 900))
    sheet.save(scan, "JPEG", comment=b"made by somebody", exif=Image.Exif())
    kept = marks.drawn_anew(scan.getvalue(), "signature")
    small = Image.open(io.BytesIO(kept))
    assert (small.format, small.info) == ("PNG", {})
    assert small.width <= 540
    assert small.height <= 121
    assert len(kept) < 20_000


def test_a_signature_photographed_upright_is_turned_as_the_phone_was_held():
    scan, held = io.BytesIO(), Image.Exif()
    held[0x0112] = 6
    sheet = Image.open(io.BytesIO(specimen.signature()))
    sheet.transpose(Image.Transpose.ROTATE_90).save(scan, "JPEG", exif=held)
    kept = Image.open(io.BytesIO(marks.drawn_anew(scan.getvalue(), "signature")))
    assert kept.width > 2 * kept.height


def test_a_version_is_never_changed_nor_deleted():
    from django.db.utils import InternalError

    mark = factories.make_mark()
    with pytest.raises(InternalError):
        SignatoryMark.objects.filter(pk=mark.pk).update(version=7)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.VIEWER, Role.COORDINATOR, Role.TRAINEE])
def test_others_see_no_signature(client, role):
    mark = factories.make_mark()
    client.force_login(factories.make_user(role))
    assert client.get(reverse("programs:signatorymark-picture", args=[mark.pk])).status_code == 403
    assert client.get(reverse("programs:signatory-list")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, manager, django_assert_num_queries, count):
    for number in range(count):
        factories.make_mark(factories.make_signatory(since=date(2026, 1 + number, 1)))
    address = reverse("programs:signatory-list")
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)


# The transcript ------------------------------------------------------------------------------------


def words_on_page_two(certificate):
    reader = pypdf.PdfReader(io.BytesIO(certificate.file.read()))
    return " ".join(reader.pages[1].extract_text().split())


def test_the_transcript_tells_supervisors_attendance_and_hours():
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    department = factories.make_department()
    supervisor = factories.make_clinician(department.hospital, name="Park Ji-won", name_ko="박지원")
    placement = factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    type(placement).objects.filter(pk=placement.pk).update(supervisor=supervisor)
    session = factories.make_session(cohort, hospital=department.hospital)
    enrollment.refresh_from_db()
    day = placement.first_day
    for fields in ({"session": session}, {"placement": placement}):
        enrollment.attendances.create(day=day, status="present", noted_name="Kim", **fields)
    factories.advance(cohort, "completed")
    certificate = enrollment.certificates.get()
    certificates.approve(certificate, by=factories.make_user(Role.MANAGER))
    certificates.issue(certificate, by=factories.make_user(Role.OFFICER))

    text = words_on_page_two(certificate)
    assert "Park Ji-won" in text
    assert "박지원" in text
    hours = (session.ends_at - session.starts_at).total_seconds() / 3600
    assert certificate.printed["attended"] == {"share": 100, "days": 1, "sessions": hours, "hours": 8 + hours}
    assert f"100% · 1 day in departments · {hours:g} hours of sessions · {8 + hours:g} hours in total" in text


def test_where_nothing_was_noted_the_transcript_is_silent_about_attendance():
    certificate = factories.make_certificate(state="issued")
    assert certificate.printed["attended"] == {}
