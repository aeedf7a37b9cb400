"""A schedule by spreadsheet: one row a session of the cohort the file belongs to, a plan until it is released."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hospitals.models import Department, Hospital
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records.approximate import FIRST_YEAR, LAST_YEAR
from portal.records.changes import locked
from portal.records.imports.columns import (
    ChoiceColumn,
    Column,
    LinesColumn,
    Reference,
    ReferenceColumn,
    ReferencesColumn,
    TextColumn,
)
from portal.records.imports.headings import in_every_language, plain
from portal.records.imports.importers import importer
from portal.records.imports.names import NameIndex, same_name
from portal.records.imports.records import RecordImporter
from portal.records.imports.rows import Verdict
from portal.records.imports.said import said

from .models import Cohort, Session
from .templatetags.programs_days import short_moment

_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2}):(\d{2})(:\d{2})?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(:\d{2})?")


@dataclass(frozen=True)
class MomentColumn(Column):
    """A day and a time by the clock of the place; the end may be a time alone, on the day of the beginning."""

    def read(self, text, importer):
        match = _MOMENT.fullmatch(text) or (_TIME.fullmatch(text) if self.name == "ends_at" else None)
        if match is None:
            raise ValidationError(
                _("“%(value)s” is no day with a time. Write it as 2026-11-10 16:00, for example."),
                params={"value": text},
            )
        numbers = [int(part) for part in match.groups() if part and not part.startswith(":")]
        try:
            if len(numbers) < 5:
                return datetime(1, 1, 1, *numbers)
            if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
                raise ValueError  # at the ends of what a date can be, no other zone's clock can be reckoned
            return datetime(*numbers)
        except ValueError as error:
            raise ValidationError(_("There is no “%(value)s”."), params={"value": text}) from error

    def keep(self, value):
        return value.isoformat()

    def load(self, kept):
        return datetime.fromisoformat(kept)

    def show(self, value):
        return f"{value:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class ZoneColumn(TextColumn):
    """The name of a clock."""

    def read(self, text, importer):
        # Names of places alone: “localtime” and “Factory” are in the list too, and no calendar program knows them.
        known = {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}
        if text.casefold() not in known:
            raise ValidationError(
                _("“%(value)s” is no time zone. Write it as Asia/Seoul, for example."), params={"value": text}
            )
        return known[text.casefold()]


@dataclass(frozen=True)
class LinkColumn(TextColumn):
    """An address on the web."""

    def read(self, text, importer):
        text = super().read(text, importer)
        URLValidator(["https", "http"])(text)
        return text


@dataclass(frozen=True)
class DepartmentColumn(ReferenceColumn):
    """The name of a department, which tells one only beside its hospital: `SessionImport.check` looks there."""

    def read(self, text, importer):
        return text


EVERYBODY = "everybody"


@dataclass(frozen=True)
class PeopleColumn(ReferencesColumn):
    """Who takes part: names, or a word for the whole cohort."""

    WORDS = (EVERYBODY, "all", "whole cohort", "전체", "모두", "все")

    def read(self, text, importer):
        if plain(text) in {plain(word) for word in (*self.WORDS, *in_every_language(_("everybody")))}:
            return EVERYBODY
        return super().read(text, importer)

    def keep(self, value):
        return value if value == EVERYBODY else super().keep(value)

    def load(self, kept):
        return kept if kept == EVERYBODY else super().load(kept or [])

    def show(self, value):
        return gettext("everybody") if value == EVERYBODY else super().show(value)

    def same(self, one, other):
        if EVERYBODY in (one, other):
            return one == other
        return super().same(one, other)

    def shown_change(self, before, after):
        """Who goes, struck out, and who comes; those who stay are a number."""
        before = before or []
        if EVERYBODY in (before, after):
            return self.show(before), self.show(after)
        held, wanted = ({one.pk for one in people} for people in (before, after))
        came = [one for one in after if one.pk not in held]
        words = [self.show(came)] if came else []
        if stay := len(held & wanted):
            words.append(ngettext("%(count)s stays", "%(count)s stay", stay) % {"count": stay})
        return self.show([one for one in before if one.pk not in wanted]), "; ".join(words)


@importer
class SessionImport(RecordImporter):
    """One row a session. The same title on the same day is the same session."""

    key = "sessions"
    label = _("Sessions")
    model = Session
    permission = Permission.RUN_COHORTS
    parent_model = Cohort
    name_column = alias_field = ""
    own_relations = ("Session_trainees+", "Session_told+")
    columns = [
        ChoiceColumn("kind", _("Kind"), ["종류", "유형", "вид"], choices=Session.Kind.choices, required=True),
        TextColumn("title", _("Title"), ["session", "제목", "название"], required=True, example="Case talk"),
        TextColumn("title_ko", _("Title in Korean"), ["korean title", "제목(한글)"], example="증례 토의"),
        MomentColumn("starts_at", _("Begins"), ["start", "starts", "시작", "начало"], required=True,
                     example="2026-11-10 16:00"),
        MomentColumn("ends_at", _("Ends"), ["end", "종료", "конец"], required=True, example="17:00",
                     help=_("A time alone is on the day it begins.")),
        ZoneColumn("time_zone", _("Time zone"), ["zone", "시간대"], example="Asia/Seoul",
                   help=_("Left empty, it is Seoul’s.")),
        ReferenceColumn("hospital", _("Host hospital"), ["hospital", "병원", "больница"]),
        DepartmentColumn("department", _("Department"), ["ward", "진료과", "отделение"],
                         help=_("Of the hospital in the same row.")),
        TextColumn("place", _("Place"), ["room", "where", "장소", "место"], example="Education hall, room 4"),
        LinesColumn("place_ko", _("Place in Korean"), ["korean place", "장소(한글)"], max_length=400),
        LinkColumn("online_link", _("Online link"), ["link", "url", "링크", "ссылка"]),
        TextColumn("lecturer", _("Lecturer"), ["speaker", "강사", "лектор"], max_length=160),
        TextColumn("meets", _("Who meets the trainees"), ["meets", "맞이하는 사람"], max_length=160),
        TextColumn("meets_phone", _("Their telephone"), ["phone", "전화"], max_length=40),
        TextColumn("bring", _("What to bring"), ["bring", "준비물"]),
        LinesColumn("materials", _("Materials"), ["자료"], max_length=1000),
        PeopleColumn("trainees", _("For these trainees"), ["trainees", "연수생"],
                     help=_("Left empty, a new session is for the whole cohort, and of one that is there nothing "
                            "changes. “everybody” makes it one for the whole cohort.")),
    ]  # fmt: skip

    # Reading -----------------------------------------------------------------------------------------------

    def prepare(self, rows):
        people = Trainee.objects.filter(enrollments__in=self.parent.enrollments.taking_part())
        self.indexes = {
            "hospital": NameIndex.of(Hospital.objects.unmerged()),
            "trainees": NameIndex(),
            "department": NameIndex(),
        }
        self.departments = {}  # of each hospital
        for one in Department.objects.unmerged().with_names():
            names = [one.name, one.name_ko, one.specialty.name, one.specialty.name_ko]
            for index in (
                self.indexes["department"],
                self.departments.setdefault(one.hospital_id, NameIndex()),
            ):
                index.add(one.pk, one.label, [name for name in names if name])
        for trainee in people:
            names = [trainee.passport_name, trainee.local_name, trainee.korean_name]
            self.indexes["trainees"].add(trainee.pk, trainee.display_name, [name for name in names if name])
        self.records = self.existing().in_bulk()
        self.known = {
            _identity(one.title, one.starts_at.astimezone(one.zone)): one for one in self.records.values()
        }

    def existing(self):
        return self.parent.sessions.select_related("department").prefetch_related("trainees")

    def check(self, row):
        """The times get the clock of the place; an end that is a time alone is on the day of the beginning."""
        zone = ZoneInfo(row.value("time_zone", "Asia/Seoul"))
        starts, ends = row.values["starts_at"], row.values["ends_at"]
        if ends.year == 1:
            ends = datetime.combine(starts.date(), ends.time())
        row.values["starts_at"], row.values["ends_at"] = (
            starts.replace(tzinfo=zone),
            ends.replace(tzinfo=zone),
        )
        if ends <= starts:
            row.wrong("ends_at", said(_("It ends before it begins.")))
        if not any(row.value(name) for name in ("hospital", "place", "online_link")):
            row.wrong("place", said(_("Say where it is: a hospital, a place or a link.")))
        if "department" in row.values:
            self._find_department(row)

    def _find_department(self, row):
        hospital = row.value("hospital")
        if hospital is None:
            row.wrong("hospital", said(_("Name the hospital of the department, too.")))
            return
        try:
            known = self.departments.get(hospital.pk, NameIndex())
            row.values["department"] = known.only(row.values["department"])
        except ValidationError as error:
            row.wrong("department", error)

    def match(self, rows):
        for row in rows:
            session = self.known.get(self.identity(row))
            if session:
                reference = self._reference(session)
                row.is_about(reference, said(_("The same title on the same day.")))

    @staticmethod
    def _reference(session):
        return Reference(session.pk, f"{session}, {short_moment(session.starts_at)}")

    def identity(self, row):
        return _identity(row.values["title"], row.values["starts_at"])

    def compare(self, rows):
        super().compare(rows)
        for row in rows:
            if row.target is None:
                continue
            record = self.records[row.target.pk]
            self._compare_people(row, record)
            moves = any(change["column"] == "hospital" for change in row.changes)
            if moves and record.department_id and "department" not in row.values:
                row.wrong(
                    "department",
                    said(_("It is in a department of another hospital: name the department, too.")),
                )

    def _compare_people(self, row, record):
        column = self.column("trainees")
        before, after = self.recorded(record, column), row.value("trainees")
        if after is not None and not column.same(after, before):
            self.change(row, "trainees", before, after)

    def recorded(self, record, column):
        if column.name == "trainees":
            people = sorted(record.trainees.all(), key=str)
            return (
                EVERYBODY if record.whole_cohort else [Reference(one.pk, one.display_name) for one in people]
            )
        value = super().recorded(record, column)
        return value.astimezone(record.zone) if column.name in ("starts_at", "ends_at") else value

    def planned(self):
        """The standing sessions as lines of the file: brought in again unchanged, they change nothing.

        Who takes part is told only where it is everybody: names are handed out for a reason alone.
        """
        self.prepare([])
        standing = [one for one in self.records.values() if not one.is_cancelled]
        standing.sort(key=lambda one: (one.starts_at, one.pk))
        return [[self._cell(one, column) for column in self.columns] for one in standing]

    def _cell(self, session, column):
        value = self.recorded(session, column)
        if value in (None, "") or (column.name == "trainees" and value != EVERYBODY):
            return ""
        return column.show(value)

    # Writing -----------------------------------------------------------------------------------------------

    def lock(self, rows):
        locked(self.parent)
        super().lock(rows)

    def fresh(self, row):
        session = super().fresh(row)
        session.cohort, session.whole_cohort = self.parent, row.value("trainees", EVERYBODY) == EVERYBODY
        return session

    def made(self, pairs, *, by):
        self._name({session.pk: row.value("trainees", EVERYBODY) for row, session in pairs})

    def _set(self, rows, side):
        """Who takes part stands in a table of its own; everything else is columns."""
        plain_rows = [
            replace(row, before={name: row.before[name] for name in row.before if name != "trainees"})
            for row in rows
        ]
        super()._set(plain_rows, side)
        column = self.column("trainees")
        people = {
            row.written: column.load(row.before["trainees"][side]) for row in rows if "trainees" in row.before
        }
        Session.trainees.through.objects.filter(session__in=people).delete()
        for whole in (True, False):
            pks = [pk for pk, chosen in people.items() if (chosen == EVERYBODY) is whole]
            self.existing().filter(pk__in=pks).update(whole_cohort=whole)
        self._name(people)

    @staticmethod
    def _name(people):
        """Name those who take part in each session; nobody is named where it is everybody."""
        named = Session.trainees.through
        named.objects.bulk_create(
            named(session_id=pk, trainee_id=one.pk)
            for pk, chosen in people.items()
            if chosen != EVERYBODY
            for one in chosen
        )

    def _used(self, created):
        """What trainees have heard of is cancelled, not taken out."""
        known = Session.objects.released().filter(pk__in=created)
        found = [
            said(
                _("Row %(row)s, %(name)s: it is released by now."), row=created[one.pk].number, name=one.title
            )
            for one in known
        ]
        return [*found, *super()._used(created)]

    # What pages say ------------------------------------------------------------------------------------------

    def title(self, row):
        return row.text("title"), row.text("starts_at")

    def url_of(self, pk):
        return reverse("programs:session-detail", args=[pk])

    def crumbs(self):
        return [
            (gettext("Cohorts"), reverse("programs:cohort-list")),
            (str(self.parent), reverse("programs:cohort-detail", args=[self.parent.pk])),
            (gettext("Schedule"), reverse("programs:cohort-schedule", args=[self.parent.pk])),
        ]

    def effects(self, taken):
        sentences = []
        if new := taken[Verdict.NEW]:
            words = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", new)
            sentences.append(words % {"count": new})
        if changed := taken[Verdict.CHANGED]:
            words = ngettext("%(count)s session is changed.", "%(count)s sessions are changed.", changed)
            sentences.append(words % {"count": changed})
        return sentences

    def mails(self, batch):
        return [gettext("No mail is sent: trainees hear of it when the schedule is released.")]


def _identity(title, starts_at):
    return same_name(title), starts_at.date()
