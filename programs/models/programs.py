import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from participants.models import Document
from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records.fields import ApproximateDateField
from portal.records.models import Sourced


def usual_papers():
    return [
        Document.Kind.PASSPORT.value,
        Document.Kind.PHOTO.value,
        Document.Kind.LICENSE.value,
        Document.Kind.CV.value,
        Document.Kind.INSURANCE.value,
        Document.Kind.RECOMMENDATION.value,
    ]


def usual_follow_up_months():
    return [1, 3, 6, 12]


class ProgramQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has(Permission.SEE_COHORTS) else self.none()

    def standing(self):
        """Those that are still offered: not put away."""
        return self.filter(archived_at=None)


@pghistory.track()
class Program(Sourced):
    """What the province offers again and again; a cohort is one run of it.

    The rules here are data: who may come is judged at the selection, who has completed at the end.
    """

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
    papers = ArrayField(
        models.CharField(max_length=15, choices=Document.Kind.choices),
        verbose_name=_("papers required"),
        default=usual_papers,
        blank=True,
    )
    follow_up_months = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("follow-ups, months after the end"),
        default=usual_follow_up_months,
        blank=True,
    )

    # Who may come: shown as met or not met at the selection, where staff may override with a reason.
    min_years_of_practice = models.PositiveSmallIntegerField(
        _("years of practice at least"), null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    repeat_ban_years = models.PositiveSmallIntegerField(
        _("years before somebody may come again"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60)],
    )
    required_languages = ArrayField(
        models.CharField(max_length=2, choices=READING_LANGUAGES),
        verbose_name=_("speaks one of these languages"),
        default=list,
        blank=True,
    )

    # When a training counts as completed.
    min_attendance = models.PositiveSmallIntegerField(
        _("attendance of at least, in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    lates_per_absence = models.PositiveSmallIntegerField(
        _("so many times late are one absence"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    excused_counts = models.BooleanField(_("excused absences count as attended"), default=False)
    needs_placements = models.BooleanField(_("every confirmed placement is completed"), default=False)
    needs_evaluations = models.BooleanField(
        _("the supervisors’ evaluations of every placement are in"), default=False
    )
    needs_own_evaluation = models.BooleanField(_("the trainee’s own evaluation is in"), default=False)

    # What the certificate says under the name; left empty, the usual sentence.
    certificate_text = models.TextField(_("certificate’s sentence"), max_length=400, blank=True)
    certificate_text_ko = models.TextField(_("certificate’s sentence in Korean"), max_length=400, blank=True)

    certificate_to_home = models.BooleanField(
        _("the home institution gets a copy of each certificate"), default=False
    )

    archived_at = models.DateTimeField(_("put away"), null=True, blank=True, editable=False)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(part_of=F("pk")), name="program_is_not_its_own_part"),
            models.CheckConstraint(
                condition=Q(min_attendance=None) | Q(min_attendance__lte=100),
                name="program_attendance_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(lates_per_absence=None) | Q(lates_per_absence__gte=1),
                name="program_lates_per_absence_counts",
            ),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)


class BrandQuerySet(models.QuerySet):
    def in_use(self, first, last):
        """The names that may have been in use between two days (dates or expressions), the newest first."""
        begun = Q(since=None) | Q(since__earliest__lte=last)
        not_over = Q(until=None) | Q(until__latest__gte=first)
        return self.filter(begun, not_over).order_by(F("since").desc(nulls_last=True), "-pk")


class Brand(models.Model):
    """A name under which a program was run over some years; a cohort shows the name of its year."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="brands", verbose_name=_("program"))
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    since = ApproximateDateField(_("since"), null=True, blank=True)
    until = ApproximateDateField(_("until"), null=True, blank=True)

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand name")
        verbose_name_plural = _("brand names")
        ordering = [F("since").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__latest__gte=F("since__earliest")),
                name="brand_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["program", "name", "since"], name="brand_once", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)


class Criterion(models.Model):
    """One thing that nominees of a program are scored on when they are selected, and how much it counts."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="criteria", verbose_name=_("program"))
    name = models.CharField(_("criterion"), max_length=120)
    name_ko = models.CharField(_("criterion in Korean"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("selection criterion")
        verbose_name_plural = _("selection criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "name"], name="criterion_once_per_program"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="criterion_weight_counts"
            ),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)
