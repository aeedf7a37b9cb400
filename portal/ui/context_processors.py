"""What every page knows without its view saying so."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language, get_language_info

from .themes import theme_of

# Django has no own-language name for every language.
OWN_NAMES = {"mn": "Монгол"}


def ui(request):
    """The theme, the demo sign, the languages on offer, and the main navigation, built where it is shown."""
    return {
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "languages": _in_their_own_words(getattr(request, "languages", settings.LANGUAGES)),
        "language": get_language() or settings.LANGUAGE_CODE,
        "nav": SimpleLazyObject(lambda: _navigation(request)),
    }


def _in_their_own_words(languages):
    """Pairs of code and name, each name written in its own language."""
    return [(code, OWN_NAMES.get(code) or get_language_info(code)["name_local"]) for code, _ in languages]


def _navigation(request):
    """The entries of `settings.PORTAL_NAV`, a dotted function of an upper app: this app knows no pages."""
    dotted = getattr(settings, "PORTAL_NAV", None)
    return import_string(dotted)(request) if dotted else []
