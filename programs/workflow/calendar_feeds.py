"""The address of one's own calendar: made, made anew, ended. Whoever has an address reads the calendar."""

from django.db import transaction

from portal.records import clock
from portal.records.transitions import record
from programs.models import CalendarFeed
from programs.models.calendars import fresh_nonce


@transaction.atomic
def make(*, by):
    """A new address for `by`; the former one, if there is any, ends."""
    feed, _is_new = CalendarFeed.objects.select_for_update().get_or_create(
        user=by, defaults={"made_at": clock.now()}
    )
    feed.nonce, feed.made_at, feed.ended_at = fresh_nonce(), clock.now(), None
    feed.save()
    record(feed, "make_calendar", by=by)
    return feed


@transaction.atomic
def end(feed, *, by):
    """The address answers nobody any more."""
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.ended_at is None:
        feed.ended_at = clock.now()
        feed.save(update_fields=["ended_at"])
        record(feed, "end_calendar", by=by)
    return feed
