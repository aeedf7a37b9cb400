"""The province's seal: a signature inside the PDF, which any reader of PDFs checks by itself.

One key of the province (EC P-256) seals every certificate, so that a single changed byte is found without asking the
portal. `settings.CERTIFICATE_SEAL` names a PEM file with the private key, its certificate and, below it, those that
vouch for it. The demo makes itself a key that says in its name that it proves nothing.
"""

import asyncio
import datetime
import functools
import io
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FIELD = "Seal"
ORGANIZATION = "Gyeonggi Province"
DEMO_NAME = "Demo seal, proves nothing"
DEMO_DAYS = 3650
# What a signature takes beside the certificates that are kept in it: its attributes, hashes and the ECDSA value.
OWN_BYTES = 1024


def seal(content: bytes, *, number: str) -> bytes:
    """The PDF with the seal on it: nothing in it may change afterwards, and a reader says who sealed it and when.

    Raises ImproperlyConfigured where the installation has no key that can be read.
    """
    from pyhanko.sign import fields, signers  # half a second and 30 MB: only processes that issue pay for it

    signer, reserved = _signer(settings.CERTIFICATE_SEAL)
    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=ORGANIZATION,
        reason=f"Certificate {number}",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )

    def sign():
        writer = _writer_class()(io.BytesIO(content))
        pdf_signer = signers.PdfSigner(told, signer=signer, new_field_spec=fields.SigFieldSpec(FIELD))
        return pdf_signer.sign_pdf(writer, bytes_reserved=reserved).getvalue()

    # The library runs an event loop of its own, which a thread that already has one (a browser test, ASGI) refuses.
    if not _has_loop():
        return sign()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(sign).result()


def _has_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@functools.cache
def _writer_class():
    """What adds the signature. Title, dates and the rest of what the document says of itself stay as they are."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self):
            """Nothing: the library would write it all once more (5 kB), with this machine's time."""

    return Writer


def public_key():
    """The key that checks what was sealed or signed here, as a `cryptography` public key."""
    return _pem(settings.CERTIFICATE_SEAL)[0].public_key()


def earlier_public_keys():
    """The keys of the seals before this one, out of settings.CERTIFICATE_SEALS_BEFORE, for what they have signed."""
    return [_certificate(path).public_key() for path in settings.CERTIFICATE_SEALS_BEFORE]


@functools.lru_cache(maxsize=32)
def _certificate(path):
    try:
        return pyca.load_pem_x509_certificates(Path(path).read_bytes())[0]
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"CERTIFICATE_SEALS_BEFORE cannot be read: {error}") from error


def private_key():
    """The province's key, for other things it signs (the holder's badge)."""
    return _pem(settings.CERTIFICATE_SEAL)[0]


@functools.lru_cache(maxsize=4)
def _pem(path):
    """The private key and the certificates of a PEM file, the key's own first."""
    if settings.DEMO_SEAL:
        make_demo_seal(Path(path))
    try:
        content = Path(path).read_bytes()
        key = serialization.load_pem_private_key(content, settings.CERTIFICATE_SEAL_PASSPHRASE)
        chain = pyca.load_pem_x509_certificates(content)
    except (OSError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"CERTIFICATE_SEAL cannot be read: {error}") from error
    if (
        not isinstance(key.public_key(), ec.EllipticCurvePublicKey)
        or key.public_key() != chain[0].public_key()
    ):
        raise ImproperlyConfigured("CERTIFICATE_SEAL needs an EC key, and first its own certificate.")
    return key, chain


@functools.lru_cache(maxsize=4)
def _signer(path):
    """What signs, and how many hexadecimal digits its signature takes at the most."""
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key, chain = _pem(path)
    encoded = [certificate.public_bytes(serialization.Encoding.DER) for certificate in chain]
    store = SimpleCertificateStore.from_certs([x509.Certificate.load(der) for der in encoded])
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(encoded[0]),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    return signer, 2 * (OWN_BYTES + sum(map(len, encoded)))


def make_demo_seal(path: Path):
    """Make a key that says of itself that it proves nothing; where one is already there, leave it."""
    if path.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    named = pyca.Name(
        [
            pyca.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            pyca.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            pyca.NameAttribute(NameOID.COMMON_NAME, DEMO_NAME),
        ]
    )
    began = datetime.datetime.now(datetime.UTC)
    certificate = (
        pyca.CertificateBuilder(named, named, key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + datetime.timedelta(days=DEMO_DAYS))
        .add_extension(pyca.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_seals_only(), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _keep(path, private + certificate.public_bytes(serialization.Encoding.PEM))


def _seals_only():
    """What the key is for: signatures that commit whoever gave them, and nothing else."""
    return pyca.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(path, content):
    """Write the file whole or not at all, readable for us alone; of two processes the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        os.unlink(name)
