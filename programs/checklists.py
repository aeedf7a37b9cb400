"""Which papers somebody still owes: the program says which, the cohort's dates how long they must be valid."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Document, Passport
from portal.records.clock import months_after

from .models import Enrollment

# A passport is valid half a year beyond the stay; papers are there four weeks before it.
PASSPORT_MONTHS = 6
DAYS_BEFORE = 28
STILL_IN = [
    Enrollment.State.NOMINATED,
    Enrollment.State.RESERVE,
    Enrollment.State.ACCEPTED,
    Enrollment.State.IN_TRAINING,
]


class Status(models.TextChoices):
    """How one paper of one person stands."""

    MISSING = "missing", gettext_lazy("Missing")
    REFUSED = "refused", gettext_lazy("Refused")
    EXPIRING = "expiring", gettext_lazy("Expires too early")
    RECEIVED = "received", gettext_lazy("Received")
    CHECKED = "checked", gettext_lazy("Checked")


LOOKS = {
    Status.MISSING: ("wait", "clock"),
    Status.REFUSED: ("stop", "x-circle"),
    Status.EXPIRING: ("wait", "calendar"),
    Status.RECEIVED: ("info", "inbox-arrow-down"),
    Status.CHECKED: ("good", "check-circle"),
}
OWED = frozenset([Status.MISSING, Status.REFUSED, Status.EXPIRING])


@dataclass(frozen=True)
class Item:
    """One paper that a program asks for, as it stands for one person."""

    kind: str
    status: Status
    document: Document | None = None
    expires: date | None = None
    needed_until: date | None = None

    @property
    def label(self):
        return Document.Kind(self.kind).label

    @property
    def is_owed(self):
        return self.status in OWED

    @property
    def look(self):
        return LOOKS[self.status]

    @property
    def note(self):
        """What else there is to know of it, in words."""
        if self.status == Status.REFUSED:
            return self.document.refused_reason
        if self.status != Status.EXPIRING:
            return ""
        days = {"day": _day(self.expires), "needed": _day(self.needed_until)}
        return _("It expires on %(day)s and is needed until %(needed)s.") % days


def _day(day):
    return date_format(day, "DATE_FORMAT")


def due_on(cohort):
    """Until when the papers are to be there."""
    return cohort.first_day - timedelta(days=DAYS_BEFORE)


def needed_until(kind, cohort):
    """How long a paper of this kind must be valid for the cohort; None where it does not expire."""
    if kind == Document.Kind.PASSPORT:
        return months_after(cohort.last_day, PASSPORT_MONTHS)
    return cohort.last_day if kind in Document.EXPIRING else None


def asked_of(cohort):
    """What a partner is asked for when it nominates: the program’s papers, and always the letter."""
    papers = cohort.program.papers
    letter = Document.Kind.RECOMMENDATION.value
    return papers if letter in papers else [*papers, letter]


def checklists(enrollments, kinds_of=lambda cohort: cohort.program.papers):
    """The items of each enrollment by its key. Two queries, however many there are (cohort and program come along)."""
    enrollments = list(enrollments)
    people = {enrollment.trainee_id for enrollment in enrollments}
    latest = {(row.trainee_id, row.kind): row for row in Document.objects.filter(trainee__in=people).latest()}
    expiries = dict(Passport.objects.filter(trainee__in=people).values_list("trainee", "expires"))
    return {
        enrollment.pk: [
            _item(
                kind,
                enrollment.cohort,
                latest.get((enrollment.trainee_id, kind)),
                expiries.get(enrollment.trainee_id),
            )
            for kind in kinds_of(enrollment.cohort)
        ]
        for enrollment in enrollments
    }


def owing_marked(cohorts):
    """The people of these cohorts, each with whether they owe a paper (`owes`) and whether one expires too early.

    The same as `checklists` says, for the database to count, however many people there are.
    """
    cohorts = list(cohorts)
    rows = _with_right(Enrollment.objects.filter(cohort__in=cohorts, state__in=STILL_IN), cohorts)
    owes = ExpressionWrapper(Q(right__lt=F("wanted")), output_field=models.BooleanField())
    return rows.annotate(owes=owes, is_early=Exists(_judged(cohorts).filter(is_early=True)))


def owing(enrollments, cohort, kind=""):
    """Those of a cohort’s enrollments that still owe a paper: any, or one of this kind. No query of its own."""
    rows = enrollments.filter(state__in=STILL_IN)
    if not kind:
        return _with_right(rows, [cohort]).filter(right__lt=F("wanted"))
    if kind not in cohort.program.papers:
        return enrollments.none()
    return rows.filter(~Exists(_judged([cohort]).filter(is_early=False, kind=kind)))


def _judged(cohorts):
    """The papers of `_at_hand`, each with whether it expires too early."""
    early = Case(When(_expiring(cohorts), then=True), default=False, output_field=models.BooleanField())
    return _at_hand(cohorts).annotate(is_early=early)


def _with_right(enrollments, cohorts):
    """The enrollments with how many papers are wanted of each, and how many of them are there and right."""
    right = _judged(cohorts).filter(is_early=False).values("trainee").annotate(n=Count("pk")).values("n")
    return enrollments.annotate(
        right=Coalesce(Subquery(right), 0), wanted=Coalesce(F("cohort__program__papers__len"), 0)
    )


def _at_hand(cohorts):
    """The papers of the outer enrollment’s person that its program asks for, each kind’s newest: kept, not refused."""
    newer = Document.objects.filter(trainee=OuterRef("trainee"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    found = Document.objects.filter(trainee=OuterRef("trainee"), file__isnull=False).exclude(
        state=Document.State.REFUSED
    )
    wanted = Q()
    for cohort in cohorts:
        wanted |= Q(its_cohort=cohort.pk, kind__in=cohort.program.papers)
    return (
        found.annotate(its_cohort=ExpressionWrapper(OuterRef("cohort"), models.BigIntegerField()))
        .filter(wanted, ~Exists(newer))
        .order_by()
    )


def _expiring(cohorts):
    """The condition that a paper of `_at_hand` is not valid long enough for its cohort."""
    early = Q(pk__in=[])
    for cohort in cohorts:
        for kind in Document.EXPIRING:
            day = needed_until(kind, cohort)
            is_early = Q(expires__lt=day)
            if kind == Document.Kind.PASSPORT:
                is_early |= Q(expires=None, trainee__passport__expires__lt=day)
            early |= Q(is_early, its_cohort=cohort.pk, kind=kind)
    return early


def checklist(enrollment, **how):
    """The items of one enrollment."""
    return checklists([enrollment], **how)[enrollment.pk]


def _item(kind, cohort, document, passport_expires):
    if document is None or document.file_id is None:
        return Item(kind, Status.MISSING)
    expires = document.expires or (passport_expires if kind == Document.Kind.PASSPORT else None)
    until = needed_until(kind, cohort)
    if document.state == Document.State.REFUSED:
        status = Status.REFUSED
    elif expires and until and expires < until:
        status = Status.EXPIRING
    else:
        status = Status(document.state)
    return Item(kind, status, document, expires, until)


def owed(items):
    """The items that are missing, refused or expire too early."""
    return [item for item in items if item.is_owed]
