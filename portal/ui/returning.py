"""Back to the page somebody came from, and never to another site."""

from django.utils.http import url_has_allowed_host_and_scheme


def safe_return(request, target, otherwise=""):
    """`target` where it is a path of this site, else `otherwise`.

    A path begins with one “/”: any other word that names no host would be looked up as the name of a URL by
    `redirect`, and fail.
    """
    target = target or ""
    is_path = target.startswith("/") and not target.startswith("//")
    allowed = is_path and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else otherwise
