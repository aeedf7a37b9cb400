"""A limit on how often one address on the network may try something that can be guessed."""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache


def too_often(request, action, *, limit, seconds):
    """Count one try of `action` from the caller's IP address; whether it was more than `limit` within `seconds`."""
    key = f"throttle:{action}:{get_client_ip(request)}"
    if cache.add(key, 1, timeout=seconds):
        return limit < 1
    try:
        return cache.incr(key) > limit
    except ValueError:  # the count ran out between the two calls
        return False
