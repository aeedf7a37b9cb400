"""What every request passes: the reader's language, and the team's second factor."""

from django.conf import settings
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

SECOND_FACTOR_OK = "second_factor_ok"


def _preferred(request):
    """The language of the account, else of the cookie, else of the browser; English where none is offered."""
    offered = dict(settings.LANGUAGES)
    user = request.user
    if user.is_authenticated and user.language in offered:
        return user.language
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Answers each request wholly in one language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = _preferred(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


class SecondFactorMiddleware:
    """Where settings.SECOND_FACTOR_REQUIRED, the team comes no further than setting up a second factor.

    Whoever has one was asked for it by allauth on the way in; here it is made sure that they have one.
    """

    # Pages needed to set one up, or to leave again; what anybody may see without signing in is open too.
    open_names = frozenset({
        "mfa_activate_totp",
        "account_reauthenticate",
        "account_logout",
    })  # fmt: skip

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not (settings.SECOND_FACTOR_REQUIRED and user.is_authenticated and user.is_team):
            return None
        name = request.resolver_match.view_name
        if name in self.open_names or getattr(view, "guard", "") == "public":
            return None
        if name == "mfa_deactivate_totp":  # ask again afterwards
            request.session.pop(SECOND_FACTOR_OK, None)
        elif request.session.get(SECOND_FACTOR_OK) == user.pk:
            return None
        from allauth.mfa.utils import is_mfa_enabled  # allauth's models are not ready when this module loads

        if not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
        if name != "mfa_deactivate_totp":
            request.session[SECOND_FACTOR_OK] = user.pk
        return None
