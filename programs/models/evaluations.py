"""What supervisors say of trainees, what trainees say of hospitals and programs, and what they set out to learn."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Coordinator, Hospital
from participants.models import FollowUp
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import Stateful, StatefulQuerySet

from .enrollments import Enrollment
from .placements import Placement
from .results import ResultBlock

LOWEST, HIGHEST = 1, 5


class RatingField(models.PositiveSmallIntegerField):
    """A mark from 1 to 5, five being the best; empty until it is given."""

    def __init__(self, verbose_name=None, **kwargs):
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("validators", [MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)])
        super().__init__(verbose_name, **kwargs)


def _on_the_scale(name, *fields):
    """The constraint that each of these marks is one, where it is given."""
    condition = Q()
    for field in fields:
        condition &= Q(**{field: None}) | Q(**{f"{field}__gte": LOWEST, f"{field}__lte": HIGHEST})
    return models.CheckConstraint(condition=condition, name=name)


# Supervisors ---------------------------------------------------------------------------------------


class EvaluationQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """The team sees every one, a coordinator those of their hospitals; the trainee's are not shown to them."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if not user.has(Permission.NOTE_ATTENDANCE):
            return self.none()
        serves = Coordinator.objects.filter(user=user, until=None).values("hospital")
        return self.filter(placement__department__hospital__in=serves)

    def unanswered(self):
        return self.filter(state=Evaluation.State.OPEN)

    def for_list(self):
        return self.select_related(
            "placement__enrollment__cohort__program",
            "placement__trainee",
            "placement__department__hospital",
            "placement__department__specialty",
        )


class Evaluation(Stateful):
    """A supervisor's word on a trainee at the end of a placement."""

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        ANSWERED = "answered", _("Answered")
        MISSED = "missed", _("Not answered in time")
        WAIVED = "waived", _("Waived")

    initial_state = State.OPEN
    verbs_read = (
        "placement__enrollment__cohort__program",
        "placement__trainee",
        "placement__department__hospital",
        "placement__department__specialty",
    )
    MARKS = ("knowledge", "skills", "communication", "conduct")

    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="evaluation", verbose_name=_("placement")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.OPEN, editable=False
    )
    opened_at = models.DateTimeField(_("asked"), default=clock.now)
    due = models.DateField(_("answer due"))
    knowledge = RatingField(_("medical knowledge"))
    skills = RatingField(_("practical skills"))
    communication = RatingField(_("communication with patients and staff"))
    conduct = RatingField(_("reliability and conduct"))
    strengths = models.TextField(_("particular strengths"), max_length=2000, blank=True)
    advice = models.TextField(_("what to work on next"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_name = models.CharField(_("who answered"), max_length=120, blank=True, editable=False)
    answer_channel = models.CharField(
        _("answered how"), max_length=6, choices=Placement.Channel.choices, blank=True, editable=False
    )
    waived_reason = models.CharField(_("why it was waived"), max_length=300, blank=True, editable=False)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["due", "pk"]
        constraints = [
            _on_the_scale(
                "evaluation_marks_are_on_the_scale", "knowledge", "skills", "communication", "conduct"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | (
                    Q(answered_at__isnull=False, knowledge__isnull=False, skills__isnull=False)
                    & Q(communication__isnull=False, conduct__isnull=False)
                    & ~Q(answered_name="")
                    & ~Q(answer_channel="")
                ),
                name="evaluation_answered_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(waived_reason=""), name="evaluation_waived_has_its_reason"
            ),
        ]

    def __str__(self):
        return str(self.placement)

    @property
    def average(self):
        """The mean of the four marks; None before they are given."""
        marks = [getattr(self, name) for name in self.MARKS]
        return None if None in marks else sum(marks) / len(marks)


# Trainees ------------------------------------------------------------------------------------------


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only one's own, to whoever gave it; everybody else reads results, of five answers at least."""
        if not user.has(Permission.OWN_TRAINING):
            return self.none()
        return self.filter(enrollment__trainee__user=user)


class HospitalFeedback(models.Model):
    """What a trainee says of a hospital they were at. Nobody reads it by name."""

    # Two records of one hospital were merged: the person said it twice of the same house, and is counted once.
    same_if_twice = True
    MARKS = ("teaching", "practice", "welcome", "overall")

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="hospital_feedback", verbose_name=_("enrollment")
    )
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="feedback", verbose_name=_("hospital")
    )
    teaching = RatingField(_("teaching"), null=False, blank=False)
    practice = RatingField(_("what I could see and do"), null=False, blank=False)
    welcome = RatingField(_("welcome and care"), null=False, blank=False)
    overall = RatingField(_("the hospital as a whole"), null=False, blank=False)
    comment = models.TextField(_("what should the hospital keep or change?"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), default=clock.now)
    # What it is published in, with four others at least; none while it waits for them.
    block = models.ForeignKey(
        ResultBlock,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published in"),
    )

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback on a hospital")
        verbose_name_plural = _("feedback on hospitals")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "hospital"], name="hospital_feedback_once"),
            _on_the_scale("hospital_feedback_is_on_the_scale", "teaching", "practice", "welcome", "overall"),
        ]

    def __str__(self):
        return str(self.hospital)


class ProgramFeedback(models.Model):
    """What a trainee says of the program at its end. Nobody reads it by name."""

    MARKS = ("content", "organization", "living", "overall")

    enrollment = models.OneToOneField(
        Enrollment, models.PROTECT, related_name="program_feedback", verbose_name=_("enrollment")
    )
    content = RatingField(_("what I learned"), null=False, blank=False)
    organization = RatingField(_("organization"), null=False, blank=False)
    living = RatingField(_("housing, transport and daily life"), null=False, blank=False)
    overall = RatingField(_("the program as a whole"), null=False, blank=False)
    comment = models.TextField(_("what should the program keep or change?"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), default=clock.now)
    # What it is published in, with four others at least; none while it waits for them.
    block = models.ForeignKey(
        ResultBlock,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published in"),
    )

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback on a program")
        verbose_name_plural = _("feedback on programs")
        ordering = ["pk"]
        constraints = [
            _on_the_scale("program_feedback_is_on_the_scale", "content", "organization", "living", "overall"),
        ]

    def __str__(self):
        return str(self.enrollment.cohort)


class ObjectiveQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's, and one's own."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if not user.has(Permission.OWN_TRAINING):
            return self.none()
        return self.filter(enrollment__trainee__user=user)


class Objective(models.Model):
    """One of the three things a trainee sets out to learn."""

    COUNT = 3

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="objectives", verbose_name=_("enrollment")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("objective"), max_length=300)
    set_at = models.DateTimeField(_("set"), default=clock.now)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["enrollment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "position"], name="objective_once_per_position"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3), name="objective_is_one_of_three"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="objective_says_something"),
        ]

    def __str__(self):
        return self.text


class ObjectiveRating(models.Model):
    """How far an objective was reached: said at the end of the training, and again in a follow-up."""

    objective = models.ForeignKey(
        Objective, models.CASCADE, related_name="ratings", verbose_name=_("objective")
    )
    # Empty at the end of the training.
    followup = models.ForeignKey(
        FollowUp,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objective_ratings",
        verbose_name=_("follow-up"),
    )
    rating = RatingField(_("reached"), null=False, blank=False)
    rated_at = models.DateTimeField(_("rated"), default=clock.now)

    class Meta:
        verbose_name = _("rating of an objective")
        verbose_name_plural = _("ratings of objectives")
        ordering = ["rated_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "followup"], name="objective_rated_once_each_time", nulls_distinct=False
            ),
            _on_the_scale("objective_rating_is_on_the_scale", "rating"),
        ]

    def __str__(self):
        return f"{self.objective}: {self.rating}"


# Staff ---------------------------------------------------------------------------------------------


class Exemption(models.Model):
    """Why somebody completes the training although a rule of the program is not met. The trail keeps each."""

    enrollment = models.OneToOneField(
        Enrollment, models.PROTECT, related_name="exemption", verbose_name=_("enrollment")
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
        verbose_name = _("exception to the completion rules")
        verbose_name_plural = _("exceptions to the completion rules")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_its_reason"),
        ]

    def __str__(self):
        return f"{self.enrollment}: {self.reason}"
