import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.models import PrivateFile


class SignatoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who keep them; a signature that many can copy proves little."""
        return self if user.has(Permission.KEEP_SIGNATORIES) else self.none()

    def on(self, day):
        """Who signs what is issued on the day; None where nobody was entered yet."""
        return self.filter(since__lte=day).order_by("-since").first()


class Signatory(models.Model):
    """Who signs certificates, from a day on until the next one does."""

    name = models.CharField(_("name"), max_length=120)
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    title = models.CharField(_("office"), max_length=160)
    title_ko = models.CharField(_("office in Korean"), max_length=160)
    since = models.DateField(_("signs from"), unique=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["-since"]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    @property
    def printed(self):
        """What the certificate says of them."""
        return {
            "signatory_en": self.name,
            "signatory_ko": self.name_ko,
            "signatory_title_en": self.title,
            "signatory_title_ko": self.title_ko,
        }


class SignatoryMarkQuerySet(models.QuerySet):
    def latest_of_each(self):
        """Of each signatory the latest signature and the latest seal: what is printed now."""
        return self.order_by("signatory_id", "kind", "-version").distinct("signatory_id", "kind")


class SignatoryMark(models.Model):
    """A picture that is put beside the signatory's name: a version of it, never changed. A new one takes its place.

    Certificates name the version they were printed with, so that each can be told from the next.
    """

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("signature")
        SEAL = "seal", _("official seal")

    signatory = models.ForeignKey(
        Signatory, models.PROTECT, related_name="marks", verbose_name=_("signatory")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    file = models.OneToOneField(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    at = models.DateTimeField(_("time"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = SignatoryMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature or seal")
        verbose_name_plural = _("signatures and seals")
        ordering = ["signatory", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["signatory", "kind", "version"], name="signatorymark_version_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="never_changed"),
        ]

    def __str__(self):
        return f"{self.signatory}: {self.get_kind_display()} {self.version}"
