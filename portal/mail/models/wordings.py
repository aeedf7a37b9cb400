from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records import clock


class WordingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who may read mails see all of them, everyone else none."""
        return self if user.has(Permission.SEE_MAILS) else self.none()

    def versions(self, kind, language):
        """Every wording of a kind in a language, the latest first."""
        return self.filter(kind=kind, language=language).order_by("-version")

    def in_use(self, kind, language):
        """The wording mails of this kind are written with, or None for the built-in one."""
        latest = self.versions(kind, language).first()
        return None if latest is None or latest.is_builtin else latest

    def latest(self):
        """Of each kind and language the version that counts, a built-in one included."""
        return self.order_by("kind", "language", "-version").distinct("kind", "language")


class Wording(models.Model):
    """What mails of one kind say in one language, in the words of staff. Rows are versions: they are only added."""

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES)
    version = models.PositiveSmallIntegerField(_("version"))
    # Empty words go back to the built-in ones.
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    made_at = models.DateTimeField(_("written"), default=clock.now)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="wording_version_once"),
            models.CheckConstraint(
                condition=Q(subject="", text="") | ~Q(subject="") & ~Q(text=""), name="wording_is_whole"
            ),
        ]

    def __str__(self):
        return f"{self.kind} ({self.language}), {self.version}"

    @property
    def is_builtin(self):
        """Whether this version goes back to the words the portal came with."""
        return not self.text

    @property
    def name(self):
        """What a mail notes as its template’s version."""
        return f"wording {self.version}"
