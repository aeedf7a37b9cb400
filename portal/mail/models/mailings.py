from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock


class MailingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who may read mails see all of them, everyone else none."""
        return self if user.has(Permission.SEE_MAILS) else self.none()

    def held(self):
        """Those whose mails wait at this moment, the next to leave first."""
        waiting = models.Q(mails__state="queued", leaves_at__gt=clock.now())
        return self.filter(waiting).annotate(waiting=models.Count("mails")).order_by("leaves_at", "pk")


class Mailing(models.Model):
    """The mails one act put together. They wait some minutes, in which whoever sent them can call them back."""

    label = models.CharField(_("what was sent"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    made_at = models.DateTimeField(_("put"), default=clock.now)
    leaves_at = models.DateTimeField(_("held until"))

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["leaves_at"], name="mailing_by_leaving")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(leaves_at__gte=models.F("made_at")),
                name="mailing_leaves_after_it_was_made",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_held(self):
        """Whether its time of waiting is not over."""
        return clock.now() < self.leaves_at
