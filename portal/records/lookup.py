"""The second lock on every door: an object is taken out of what the user may see, else it is not there."""

import re

from django.shortcuts import get_object_or_404

A_KEY = re.compile("[0-9]{1,18}")  # what a column of the database can hold


def visible_or_404(queryset, user, **wanted):
    """One object of the queryset that `user` may see. Raises Http404 for one that is not, or that they may not see."""
    return get_object_or_404(queryset.visible_to(user), **wanted)


def key_in(text):
    """The key of a row that a reader has sent as text, or None where it can be none."""
    return int(text) if A_KEY.fullmatch(text or "") else None
