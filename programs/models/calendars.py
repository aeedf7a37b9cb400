import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def fresh_nonce():
    """What makes an address another one: 128 random bits."""
    return secrets.token_hex(16)


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own alone: whoever reads the address reads the calendar."""
        return self.filter(user=user) if user.pk else self.none()

    def open(self):
        """Those whose address works, of people who may still sign in."""
        return self.filter(ended_at=None, user__is_active=True)


class CalendarFeed(models.Model):
    """The address at which somebody's calendar program reads their schedule. A new nonce ends the former address."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("user")
    )
    # Half of the secret: the other is the key of this installation, so that the database alone opens no calendar.
    nonce = models.CharField(_("nonce"), max_length=32, default=fresh_nonce, editable=False)
    made_at = models.DateTimeField(_("made"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self):
        return str(self.user)
