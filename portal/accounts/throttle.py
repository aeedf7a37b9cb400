"""A limit on how often somebody may try something that can be guessed."""

import hashlib

from django.core.cache import cache

from .callers import ip_of


def too_often(request, action, *, limit, seconds):
    """Count one try of `action` from the caller's IP address; whether it was more than `limit` within `seconds`."""
    return too_often_for(ip_of(request), action, limit=limit, seconds=seconds)


def too_often_for(whom, action, *, limit, seconds):
    """Count one try of `action` for `whom`, wherever it comes from; whether it was more than `limit`.

    The cache counts, in one step: of tries that arrive at the same moment each is a number of its own.
    """
    key = _key(whom, action)
    if cache.add(key, 1, timeout=seconds):
        return limit < 1
    try:
        return cache.incr(key) > limit
    except ValueError:  # the count ran out between the two calls
        return False


def was_too_often(request, action, *, limit):
    """Whether the caller's IP address has used up its wrong tries of `action`. Counts nothing."""
    return cache.get(_key(ip_of(request), action), 0) >= limit


def forget(whom, action):
    """Begin to count anew: the try was right."""
    cache.delete(_key(whom, action))


def _key(whom, action):
    # Whatever was typed makes a key of one length and without blanks.
    return f"throttle:{action}:{hashlib.sha256(whom.encode()).hexdigest()}"
