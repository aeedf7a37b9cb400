from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.models import PrivateFile

from .sessions import Session


class SessionFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who edits the session reads what is planned; the team and whoever it is released to what a release names."""
        sessions = Session.objects.visible_to(user)
        rows = self.filter(session__in=sessions.values("pk"))
        if user.has(Permission.SEE_COHORTS):
            return rows
        own = sessions.editable_by(user)
        return rows.filter(models.Q(is_released=True) | models.Q(session__in=own.values("pk")))

    def standing(self):
        """Those that were not taken out of the plan."""
        return self.filter(removed_at=None)


class SessionFile(models.Model):
    """A file to read before a session. Copies of the session share its bytes.

    As everything of a session it is a plan until a release: trainees open what the last release names. One that is
    taken out stays for them until the release that says so.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="attached", verbose_name=_("session"))
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    added_at = models.DateTimeField(_("added"), default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    is_released = models.BooleanField(_("named by the last release"), default=False, editable=False)
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True, editable=False)

    objects = SessionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a session")
        verbose_name_plural = _("files of sessions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "file"], name="session_file_once"),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(is_released=True),
                name="session_file_taken_out_was_released",
            ),
        ]

    def __str__(self):
        return self.file.name
