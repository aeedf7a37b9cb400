"""The short code on the wall: it changes every half minute, so that it is of no use to who is not in the room."""

import hashlib
import hmac

from portal.records import clock

from .models import CheckIn

STEP = 30  # seconds
DIGITS = 6


def code_of(check_in, *, steps_ago=0):
    """The code of this half minute, or of one before."""
    step = int(clock.now().timestamp()) // STEP - steps_ago
    digest = hmac.digest(check_in.secret.encode(), str(step).encode(), hashlib.sha256)
    return str(int.from_bytes(digest[:8]) % 10**DIGITS).zfill(DIGITS)


def matches(check_in, code):
    """Whether it is the code that is shown, or was half a minute ago: somebody reads it, types it, and is slow."""
    given = code.encode()
    return any(hmac.compare_digest(code_of(check_in, steps_ago=ago).encode(), given) for ago in (0, 1))


def check_in_for(code):
    """The open check-in that shows this code, or None."""
    open_now = CheckIn.objects.open_now().select_related("session__cohort")
    return next((check_in for check_in in open_now if matches(check_in, code)), None)
