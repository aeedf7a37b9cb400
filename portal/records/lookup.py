"""The second lock on every door: an object is taken out of what the user may see, else it is not there."""

from django.shortcuts import get_object_or_404


def visible_or_404(queryset, user, **wanted):
    """One object of the queryset that `user` may see. Raises Http404 for one that is not, or that they may not see."""
    return get_object_or_404(queryset.visible_to(user), **wanted)
