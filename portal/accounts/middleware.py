"""What every request passes: the reader's language, what may be kept of a page, and the team's second factor."""

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import languages


def _preferred(request):
    """The language of the account, else of the cookie, else of the browser; English where none is offered to them."""
    user = request.user
    if user.is_authenticated and user.language in dict(request.languages):
        return user.language
    return languages.language_for(user, translation.get_language_from_request(request))


class LanguageMiddleware:
    """Answers each request wholly in one language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.languages = languages.offered_to(request.user)
        language = _preferred(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


class PrivatePagesMiddleware:
    """A page for somebody who is signed in is kept by no proxy and by no browser that others use after them.

    Where somebody signs in or out, the browser is told to forget what pages have kept in it for times
    without reception.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_private = request.user.is_authenticated
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_private and is_page:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if getattr(request, "person_changes", False):
            response.headers["Clear-Site-Data"] = '"storage"'
        return response


class SecondFactorMiddleware:
    """Where settings.SECOND_FACTOR_REQUIRED, the team comes no further than setting up a second factor.

    Whoever has one was asked for it by allauth on the way in; here it is made sure that they have one. That is read
    with each request rather than kept in the session: an app that is taken off, here or in the admin, counts at once.
    """

    # Pages needed to set one up, or to leave again; what anybody may see without signing in is open too.
    open_names = frozenset({"mfa_activate_totp", "account_reauthenticate", "account_logout"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not (settings.SECOND_FACTOR_REQUIRED and user.is_authenticated and user.is_team):
            return None
        if request.resolver_match.view_name in self.open_names or getattr(view, "guard", "") == "public":
            return None
        from allauth.mfa.utils import is_mfa_enabled  # allauth's models are not ready when this module loads

        return None if is_mfa_enabled(user) else redirect("mfa_activate_totp")


def _note_person_changes(sender, request, **more):
    if request is not None:
        request.person_changes = True


user_logged_in.connect(_note_person_changes, dispatch_uid="portal.accounts.person_changes")
user_logged_out.connect(_note_person_changes, dispatch_uid="portal.accounts.person_changes")
