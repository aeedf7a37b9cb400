"""What happens when somebody else holds the row."""

from django.db import OperationalError
from django.shortcuts import render

LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"  # PostgreSQL's codes


class BusyMiddleware:
    """Answers a lock that was not had in time, or a deadlock, with “try again” instead of an error page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, OperationalError):
            return None
        if getattr(error.__cause__, "pgcode", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
            return None
        response = render(request, "busy.html", status=503)
        response.headers["Retry-After"] = "5"
        return response
