"""The secret address of a calendar: the same each time it is shown, and another one as soon as it is renewed."""

from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.mail.links import absolute_url

from .models import CalendarFeed

SALT = "programs.calendar_links"


def token_for(feed):
    return f"{feed.pk}-{_mac(feed, settings.SECRET_KEY)}"


def feed_for(token):
    """The open feed of this token; None where it is none, or was ended or renewed."""
    key, _dash, mac = token.removesuffix(".ics").partition("-")
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        return None
    feed = CalendarFeed.objects.open().filter(pk=key).select_related("user").first()
    if feed is None:
        return None
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    fits = [constant_time_compare(mac, _mac(feed, secret)) for secret in secrets]
    return feed if any(fits) else None


def _mac(feed, secret):
    digest = salted_hmac(SALT, f"{feed.pk}:{feed.nonce}", secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:24]).decode()


def address_of(feed):
    """The address for programs that ask for one (https), and the one that opens the calendar program (webcal)."""
    address = absolute_url(reverse("programs:calendar-feed", args=[f"{token_for(feed)}.ics"]))
    return address, f"webcal://{address.partition('://')[2]}"
