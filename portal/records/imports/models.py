"""What is kept of an upload: the batch, its rows, and what a sender's headings mean."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import clock
from ..models import PrivateFile
from ..transitions import Stateful, StatefulQuerySet
from .importers import kind_of, kinds_for
from .rows import RANKS, UNDECIDED_RANK, Choice, Verdict

LEASE = timedelta(seconds=60)


class ImportBatchQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """Those whose kind the user may bring in."""
        return self.filter(kind__in=kinds_for(user))

    def for_list(self):
        return self.select_related("file", "uploaded_by", "parent_type").prefetch_related("parent")

    def stuck(self):
        """Being checked, and nobody is at it."""
        return self.filter(state=ImportBatch.State.CHECKING).filter(
            Q(lease_until=None) | Q(lease_until__lt=Now())
        )


class ImportBatch(Stateful):
    """One file that somebody sent, from its upload until it is written, reverted or put aside."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to name")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        WRITTEN = "written", _("Written")
        REVERTED = "reverted", _("Reverted")
        ABANDONED = "abandoned", _("Put aside")

    initial_state = State.MAPPING

    kind = models.CharField(_("kind"), max_length=40)
    parent_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kind of record")
    )
    parent_id = models.BigIntegerField(_("belongs to"), null=True, blank=True)
    parent = GenericForeignKey("parent_type", "parent_id")
    file = models.ForeignKey(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    is_sealed = models.BooleanField(_("file is kept sealed"), default=False)
    # When the bytes of a sealed file and the sealed cells of its rows went; what the rows came to stays.
    secrets_erased_at = models.DateTimeField(
        _("sealed content erased"), null=True, blank=True, editable=False
    )
    sender = models.CharField(_("sent by"), max_length=120, blank=True)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    # As headings.Heading has them: place, text, target.
    headings = models.JSONField(_("columns"), default=list, blank=True)
    heading_row = models.PositiveIntegerField(_("row of the headings"), default=1)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    checked_count = models.PositiveIntegerField(_("rows checked"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=initial_state)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=clock.now)
    # Who is checking holds these; the database's clock says whether they still do.
    lease = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["parent_type", "parent_id"], name="import_by_parent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent_type=None, parent_id=None)
                | Q(parent_type__isnull=False, parent_id__isnull=False),
                name="import_parent_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(lease=None, lease_until=None) | Q(lease__isnull=False, lease_until__isnull=False),
                name="import_lease_has_its_end",
            ),
        ]

    def __str__(self):
        return self.file.name

    @cached_property
    def importer(self):
        """The importer for this file; it serves one piece of work."""
        return kind_of(self.kind)(self.parent)

    @property
    def kind_label(self):
        return str(kind_of(self.kind).label)

    @property
    def letters(self):
        """{column's name: its letters in the file}."""
        from .reading import letters  # reading needs no models, but is slow to load and rarely asked for

        return {
            heading["target"]: letters(heading["place"]) for heading in self.headings if heading["target"]
        }


class ImportRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(batch__kind__in=kinds_for(user))

    def needing_eye(self):
        """Wrong, undecided, matched or changed: what a person looks at before writing."""
        return self.filter(rank__lt=RANKS[Verdict.NEW])

    def taken(self):
        return self.filter(is_taken=True)

    def left_out(self):
        """Not written though something is in them: wrong, undecided, or left out by a person."""
        return self.filter(is_taken=False).exclude(verdict=Verdict.UNCHANGED)


class ImportRow(models.Model):
    """One row of the file: what it says, what it comes to and why, and what a person decided.

    Texts of secret columns are sealed in `texts`, `corrections` and `values`. `evidence`, `problems` and `changes` hold
    sentences and values as `said` and the columns keep them.
    """

    Verdict = Verdict
    Choice = Choice

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    corrections = models.JSONField(_("corrected here"), default=dict, blank=True)
    values = models.JSONField(_("values"), default=dict, blank=True)
    title = models.CharField(_("name in the file"), max_length=200, blank=True)
    subtitle = models.CharField(_("second line"), max_length=200, blank=True)
    verdict = models.CharField(_("result"), max_length=9, choices=Verdict.choices)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    is_weak = models.BooleanField(_("weak evidence"), default=False)
    target_id = models.BigIntegerField(_("record"), null=True, blank=True)
    candidates = models.JSONField(_("records that it may be"), default=list, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    choice = models.CharField(_("choice"), max_length=9, choices=Choice.choices, blank=True)
    chosen_id = models.BigIntegerField(_("chosen record"), null=True, blank=True)
    not_taken = models.JSONField(_("changes not wanted"), default=list, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    is_taken = models.BooleanField(_("will be written"), default=False)
    written_id = models.BigIntegerField(_("written record"), null=True, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "number"]
        indexes = [models.Index(fields=["batch", "rank", "number"], name="import_row_by_rank")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
        ]

    def __str__(self):
        return str(_("Row %(number)s") % {"number": self.number})

    @property
    def is_undecided(self):
        return self.rank == UNDECIDED_RANK


class ColumnMapping(models.Model):
    """What a person once said a sender's heading means. An empty target: the column is not wanted."""

    kind = models.CharField(_("kind"), max_length=40)
    sender = models.CharField(_("sent by"), max_length=120, blank=True)
    heading = models.CharField(_("heading"), max_length=200)
    target = models.CharField(_("column"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("heading of a sender")
        verbose_name_plural = _("headings of senders")
        ordering = ["kind", "sender", "heading"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "sender", "heading"], name="import_heading_once"),
        ]

    def __str__(self):
        return f"{self.heading} → {self.target or '–'}"
