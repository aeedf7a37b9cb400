import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models import Graduation, Trainee
from partners.models import Institution
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import Stateful, StatefulQuerySet

from .cohorts import Cohort


class EnrollmentQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """The team sees every enrollment, a trainee their own, a contact those their institution nominated."""
        if user.has(Permission.SEE_COHORTS):
            return self
        mine = Q(pk__in=[])
        if user.has(Permission.OWN_TRAINING):
            mine |= Q(trainee__user=user)
        if user.has(Permission.NOMINATE):
            mine |= Q(nominated_by__in=Institution.objects.filter(contacts__user=user))
        return self.filter(mine)

    def taking_part(self):
        """Those who come, are here or were here to the end; not the rejected, the reserve and the withdrawn."""
        return self.filter(
            state__in=[
                Enrollment.State.ACCEPTED,
                Enrollment.State.IN_TRAINING,
                Enrollment.State.COMPLETED,
                Enrollment.State.NOT_COMPLETED,
            ]
        )

    def for_roster(self):
        return self.select_related("trainee__institution__region", "trainee__specialty", "trainee__user")


@pghistory.track()
class Enrollment(Stateful):
    """A trainee in a cohort, from the nomination to the end."""

    class State(models.TextChoices):
        NOMINATED = "nominated", _("Nominated")
        ACCEPTED = "accepted", _("Accepted")
        RESERVE = "reserve", _("Reserve")
        REJECTED = "rejected", _("Rejected")
        IN_TRAINING = "in_training", _("In training")
        COMPLETED = "completed", _("Completed")
        NOT_COMPLETED = "not_completed", _("Not completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    initial_state = State.NOMINATED
    verbs_read = ("cohort__program", "trainee")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrollments", verbose_name=_("cohort"))
    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="enrollments", verbose_name=_("trainee")
    )
    nominated_by = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nominated by")
    )
    # Who stands behind the name, in the words of the letter (which is one of the person’s papers); the institution
    # above is the partner who sent it.
    recommended_by_organization = models.CharField(_("recommending organization"), max_length=200, blank=True)
    recommended_by_person = models.CharField(_("recommending person"), max_length=160, blank=True)
    recommended_on = models.DateField(_("date of the recommendation"), null=True, blank=True)
    nominated_at = models.DateTimeField(_("nominated"), default=clock.now)
    reserve_rank = models.PositiveSmallIntegerField(_("place on the reserve list"), null=True, blank=True)
    wishes = models.CharField(_("wishes"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=14, choices=State.choices, default=State.NOMINATED, editable=False
    )
    ended_on = models.DateField(_("actual end"), null=True, blank=True, editable=False)
    graduation = models.OneToOneField(
        Graduation,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="enrollment",
        verbose_name=_("graduation"),
    )

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ["trainee__passport_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "trainee"], name="enrollment_once_per_cohort"),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(ended_on__isnull=False, graduation__isnull=False),
                name="enrollment_completed_has_end_and_graduation",
            ),
        ]

    def __str__(self):
        return f"{self.trainee}, {self.cohort}"

    @property
    def stays_behind(self):
        """Where one person was nominated twice for a cohort, under two records, the ended nomination stays as it is."""
        return self.state in (self.State.WITHDRAWN, self.State.REJECTED)
