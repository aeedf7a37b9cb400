import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Coordinator, Department, Hospital
from portal.accounts.roles import Permission
from portal.records import clock

from .cohorts import Cohort
from .placements import Placement


class HostingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every hospital's, a coordinator those of the hospitals they serve."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if user.has(Permission.ANSWER_PLACEMENTS):
            serves = Coordinator.objects.filter(user=user, until=None).values("hospital")
            return self.filter(hospital__in=serves)
        return self.none()


@pghistory.track()
class Hosting(models.Model):
    """What a hospital says to a cohort before anybody is asked for: whether it wants to host, later how many."""

    class Interest(models.TextChoices):
        YES = "yes", _("Interested")
        PERHAPS = "perhaps", _("Perhaps")
        NO = "no", _("Not this time")

    # What a hospital offers is of use before the training, and taken no longer.
    TAKEN_IN = (Cohort.State.PLANNING, Cohort.State.NOMINATING, Cohort.State.SELECTING, Cohort.State.PLACING)

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="hostings", verbose_name=_("cohort"))
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="hostings", verbose_name=_("hospital")
    )
    interest = models.CharField(_("interest"), max_length=7, choices=Interest.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    said_at = models.DateTimeField(_("said"), editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    said_name = models.CharField(_("who said it"), max_length=120, editable=False)
    channel = models.CharField(_("how"), max_length=6, choices=Placement.Channel.choices, editable=False)
    # Counts what was said: a page that was open meanwhile shows an earlier number, and overwrites nothing unseen.
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = HostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a hospital")
        verbose_name_plural = _("offers of hospitals")
        ordering = ["hospital__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "hospital"], name="hosting_once_per_hospital"),
        ]

    def __str__(self):
        return f"{self.hospital}, {self.cohort}"


class HostingRequestQuerySet(HostingQuerySet):
    def silent(self):
        """Asked, and nothing said since, while the cohort still takes offers."""
        said = Hosting.objects.filter(
            cohort=OuterRef("cohort"), hospital=OuterRef("hospital"), said_at__gte=OuterRef("asked_at")
        )
        return self.filter(~Exists(said), cohort__state__in=Hosting.TAKEN_IN)


class HostingRequest(models.Model):
    """That a hospital was asked by mail what it offers to a cohort. Asked again, it is the same row with a new day."""

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="hosting_requests", verbose_name=_("cohort")
    )
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="hosting_requests", verbose_name=_("hospital")
    )
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    answer_by = models.DateField(_("offer due"))

    objects = HostingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an offer")
        verbose_name_plural = _("requests for offers")
        ordering = ["hospital__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "hospital"], name="hosting_request_once_per_hospital"),
        ]

    def __str__(self):
        return f"{self.hospital}, {self.cohort}"

    @property
    def is_late(self):
        return self.answer_by < clock.today()


class HostingSeats(models.Model):
    """How many trainees of the cohort a department takes in one week. No row: it has not said."""

    hosting = models.ForeignKey(Hosting, models.CASCADE, related_name="seats", verbose_name=_("offer"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    monday = models.DateField(_("week from"))
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MaxValueValidator(500)])

    class Meta:
        verbose_name = _("offered seats")
        verbose_name_plural = _("offered seats")
        ordering = ["department", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["hosting", "department", "monday"], name="hosting_seats_once_per_week"
            ),
            models.CheckConstraint(condition=Q(monday__week_day=2), name="hosting_seats_begin_on_a_monday"),
        ]

    def __str__(self):
        return f"{self.department}, {self.monday}: {self.seats}"
