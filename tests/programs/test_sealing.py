"""The seal: whole as issued, broken by one byte, and no certificate without it."""

import asyncio
import datetime
import stat

import pytest
from asn1crypto import cms, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.records.transitions import NotNow
from programs import paper, seal_field, sealing
from programs.models import Certificate
from programs.workflow import certificates
from tests import factories


def checked(path, seal):
    """What an independent reader of the PDF says of its seal, trusting this installation's certificate."""
    root = x509.Certificate.load(
        pyca.load_pem_x509_certificates(seal.read_bytes())[0].public_bytes(serialization.Encoding.DER)
    )
    with path.open("rb") as file:
        (signature,) = PdfFileReader(file, strict=False).embedded_signatures
        return validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))


@pytest.fixture
def seal(settings, tmp_path):
    """A demo seal of this test's own."""
    settings.CERTIFICATE_SEAL = str(tmp_path / "seal.pem")
    sealing.make_demo_seal(tmp_path / "seal.pem")
    return tmp_path / "seal.pem"


@pytest.fixture
def sealed(seal, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealing.seal(_blank(), number="GG-2026-0001"))
    return path


def _blank():
    from tests.programs.test_pdf import rendered

    return rendered()


def test_the_seal_is_whole_and_names_the_certificate(sealed, seal):
    status = checked(sealed, seal)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert (status.coverage.name, status.docmdp_ok) == ("ENTIRE_FILE", True)
    with sealed.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        assert signature.sig_object["/Reason"] == "Certificate GG-2026-0001"


def test_one_flipped_byte_breaks_it(sealed, seal):
    content = bytearray(sealed.read_bytes())
    content[content.index(b"GG-2026-0001") + 11] ^= 1
    sealed.write_bytes(bytes(content))
    assert checked(sealed, seal).intact is False


def test_two_documents_are_sealed_with_what_the_library_itself_would_sign(seal):
    """The mould is the library's own signature: its attributes with another digest, and the key's answer to these."""
    mould = sealing._mould(str(seal))
    for digest in (bytes(32), b"\x07" * 32):
        found = cms.ContentInfo.load(mould.signature_of(digest))["content"]
        (signer,), (certificate,) = found["signer_infos"], found["certificates"]
        own = SimpleSigner(certificate.chosen, None, SimpleCertificateStore())
        attributes = asyncio.run(own.signed_attrs(digest, "sha256", use_pades=True))
        assert signer["signed_attrs"].untag().dump() == attributes.dump()
        sealing.public_key().verify(signer["signature"].native, attributes.dump(), ec.ECDSA(hashes.SHA256()))


def test_what_is_longer_than_its_room_is_not_squeezed_in():
    unsealed = seal_field.laid_out(
        _blank(), room=10, name="", reason="", moment=datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
    )
    assert unsealed.filled(bytes(10)).startswith(b"%PDF-")
    with pytest.raises(ValueError, match="longer than the room"):
        unsealed.filled(bytes(11))


def test_a_key_made_here_is_for_us_alone_and_stays(seal):
    before = seal.read_bytes()
    sealing.make_demo_seal(seal)
    assert seal.read_bytes() == before
    assert stat.S_IMODE(seal.stat().st_mode) == 0o600
    assert sealing.DEMO_NAME in pyca.load_pem_x509_certificates(before)[0].subject.rfc4514_string().replace(
        "\\", ""
    )


def test_it_seals_inside_a_running_event_loop(seal):
    async def inside():
        return sealing.seal(_blank(), number="GG-2026-0001")

    assert asyncio.run(inside()).startswith(b"%PDF-")


def test_a_key_of_another_kind_is_refused(settings, tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "RSA")])
    now = datetime.datetime.now(datetime.UTC)
    builder = pyca.CertificateBuilder(name, name, key.public_key()).serial_number(1)
    certificate = (
        builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(1)).sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    path = tmp_path / "rsa.pem"
    path.write_bytes(pem)
    settings.CERTIFICATE_SEAL = str(path)
    with pytest.raises(ImproperlyConfigured, match="EC key"):
        sealing.seal(b"", number="")


@pytest.mark.django_db
def test_without_a_seal_nothing_is_issued_and_no_number_is_lost(settings, tmp_path):
    settings.DEMO_SEAL = False
    settings.CERTIFICATE_SEAL = str(tmp_path / "missing.pem")
    certificate = factories.make_certificate(state="approved")
    with pytest.raises(NotNow, match="no seal it can read"):
        certificates.issue(certificate, by=factories.make_user())
    certificate.refresh_from_db()
    assert (certificate.state, certificate.number) == ("approved", "")

    settings.DEMO_SEAL = True
    settings.CERTIFICATE_SEAL = str(tmp_path / "there.pem")
    assert certificates.issue(Certificate.objects.get(), by=factories.make_user()).serial == 1


@pytest.mark.django_db
def test_the_transcript_tells_each_stay_with_its_weeks():
    enrollment = factories.make_enrollment(state="accepted")
    (monday, friday), (second, end) = factories.week(1), factories.week(3)
    factories.make_placement(enrollment=enrollment, state="confirmed", first_day=monday, last_day=friday)
    factories.make_placement(
        enrollment=enrollment, state="confirmed", first_day=second, last_day=end, half="morning"
    )
    certificate = Certificate(enrollment=enrollment)
    lines = paper.words_of(certificate, "GG-2026-0001", datetime.date(2026, 11, 27))["rotation"]
    assert [(line["dates_en"], line["half_en"], line["half_ko"], line["weeks"]) for line in lines] == [
        ("2–6 November 2026", "", "", 1),
        ("16–20 November 2026", "mornings", "오전", 1),
    ]
