"""Who was where: the list that is ticked, and the code on the wall with which trainees tick it themselves."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.records import clock

from .enrollments import Enrollment
from .placements import Placement
from .sessions import Session


def _serves(user):
    return Coordinator.objects.filter(user=user, until=None).values("hospital")


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every line, a coordinator those at their hospitals, a trainee their own."""
        if user.has(Permission.SEE_COHORTS):
            return self
        mine = Q(pk__in=[])
        if user.has(Permission.OWN_TRAINING):
            mine |= Q(enrollment__trainee__user=user)
        if user.has(Permission.NOTE_ATTENDANCE):
            mine |= Q(placement__department__hospital__in=_serves(user))
            mine |= Q(session__hospital__in=_serves(user))
        return self.filter(mine)

    def not_there(self):
        return self.filter(status__in=[Attendance.Status.EXCUSED, Attendance.Status.ABSENT])


class Attendance(models.Model):
    """One line of an attendance list: a trainee at a session, or on one day of a placement."""

    class Status(models.TextChoices):
        PRESENT = "present", _("Present")
        LATE = "late", pgettext_lazy("attendance", "Late")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")

    class Reason(models.TextChoices):
        """Why somebody was not there, in classes: what exactly somebody had is nobody's business here."""

        UNWELL = "unwell", _("unwell")
        TRANSPORT = "transport", _("transport")
        APPOINTMENT = "appointment", _("appointment")
        FAMILY = "family", _("family matter")
        PROGRAM = "program", _("elsewhere for the program")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("not known")

    class Channel(models.TextChoices):
        LIST = "list", _("on the list")
        CHECK_IN = "check_in", _("by the code on the wall")

    NOT_THERE = (Status.EXCUSED, Status.ABSENT)

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="attendances", verbose_name=_("enrollment")
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("session"),
    )
    placement = models.ForeignKey(
        Placement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("placement"),
    )
    # Of a session the day where it is held.
    day = models.DateField(_("day"))
    status = models.CharField(_("status"), max_length=7, choices=Status.choices)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    channel = models.CharField(_("noted how"), max_length=8, choices=Channel.choices, default=Channel.LIST)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("noted by"),
    )
    noted_name = models.CharField(_("who noted it"), max_length=120)
    noted_at = models.DateTimeField(_("noted"), default=clock.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(session=None, placement__isnull=False) | Q(session__isnull=False, placement=None),
                name="attendance_at_a_session_or_in_a_placement",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["excused", "absent"]) | Q(reason=""),
                name="attendance_reason_for_who_was_not_there",
            ),
            models.CheckConstraint(
                condition=~Q(status="excused") | ~Q(reason=""), name="attendance_excused_has_its_reason"
            ),
            models.UniqueConstraint(fields=["enrollment", "session"], name="attendance_once_per_session"),
            models.UniqueConstraint(
                fields=["placement", "day"], name="attendance_once_per_placement_and_day"
            ),
        ]

    def __str__(self):
        return f"{self.enrollment.trainee}, {self.day}: {self.get_status_display()}"


def _secret():
    return secrets.token_hex(16)


class CheckInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who may note attendance, at sessions of their own hospitals; the team's officers at all."""
        if user.has(Permission.RUN_COHORTS):
            return self
        if not user.has(Permission.NOTE_ATTENDANCE):
            return self.none()
        return self.filter(session__hospital__in=_serves(user))

    def open_now(self):
        return self.filter(closes_at__gt=clock.now())


class CheckIn(models.Model):
    """Some minutes in which those who sit in a session note themselves, by the code that the presenter shows."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="check_ins", verbose_name=_("session"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    closes_at = models.DateTimeField(_("closes"))
    # What the codes are made of; it never leaves the server.
    secret = models.CharField(max_length=32, default=_secret, editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gte=F("opened_at")), name="check_in_closes_after_it_opened"
            ),
        ]

    def __str__(self):
        return f"{self.session}, {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self):
        return clock.now() < self.closes_at
