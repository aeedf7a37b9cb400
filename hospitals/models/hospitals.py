import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission, Role
from portal.records.keeping import Mergeable, MergeableQuerySet, NamesOnce
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


class HospitalQuerySet(MergeableQuerySet):
    def visible_to(self, user):
        """The team sees every host hospital, a coordinator their own, nobody else any."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_HOSPITALS):
            own = served_by(user)
            return self.filter(Q(pk__in=own) | Q(merged_into__in=own))
        return self.none()

    def editable_by(self, user):
        """Those whose departments, closed periods and clinicians `user` may change; merged ones nobody's."""
        if user.has(Permission.EDIT_HOSPITALS):
            return self.unmerged()
        if user.has(Permission.EDIT_OWN_HOSPITAL):
            return self.unmerged().filter(pk__in=served_by(user))
        return self.none()

    def with_rights_of(self, user):
        """Each with `may_edit_own`: whether it is among those that `editable_by` finds."""
        return self.annotate(
            may_edit_own=Exists(self.model.objects.editable_by(user).filter(pk=OuterRef("pk")))
        )

    def for_list(self):
        """With how many departments and seats there are, and coordinators who serve."""
        # Departments stand in the module above this one.
        departments = self.model.departments.rel.related_model.objects.in_use()
        departments = departments.filter(hospital=OuterRef("pk")).order_by()
        seats = departments.values("hospital").annotate(sum=Sum("seats")).values("sum")
        return self.annotate(
            department_count=counted(departments),
            seat_count=Coalesce(Subquery(seats), 0),
            coordinator_count=counted(Coordinator.objects.serving().filter(hospital=OuterRef("pk"))),
        )


@pghistory.track()
class Hospital(Mergeable, Sourced):
    """A hospital in Gyeonggi Province that hosts trainees."""

    edit_permission = Permission.EDIT_HOSPITALS
    name_fields = ("name", "name_ko", "short_name", "short_name_ko")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(
        _("short name"), max_length=60, blank=True, help_text=_("As people here call it.")
    )
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    short_name_ko = models.CharField(_("short name in Korean"), max_length=60, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200), verbose_name=_("also printed as"), default=list, blank=True
    )
    city = models.CharField(_("city"), max_length=60, blank=True)
    city_ko = models.CharField(_("city in Korean"), max_length=60, blank=True)
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
        constraints = [
            *Mergeable.Meta.constraints,
            models.UniqueConstraint(
                fields=["name"], condition=Q(merged_into=None), name="hospital_name_once"
            ),
        ]
        triggers = [NamesOnce("name", "name_ko", "short_name", "short_name_ko")]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    @property
    def city_name(self):
        """The city in the reader's language."""
        return in_reader_language(self.city, self.city_ko)

    @property
    def card_ko(self):
        """What a driver is shown: the name in Korean, then the address, which may begin with the name already."""
        names = [name for name in (self.name_ko, self.short_name_ko) if name]
        if any(name in self.address_ko for name in names):
            return self.address_ko
        return "\n".join(part for part in (names[0] if names else self.name, self.address_ko) if part)

    @property
    def short(self):
        """The name people here use, in the reader's language."""
        return in_reader_language(self.short_name or self.name, self.short_name_ko or self.name_ko)


class CoordinatorQuerySet(models.QuerySet):
    def serving(self):
        """Those who answer for their hospital now, hold the role and may sign in."""
        return self.filter(until=None, user__is_active=True, user__roles__contains=[Role.COORDINATOR.value])


def served_by(user):
    """The keys of the hospitals the user answers for now, as a subquery."""
    return Coordinator.objects.filter(user=user, until=None).values("hospital")


@pghistory.track()
class Coordinator(models.Model):
    """A user who answers for a hospital. A hospital has several, and a user may serve several hospitals."""

    same_if_twice = True  # of two hospitals that are merged: who serves both serves the one

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
