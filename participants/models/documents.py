from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import Stateful, StatefulQuerySet

from .people import Trainee


class DocumentQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """Officers see every paper, a trainee their own; viewers, hospitals and partners none."""
        if user.has(Permission.SEE_PAPERS):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(trainee__user=user)
        return self.none()

    def for_list(self):
        return self.select_related("trainee", "file", "checked_by")

    def latest(self):
        """Of each person and kind the version that counts; earlier ones are kept beside it."""
        return self.order_by("trainee_id", "kind", "-pk").distinct("trainee_id", "kind")


class Document(Stateful):
    """A paper of a person as it was handed in: one row a version, with who has checked it."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("Passport (scan)")
        PHOTO = "photo", _("Photo")
        LICENSE = "license", _("Professional license")
        CV = "cv", _("CV")
        INSURANCE = "insurance", _("Insurance")
        RECOMMENDATION = "recommendation", _("Recommendation letter")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Refused")

    EXPIRING = frozenset([Kind.PASSPORT, Kind.LICENSE, Kind.INSURANCE])
    initial_state = State.RECEIVED
    verbs_read = ("trainee", "file")

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="documents", verbose_name=_("trainee"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    # Empty when the bytes are erased: that there was a paper, and who checked it, stays.
    file = models.OneToOneField(
        PrivateFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    expires = models.DateField(_("expires"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    received_from = models.CharField(_("handed in by"), max_length=120)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVED, editable=False
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    refused_reason = models.CharField(_("why refused"), max_length=300, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["trainee", "kind", "-id"], name="document_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, erased_at__isnull=False) | Q(file__isnull=False, erased_at=None),
                name="document_has_its_file_until_erased",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_reason=""), name="document_refused_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="received", checked_at=None)
                | (~Q(state="received") & Q(checked_at__isnull=False)),
                name="document_looked_at_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.trainee}"
