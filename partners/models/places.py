import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from portal.accounts.models import READING_LANGUAGES, valid_time_zone
from portal.accounts.roles import Permission
from portal.records.fields import ApproximateDateField
from portal.records.models import Sourced


class TeamQuerySet(models.QuerySet):
    """Rows the province's team reads and nobody else."""

    def visible_to(self, user):
        return self if user.is_team else self.none()


class RegionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every region; a partner contact the region of their institution."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_PARTNERS):
            return self.filter(institutions__contacts__user=user).distinct()
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
class Region(Sourced):
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
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="country", parent=None) | (~Q(level="country") & Q(parent__isnull=False)),
                name="region_below_a_country_unless_it_is_one",
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="region_country_is_iso"),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)


class InstitutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every institution; a partner contact their own."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_PARTNERS):
            return self.filter(contacts__user=user).distinct()
        return self.none()

    def within(self, institution):
        """The institution and what is part of it."""
        return self.filter(Q(pk=institution.pk) | Q(parent=institution.pk))


@pghistory.track()
class Institution(Sourced):
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
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "region"], name="institution_once_per_region"),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)


class Contact(models.Model):
    """An office at an institution, and who holds it; the holder may be unnamed, and may have a login."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="contacts", verbose_name=_("institution")
    )
    office = models.CharField(_("office"), max_length=160)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES, default="en")
    since = ApproximateDateField(_("since"), null=True, blank=True)
    until = ApproximateDateField(_("until"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_for",
        verbose_name=_("user"),
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["institution__name", "office"]

    def __str__(self):
        return f"{self.name or self.office}, {self.institution}"

    @property
    def time_zone(self):
        return self.institution.region.time_zone
