"""One's own calendar address, and the calendar behind it."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.guards import public, requires
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often, too_often_for
from programs import calendar_links
from programs.calendars import calendar_of
from programs.models import CalendarFeed
from programs.workflow import calendar_feeds

READERS = (Permission.OWN_TRAINING, Permission.EDIT_OWN_SESSIONS, Permission.SEE_COHORTS)
READS_AN_HOUR = 60  # programs ask once in an hour or in a quarter of it, from several devices
WRONG_AN_HOUR = 60


@requires(*READERS)
def my_calendar(request):
    if request.method == "POST":
        calendar_feeds.make(by=request.user)
        messages.success(request, _("Your calendar has a new address."))
        return redirect("programs:my-calendar")
    feed = CalendarFeed.objects.visible_to(request.user).open().first()
    page = {"feed": feed}
    if feed:
        page["address"], page["webcal"] = calendar_links.address_of(feed)
    return render(request, "programs/my_calendar.html", page)


@requires(*READERS)
def my_calendar_end(request):
    feed = CalendarFeed.objects.visible_to(request.user).open().first()
    if feed is None:
        return redirect("programs:my-calendar")
    if request.method == "POST":
        calendar_feeds.end(feed, by=request.user)
        messages.success(request, _("The address of your calendar is ended."))
        return redirect("programs:my-calendar")
    effects = [
        _("Calendar programs that read it get nothing any more; what they have read may stay in them."),
        _("You can make a new address at any time."),
    ]
    return render(request, "programs/my_calendar_end.html", {"effects": effects})


@public
@require_safe
def calendar_feed(request, token):
    """For calendar programs: no page, no cookie. A wrong address and an ended one are answered alike."""
    feed = calendar_links.feed_for(token)
    if feed is None or not any(feed.user.has(permission) for permission in READERS):
        if too_often(request, "calendar-miss", limit=WRONG_AN_HOUR, seconds=3600):
            return _closed(HttpResponse(status=429, headers={"Retry-After": "3600"}))
        raise Http404
    if too_often_for(str(feed.pk), "calendar", limit=READS_AN_HOUR, seconds=3600):
        return _closed(HttpResponse(status=429, headers={"Retry-After": "900"}))
    body = calendar_of(feed.user)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in [one.removeprefix("W/") for one in known]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="training.ics"'
    response.headers["ETag"] = etag
    return _closed(response)


def _closed(response):
    """Kept by no proxy, listed by no search engine, and its address told to no page."""
    patch_cache_control(response, private=True, no_cache=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
