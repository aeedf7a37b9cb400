from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import Stateful, StatefulQuerySet

from .cohorts import Cohort
from .enrollments import Enrollment
from .programs import Criterion

LOWEST, HIGHEST = 1, 5


class Reviewer(models.Model):
    """Somebody of the team who was asked to score the nominees of a cohort."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="reviewers", verbose_name=_("cohort"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    # Who comes after the first score could have read it: why they come, and how it is known that they have not.
    late_reason = models.CharField(_("why named after the first score"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="reviewer_once_per_cohort"),
        ]

    def __str__(self):
        return f"{self.user}, {self.cohort}"


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; of others only where one is not asked to score, or has scored oneself: nobody copies.

        Whoever declared a conflict of interest about a nominee reads no scores of them.
        """
        if not user.has(Permission.SEE_SCORES):
            return self.none()
        asked = Reviewer.objects.filter(user=user, cohort=OuterRef("enrollment__cohort"))
        given = Review.objects.filter(reviewer=user, enrollment=OuterRef("enrollment"))
        conflict = given.filter(has_conflict=True)
        open_to = (~Exists(asked) | Exists(given)) & ~Exists(conflict)
        return self.filter(Q(reviewer=user) | open_to)


class Review(models.Model):
    """What one reviewer thinks of one nominee: a score for each criterion and a comment, or a conflict of interest."""

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="reviews", verbose_name=_("nominee")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    has_conflict = models.BooleanField(_("conflict of interest"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    given_at = models.DateTimeField(_("given"), default=clock.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "reviewer"], name="review_once_per_reviewer"),
        ]

    def __str__(self):
        return f"{self.reviewer}: {self.enrollment}"


class Score(models.Model):
    """The points of one criterion in a review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name=_("review"))
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion")
    )
    points = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(
                condition=Q(points__gte=LOWEST, points__lte=HIGHEST), name="score_is_on_the_scale"
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.points}"


class Waiver(models.Model):
    """Why a nominee may come although a rule of the program is not met. One per nominee; the trail keeps each."""

    enrollment = models.OneToOneField(
        Enrollment, models.PROTECT, related_name="waiver", verbose_name=_("nominee")
    )
    rules = ArrayField(models.CharField(max_length=20), verbose_name=_("rules not met"))
    reason = models.CharField(_("reason"), max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )
    given_at = models.DateTimeField(_("given"), default=clock.now)

    class Meta:
        verbose_name = _("exception to the rules")
        verbose_name_plural = _("exceptions to the rules")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_its_reason"),
        ]

    def __str__(self):
        return f"{self.enrollment}: {self.reason}"


class OfferQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """Offers are the team's, like the reserve list they come from."""
        return self if user.has(Permission.SEE_COHORTS) else self.none()

    def waiting(self):
        """Those to be settled: the seat is free, and the person is still on the reserve list."""
        return self.filter(state=Offer.State.OPEN, enrollment__state=Enrollment.State.RESERVE)


class Offer(Stateful):
    """A seat that became free, offered to the first on the reserve list; staff settle it with one click."""

    class State(models.TextChoices):
        OPEN = "open", _("To be settled")
        TAKEN = "taken", _("Taken")
        PASSED = "passed", _("Passed over")

    initial_state = State.OPEN
    verbs_read = ("enrollment__cohort", "enrollment__trainee")

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="offers", verbose_name=_("offered to")
    )
    freed_by = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="freed_offers", verbose_name=_("seat of")
    )
    offered_at = models.DateTimeField(_("offered"), default=clock.now)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a seat")
        verbose_name_plural = _("offers of seats")
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(state="open"), name="offer_one_open_per_person"
            ),
        ]

    def __str__(self):
        return str(self.enrollment)
