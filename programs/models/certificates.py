import secrets

import pghistory
from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records.models import PrivateFile
from portal.records.transitions import Stateful, StatefulQuerySet

from .cohorts import branded
from .enrollments import Enrollment


def verification_code():
    """128 random bits, as 32 hexadecimal digits: nothing about the certificate can be guessed from it."""
    return secrets.token_hex(16)


class CertificateCounter(models.Model):
    """The last serial number given out in a year. Read and raised in the issuing transaction only."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("certificate counter")
        verbose_name_plural = _("certificate counters")

    def __str__(self):
        return f"{self.year}: {self.last}"

    @classmethod
    def take(cls, year, many=1):
        """The next serial of the year, or the last of so many. A rollback gives them back: there is no gap, as a
        sequence would leave. None at all still locks the year until the transaction ends, and tells its last serial.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {cls._meta.db_table} (year, last) VALUES (%s, %s) "  # noqa: S608 (own table's name)
                f"ON CONFLICT (year) DO UPDATE SET last = {cls._meta.db_table}.last + excluded.last RETURNING last",
                [year, many],
            )
            return cursor.fetchone()[0]


class WithdrawnBadge(models.Model):
    """A badge that stands no more because its holder was erased: what it is called, and nothing that leads to anybody.

    The certificate has another code since, so the badge that is still in somebody's hands can be told by this alone.
    There is no time and no running number in the row, by which it could be laid beside the trail.
    """

    identifier = models.UUIDField(_("identifier"), primary_key=True)

    class Meta:
        verbose_name = _("withdrawn badge")
        verbose_name_plural = _("withdrawn badges")
        ordering = ["identifier"]

    def __str__(self):
        return str(self.identifier)


class CertificateQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """The team sees every certificate, a trainee their own once it is issued."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(enrollment__trainee__user=user).numbered()
        return self.none()

    def for_list(self):
        return self.select_related(
            "enrollment__trainee", "enrollment__cohort__program", "file", "approved_by"
        )

    def for_owner(self):
        """As the person it names reads it: with the name the program had in that year."""
        rows = self.select_related("enrollment__trainee", "file")
        return rows.prefetch_related(branded("enrollment__cohort"))

    def numbered(self):
        """Those with a number: issued, and whatever became of them afterwards."""
        return self.exclude(number="")

    def to_be_corrected(self):
        """Valid ones whose holder asks for another spelling of the name, the longest waiting first."""
        asked = self.filter(state=Certificate.State.ISSUED, correction_asked_at__isnull=False)
        return asked.order_by("correction_asked_at", "pk")

    def waiting_to_be_issued(self):
        """Asked for, not issued yet, and nothing known that stands in the way; in the order they were approved."""
        return self.filter(
            state=Certificate.State.APPROVED, issue_asked_at__isnull=False, issue_problem=""
        ).order_by("issue_asked_at", "enrollment__trainee__passport_name", "pk")


@pghistory.track()
class Certificate(Stateful):
    """The paper a trainee takes home. Once issued its number, its words and its bytes never change."""

    class State(models.TextChoices):
        ELIGIBLE = "eligible", _("Eligible")
        APPROVED = "approved", _("Approved")
        ISSUED = "issued", _("Issued")
        REVOKED = "revoked", _("Revoked")
        SUPERSEDED = "superseded", _("Superseded")

    initial_state = State.ELIGIBLE
    verbs_read = ("enrollment__trainee__institution__region", "enrollment__cohort__program")
    PUBLIC = (State.ISSUED, State.REVOKED, State.SUPERSEDED)

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="certificates", verbose_name=_("enrollment")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.ELIGIBLE, editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    number = models.CharField(_("number"), max_length=20, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year of issue"), null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial in the year"), null=True, editable=False)
    code = models.CharField(
        _("verification code"), max_length=32, unique=True, default=verification_code, editable=False
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True, editable=False)
    # What was printed, word for word: verification shows this, whatever changes later.
    printed = models.JSONField(_("as printed"), default=dict, blank=True, editable=False)
    file = models.OneToOneField(
        PrivateFile,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("file"),
    )
    # Many at once are issued by a worker: who asked for it, and what kept it from being printed.
    issue_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("issue asked for by"),
    )
    issue_asked_at = models.DateTimeField(_("issue asked for"), null=True, blank=True, editable=False)
    issue_problem = models.CharField(_("why not issued"), max_length=300, blank=True, editable=False)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True, editable=False)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    # One person asks for a revocation, another one revokes.
    revocation_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("revocation asked for by"),
    )
    revocation_asked_at = models.DateTimeField(
        _("revocation asked for"), null=True, blank=True, editable=False
    )
    revocation_reason = models.CharField(
        _("why it should be revoked"), max_length=300, blank=True, editable=False
    )
    # The holder asks for another spelling; it is open until staff accept or decline it.
    correction_name = models.CharField(
        _("name the holder asks for"), max_length=160, blank=True, editable=False
    )
    correction_note = models.CharField(
        _("remark to the correction"), max_length=300, blank=True, editable=False
    )
    correction_asked_at = models.DateTimeField(
        _("correction asked for"), null=True, blank=True, editable=False
    )
    # Staff who took it down by phone; none where the holder wrote it here.
    correction_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("correction entered by"),
    )
    revoked_reason = models.CharField(_("why revoked"), max_length=300, blank=True, editable=False)
    superseded_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-year", "-serial", "enrollment__trainee__passport_name"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="certificate_serial_once_a_year"),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="certificate_number_once"
            ),
            # A reissue stands beside the one it is to replace until it is issued itself, in one transaction.
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(state__in=["eligible", "approved"]),
                name="certificate_one_to_come_per_enrollment",
            ),
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(state="issued"),
                name="certificate_one_valid_per_enrollment",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="certificate_approval_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(issue_asked_by=None, issue_asked_at=None)
                | Q(issue_asked_by__isnull=False, issue_asked_at__isnull=False),
                name="certificate_issue_asked_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_by=None, handed_over_at=None)
                | Q(handed_over_by__isnull=False, handed_over_at__isnull=False),
                name="certificate_handed_over_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(revocation_asked_by=None, revocation_asked_at=None, revocation_reason="")
                | Q(revocation_asked_by__isnull=False, revocation_asked_at__isnull=False)
                & ~Q(revocation_reason=""),
                name="certificate_revocation_asked_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    correction_asked_at=None,
                    correction_name="",
                    correction_note="",
                    correction_entered_by=None,
                )
                | Q(correction_asked_at__isnull=False) & ~Q(correction_name=""),
                name="certificate_correction_asked_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False),
                name="certificate_superseded_has_its_successor",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state__in=["eligible", "approved"],
                        number="",
                        file=None,
                        year=None,
                        serial=None,
                        issued_on=None,
                    )
                )
                | (
                    Q(state__in=["issued", "revoked", "superseded"])
                    & ~Q(number="")
                    & Q(file__isnull=False, year__isnull=False, serial__isnull=False, issued_on__isnull=False)
                ),
                name="certificate_issued_has_number_file_and_date",
            ),
        ]

    def __str__(self):
        return self.number or str(self.enrollment)

    @property
    def is_being_issued(self):
        """Whether a worker has it before it, after somebody asked for many at once."""
        return self.state == self.State.APPROVED and bool(self.issue_asked_at) and not self.issue_problem
