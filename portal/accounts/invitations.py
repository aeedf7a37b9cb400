"""The link in an invitation: it opens one account, once, for two weeks."""

from datetime import timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from . import links
from .models import User

PURPOSE = "invitation"
VALID_FOR = timedelta(days=14)


def token_for(user):
    """A token that lets whoever holds it accept the invitation of `user`."""
    return links.sign(PURPOSE, {"user": user.pk, "stamp": _stamp(user)}, valid_for=VALID_FOR)


def user_for(token):
    """The user whose invitation this is. Raises BadLink: too old, already used, or the account is closed."""
    data = links.read(PURPOSE, token)
    user = User.objects.active().filter(pk=data["user"]).first()
    if user is None or not constant_time_compare(data["stamp"], _stamp(user)):
        raise links.BadLink
    return user


def _stamp(user):
    """Changes with the first sign-in, with a new password and with another address: each ends the link."""
    return salted_hmac(PURPOSE, f"{user.last_login}|{user.password}|{user.email}").hexdigest()[:20]
