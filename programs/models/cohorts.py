import pghistory
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospitals.models import Hospital, Specialty, in_reader_language
from partners.models import Institution, Mou, Region
from portal.accounts.roles import Permission
from portal.records.approximate import span_words
from portal.records.fields import ApproximateCountField, ApproximateDateField
from portal.records.models import Sourced
from portal.records.transitions import Stateful, StatefulQuerySet

from .programs import Brand, Program


class CohortQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """Cohorts are the team's; hospitals and trainees see their placements and sessions, not the cohort's desk."""
        return self if user.has(Permission.SEE_COHORTS) else self.none()

    def under_way(self):
        """Neither over nor called off: what the desk has to care about."""
        return self.exclude(state__in=[Cohort.State.COMPLETED, Cohort.State.CLOSED, Cohort.State.CANCELLED])

    def for_list(self):
        return self.select_related("program", "lead_officer").with_brand()

    def with_brand(self):
        """With the name its program had in the cohort's year, so that `program_name` asks for nothing more."""
        return self.annotate(brand=brand_of())


def brand_of(cohort=""):
    """The name that a program had in the cohort’s year, in both languages; `cohort` is the path of its fields."""
    brands = Brand.objects.filter(program=OuterRef(f"{cohort}program")).in_use(
        OuterRef(f"{cohort}starts__earliest"), OuterRef(f"{cohort}starts__latest")
    )
    return Subquery(brands.values(names=JSONObject(en="name", ko="name_ko"))[:1])


def branded(path):
    """For `prefetch_related`: the cohorts at the path, each with its program and the program's name of its year."""
    return models.Prefetch(path, Cohort.objects.for_list())


@pghistory.track()
class Cohort(Stateful, Sourced):
    """One run of a program: its dates, its hospitals, its people."""

    class State(models.TextChoices):
        PLANNING = "planning", _("Planning")
        NOMINATING = "nominating", _("Nominating")
        SELECTING = "selecting", _("Selecting")
        PLACING = "placing", _("Placing")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", pgettext_lazy("of a cohort or placement", "Completed")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    initial_state = State.PLANNING
    verbs_read = ("program",)

    program = models.ForeignKey(Program, models.PROTECT, related_name="cohorts", verbose_name=_("program"))
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("For example: Autumn 2026"))
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    # Plans are days; the record of the past may know the month alone.
    starts = ApproximateDateField(_("first day"))
    ends = ApproximateDateField(_("last day"))
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    nominate_by = models.DateField(_("nominations until"), null=True, blank=True)
    ceremony_on = models.DateField(_("completion ceremony"), null=True, blank=True)
    topics = models.TextField(_("topics"), blank=True)
    mous = models.ManyToManyField(Mou, blank=True, related_name="cohorts", verbose_name=_("under the MOUs"))
    hospitals = models.ManyToManyField(
        Hospital, blank=True, related_name="cohorts", verbose_name=_("host hospitals")
    )
    # What the record tells of people who have no enrollment here; with named people these follow from them.
    home_institutions = models.ManyToManyField(
        Institution, blank=True, related_name="+", verbose_name=_("home institutions")
    )
    specialties = models.ManyToManyField(
        Specialty, blank=True, related_name="+", verbose_name=_("specialties")
    )
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("planned after"),
    )
    lead_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead officer"),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PLANNING, editable=False
    )
    is_invented = models.BooleanField(_("invented for the demo"), default=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts", "-pk"]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    @property
    def dates(self):
        """The dates in words, exactly as precise as they are known."""
        return span_words(self.starts, self.ends)

    @property
    def program_names(self):
        """What the program was called in the cohort's year, in English and in Korean."""
        if "brand" not in self.__dict__:
            brand = self.program.brands.in_use(self.starts.earliest, self.starts.latest).first()
            self.brand = {"en": brand.name, "ko": brand.name_ko} if brand else None
        names = self.brand or {"en": self.program.name, "ko": self.program.name_ko}
        return names["en"], names["ko"]

    @property
    def program_name(self):
        """The same in the reader's language. A list reads its cohorts by `for_list()` or `with_brand()`."""
        return in_reader_language(*self.program_names)

    @property
    def takes_nominations(self):
        """Whether a name can be put forward now: from the opening until the training begins."""
        return self.state in (self.State.NOMINATING, self.State.SELECTING, self.State.PLACING)

    @property
    def first_day(self):
        """The earliest day the first day can have been."""
        return self.starts.earliest

    @property
    def last_day(self):
        """The latest day the last day can have been."""
        return self.ends.latest


class HeadCount(Sourced):
    """People of a cohort known by number only: where they came from, as far as it is known.

    One line with several regions means that the split between them is not known.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="head_counts", verbose_name=_("cohort"))
    count = ApproximateCountField(_("people"))
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("from"))
    profession = models.CharField(_("profession"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.cohort}: {self.count.words()}"


class Quota(models.Model):
    """How many of a cohort's seats a region may fill: a country, or a province or city in one."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="quotas", verbose_name=_("cohort"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["region__name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "region"], name="quota_once_per_region"),
        ]

    def __str__(self):
        return f"{self.region}: {self.seats}"
