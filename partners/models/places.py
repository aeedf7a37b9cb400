import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from portal.accounts.models import READING_LANGUAGES, valid_time_zone
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.fields import ApproximateDateField
from portal.records.keeping import Mergeable, MergeableQuerySet
from portal.records.models import Sourced

DEPTH = 4  # an agency of a ministry has departments, and these have offices: deeper trees are refused


def _served_by(user, path):
    """The condition that `user` holds an office at the institution `path` leads to; who has left it sees no more."""
    serves = Q((f"{path}until", None), (f"{path}until__latest__gte", clock.today()), _connector=Q.OR)
    return Q((f"{path}user", user)) & serves


class RegionQuerySet(MergeableQuerySet):
    def visible_to(self, user):
        """The team sees every region; a partner contact the region of their institution."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_PARTNERS):
            return self.filter(_served_by(user, "institutions__contacts__")).distinct()
        return self.none()

    def countries(self):
        return self.filter(level=Region.Level.COUNTRY)

    def time_zones(self):
        """The zones of all regions, each once."""
        return self.exclude(time_zone="").order_by().values_list("time_zone", flat=True).distinct()

    def within(self, region):
        """The region and what lies below it: a city may lie in a province, and that in a country."""
        return self.filter(Q(pk=region.pk) | Q(parent=region.pk) | Q(parent__parent=region.pk))


@pghistory.track()
class Region(Mergeable, Sourced):
    """A partner country, or a province or city in one."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        PROVINCE = "province", _("province")
        CITY = "city", _("city")

    name = models.CharField(_("name"), max_length=120, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    name_local = models.CharField(_("name in the local script"), max_length=120, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name=_("also printed as"), default=list, blank=True
    )
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    country = models.CharField(_("country code"), max_length=2, help_text=_("ISO 3166, for example MN"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[valid_time_zone],
        help_text=_("For example Asia/Ulaanbaatar"),
    )
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES, default="en")
    cooperation_since = ApproximateDateField(
        _("cooperation since"),
        null=True,
        blank=True,
        help_text=_(
            "Where it began without an MOU, or before one. As precisely as you know it: 2015, 2021-07."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    edit_permission = Permission.EDIT_PARTNERS
    name_fields = ("name", "name_ko", "name_local")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level="country", parent=None) | (~Q(level="country") & Q(parent__isnull=False)),
                name="region_below_a_country_unless_it_is_one",
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="region_country_is_iso"),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    def why_not_merge(self, lose):
        """A country stays a country, and a province in its own."""
        if (self.level, self.country) != (lose.level, lose.country):
            return [_g("Only two countries, two provinces or two cities of one country can be the same.")]
        return []

    @property
    def label(self):
        """How it is chosen by its name; among institutions the region stands behind, as two may be called alike."""
        return str(self)


class InstitutionQuerySet(MergeableQuerySet):
    def visible_to(self, user):
        """The team sees every institution; a partner contact their own."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_PARTNERS):
            return self.filter(_served_by(user, "contacts__")).distinct()
        return self.none()

    def with_names(self):
        return self.select_related("region", "parent", "merged_into")

    def within(self, institution):
        """The institution and what is part of it, down to the last office."""
        paths = ["__".join(["parent"] * level) for level in range(1, DEPTH)]
        return self.filter(
            Q(("pk", institution.pk), *((path, institution.pk) for path in paths), _connector=Q.OR)
        )


@pghistory.track()
class Institution(Mergeable, Sourced):
    """An organization abroad: a ministry, an agency, a health department, a hospital or a university."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry")
        AGENCY = "agency", _("government agency")
        HEALTH_DEPARTMENT = "health_department", _("health department")
        HOSPITAL = "hospital", _("hospital")
        UNIVERSITY = "university", _("university")

    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    name_local = models.CharField(_("name in the local script"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("also printed as"), default=list, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="institutions", verbose_name=_("region"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    cooperation_since = ApproximateDateField(
        _("cooperation since"),
        null=True,
        blank=True,
        help_text=_(
            "Where it began without an MOU, or before one. As precisely as you know it: 2015, 2021-07."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    edit_permission = Permission.EDIT_PARTNERS
    name_fields = ("name", "name_ko", "name_local", "short_name")

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.UniqueConstraint(fields=["name", "region"], name="institution_once_per_region"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="institution_is_not_its_own_parent"),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    @property
    def label(self):
        return f"{self}, {self.region}"
