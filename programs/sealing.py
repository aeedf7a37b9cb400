"""The province's seal: a signature inside the PDF, which any reader of PDFs checks by itself.

One key of the province (EC P-256) seals every certificate, so that a single changed byte is found without asking the
portal. `settings.CERTIFICATE_SEAL` names a PEM file with the private key, its certificate and, below it, those that
vouch for it. The demo makes itself a key that says in its name that it proves nothing.
"""

import asyncio
import datetime
import functools
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from asn1crypto import cms, keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import seal_field

ORGANIZATION = "Gyeonggi Province"
DEMO_NAME = "Demo seal, proves nothing"
DEMO_DAYS = 3650
# An ECDSA value is a few bytes longer or shorter each time, and so are the lengths written around it.
SPARE = 16


def seal(content: bytes, *, number: str) -> bytes:
    """The PDF with the seal on it: nothing in it may change afterwards, and a reader says who sealed it and when.

    Raises ImproperlyConfigured where the installation has no key that can be read.
    """
    mould = _mould(settings.CERTIFICATE_SEAL)
    now = datetime.datetime.now(datetime.UTC)  # the machine's, also where the portal's clock is moved
    unsealed = seal_field.laid_out(
        content, room=mould.room, name=ORGANIZATION, reason=f"Certificate {number}", moment=now
    )
    return unsealed.filled(mould.signature_of(unsealed.digest))


class Mould:
    """A signature by the province's key, of which only the document's digest and the key's answer are not known yet.

    pyHanko makes it, once a process. Building all of it anew for each document takes as long as setting its page.
    """

    def __init__(self, whole, key):
        self._whole, self._key = whole, key
        self.room = len(whole) + SPARE

    def signature_of(self, digest):
        """The signature (CMS, DER) of a document with this SHA-256 digest."""
        found = cms.ContentInfo.load(self._whole)
        (signer,) = found["content"]["signer_infos"]
        for attribute in signer["signed_attrs"]:
            if attribute["type"].native == "message_digest":
                attribute["values"] = [digest]
        # What is signed is the attributes as a set by itself (RFC 5652, 5.4).
        signed = signer["signed_attrs"].untag().dump()
        signer["signature"] = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return found.dump()


@functools.lru_cache(maxsize=4)
def _mould(path):
    from pyhanko.sign.signers import (
        SimpleSigner,
    )  # half a second and 30 MB: only processes that issue pay for it
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key, chain = _pem(path)
    own, *others = [x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in chain]
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=own,
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(others),
    )

    def sign():
        return asyncio.run(signer.async_sign(bytes(32), "sha256", use_pades=True)).dump()

    # The library runs an event loop of its own, which a thread that already has one (a browser test, ASGI) refuses.
    if not _has_loop():
        return Mould(sign(), key)
    with ThreadPoolExecutor(1) as thread:
        return Mould(thread.submit(sign).result(), key)


def _has_loop():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


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
