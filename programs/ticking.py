"""The attendance list of one day: who is expected where, what is noted, and what was sent."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from math import ceil

from django.db.models import Q
from django.utils.translation import gettext as _

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.records import clock
from portal.search.folding import fold

from .attending import ON_THE_LIST, Unit, days_there, is_expected, placements_on, sessions_on
from .models import Attendance, Enrollment, Session

Status, Reason = Attendance.Status, Attendance.Reason
# What is noted later than this needs a reason, which the trail keeps.
LATE_AFTER_DAYS = 3
OPENS_BEFORE = timedelta(hours=1)
LINES_A_PAGE = 15


@dataclass
class Line:
    """One person at one thing: what stands, and what the page shows or was sent."""

    unit: Unit
    standing: Attendance | None = None
    status: str = ""
    reason: str = ""
    note: str = ""
    seen: str = ""
    error: str = ""

    @property
    def trainee(self):
        return self.unit.enrollment.trainee

    @property
    def key(self):
        return self.unit.key

    @property
    def differs(self):
        """Whether it says something else than what stands."""
        if self.standing is None:
            return bool(self.status)
        kept = self.standing
        return (self.status, self.reason, self.note) != (kept.status, kept.reason, kept.note)


@dataclass
class Group:
    """The people of one department, or of one session."""

    title: str
    sub: str
    lines: list
    session: Session | None = None

    @property
    def can_check_in(self):
        """Whether those in the room can be let in by the code on the wall now."""
        return self.session is not None and not why_not_open(self.session)

    @property
    def noted(self):
        return sum(line.standing is not None for line in self.lines)

    def only(self, lines):
        """The same group with these of its lines."""
        return replace(self, lines=lines)


@dataclass
class Sheet:
    """The list of a day, or a page of it."""

    day: object
    groups: list = field(default_factory=list)
    page: int = 1
    pages: int = 1
    hospitals: set | None = None  # whose list it is: of these hospitals, or of all
    in_all: int = 0  # how many lines the whole list has, and how many of them are noted
    noted: int = 0
    unreleased: list = field(default_factory=list)  # sessions at which nobody is expected

    @property
    def lines(self):
        return [line for group in self.groups for line in group.lines]

    @property
    def is_to_come(self):
        return self.day > clock.today()

    @property
    def is_late(self):
        """Whether what is noted now is a late correction."""
        return (clock.today() - self.day).days > LATE_AFTER_DAYS

    @property
    def errors(self):
        return [line for line in self.lines if line.error]


def why_not_open(session):
    """What forbids that people check in to the session now, in words; "" from an hour before it until its end."""
    if session.is_cancelled:
        words = _("This session is cancelled: %(reason)s. Nobody checks in to it.")
        return words % {"reason": session.cancel_reason}
    if session.released is None:
        return _(
            "This session is not released yet: the trainees do not know of it. Release the schedule first."
        )
    if not session.starts_at - OPENS_BEFORE <= clock.now() < session.ends_at:
        return _("Checking in opens an hour before the session at the earliest, and ends with it.")
    return ""


def hospitals_of(user):
    """The keys of the hospitals whose lists the user keeps; None for all of them."""
    if user.has(Permission.RUN_COHORTS):
        return None
    return set(Coordinator.objects.serving().filter(user=user).values_list("hospital", flat=True))


def sheet_of(user, day, cohort=None, named=""):
    """The list of a day as `user` keeps it: of their own hospitals, or all (of one cohort). Six queries at most.

    `named` narrows it to people, departments and sessions that are called so.
    """
    hospitals = hospitals_of(user)
    where = Q() if cohort is None else Q(enrollment__cohort=cohort)
    if hospitals is not None:
        where &= Q(department__hospital__in=hospitals)
    placements = placements_on(day).filter(where).order_by("department", "trainee__passport_name", "pk")
    sessions = [
        session
        for session in sessions_on(day)
        if (cohort is None or session.cohort_id == cohort.pk)
        and (hospitals is None or session.hospital_id in hospitals)
    ]
    told = [session for session in sessions if session.released is not None]
    sheet = Sheet(day, [*_of_departments(placements, day), *_of_sessions(told, day)])
    sheet.hospitals = hospitals
    sheet.unreleased = [session for session in sessions if session.released is None]
    if wanted := fold(named):
        sheet.groups = [part for group in sheet.groups if (part := _called(group, wanted)).lines]
    _fill_in(sheet)
    sheet.in_all, sheet.noted = len(sheet.lines), sum(group.noted for group in sheet.groups)
    return sheet


def _called(group, wanted):
    """The lines of the group whose people are called so; all where the group itself is."""
    if wanted in fold(group.title):
        return group
    names = {line.key: " ".join(map(fold, line.trainee.every_name)) for line in group.lines}
    return group.only([line for line in group.lines if wanted in names[line.key]])


def turn_to(sheet, page):
    """Leave on the sheet the lines of one page; of the nearest one where there is none of that number."""
    sheet.pages = max(ceil(sheet.in_all / LINES_A_PAGE), 1)
    sheet.page = min(max(page, 1), sheet.pages)
    shown = {line.key for line in sheet.lines[(sheet.page - 1) * LINES_A_PAGE :][:LINES_A_PAGE]}
    parts = [group.only([line for line in group.lines if line.key in shown]) for group in sheet.groups]
    sheet.groups = [part for part in parts if part.lines]


def _of_departments(placements, day):
    there = [placement for placement in placements if day in days_there(placement)]
    for department, own in groupby(there, key=lambda placement: placement.department):
        lines = [Line(Unit(placement.enrollment, day, placement=placement)) for placement in own]
        yield Group(str(department), _("Days in the department"), lines)


def _of_sessions(sessions, day):
    cohorts = {session.cohort_id for session in sessions}
    people = []
    if cohorts:
        rows = Enrollment.objects.filter(cohort__in=cohorts, state__in=ON_THE_LIST)
        people = list(rows.select_related("trainee").order_by("trainee__passport_name", "pk"))
    for session in sessions:
        asked = [one for one in people if one.cohort_id == session.cohort_id and is_expected(one, session)]
        lines = [Line(Unit(enrollment, day, session=session)) for enrollment in asked]
        if lines:
            yield Group(str(session), session.get_kind_display(), lines, session=session)


def standing_on(day, units):
    """What is noted of these units, by their keys. One query."""
    placements = [unit.placement.pk for unit in units if unit.placement]
    sessions = {unit.session.pk for unit in units if unit.session}
    rows = Attendance.objects.filter(Q(placement__in=placements, day=day) | Q(session__in=sessions))
    return {
        f"p{row.placement_id}" if row.placement_id else f"s{row.session_id}-{row.enrollment_id}": row
        for row in rows
    }


def _fill_in(sheet):
    standing = standing_on(sheet.day, [line.unit for line in sheet.lines]) if sheet.groups else {}
    for line in sheet.lines:
        line.standing = kept = standing.get(line.key)
        if kept:
            line.status = line.seen = kept.status
            line.reason, line.note = kept.reason, kept.note


def take_in(sheet, data):
    """Put what was sent into the lines; whether all of it can be kept. Reasons that do not are at the lines."""
    everybody = data.get("all") == Status.PRESENT
    for line in sheet.lines:
        line.status = data.get(f"status-{line.key}", "")
        line.reason = data.get(f"reason-{line.key}", "")
        line.note = " ".join(data.get(f"note-{line.key}", "").replace("\x00", " ").split())
        line.seen = data.get(f"seen-{line.key}", "")
        if everybody and not line.status:
            line.status = Status.PRESENT
        line.error = _wrong(line)
        if line.status not in Attendance.NOT_THERE:
            line.reason = ""  # the field is hidden then, and may still hold what was chosen before
    return not sheet.errors


def _wrong(line):
    if line.status not in ("", *Status.values) or line.reason not in ("", *Reason.values):
        return _("Choose one of the answers.")
    if line.status == Status.EXCUSED and not line.reason:
        return _("Choose why this person is excused.")
    if len(line.note) > Attendance._meta.get_field("note").max_length:
        return _("The note is too long: 200 characters at most.")
    return ""
