"""How the outbox stands, for /health/ and the command line: from the database, in two queries."""

from django.db.models import Count, Min, Q

from portal.records import clock

from .models import OutgoingMail, State, Sweep


def outbox_health():
    """Counts and ages of what is not settled, and when somebody last looked."""
    now = clock.now()
    due = Q(state=State.QUEUED, next_attempt__lte=now)
    counts = OutgoingMail.objects.filter(
        state__in=[State.QUEUED, State.SENDING, State.FAILED, State.UNCERTAIN]
    ).aggregate(
        oldest_due=Min("next_attempt", filter=due),
        due=Count("pk", filter=due),
        queued=Count("pk", filter=Q(state=State.QUEUED)),
        sending=Count("pk", filter=Q(state=State.SENDING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        uncertain=Count("pk", filter=Q(state=State.UNCERTAIN)),
    )
    oldest = counts.pop("oldest_due")
    last = Sweep.objects.values_list("at", flat=True).first()
    return {
        "oldest_due_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        **counts,
        "last_sweep": last.isoformat() if last else None,
    }
