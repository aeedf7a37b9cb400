"""Where a request comes from."""

from allauth.core.internal.httpkit import get_client_ip


def ip_of(request):
    """The caller's IP address; behind trusted proxies (TRUSTED_PROXY_COUNT) what these say, and no one else."""
    return get_client_ip(request)
