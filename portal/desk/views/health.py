"""Whether the portal does its work, for whatever watches it. Counts and ages, no names and no addresses."""

from django.db import DatabaseError
from django.http import JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache

from portal.accounts.guards import public
from portal.mail.health import outbox_health

# The sweep runs every 30 seconds; a mail that is due leaves within a minute.
SWEEP_AT_LEAST_EVERY = 180  # seconds
OLDEST_DUE_AT_MOST = 900  # seconds


@public
@never_cache
def health(request):
    """200 while everything works, 503 where the database does not answer or mail stands still."""
    try:
        outbox = outbox_health()
    except DatabaseError:
        return JsonResponse({"status": "degraded", "database": "down"}, status=503)
    age = _age(outbox.pop("last_sweep"))
    swept = age is not None and age <= SWEEP_AT_LEAST_EVERY
    works = swept and outbox["oldest_due_seconds"] <= OLDEST_DUE_AT_MOST
    answer = {
        "status": "ok" if works else "degraded",
        "database": "ok",
        "last_sweep_seconds": age,
        "outbox": outbox,
    }
    return JsonResponse(answer, status=200 if works else 503)


def _age(moment):
    """Seconds since the ISO time, by the real clock; None where nobody ever swept."""
    return None if moment is None else int((timezone.now() - parse_datetime(moment)).total_seconds())
