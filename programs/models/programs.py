import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from portal.accounts.roles import Permission
from portal.records.fields import ApproximateDateField
from portal.records.models import Sourced


def usual_follow_up_months():
    return [1, 3, 6, 12]


class ProgramQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has(Permission.SEE_COHORTS) else self.none()


@pghistory.track()
class Program(Sourced):
    """What the province offers again and again; a cohort is one run of it."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation clinical training")
        SHORT_TERM = "short_term", _("short-term training")
        ONLINE = "online", _("online training")
        VISITING = "visiting", _("visiting training")
        MASTER_CLASS = "master_class", _("master class")
        CONFERENCE = "conference", _("conference")

    name = models.CharField(_("name"), max_length=200, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("also called"), default=list, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    since = ApproximateDateField(_("since"), null=True, blank=True)
    until = ApproximateDateField(_("until"), null=True, blank=True)
    usual_weeks = models.PositiveSmallIntegerField(_("usual length in weeks"), null=True, blank=True)
    follow_up_months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("follow-ups, months after the end"),
        default=usual_follow_up_months,
        blank=True,
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(part_of=F("pk")), name="program_is_not_its_own_part")
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)
