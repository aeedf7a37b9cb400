"""Light, dark, or as the system has it: one cookie, read by the server so that no page flashes."""

COOKIE = "theme"
THEMES = ("light", "dark")
MAX_AGE = 365 * 24 * 3600


def theme_of(request):
    """`light`, `dark`, or an empty string where the system decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


def set_theme(response, theme, *, secure=False):
    """Keep the choice for a year; any other word gives it back to the system."""
    if theme in THEMES:
        response.set_cookie(COOKIE, theme, max_age=MAX_AGE, secure=secure, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
