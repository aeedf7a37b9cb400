"""Signed links: for one purpose, about one thing, until a time. They show on GET and act only on POST."""

from datetime import datetime, time, timedelta

from django.core import signing
from django.utils import timezone


class BadLink(Exception):
    """The link was tampered with, is for another purpose, or its time is over."""


def sign(purpose, data, *, valid_for=None, deadline=None):
    """A URL-safe token that carries `data` (JSON) for `purpose`, usable again and again until its time is over.

    That is `valid_for` (a timedelta) from now, or the `deadline`: a moment, or the end of a date in Seoul.
    """
    ends = timezone.now() + valid_for if valid_for else _end_of(deadline)
    until = int(ends.timestamp())
    return signing.dumps({"d": data, "u": until}, salt=f"portal.links.{purpose}", compress=True)


def _end_of(deadline):
    if isinstance(deadline, datetime):
        return deadline
    return datetime.combine(deadline + timedelta(days=1), time(), timezone.get_default_timezone())


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
