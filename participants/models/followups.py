from datetime import timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from participants.rules import SILENT_AFTER_DAYS
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import Stateful, StatefulQuerySet

from .people import Graduation

# More colleagues or patients than these are a slip of the key.
MOST = 100_000


class FollowUpQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """The team sees every follow-up, a graduate their own."""
        if user.has(Permission.SEE_PEOPLE):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(graduation__trainee__user=user)
        return self.none()

    def for_list(self):
        return self.select_related("graduation__trainee__institution__region")

    def to_open(self, day):
        """Scheduled ones whose day has come. A day ahead is read too: in the east it is tomorrow already."""
        return self.filter(state=FollowUp.State.SCHEDULED, due__lte=day + timedelta(days=1))

    def unanswered(self):
        return self.filter(state=FollowUp.State.OPEN)

    def silent(self):
        """Open ones whose last reminder has gone by without an answer."""
        return self.unanswered().filter(due__lte=clock.today() - timedelta(days=SILENT_AFTER_DAYS))

    def by_urgency(self):
        """Annotated with `urgency`: what waits for an answer, then what is to come, then what is settled."""
        order = [FollowUp.State.OPEN, FollowUp.State.MISSED, FollowUp.State.SCHEDULED]
        places = [When(state=state, then=Value(place)) for place, state in enumerate(order)]
        return self.annotate(urgency=Case(*places, default=Value(len(order))))

    def late(self):
        """Due and not answered: open or missed. They may still be answered."""
        return self.filter(state__in=[FollowUp.State.OPEN, FollowUp.State.MISSED], due__lt=clock.today())

    def due_soon(self):
        """Not answered yet, and due within 30 days."""
        soon = clock.today() + timedelta(days=30)
        return self.filter(state__in=[FollowUp.State.SCHEDULED, FollowUp.State.OPEN], due__lte=soon)


class FollowUp(Stateful):
    """The question to a graduate, so many months after the end: what came of the training?"""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        MISSED = "missed", _("Missed")
        WAIVED = "waived", _("Waived")

    initial_state = State.SCHEDULED
    verbs_read = ("graduation__trainee__institution__region",)

    graduation = models.ForeignKey(
        Graduation, models.PROTECT, related_name="follow_ups", verbose_name=_("graduation")
    )
    months = models.PositiveSmallIntegerField(_("months after the end"))
    due = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.SCHEDULED, editable=False
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    applied = models.TextField(_("What of the training do you use at work?"), blank=True)
    # One a line: how often each is named is counted.
    procedures = models.TextField(
        _("Which procedures or techniques have you introduced at home?"), blank=True
    )
    taught = models.PositiveIntegerField(
        _("How many colleagues have you taught?"), null=True, blank=True, validators=[MaxValueValidator(MOST)]
    )
    patients = models.PositiveIntegerField(
        _("About how many patients has it helped?"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST)],
    )
    obstacles = models.TextField(_("What stands in the way?"), blank=True)
    wishes = models.TextField(_("What would you like to learn next?"), blank=True)
    waived_reason = models.CharField(_("why waived"), max_length=300, blank=True, editable=False)
    # What the graduate has typed and not sent yet, just as it was typed; theirs alone, and gone once they answer.
    draft = models.JSONField(default=dict, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due", "pk"]
        indexes = [
            # What a round looks at: a few of some hundred thousand.
            models.Index(
                fields=["due"], condition=Q(state__in=["scheduled", "open"]), name="followup_to_come"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["graduation", "months"], name="followup_once_per_month_mark"),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False)
                | (~Q(state="answered") & Q(answered_at=None)),
                name="followup_answered_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(waived_reason=""), name="followup_waived_has_its_reason"
            ),
        ]

    def __str__(self):
        return str(
            _("%(months)s-month follow-up of %(name)s")
            % {"months": self.months, "name": self.graduation.trainee}
        )

    @property
    def procedure_names(self):
        """What was introduced at home, each by itself."""
        return [line.strip(" -•\t") for line in self.procedures.splitlines() if line.strip(" -•\t")]

    @property
    def is_late(self):
        return self.state in (self.State.OPEN, self.State.MISSED) and self.due < clock.today()
