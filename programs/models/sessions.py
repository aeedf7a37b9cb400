import hashlib
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Department, Hospital, in_reader_language, served_by
from participants.models import Trainee
from portal.accounts.models import valid_time_zone
from portal.accounts.roles import Permission

from .cohorts import Cohort
from .enrollments import Enrollment
from .placements import Placement

# What a release hands out of a session, by column; beside them its files, its trainees and whether it is called off.
FACTS = (
    "kind", "title", "title_ko", "time_zone", "hospital_id", "department_id", "place", "place_ko", "online_link",
    "lecturer", "meets", "meets_phone", "bring", "materials", "whole_cohort", "cancel_reason",
)  # fmt: skip


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every session. Others see what is released to them; a coordinator plans at their hospitals too.

        A coordinator reads what the whole cohort does where it has trainees at their hospital. What a reader who is
        not of the team may know of a released session is `session.as_released()`, not the columns.
        """
        if user.has(Permission.SEE_COHORTS):
            return self
        mine = Q(pk__in=[])
        if user.has(Permission.OWN_TRAINING):
            mine |= Q(released__isnull=False) & _released_to(user)
        if user.has(Permission.EDIT_OWN_SESSIONS):
            hosts = Placement.objects.filter(
                enrollment__cohort=OuterRef("cohort"),
                state__in=Placement.SEATED,
                department__hospital__in=served_by(user),
            )
            mine |= Q(hospital__in=served_by(user))
            mine |= Q(released__whole_cohort=True) & Exists(hosts)
        return self.filter(mine)

    def editable_by(self, user):
        """Those that `user` may change: officers all, a coordinator those at the hospitals they serve."""
        if user.has(Permission.RUN_COHORTS):
            return self
        if user.has(Permission.EDIT_OWN_SESSIONS):
            return self.filter(hospital__in=served_by(user))
        return self.none()

    def released(self):
        """Those that trainees know of, the cancelled ones too."""
        return self.filter(released__isnull=False)

    def standing(self):
        """Those that are not called off."""
        return self.filter(cancelled_at=None)

    def taking_place(self):
        """Those at which somebody is expected: released, and not called off."""
        return self.released().standing()

    def overlapping(self, starts_at, ends_at):
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def for_list(self):
        """With everything that a line of the schedule says, and what its facts read. Three queries."""
        return self.with_place().prefetch_related("trainees", "attached__file")

    def with_place(self):
        """With its cohort, and the hospital and department where it is held."""
        return self.select_related("cohort", "hospital", "department__specialty")


def _released_to(user):
    """That a session is released to the whole cohort of the user, or to them by name."""
    enrolled = Enrollment.objects.filter(
        cohort=OuterRef("cohort"), trainee__user=user, state__in=["accepted", "in_training", "completed"]
    )
    named = Session.told.through.objects.filter(session=OuterRef("pk"), trainee__user=user)
    return Exists(enrolled) & (Q(released__whole_cohort=True) | Exists(named))


class Session(models.Model):
    """An entry in a cohort's schedule. Days in a department are not entries: they come from the placements.

    The columns are what staff plan. What trainees and calendars read is `released`: the facts as they stood at the
    last release (programs.session_facts), so that a plan half made reaches nobody.
    """

    class Kind(models.TextChoices):
        ORIENTATION = "orientation", _("orientation")
        LECTURE = "lecture", _("lecture")
        ROTATION = "rotation", _("rotation day")
        OBSERVATION = "observation", _("surgery observation")
        SITE_VISIT = "site_visit", _("site visit")
        CULTURE = "culture", _("culture day")
        CEREMONY = "ceremony", _("ceremony")
        ONLINE = "online", _("online class")

    class State(models.TextChoices):
        """Read from the row, not kept in it."""

        DRAFT = "draft", _("Not released")
        CHANGED = "changed", _("Changed since the release")
        RELEASED = "released", _("Released")
        CANCELLED = "cancelled", _("Cancelled")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions", verbose_name=_("cohort"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    title_ko = models.CharField(_("title in Korean"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[valid_time_zone]
    )
    hospital = models.ForeignKey(
        Hospital,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("at the hospital"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("in the department"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    place_ko = models.TextField(_("place in Korean, for a taxi driver"), max_length=400, blank=True)
    online_link = models.URLField(_("online link"), blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=160, blank=True)
    meets = models.CharField(_("who meets the trainees"), max_length=160, blank=True)
    meets_phone = models.CharField(_("their telephone"), max_length=40, blank=True)
    bring = models.CharField(_("what to bring"), max_length=200, blank=True)
    materials = models.TextField(_("materials"), max_length=1000, blank=True)
    whole_cohort = models.BooleanField(_("for the whole cohort"), default=True)
    trainees = models.ManyToManyField(
        Trainee, blank=True, related_name="sessions", verbose_name=_("for these trainees")
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True, editable=False)
    # What is known outside, and what was known before that: facts as JSON (programs.session_facts).
    released = models.JSONField(_("as released"), null=True, blank=True, editable=False)
    released_before = models.JSONField(_("as released before"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    # How many times it was released: the SEQUENCE of calendars.
    sequence = models.PositiveIntegerField(_("number of releases"), default=0, editable=False)
    told = models.ManyToManyField(
        Trainee,
        blank=True,
        editable=False,
        related_name="released_sessions",
        verbose_name=_("released to these trainees"),
    )
    is_invented = models.BooleanField(_("invented for the demo"), default=False)
    # Of a session as it was released: the files that release named. See `files`.
    _files_released = None

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="session_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="session_cancelled_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(released=None, released_at=None, sequence=0)
                | Q(released__isnull=False, released_at__isnull=False, sequence__gt=0),
                name="session_released_has_time_and_number",
            ),
        ]

    def __str__(self):
        return in_reader_language(self.title, self.title_ko)

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def is_online(self):
        return self.kind == self.Kind.ONLINE or bool(self.online_link)

    @property
    def state(self):
        """Where the plan stands beside what was released: draft, changed, released or cancelled. Reads `trainees`."""
        if self.released is None:
            return self.State.CANCELLED if self.is_cancelled else self.State.DRAFT
        if self.facts() != self.released:
            return self.State.CHANGED
        return self.State.CANCELLED if self.is_cancelled else self.State.RELEASED

    def get_state_display(self):
        return self.State(self.state).label

    @property
    def files(self):
        """The files to read before it, as dicts of `pk`, `name` and `size`. Of the plan it reads `attached`."""
        if self._files_released is not None:
            return self._files_released
        standing = (one for one in self.attached.all() if one.removed_at is None)
        return [{"pk": one.pk, "name": one.file.name, "size": one.file.size} for one in standing]

    def facts(self):
        """The plan as JSON, as a release would hand it out. Reads `trainees` and `attached`."""
        facts = {name: getattr(self, name) for name in FACTS}
        for name in ("starts_at", "ends_at"):
            facts[name] = getattr(self, name).astimezone(UTC).isoformat()
        facts["trainees"] = [] if self.whole_cohort else sorted(one.pk for one in self.trainees.all())
        facts["files"] = self.files
        facts["is_cancelled"] = self.is_cancelled
        return facts

    @property
    def fingerprint(self):
        """A few letters that are others as soon as anything is that a form shows of the plan."""
        shown = {name: fact for name, fact in self.facts().items() if name != "files"}
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]

    def as_released(self):
        """The session as it was released, not to be saved; None where it never was."""
        return None if self.released is None else self.of_facts(self.released)

    def of_facts(self, facts):
        """The session with these facts in place of its own, not to be saved."""
        told = Session(pk=self.pk, sequence=self.sequence, released_at=self.released_at)
        told.is_invented, told.released, told.released_before = (
            self.is_invented,
            self.released,
            self.released_before,
        )
        if "cohort" in self._state.fields_cache:
            told.cohort = self.cohort
        told.cohort_id = self.cohort_id
        for name in FACTS:
            setattr(told, name, facts[name])
        told.starts_at = datetime.fromisoformat(facts["starts_at"])
        told.ends_at = datetime.fromisoformat(facts["ends_at"])
        told.cancelled_at = self.released_at if facts["is_cancelled"] else None
        told._files_released = facts["files"]
        for place in ("hospital", "department"):
            is_read = place in self._state.fields_cache
            if is_read and getattr(told, f"{place}_id") == getattr(self, f"{place}_id"):
                setattr(told, place, getattr(self, place))
        return told


class ScheduleRelease(models.Model):
    """The schedule of a cohort as it went out once: its number, who released it, and what differed from before.

    `changes` is a list of {"session": key, "before": facts or null, "after": facts}; what it means for one trainee
    or one hospital is read out of it (programs.session_changes).
    """

    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="schedule_releases", verbose_name=_("cohort")
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    note = models.CharField(_("note to everybody it concerns"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"))

    class Meta:
        verbose_name = _("release of a schedule")
        verbose_name_plural = _("releases of schedules")
        ordering = ["cohort", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="schedule_release_number_once"),
        ]

    def __str__(self):
        return f"{self.cohort} · {self.number}"


class ScheduleLook(models.Model):
    """When a trainee last looked at their schedule, and when before that: what is newer is marked as changed."""

    trainee = models.OneToOneField(
        Trainee, models.CASCADE, related_name="schedule_look", verbose_name=_("trainee")
    )
    at = models.DateTimeField(_("last look"))
    before = models.DateTimeField(_("look before that"), null=True)

    class Meta:
        verbose_name = _("look at a schedule")
        verbose_name_plural = _("looks at schedules")

    def __str__(self):
        return str(self.trainee)
