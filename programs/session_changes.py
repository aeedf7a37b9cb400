"""What a release changes for one reader: which sessions are new to them, differ, are called off or theirs no more.

All of it is read out of facts (Session.facts): from before, and from after.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from babel.dates import get_timezone_location
from django.db.models import TextChoices
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hospitals.models import Department, Hospital

from .models import Session
from .templatetags.programs_days import day_words, session_hours


class What(TextChoices):
    """What became of a session, as its reader sees it."""

    NEW = "new", gettext_lazy("New")
    CHANGED = "changed", gettext_lazy("Changed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    GONE = "gone", gettext_lazy("No longer for you")


@dataclass(frozen=True)
class Change:
    """One session for one reader. `session` is as it is now known, or as it was where it is theirs no longer."""

    what: str
    session: Session
    before: Session | None

    @property
    def label(self):
        return What(self.what).label

    @property
    def differences(self):
        """Sentences on what differs, in the reader's language; none for what is new or gone."""
        if self.what != What.CHANGED:
            return []
        return differences(self.before, self.session) or [_("Other people take part.")]


# What a difference is called where a fact is one line of text.
TEXTS = {
    "online_link": gettext_lazy("Link"),
    "lecturer": gettext_lazy("Lecturer"),
    "meets": gettext_lazy("Who meets you"),
    "meets_phone": gettext_lazy("Telephone"),
    "bring": gettext_lazy("What to bring"),
    "materials": gettext_lazy("Materials"),
}


def differences(before, after):
    """Sentences that say what is otherwise now: when, where, and each of the other facts."""
    said = []
    if str(before) != str(after):
        said.append(_("Now called “%(title)s”.") % {"title": after})
    if when(before) != when(after):
        said.append(_("Now %(now)s, instead of %(before)s.") % {"now": when(after), "before": when(before)})
    if where(before) != where(after) or before.place_ko != after.place_ko:
        facts = {"now": where(after) or _("not said yet"), "before": where(before) or _("not said yet")}
        if facts["now"] == facts["before"]:
            said.append(_("The Korean address is another one."))
        else:
            said.append(_("Place: %(now)s, instead of %(before)s.") % facts)
    for name, label in TEXTS.items():
        now = getattr(after, name)
        if now != getattr(before, name):
            words = _("%(label)s: %(now)s.") if now else _("%(label)s: nothing any more.")
            said.append(words % {"label": label, "now": now.rstrip(".")})
    return said + _files_said(before, after)


def _files_said(before, after):
    """Which files came and which went, by name."""
    had, has = ({one["pk"]: one["name"] for one in session.files} for session in (before, after))
    came, went = (
        [names[pk] for pk in names if pk not in others] for names, others in ((has, had), (had, has))
    )
    said = [_("New file: %(names)s.") % {"names": ", ".join(came)}] if came else []
    return said + ([_("Taken out: %(names)s.") % {"names": ", ".join(went)}] if went else [])


def when(session):
    """Day and hours by the clock where it is held, and whose clock it is where that is not Seoul's."""
    day = day_words(session.starts_at.astimezone(session.zone).date())
    words = _("%(day)s, %(hours)s") % {"day": day, "hours": session_hours(session)}
    if session.time_zone != "Asia/Seoul":
        words = f"{words} ({zone_words(session.time_zone)})"
    return words


def zone_words(name):
    """What a zone's clock is called: Asia/Ulaanbaatar is the time of Ulaanbaatar."""
    return _("%(city)s time") % {"city": city(name)}


def city(zone):
    """The place that a zone is named after, as the reader's language calls it."""
    return _city(zone, get_language() or "en")


@lru_cache(maxsize=256)
def _city(zone, language):
    return get_timezone_location(zone, locale=language, return_city=True).rpartition("/")[2]


def where(session):
    """The place in one line: room, department, hospital. Empty where it is online only or not known."""
    house = [session.department.label] if session.department_id else []
    house += [str(session.hospital)] if session.hospital_id else []
    told = session.place.casefold()
    parts = [session.place, *(part for part in house if part.casefold() not in told)]
    return ", ".join(part for part in parts if part)


# Reading a release ----------------------------------------------------------------------------------


def merged(releases):
    """The changes of several releases in a row as one: {session: (facts before the first, facts after the last)}."""
    found = {}
    for release in sorted(releases, key=lambda release: release.number):
        for change in release.changes:
            first = found.get(change["session"], (change["before"],))[0]
            found[change["session"]] = (first, change["after"])
    return found


@dataclass(frozen=True)
class Places:
    """The hospitals and departments that facts name, by key."""

    hospitals: dict = field(default_factory=dict)
    departments: dict = field(default_factory=dict)

    def give_to(self, session):
        """The session, with its hospital and department at hand."""
        session.hospital = self.hospitals.get(session.hospital_id)
        session.department = self.departments.get(session.department_id)
        return session


def places_in(facts):
    """The places that any of these facts name. Two queries at most."""
    facts = [one for one in facts if one]
    hospitals, departments = (
        {one[name] for one in facts} - {None} for name in ("hospital_id", "department_id")
    )
    return Places(
        Hospital.objects.in_bulk(hospitals) if hospitals else {},
        Department.objects.select_related("specialty").in_bulk(departments) if departments else {},
    )


def places_of(changes):
    """The places that `merged` changes name, for the readings below."""
    return places_in(facts for pair in changes.values() for facts in pair)


def for_trainee(changes, trainee_pk, places):
    """What `merged` changes mean to one trainee, as a list of Change by time. Who else takes part is not told."""
    return _changes(
        changes, places, lambda facts: _is_for(facts, trainee_pk), without=("whole_cohort", "trainees")
    )


def for_hospital(changes, hospital_pk, places):
    """What they mean to a hospital: the sessions held there."""
    return _changes(changes, places, lambda facts: facts["hospital_id"] == hospital_pk)


def _is_for(facts, trainee_pk):
    return facts["whole_cohort"] or trainee_pk in facts["trainees"]


def _changes(changes, places, concerns, without=()):
    found = []
    for pk, (before, after) in changes.items():
        knew = before is not None and concerns(before)
        what = _what(knew and not before["is_cancelled"], concerns(after), after["is_cancelled"])
        if what is None or (what == What.CHANGED and _same(before, after, without)):
            continue
        now, then = (
            _session(pk, facts, places) for facts in (before if what == What.GONE else after, before)
        )
        found.append(Change(what, now, then if knew else None))
    return sorted(found, key=lambda change: (change.session.starts_at, change.session.pk))


def _what(was, is_for, is_cancelled):
    """What became of a session for somebody who had it (`was`) and for whom it is meant now (`is_for`)."""
    if is_for and not is_cancelled:
        return What.CHANGED if was else What.NEW
    if not was:
        return None
    return What.CANCELLED if is_for else What.GONE


def _same(before, after, without):
    return all(before[name] == after[name] for name in after if name not in without)


def _session(pk, facts, places):
    return None if facts is None else places.give_to(Session(pk=pk).of_facts(facts))


def as_known(sessions, places):
    """The sessions as they were released, by time; those never released are left out."""
    known = [places.give_to(one.as_released()) for one in sessions if one.released is not None]
    return sorted(known, key=lambda session: (session.starts_at, session.pk))


def change_lines(changes):
    """The changes as text, one entry each: what became of it, what it is, when and where, what is otherwise."""
    entries = []
    for change in changes:
        session = change.session
        lines = [f"- {change.label}: {session}", f"  {when(session)}"]
        lines += [f"  {place}" for place in [where(session)] if place]
        lines += [f"  {sentence}" for sentence in change.differences]
        if session.cancel_reason and change.what == "cancelled":
            lines.append("  " + _("The reason: %(reason)s") % {"reason": session.cancel_reason})
        entries.append("\n".join(lines))
    return "\n".join(entries)
