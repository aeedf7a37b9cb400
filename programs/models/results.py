"""What trainees say, as it is published: answers that are only ever shown together."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, served_by
from portal.accounts.roles import Permission
from portal.records import clock

from .cohorts import Cohort
from .programs import Program

FEWEST = 5


class ResultBlockQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team reads all, a coordinator those about the hospitals they serve."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if user.has(Permission.NOTE_ATTENDANCE):
            return self.filter(hospital__in=served_by(user))
        return self.none()


class ResultBlock(models.Model):
    """Five answers or more about a hospital or a program, added up once and never again.

    Neither an answer that comes later, nor a person who is erased, nor two records that are merged, nor dates that are
    corrected change it: so no two readings of the page differ by fewer than five answers.
    """

    hospital = models.ForeignKey(
        Hospital,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="result_blocks",
        verbose_name=_("hospital"),
    )
    program = models.ForeignKey(
        Program,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="result_blocks",
        verbose_name=_("program"),
    )
    cohorts = models.ManyToManyField(Cohort, related_name="result_blocks", verbose_name=_("cohorts"))
    count = models.PositiveIntegerField(_("answers"))
    # Of each question, in the order of the form.
    sums = ArrayField(models.PositiveIntegerField(), verbose_name=_("sums of the marks"))
    # In the order of their words, so that the order says nothing.
    comments = ArrayField(models.TextField(), default=list, blank=True, verbose_name=_("remarks"))
    published_at = models.DateTimeField(_("published"), default=clock.now)

    objects = ResultBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        ordering = ["published_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=FEWEST), name="result_block_of_five_answers"),
            models.CheckConstraint(
                condition=Q(hospital=None, program__isnull=False) | Q(hospital__isnull=False, program=None),
                name="result_block_of_a_hospital_or_a_program",
            ),
        ]

    def __str__(self):
        return f"{self.hospital or self.program}: {self.count}"

    @property
    def averages(self):
        """The mean of each question."""
        return [round(number / self.count, 1) for number in self.sums]
