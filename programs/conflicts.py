"""What is wrong with the placements of a cohort, in words, from rows that are read already.

The rules are those of `rules.py`: that module asks them of one placement under a lock, this one shows them of
many beforehand, and counts what is asked for but not confirmed as well.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import joined
from portal.accounts.models import READING_LANGUAGES
from portal.records.approximate import span_words

from .matching import common_languages
from .models import Placement
from .seat_count import share_days

State = Placement.State


@dataclass(frozen=True)
class Note:
    """A sentence below a trainee: a conflict with its rule in a few words first, or what a hospital said."""

    placement: Placement
    text: str
    lead: str = ""
    find: str = ""  # the words of the link to another place in these days
    shorten_to: date | None = None  # the last day with which it would be none
    is_remark: bool = False  # worth a look, but the hospital may be asked all the same

    @property
    def is_conflict(self):
        return bool(self.lead) and not self.is_remark


class Judge:
    """Judges each placement of a cohort by closures, seats, what its trainee has elsewhere, who suits whom, and what
    the hospitals offered (`unwilling` hospitals, and placements `beyond` the offered seats).
    """

    def __init__(self, cohort, closures, count, elsewhere, *, specialties, unwilling, beyond):
        self.cohort = cohort
        self.closures = closures
        self.count = count
        self.elsewhere = elsewhere
        self.specialties = specialties
        self.unwilling = unwilling
        self.beyond = beyond

    def notes(self, placement, own):
        """The sentences about a placement; `own` are all of its trainee in this cohort."""
        if placement.state == State.DECLINED:
            if _is_made_up_for(placement, own):
                return []
            return [_said(placement, placement.decline_reason, find=_("Find another hospital."))]
        if placement.state == State.COMPLETED:
            return []
        found = [
            self._outside(placement),
            self._closed(placement),
            self._two_places(placement, own),
            self._no_seat(placement),
        ]
        if not placement.is_seated:  # the hospital has said that it takes them as they are
            found += [
                self._not_offered(placement),
                self._other_specialty(placement),
                _no_common_language(placement),
            ]
        if placement.open_conditions:
            found.append(_said(placement, ", ".join(placement.open_conditions), lead=_("Still to be shown.")))
        return [note for note in found if note]

    def _outside(self, placement):
        if placement.first_day >= self.cohort.first_day and placement.last_day <= self.cohort.last_day:
            return None
        dates = {"days": span_words(placement.first_day, placement.last_day), "cohort": self.cohort.dates}
        words = _("The placement: %(days)s. The cohort: %(cohort)s.") % dates
        return Note(placement, words, _("Outside the cohort’s dates."))

    def _closed(self, placement):
        for closure in self.closures.get(placement.department_id, ()):
            if closure.first_day > placement.last_day or closure.last_day < placement.first_day:
                continue
            facts = {
                "place": placement.department,
                "days": span_words(closure.first_day, closure.last_day),
                "reason": closure.reason,
            }
            words = _("%(place)s takes nobody on these days: %(days)s.") % facts
            if closure.reason:
                words = _("%(place)s takes nobody on these days: %(days)s (%(reason)s).") % facts
            last_open = closure.first_day - timedelta(days=1)
            shorter = last_open if last_open >= placement.first_day else None
            return Note(placement, words, _("The department is closed."), shorten_to=shorter)
        return None

    def _two_places(self, placement, own):
        for other in own:
            # Of two in one cohort it is said once: below the one that is not settled, or came later.
            stands_before = other.state != State.DECLINED and standing(other) < standing(placement)
            if stands_before and share_days(placement, other):
                return _at_two_places(placement, other)
        for other in self.elsewhere.get(placement.trainee_id, ()):
            if share_days(placement, other):
                return _at_two_places(placement, other)
        return None

    def _not_offered(self, placement):
        """A remark: the seats of the department decide, and the hospital may be asked for more than it offered."""
        house = placement.department.hospital
        if house.pk in self.unwilling:
            words = _("%(hospital)s said that it does not host this time.") % {"hospital": house.short}
            return Note(placement, words, _("Not offered."), is_remark=True)
        if placement.pk not in self.beyond:
            return None
        monday, offered, there = self.beyond[placement.pk]
        words = ngettext(
            "%(place)s offered %(offered)s seat for the week from %(monday)s; %(there)s are placed or drafted there.",
            "%(place)s offered %(offered)s seats for the week from %(monday)s; %(there)s are placed or drafted there.",
            offered,
        )
        facts = {
            "place": placement.department,
            "offered": offered,
            "monday": date_format(monday, "DATE_FORMAT"),
            "there": there,
        }
        return Note(placement, words % facts, _("More than was offered."), is_remark=True)

    def _other_specialty(self, placement):
        trainee, department = placement.trainee, placement.department
        if self.specialties.related(trainee.specialty_id, department.specialty_id):
            return None
        words = _("The trainee’s specialty: %(own)s. The department: %(place)s.")
        facts = {"own": trainee.specialty, "place": department}
        return Note(placement, words % facts, _("Another specialty."), is_remark=True)

    def _no_seat(self, placement):
        if placement.pk not in self.count.without_seat:
            return None
        facts = {"place": placement.department, "seats": placement.department.seats}
        if placement.overbook_reason:
            words = _("Beyond the seats of %(place)s: “%(reason)s”")
            return Note(placement, words % {**facts, "reason": placement.overbook_reason})
        words = ngettext(
            "%(place)s has %(seats)s seat on these days. Confirmed or asked for earlier: %(names)s.",
            "%(place)s has %(seats)s seats on these days. Confirmed or asked for earlier: %(names)s.",
            placement.department.seats,
        )
        return Note(placement, words % {**facts, "names": self._holders(placement)}, _("No seat is free."))

    def _holders(self, placement):
        """Who has the seats, by name; of many the first two and how many more."""
        names = [other.trainee.display_name for other in self.count.holders(placement)]
        if len(names) <= 3:
            return joined(names)
        return _("%(names)s and %(others)s others") % {
            "names": ", ".join(names[:2]),
            "others": len(names) - 2,
        }


def _no_common_language(placement):
    trainee, department = placement.trainee, placement.department
    if common_languages(trainee, department) != []:
        return None
    names = dict(READING_LANGUAGES)
    words = _("The trainee speaks: %(own)s. %(place)s hosts in: %(theirs)s.") % {
        "own": joined([str(names[code]) for code in trainee.languages]),
        "place": department,
        "theirs": joined(department.language_names),
    }
    return Note(placement, words, _("No common language."), is_remark=True)


def _said(placement, words, find="", lead=""):
    facts = {"hospital": placement.department.hospital.short, "words": words}
    return Note(placement, _("%(hospital)s: “%(words)s”") % facts, lead, find, is_remark=True)


def _is_made_up_for(placement, own):
    """Whether the trainee has another place on each weekday that the hospital declined."""
    live = [other for other in own if other.state != State.DECLINED]
    days = (placement.last_day - placement.first_day).days + 1
    asked = (placement.first_day + timedelta(days=number) for number in range(days))
    return all(
        any(other.first_day <= day <= other.last_day for other in live) for day in asked if day.weekday() < 5
    )


def _at_two_places(placement, other):
    facts = {"place": other.department, "days": span_words(other.first_day, other.last_day)}
    words = _("The trainee also has %(place)s: %(days)s.") % facts
    return Note(placement, words, _("Two places at once."))


def standing(placement):
    """Who has the better right to the days: what is settled, then what is asked for, then what was there first."""
    return not placement.is_seated, placement.state == State.DRAFT, placement.pk
