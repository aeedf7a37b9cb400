import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission, Role
from portal.records.models import Sourced
from portal.records.queries import counted


def in_reader_language(english, korean):
    """The Korean name for a reader of Korean where there is one, else the English one."""
    return korean if korean and get_language() == "ko" else english


def name_in_reader_language(path=""):
    """The same as an expression, where a query reads or sorts names; `path` leads to the record, as in “hospital__”."""
    if get_language() != "ko":
        return F(f"{path}name")
    return Coalesce(NullIf(f"{path}name_ko", Value("")), f"{path}name")


class HospitalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every host hospital, a coordinator their own, nobody else any."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_HOSPITALS):
            return self.filter(coordinators__user=user, coordinators__until=None).distinct()
        return self.none()

    def for_list(self):
        """With how many departments and seats there are, and coordinators who serve."""
        departments = Department.objects.filter(hospital=OuterRef("pk")).order_by()
        seats = departments.values("hospital").annotate(sum=Sum("seats")).values("sum")
        return self.annotate(
            department_count=counted(departments),
            seat_count=Coalesce(Subquery(seats), 0),
            coordinator_count=counted(Coordinator.objects.serving().filter(hospital=OuterRef("pk"))),
        )


@pghistory.track()
class Hospital(Sourced):
    """A hospital in Gyeonggi Province that hosts trainees."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(
        _("short name"), max_length=60, blank=True, help_text=_("As people here call it.")
    )
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    short_name_ko = models.CharField(_("short name in Korean"), max_length=60, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("also printed as"), default=list, blank=True
    )
    city = models.CharField(_("city"), max_length=60, blank=True)
    address_ko = models.TextField(
        _("address in Korean"), blank=True, help_text=_("As a taxi driver reads it, one line each.")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address_is_invented = models.BooleanField(_("address and phone invented for the demo"), default=False)

    objects = HospitalQuerySet.as_manager()

    class Meta:
        verbose_name = _("host hospital")
        verbose_name_plural = _("host hospitals")
        ordering = ["name"]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    @property
    def short(self):
        """The name people here use, in the reader's language."""
        return in_reader_language(self.short_name or self.name, self.short_name_ko or self.name_ko)


class Specialty(models.Model):
    """A medical specialty, in one tree that hospitals and trainees share."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="specialty_is_not_its_own_parent"),
        ]

    def __str__(self):
        name = in_reader_language(self.name, self.name_ko)
        return name[:1].upper() + name[1:]


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Departments of the hospitals the user may see."""
        if user.is_team:
            return self
        return self.filter(hospital__in=Hospital.objects.visible_to(user))

    def with_names(self):
        return self.select_related("hospital", "specialty")


@pghistory.track()
class Department(models.Model):
    """A department that takes trainees: its specialty, and how many at one time."""

    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="departments", verbose_name=_("hospital")
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, related_name="departments", verbose_name=_("specialty")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Where it differs from the specialty.")
    )
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats at one time"))
    languages = ArrayField(
        models.CharField(max_length=2, choices=READING_LANGUAGES),
        verbose_name=_("languages it can host in"),
        default=list,
        blank=True,
    )
    meeting_point = models.CharField(_("where to go first"), max_length=200, blank=True)
    meeting_point_ko = models.CharField(_("where to go first, in Korean"), max_length=200, blank=True)
    is_invented = models.BooleanField(_("invented for the demo"), default=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["hospital__name", "specialty__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "specialty", "name"], name="department_once_per_hospital"
            ),
        ]

    def __str__(self):
        return f"{self.hospital.short}, {self.label}"

    @property
    def label(self):
        """The department's name within its hospital, in the reader's language."""
        return in_reader_language(self.name, self.name_ko) or str(self.specialty)

    @property
    def language_names(self):
        """The languages it can host in, in the reader's language."""
        names = dict(READING_LANGUAGES)
        return [str(names[code]) for code in self.languages]


class Closure(models.Model):
    """Days on which a department takes nobody."""

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="closures", verbose_name=_("department")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.department}: {self.first_day} – {self.last_day}"


class CoordinatorQuerySet(models.QuerySet):
    def serving(self):
        """Those who answer for their hospital now, hold the role and may sign in."""
        return self.filter(until=None, user__is_active=True, user__roles__contains=[Role.COORDINATOR.value])


class Coordinator(models.Model):
    """A user who answers for a hospital. A hospital has several, and a user may serve several hospitals."""

    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="coordinators", verbose_name=_("hospital")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="coordinates", verbose_name=_("user")
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    until = models.DateField(_("served until"), null=True, blank=True)

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        ordering = ["hospital__name", "user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "user"], condition=Q(until=None), name="coordinator_once_per_hospital"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.hospital.short}"
