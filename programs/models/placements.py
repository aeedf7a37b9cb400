from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospitals.models import Clinician, Coordinator, Department
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import Stateful, StatefulQuerySet

from .enrollments import Enrollment

# A wrong click on an answer can be taken back for so long.
TAKEN_BACK_WITHIN = timedelta(minutes=30)


class DateRange(Func):
    """The days of a placement, both ends included, as PostgreSQL counts overlaps."""

    function = "DATERANGE"
    output_field = DateRangeField()


class HalfRange(Func):
    """The halves of a day as a range: mornings [0,1), afternoons [1,2), whole days [0,2)."""

    template = (
        "(CASE %(expressions)s WHEN 'morning' THEN int4range(0, 1) WHEN 'afternoon' THEN int4range(1, 2)"
        " ELSE int4range(0, 2) END)"
    )
    output_field = IntegerRangeField()


class PlacementQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """The team sees every one, a coordinator those sent to their hospitals, a trainee their own settled ones."""
        if user.has(Permission.SEE_COHORTS):
            return self
        mine = Q(pk__in=[])  # somebody may coordinate here and have trained here
        if user.has(Permission.OWN_TRAINING):
            mine |= Q(state__in=Placement.SEATED, trainee__user=user)
        if user.has(Permission.ANSWER_PLACEMENTS):
            serves = Coordinator.objects.filter(user=user, until=None).values("hospital")
            # Never asked for is never seen: a draft that was cancelled carries staff's own words.
            mine |= Q(requested_at__isnull=False, department__hospital__in=serves)
        return self.filter(mine)

    def taking_seats(self):
        """Those that fill a seat: confirmed, with or without conditions, or over."""
        return self.filter(state__in=Placement.SEATED)

    def awaiting_answer(self):
        return self.filter(state=Placement.State.REQUESTED)

    def just_answered(self):
        """Those whose answer may still be taken back."""
        answered = self.filter(state__in=Placement.ANSWERED, replaces=None)
        return answered.filter(answered_at__gt=clock.now() - TAKEN_BACK_WITHIN, first_day__gt=clock.today())

    def silent(self):
        """Asked for, and not a word yet: no proposal, nothing handed on, no day named that is still to come."""
        return self.awaiting_answer().filter(
            Q(answer_promised=None) | Q(answer_promised__lt=clock.today()),
            proposal_at=None,
            forwarded_at=None,
        )

    def late(self):
        """Answers that are overdue, as `waits.is_late` finds them one by one: what was handed on, too."""
        today = clock.today()
        return self.awaiting_answer().filter(
            Q(answer_promised=None) | Q(answer_promised__lt=today), answer_due__lt=today, proposal_at=None
        )

    def with_conditions(self):
        """Confirmed if something is shown or brought, and not over."""
        return self.filter(state=Placement.State.WITH_CONDITIONS, last_day__gte=clock.today())

    def overlapping(self, first_day, last_day):
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)

    def for_board(self):
        return self.select_related(
            "trainee", "department__hospital", "department__specialty", "enrollment__cohort"
        )


@pghistory.track()
class Placement(Stateful):
    """A trainee in a department over some days. Several in a row are the rotation."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REQUESTED = "requested", _("Requested")
        CONFIRMED = "confirmed", _("Confirmed")
        WITH_CONDITIONS = "with_conditions", _("Confirmed with conditions")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        RESCHEDULED = "rescheduled", _("Rescheduled")
        COMPLETED = "completed", pgettext_lazy("of a cohort or placement", "Completed")

    class Half(models.TextChoices):
        WHOLE = "whole", _("whole days")
        MORNING = "morning", _("mornings")
        AFTERNOON = "afternoon", _("afternoons")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("in the portal")
        LINK = "link", _("by the link in the mail")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")

    class Condition(models.TextChoices):
        VACCINATION = "vaccination", _("proof of vaccination")
        INSURANCE = "insurance", _("insurance")
        DRESS = "dress", _("clothing, such as a white coat")
        DOCUMENT = "document", _("another document")

    OWN_WORDS = "words"
    initial_state = State.DRAFT
    verbs_read = (
        "enrollment__cohort__lead_officer",
        "trainee",
        "department__hospital",
        "department__specialty",
        "supervisor",
        "forwarded_to",
        "proposal_department__hospital",
        "proposal_department__specialty",
    )
    SEATED = (State.CONFIRMED, State.WITH_CONDITIONS, State.COMPLETED)
    # What a hospital says, as long as it can be unsaid.
    ANSWERED = (State.CONFIRMED, State.WITH_CONDITIONS, State.DECLINED)
    # Somebody is to be there, or may be: until it is answered, cancelled or over.
    UNDER_WAY = (State.DRAFT, State.REQUESTED, State.CONFIRMED, State.WITH_CONDITIONS)

    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, related_name="placements", verbose_name=_("enrollment")
    )
    # The enrollment's trainee, kept here too: the constraint on two places at once needs it in this row.
    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="placements", verbose_name=_("trainee"), editable=False
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="placements", verbose_name=_("department")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    half = models.CharField(_("part of the day"), max_length=9, choices=Half.choices, default=Half.WHOLE)
    state = models.CharField(
        _("state"), max_length=15, choices=State.choices, default=State.DRAFT, editable=False
    )
    requested_at = models.DateTimeField(_("requested"), null=True, blank=True, editable=False)
    answer_due = models.DateField(_("answer due"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("answer recorded by"),
    )
    answered_name = models.CharField(_("who answered"), max_length=120, blank=True, editable=False)
    answer_channel = models.CharField(
        _("how"), max_length=6, choices=Channel.choices, blank=True, editable=False
    )
    condition_kinds = ArrayField(
        models.CharField(max_length=12, choices=Condition.choices),
        verbose_name=_("what the trainee has to bring or show"),
        default=list,
        blank=True,
        editable=False,
    )
    conditions = models.TextField(_("conditions"), blank=True, editable=False)
    # Of each kind that has been shown or brought (OWN_WORDS for `conditions`): who saw it, and when.
    conditions_met = models.JSONField(_("conditions that are met"), default=dict, blank=True, editable=False)
    decline_reason = models.TextField(_("reason for declining"), blank=True, editable=False)
    overbook_reason = models.CharField(_("why beyond the seats"), max_length=300, blank=True, editable=False)
    supervisor = models.ForeignKey(
        Clinician,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="placements",
        verbose_name=_("supervisor"),
    )
    # A request that is not answered yet may have been handed on, put off, or met with other dates.
    answer_promised = models.DateField(_("answer promised for"), null=True, blank=True, editable=False)
    forwarded_to = models.ForeignKey(
        Clinician,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("handed on to"),
    )
    forwarded_at = models.DateTimeField(_("handed on"), null=True, blank=True, editable=False)
    proposal_at = models.DateTimeField(_("proposed"), null=True, blank=True, editable=False)
    proposal_name = models.CharField(_("proposed by"), max_length=120, blank=True, editable=False)
    proposal_channel = models.CharField(
        _("proposed how"), max_length=6, choices=Channel.choices, blank=True, editable=False
    )
    proposal_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed department"),
    )
    proposal_first_day = models.DateField(_("proposed first day"), null=True, blank=True, editable=False)
    proposal_last_day = models.DateField(_("proposed last day"), null=True, blank=True, editable=False)
    proposal_note = models.TextField(_("words to the proposal"), blank=True, editable=False)
    # What was moved, shortened or suspended stays; what stands in its place points back to it.
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("instead of"),
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["department", "first_day"], name="placement_by_department")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="placement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="cancelled")
                | Q(requested_at__isnull=False, answer_due__isnull=False),
                name="placement_requested_has_time_and_deadline",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer_channel="", answered_name="")
                | (Q(answered_at__isnull=False) & ~Q(answer_channel="") & ~Q(answered_name="")),
                name="placement_answer_has_who_how_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "with_conditions", "declined", "completed"])
                | Q(answered_at__isnull=False),
                name="placement_answered_states_have_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""),
                name="placement_declined_has_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="with_conditions") | ~Q(conditions="") | ~Q(condition_kinds=[]),
                name="placement_conditions_are_named",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_to=None, forwarded_at=None)
                | Q(forwarded_to__isnull=False, forwarded_at__isnull=False),
                name="placement_handed_on_has_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    proposal_at=None,
                    proposal_department=None,
                    proposal_first_day=None,
                    proposal_last_day=None,
                    proposal_name="",
                    proposal_channel="",
                )
                | (
                    Q(proposal_at__isnull=False, proposal_department__isnull=False)
                    & Q(proposal_first_day__isnull=False, proposal_last_day__gte=F("proposal_first_day"))
                    & ~Q(proposal_name="")
                    & ~Q(proposal_channel="")
                ),
                name="placement_proposal_is_whole",
            ),
            ExclusionConstraint(
                name="placement_trainee_in_one_place",
                expressions=[
                    (F("trainee"), RangeOperators.EQUAL),
                    (DateRange("first_day", "last_day", Value("[]")), RangeOperators.OVERLAPS),
                    (HalfRange("half"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["confirmed", "with_conditions", "completed"]),
                violation_error_message=_("The trainee is in another department on one of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.trainee}: {self.department}"

    def save(self, *args, **kwargs):
        self.trainee_id = self.enrollment.trainee_id
        super().save(*args, **kwargs)

    @property
    def is_seated(self):
        return self.state in self.SEATED

    @property
    def taken_back_until(self):
        """Until when a wrong answer can be taken back; None where it cannot be, or not any more."""
        if self.state not in self.ANSWERED or self.replaces_id or self.first_day <= clock.today():
            return None
        until = self.answered_at + TAKEN_BACK_WITHIN
        return until if clock.now() < until else None

    @property
    def is_proposed(self):
        """Whether the hospital has named other dates or another department, and staff have to decide."""
        return self.state == self.State.REQUESTED and self.proposal_at is not None

    @property
    def condition_names(self):
        """What the trainee has to bring or show, in the reader's language."""
        names = dict(self.Condition.choices)
        return [str(names[kind]) for kind in self.condition_kinds]

    @property
    def condition_words(self):
        """Everything the hospital asks for, by kind; what it wrote itself comes last."""
        found = dict(zip(self.condition_kinds, self.condition_names, strict=True))
        return found | ({self.OWN_WORDS: self.conditions} if self.conditions else {})

    @property
    def conditions_read(self):
        """The same with who has seen it, and when, where that is done: a list of dicts."""
        met = self.conditions_met
        return [
            {
                "kind": kind,
                "words": words,
                "by": met[kind]["by"] if kind in met else "",
                "at": datetime.fromisoformat(met[kind]["at"]) if kind in met else None,
            }
            for kind, words in self.condition_words.items()
        ]

    @property
    def open_conditions(self):
        """What the hospital asks for and nobody has seen yet, in the reader's language."""
        if self.state != self.State.WITH_CONDITIONS:
            return []
        return [words for kind, words in self.condition_words.items() if kind not in self.conditions_met]

    @property
    def conditions_in_words(self):
        """Everything the hospital asks for, in one sentence."""
        named = ", ".join(self.condition_names)
        return "; ".join(words for words in (named[:1].upper() + named[1:], self.conditions) if words)

    @property
    def shows_photo(self):
        """Whether the hospital sees the photo: while it is asked, expects the person, or has had them."""
        return self.state in (self.State.REQUESTED, *self.SEATED)
