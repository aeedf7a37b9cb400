"""The passport number: how it is read, sealed, found and shown. Nothing else in the portal touches one in plain.

A number is a `Number`, which shows its last three characters wherever it is printed by accident: in a log, an error
report, a message. Its plain text is had by `.plain` alone. It is kept sealed with AES-256-GCM under a key with a name
(`settings.PASSPORT_KEYS`: the first seals, all of them open), bound to whom it belongs to, so that it opens beside no
other row. Equal numbers are found by a keyed hash (`settings.PASSPORT_INDEX_KEY`), which tells nothing without its key.

Whatever holds a number before there is a person (a row of an import) seals it too: `seal(number, to="…")`.
"""

import hashlib
import hmac
import os
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHOWN = 3
SHORTEST, LONGEST = 5, 15
NONCE_BYTES = 12
SHORTEST_SECRET = 32
# Korea's resident and alien registration numbers: six digits of a birth date and seven more, often masked.
REGISTRATION_NUMBER = re.compile(r"[0-9]{6}[1-9][0-9*X]{6}", re.IGNORECASE)
IN_A_PASSPORT = re.compile("[A-Z0-9]+")
SCRIPTS = {
    "CYRILLIC": gettext_lazy("Cyrillic"),
    "GREEK": gettext_lazy("Greek"),
    "HANGUL": gettext_lazy("Korean"),
    "CJK": gettext_lazy("Chinese"),
}


class Unreadable(Exception):
    """The sealed number does not open: it was changed, moved to another row, or its key is not among ours."""


class Number:
    """A passport number in its one spelling. Printing it shows the mask."""

    __slots__ = ("plain",)

    def __init__(self, plain):
        self.plain = plain

    @property
    def last_characters(self):
        return self.plain[-SHOWN:]

    def __str__(self):
        return f"••••{self.last_characters}"

    __repr__ = __str__

    def __eq__(self, other):
        return isinstance(other, Number) and hmac.compare_digest(self.plain, other.plain)

    def __hash__(self):
        return hash(self.plain)


class Sealed(NamedTuple):
    """A number as it may be stored: unreadable without the key of that name."""

    data: bytes
    key_id: str


# Reading -------------------------------------------------------------------------------------------


def normalize(text):
    """The number in its one spelling, however it was typed. Raises ValidationError, which never repeats the number."""
    signs = unicodedata.normalize("NFKC", text or "").upper()
    kept = "".join(sign for sign in signs if not _parts(sign))
    if REGISTRATION_NUMBER.fullmatch(kept):
        raise ValidationError(
            _(
                "This looks like a Korean resident or alien registration number. The portal never keeps one; "
                "enter the number of the passport."
            ),
            code="registration_number",
        )
    for sign in kept:
        if not IN_A_PASSPORT.fullmatch(sign):
            raise ValidationError(_foreign(sign), code="foreign")
    if not (SHORTEST <= len(kept) <= LONGEST and any(sign.isdigit() for sign in kept)):
        raise ValidationError(
            _(
                "A passport number has %(least)s to %(most)s letters and digits, at least one of them a digit."
            ),
            code="shape",
            params={"least": SHORTEST, "most": LONGEST},
        )
    return Number(kept)


def _parts(sign):
    """Spaces, hyphens of any length, and signs that nobody sees."""
    return sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf")


def _foreign(sign):
    """What is wrong with a sign, named: look-alikes cannot be told apart by eye."""
    script = SCRIPTS.get(unicodedata.name(sign, "").partition(" ")[0])
    if script:
        return _("“%(sign)s” is a %(script)s letter. Type the Latin letter that stands in the passport.") % {
            "sign": sign,
            "script": script,
        }
    return _("“%(sign)s” stands in no passport number. Type Latin letters and digits only.") % {"sign": sign}


# Keys ----------------------------------------------------------------------------------------------


def check_settings():
    """Refuse to start without keys that can be used. Raises ImproperlyConfigured."""
    _keys(tuple(settings.PASSPORT_KEYS))
    _derived(settings.PASSPORT_INDEX_KEY, b"index")


@cache
def _keys(pairs):
    """Key by name, the sealing one first, from pairs “name:secret”."""
    found = {}
    for pair in pairs:
        name, _colon, secret = pair.partition(":")
        if not name or name in found:
            raise ImproperlyConfigured("PASSPORT_KEYS holds pairs name:secret, each name once.")
        found[name] = _derived(secret, b"number")
    if not found:
        raise ImproperlyConfigured("PASSPORT_KEYS is empty: passport numbers could not be kept.")
    return found


@cache
def _derived(secret, purpose):
    if len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"A secret for passport numbers has {SHORTEST_SECRET} characters or more.")
    info = b"participants.passports: " + purpose
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())


def sealing_key_id():
    """The name of the key that seals now."""
    return next(iter(_keys(tuple(settings.PASSPORT_KEYS))))


# Sealing -------------------------------------------------------------------------------------------


def _bound(to, key_id):
    return f"passport number of {to}, sealed with {key_id}".encode()


def seal(number, *, to):
    """The number sealed and bound to `to`, the words that name its row (“trainee:7”)."""
    key_id = sealing_key_id()
    nonce = os.urandom(NONCE_BYTES)
    key = _keys(tuple(settings.PASSPORT_KEYS))[key_id]
    return Sealed(nonce + AESGCM(key).encrypt(nonce, number.plain.encode(), _bound(to, key_id)), key_id)


def unseal(sealed, *, to):
    """The number again. Raises Unreadable: changed, of another row, or sealed with a key that is gone."""
    key = _keys(tuple(settings.PASSPORT_KEYS)).get(sealed.key_id)
    if key is None:
        raise Unreadable(f"The key “{sealed.key_id}” is not in PASSPORT_KEYS.")
    data = bytes(sealed.data)
    try:
        plain = AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(to, sealed.key_id))
    except (InvalidTag, ValueError) as error:
        raise Unreadable("The sealed number was changed, or belongs to another row.") from error
    return Number(plain.decode())


def index_of(number):
    """What equal numbers have in common, telling nothing of the number to who lacks the key."""
    key = _derived(settings.PASSPORT_INDEX_KEY, b"index")
    return hmac.new(key, number.plain.encode(), hashlib.sha256).hexdigest()
