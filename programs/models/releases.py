from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock

from .cohorts import Cohort


class ReleaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Releases are the team's; everybody else gets what changed for them by mail and on their own pages."""
        return self if user.has(Permission.SEE_COHORTS) else self.none()

    def for_list(self):
        return self.select_related("cohort", "released_by")


class Release(models.Model):
    """A plan of a cohort as it stood when it was given out: numbered, dated, and never changed afterwards.

    A schedule has releases of its own (ScheduleRelease; decision 25 says why).
    """

    class Kind(models.TextChoices):
        PLACEMENTS = "placements", _("placements")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="releases", verbose_name=_("cohort"))
    kind = models.CharField(_("plan"), max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(_("number"))
    released_at = models.DateTimeField(_("released"), default=clock.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    # What one act changes in a plan that is out belongs to one release: the database's number of its transaction.
    act = models.CharField(max_length=20, blank=True, editable=False)
    # Lines as programs/releasing.py makes them: key, trainees, hospitals, facts.
    lines = models.JSONField(_("lines"), default=list)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "kind", "number"], name="release_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_counts_from_one"),
        ]

    def __str__(self):
        return _("%(kind)s of %(cohort)s, release %(number)s") % {
            "kind": self.get_kind_display().capitalize(),
            "cohort": self.cohort,
            "number": self.number,
        }
