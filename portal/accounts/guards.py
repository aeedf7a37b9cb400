"""The first lock on every door: what a view asks of who comes. A view without a guard fails a test."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied


def requires(*permissions):
    """Let in a signed-in user who has any of the permissions; everyone else gets a 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not any(request.user.has(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guard = permissions
        return guarded

    return decorate


def signed_in(view):
    """Any signed-in user (LoginRequiredMiddleware sees to it); the view says so for the guard test."""
    view.guard = "signed-in"
    return view


def public(view):
    """Anyone, without signing in."""
    view.guard = "public"
    return login_not_required(view)
