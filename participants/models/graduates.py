from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Institution
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.fields import ApproximateDateField

from .people import Graduation, Trainee


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees where every graduate works, a graduate where they do themselves."""
        if user.has(Permission.SEE_PEOPLE):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(trainee__user=user)
        return self.none()

    def latest(self):
        """Of each person the post that was told last: the present one."""
        return self.order_by("trainee_id", "-verified_on", "-pk").distinct("trainee_id")


class Post(models.Model):
    """Where a graduate works, as told on a day. The latest is the present one; earlier ones stay as their way.

    It is apart from the home institution of the trainee: that is who sent them, and still reads of its graduates.
    """

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="posts", verbose_name=_("trainee"))
    position = models.CharField(_("position"), max_length=120, blank=True)
    workplace = models.CharField(_("institution"), max_length=200, blank=True)
    # The same institution as ours, where one of ours is called so.
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("our institution"),
    )
    since = ApproximateDateField(_("since"), null=True, blank=True)
    verified_on = models.DateField(_("last verified"), default=clock.today)
    told_by = models.CharField(_("told by"), max_length=120)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-verified_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(position="", workplace=""),
                name="post_says_what_or_where",
            ),
        ]
        indexes = [models.Index(fields=["trainee", "-verified_on", "-id"], name="post_present")]

    def __str__(self):
        return ", ".join(part for part in (self.position, self.workplace) if part)


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Visits are read by the team alone."""
        return self if user.has(Permission.SEE_PEOPLE) else self.none()


class Visit(models.Model):
    """A visit to a graduate at work: what was seen there of the training, and what they need."""

    graduation = models.ForeignKey(
        Graduation, models.PROTECT, related_name="visits", verbose_name=_("graduation")
    )
    visited_on = models.DateField(_("day of the visit"))
    place = models.CharField(_("place"), max_length=200)
    visitors = models.CharField(_("who went"), max_length=200)
    met = models.CharField(_("who else was met"), max_length=300, blank=True)
    seen = models.TextField(_("What of the training was seen at work?"))
    procedures = models.TextField(_("Procedures or techniques introduced, one a line"), blank=True)
    needs = models.TextField(_("What is missing: equipment, staff, permission?"), blank=True)
    promised = models.TextField(_("What did we promise, and until when?"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), default=clock.now, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-visited_on", "-pk"]

    def __str__(self):
        return f"{self.visited_on:%Y-%m-%d}, {self.place}"
