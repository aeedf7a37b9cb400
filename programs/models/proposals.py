import pghistory
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from hospitals.models import Department, Hospital, Specialty

from .cohorts import Cohort
from .enrollments import Enrollment
from .placements import Placement


class WishQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Wishes are seen by who sees the enrollment."""
        return self.filter(enrollment__in=Enrollment.objects.visible_to(user))


@pghistory.track()
class Wish(models.Model):
    """Where a trainee would like to be: a hospital, a specialty, or both. The first wish has rank 1."""

    RANKS = (1, 2, 3)

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="places_wished", verbose_name=_("enrollment")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hospital")
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("specialty")
    )

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["enrollment", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "rank"], name="wish_once_per_rank"),
            models.CheckConstraint(condition=Q(rank__in=[1, 2, 3]), name="wish_rank_is_1_to_3"),
            models.CheckConstraint(
                condition=Q(hospital__isnull=False) | Q(specialty__isnull=False),
                name="wish_names_a_place",
            ),
        ]

    def __str__(self):
        return ", ".join(str(part) for part in (self.hospital, self.specialty) if part)


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Proposals are the team's: they are seen by who sees the cohort."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def waiting(self, now):
        """Those that nobody works on: not begun, or begun by a worker that has not been heard of since."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now), done_at=None)


class Proposal(models.Model):
    """Placements that the solver proposes for a cohort. Nothing of it is a placement until somebody keeps it."""

    class Together(models.TextChoices):
        FREE = "free", _("as it comes")
        TOGETHER = "together", _("together, where possible")
        APART = "apart", _("apart, where possible")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="proposals", verbose_name=_("cohort"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    stay_weeks = models.PositiveSmallIntegerField(_("weeks in one department"))
    together = models.CharField(
        _("people of one institution"), max_length=8, choices=Together.choices, default=Together.FREE
    )
    own_specialty = models.BooleanField(_("only the trainee’s own specialty"), default=True)
    common_language = models.BooleanField(_("only with a common language"), default=True)
    lease_until = models.DateTimeField(_("being worked on until"), null=True, editable=False)
    phase = models.CharField(_("phase"), max_length=12, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    problem = models.CharField(_("why it failed"), max_length=300, blank=True, editable=False)
    # What the solver reached, what it has proven cannot be passed, and how long it took.
    value = models.BigIntegerField(_("value"), default=0, editable=False)
    bound = models.BigIntegerField(_("bound"), default=0, editable=False)
    seconds = models.FloatField(_("seconds"), default=0, editable=False)
    # What could not be met, as codes that the page puts into the reader's words.
    unmet = models.JSONField(_("not met"), default=list, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(done_at=None), name="proposal_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.cohort}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_proven(self):
        """Whether nothing better exists."""
        return self.bound <= self.value

    @property
    def distance(self):
        """How far the best that may exist is from this, in percent."""
        return round(100 * (self.bound - self.value) / max(abs(self.bound), 1), 2)


class ProposedLineQuerySet(models.QuerySet):
    def with_instead(self):
        """Each with `instead`: the key of the place its trainee has on some of these days by now, or None."""
        taken = Placement.objects.filter(
            trainee=OuterRef("enrollment__trainee"),
            state__in=[Placement.State.DRAFT, Placement.State.REQUESTED, *Placement.SEATED],
            first_day__lte=OuterRef("last_day"),
            last_day__gte=OuterRef("first_day"),
        )
        return self.annotate(instead=Subquery(taken.order_by("pk").values("pk")[:1]))

    def on_offer(self):
        """Those that nobody has kept, and whose trainee has not been placed otherwise meanwhile."""
        return self.with_instead().filter(placement=None, instead=None)


class ProposedLine(models.Model):
    """One proposed placement, and why; `placement` is the draft it became."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines", verbose_name=_("proposal"))
    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="+", verbose_name=_("enrollment"))
    department = models.ForeignKey(Department, models.CASCADE, related_name="+", verbose_name=_("department"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    why = models.JSONField(_("why"), default=list)
    placement = models.OneToOneField(
        Placement, models.SET_NULL, null=True, editable=False, related_name="proposed_by",
        verbose_name=_("kept as"),
    )  # fmt: skip
    refusal = models.CharField(_("why it was not kept"), max_length=300, blank=True, editable=False)

    objects = ProposedLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed placement")
        verbose_name_plural = _("proposed placements")
        ordering = ["enrollment__trainee__passport_name", "first_day", "pk"]

    def __str__(self):
        return f"{self.enrollment.trainee}: {self.department}"
