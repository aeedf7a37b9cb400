"""Which languages are offered to whom.

Visitors, trainees, graduates and partners read in every language of the portal. Who works with it, at the province or
in a hospital, reads in those in which all of it stands: a page is wholly in one language, or not offered in it.
"""

from contextlib import contextmanager

from django.conf import settings
from django.utils import translation

ELSE = "en"


def offered_to(user):
    """The languages for this reader, anonymous ones included: a list of (code, name)."""
    if user.is_authenticated and user.works_here:
        return _of_desks()
    return list(settings.LANGUAGES)


def _of_desks():
    return [(code, name) for code, name in settings.LANGUAGES if code in settings.DESK_LANGUAGES]


def language_for(user, wanted):
    """The wanted language where this reader is offered it, else English."""
    return wanted if wanted in dict(offered_to(user)) else ELSE


@contextmanager
def at_a_desk(request, language):
    """A hospital's page that is opened by a link: in the language the reader has chosen for pages, else in `language`.

    There is no account to tell that they work with the portal, so that its languages are offered here.
    """
    request.languages = _of_desks()
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    with translation.override(chosen if chosen in settings.DESK_LANGUAGES else language):
        yield
