from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, in_reader_language
from participants.models import Trainee
from portal.accounts.models import valid_time_zone
from portal.accounts.roles import Permission

from .cohorts import Cohort


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every session, a trainee those they are part of, a coordinator those at their hospitals."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if user.has(Permission.OWN_TRAINING):
            mine = Q(
                cohort__enrollments__trainee__user=user,
                cohort__enrollments__state__in=["accepted", "in_training", "completed"],
            )
            return self.filter(mine & (Q(whole_cohort=True) | Q(trainees__user=user))).distinct()
        if user.has(Permission.ANSWER_PLACEMENTS):
            return self.filter(
                hospital__coordinators__user=user, hospital__coordinators__until=None
            ).distinct()
        return self.none()


class Session(models.Model):
    """An entry in a cohort's schedule. Days in a department are not entries: they come from the placements."""

    class Kind(models.TextChoices):
        ORIENTATION = "orientation", _("orientation")
        LECTURE = "lecture", _("lecture")
        OBSERVATION = "observation", _("surgery observation")
        SITE_VISIT = "site_visit", _("site visit")
        CULTURE = "culture", _("culture day")
        CEREMONY = "ceremony", _("ceremony")
        ONLINE = "online", _("online class")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions", verbose_name=_("cohort"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    title_ko = models.CharField(_("title in Korean"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[valid_time_zone]
    )
    hospital = models.ForeignKey(
        Hospital,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("at the hospital"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    place_ko = models.TextField(_("place in Korean, for a taxi driver"), blank=True)
    online_link = models.URLField(_("online link"), blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=160, blank=True)
    meets = models.CharField(_("who meets the trainees"), max_length=160, blank=True)
    bring = models.CharField(_("what to bring"), max_length=200, blank=True)
    whole_cohort = models.BooleanField(_("for the whole cohort"), default=True)
    trainees = models.ManyToManyField(
        Trainee, blank=True, related_name="sessions", verbose_name=_("for these trainees")
    )
    is_invented = models.BooleanField(_("invented for the demo"), default=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return in_reader_language(self.title, self.title_ko)

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)
