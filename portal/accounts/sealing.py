"""What the second factor keeps, sealed: whoever reads the database alone cannot show an app's codes.

The key is made from SECRET_KEY. After that has changed, what the former one has sealed is read as long as the former
one stands in SECRET_KEY_FALLBACKS.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"portal.accounts.sealing: second factor"


class Unreadable(Exception):
    """No key of this installation opens it."""


def seal(text):
    """The text, unreadable without the key."""
    return _present().encrypt(text.encode()).decode()


def unseal(sealed):
    """The text again. Raises Unreadable."""
    try:
        return _present().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _present():
    return _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _keys(secrets):
    """The present key first: it seals; every one of them unseals."""
    return MultiFernet([_key(secret) for secret in secrets])


def _key(secret):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(str(secret).encode())
    return Fernet(base64.urlsafe_b64encode(derived))
