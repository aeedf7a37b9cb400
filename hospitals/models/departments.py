import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records.approximate import span_words
from portal.records.keeping import Archivable, KeptQuerySet, Mergeable, MergeableQuerySet, NamesOnce

from .hospitals import Hospital, in_reader_language


@pghistory.track()
class Specialty(Mergeable):
    """A medical specialty, in one tree that hospitals and trainees share."""

    edit_permission = Permission.EDIT_HOSPITALS
    name_fields = ("name", "name_ko")

    name = models.CharField(_("name"), max_length=120)
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name=_("also called"), default=list, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    objects = MergeableQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["name"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.UniqueConstraint(
                fields=["name"], condition=Q(merged_into=None), name="specialty_name_once"
            ),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="specialty_is_not_its_own_parent"),
        ]
        triggers = [NamesOnce("name", "name_ko")]

    def __str__(self):
        name = in_reader_language(self.name, self.name_ko)
        return name[:1].upper() + name[1:]

    def lies_below(self, other):
        """Whether it is the other one or a part of it, however deep."""
        seen, row = set(), self
        while row is not None and row.pk not in seen:
            if row.pk == other.pk:
                return True
            seen.add(row.pk)
            row = row.parent
        return False


class OfHospitalQuerySet(KeptQuerySet):
    """What belongs to a hospital is seen and changed by those who see and change that."""

    def visible_to(self, user):
        if user.is_team:
            return self
        return self.filter(hospital__in=Hospital.objects.visible_to(user))

    def editable_by(self, user):
        return self.filter(hospital__in=Hospital.objects.editable_by(user))


class DepartmentQuerySet(OfHospitalQuerySet, MergeableQuerySet):
    def placeable(self):
        """Where somebody may be placed: neither it nor its hospital is put away."""
        return self.in_use().filter(hospital__archived_at=None)

    def with_names(self):
        return self.select_related("hospital", "specialty")


@pghistory.track()
class Department(Mergeable):
    """A department that takes trainees: its specialty, and how many at one time."""

    edit_permission = Permission.EDIT_HOSPITALS
    name_fields = ("name", "name_ko")

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
            *Mergeable.Meta.constraints,
            models.UniqueConstraint(
                fields=["hospital", "specialty", "name"],
                condition=Q(merged_into=None),
                name="department_once_per_hospital",
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

    def is_editable_by(self, user):
        return is_editable(self.hospital_id, user)

    def make_room_for(self, lose):
        """Closed periods of both that overlap become one."""
        standing = []
        for closure in Closure.objects.filter(department__in=[self, lose]).order_by("first_day", "pk"):
            if standing and closure.first_day <= standing[-1].last_day:
                standing[-1].last_day = max(standing[-1].last_day, closure.last_day)
                closure.delete()
            else:
                standing.append(closure)
        for closure in standing:
            closure.save()


def is_editable(hospital, user):
    """Whether `user` may change what belongs to the hospital of this key."""
    return Hospital.objects.editable_by(user).filter(pk=hospital).exists()


class ClosureQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(department__in=Department.objects.editable_by(user).in_use())

    def overlapping(self, first_day, last_day):
        """Those with a day in common with the period."""
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)


class ClosedDays(Func):
    """The days of a closed period as a range, both ends included."""

    function = "DATERANGE"
    output_field = DateRangeField()


@pghistory.track()
class Closure(models.Model):
    """Days on which a department takes nobody."""

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="closures", verbose_name=_("department")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    is_invented = models.BooleanField(_("invented for the demo"), default=False)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="closure_overlaps_no_other",
                expressions=[
                    (F("department"), RangeOperators.EQUAL),
                    (ClosedDays("first_day", "last_day", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The department is closed on some of these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.department}: {self.days}"

    def is_editable_by(self, user):
        return self.department.is_editable_by(user)

    @property
    def days(self):
        return span_words(self.first_day, self.last_day)


class ClinicianQuerySet(OfHospitalQuerySet):
    def for_list(self):
        return self.select_related("department__specialty").order_by("name", "pk")


@pghistory.track()
class Clinician(Archivable):
    """Somebody at a hospital who supervises trainees, or lectures to them; they need no login for that."""

    edit_permission = Permission.EDIT_HOSPITALS

    hospital = models.ForeignKey(
        Hospital, models.PROTECT, related_name="clinicians", verbose_name=_("hospital")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clinicians",
        verbose_name=_("department"),
    )
    name = models.CharField(_("name"), max_length=120)
    name_ko = models.CharField(_("name in Korean"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    title_ko = models.CharField(_("title in Korean"), max_length=120, blank=True)
    is_supervisor = models.BooleanField(_("supervises trainees"), default=False)
    is_lecturer = models.BooleanField(_("lectures"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_invented = models.BooleanField(_("invented for the demo"), default=False)

    objects = ClinicianQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinician")
        verbose_name_plural = _("clinicians")
        ordering = ["hospital__name", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_supervisor=True) | Q(is_lecturer=True),
                name="clinician_supervises_or_lectures",
                violation_error_message=_("Say whether the person supervises trainees, lectures, or both."),
            ),
        ]

    def __str__(self):
        return in_reader_language(self.name, self.name_ko)

    def clean(self):
        super().clean()
        if self.department_id and self.hospital_id and self.department.hospital_id != self.hospital_id:
            raise ValidationError({"department": _("This department belongs to another hospital.")})

    @property
    def language(self):
        """What mails to them are written in: they work in a hospital in Korea."""
        return "ko"

    @property
    def shown_title(self):
        """The title in the reader's language."""
        return in_reader_language(self.title, self.title_ko)

    def is_editable_by(self, user):
        return is_editable(self.hospital_id, user)
