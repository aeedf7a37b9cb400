"""Pages that a hospital opens by the signed link in a mail: without an account, unlisted, in the mail's language."""

from functools import wraps

from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from portal.accounts.guards import public
from portal.accounts.languages import at_a_desk
from portal.accounts.links import BadLink
from programs import answer_links


def by_link(view):
    """Make a page of `view(request, desk)`, whose address carries the token of the Desk."""

    @public
    @never_cache
    @sensitive_variables("token")
    @wraps(view)
    def page(request, token):
        try:
            desk = answer_links.desk_for(token)
        except BadLink:
            return ended(request)
        # In the language of the mail that led here, unless the reader has chosen another one.
        with at_a_desk(request, desk.language):
            response = unlisted(view(request, desk))
            response.headers["Content-Language"] = translation.get_language()
        return response

    return page


def ended(request):
    """What a link shows that opens nothing any more."""
    return unlisted(render(request, "programs/placement_answer_ended.html", status=410))


def unlisted(response):
    """Not for search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
