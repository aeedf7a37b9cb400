"""Links in mails: they are read far from the portal, so they carry its whole address."""

import re

from django.conf import settings

# What portal.accounts.links makes: data, time, signature. Who reads another person's mail must not use it.
SIGNED = re.compile(r"\.?[\w-]{4,}:[\w-]{4,10}:[\w-]{20,}")


def absolute_url(path):
    """`path` (as reverse() gives it) with the portal's address before it."""
    return f"{settings.SITE_URL}/{path.lstrip('/')}"


def without_secrets(text):
    """The text as staff may read it: signed parts of links, which open somebody's door, are left out."""
    return SIGNED.sub("•••", text)
