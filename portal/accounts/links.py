"""Signed links: for one purpose, about one thing, until a time. They show on GET and act only on POST."""

from datetime import timedelta

from django.core import signing
from django.utils import timezone


class BadLink(Exception):
    """The link was tampered with, is for another purpose, or its time is over."""


def sign(purpose, data, *, valid_for):
    """A URL-safe token that carries `data` (JSON) for `purpose` during `valid_for` (timedelta)."""
    until = int((timezone.now() + valid_for).timestamp())
    return signing.dumps({"d": data, "u": until}, salt=f"portal.links.{purpose}", compress=True)


def read(purpose, token):
    """The data of a token made by `sign` for the same purpose. Raises BadLink."""
    try:
        # A century: the token's own time decides.
        payload = signing.loads(token, salt=f"portal.links.{purpose}", max_age=timedelta(days=36500))
    except signing.BadSignature as error:
        raise BadLink from error
    if timezone.now().timestamp() > payload["u"]:
        raise BadLink
    return payload["d"]
