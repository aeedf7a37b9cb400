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
    """Where settings.SECOND_FACTOR_REQUIRED, the team comes no further than setting up a second factor."""

    # Pages needed to set one up, or to leave again.
    open_names = frozenset({"mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes",
                            "mfa_generate_recovery_codes", "mfa_authenticate", "mfa_reauthenticate",
                            "account_reauthenticate", "account_logout", "language-set"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not (settings.SECOND_FACTOR_REQUIRED and user.is_authenticated and user.is_team):
            return None
        if request.resolver_match.url_name in self.open_names or request.session.get(SECOND_FACTOR_OK):
            return None
        from allauth.mfa.utils import is_mfa_enabled  # allauth's models are not ready when this module loads

        if is_mfa_enabled(user):
            request.session[SECOND_FACTOR_OK] = True
            return None
        return redirect("mfa_activate_totp")
