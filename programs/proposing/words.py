"""What a proposal says, in the reader's words: for every line why, and everything that could not be met."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import joined
from portal.accounts.models import READING_LANGUAGES
from portal.records.approximate import span_words
from programs.models import Wish

GOOD, CHECK, BAD = "good", "wait", "stop"
ICONS = {GOOD: "check", CHECK: "exclamation-triangle", BAD: "x-mark"}


@dataclass(frozen=True)
class Reason:
    """One sentence, and whether it speaks for the line, wants a look, or names what is not met."""

    text: str
    role: str = GOOD

    @property
    def icon(self):
        return ICONS[self.role]


@dataclass
class Person:
    """All that is proposed for one trainee, and what is not met."""

    enrollment: object
    lines: list
    unmet: list
    has_wishes: bool = False

    @property
    def rows(self):
        """The lines, or one row without a place for who has none."""
        return self.lines or [None]


def ranks():
    return {1: _("First wish"), 2: _("Second wish"), 3: _("Third wish")}


def people_of(proposal):
    """The trainees of a proposal in the order of their names, with lines and reasons. Three queries."""
    lines = proposal.lines.with_instead().select_related(
        "enrollment__trainee__institution",
        "enrollment__trainee__specialty",
        "department__hospital",
        "department__specialty",
        "placement",
    )
    wishes = {
        (wish.enrollment_id, wish.rank): str(wish)
        for wish in Wish.objects.filter(enrollment__cohort=proposal.cohort_id).select_related(
            "hospital", "specialty"
        )
    }
    enrollments = proposal.cohort.enrollments.select_related("trainee__institution", "trainee__specialty")
    wishing = {enrollment for enrollment, _rank in wishes}
    found = {enrollment.pk: Person(enrollment, [], [], enrollment.pk in wishing) for enrollment in enrollments.order_by(
        "trainee__passport_name", "pk"
    )}  # fmt: skip
    for line in lines:
        line.reasons = [reason for code in line.why for reason in _reason(*code)]
        found[line.enrollment_id].lines.append(line)
    for entry in proposal.unmet:
        if entry["enrollment"] in found:
            found[entry["enrollment"]].unmet.append(Reason(_unmet(entry, wishes), BAD))
    return [person for person in found.values() if person.lines or person.unmet]


def _reason(kind, *facts):
    words = {
        "wish": lambda rank: Reason(_met(rank)),
        "specialty": _specialty,
        "language": _language,
        "topic": lambda word: Reason(_("“%(word)s” stands in the wishes or in the topics.") % {"word": word}),
        "seats": _seats,
        "share": _share,
        "together": _together,
        "apart": _apart,
    }
    reason = words[kind](*facts)
    return [reason] if reason else []


def _met(rank):
    return {
        1: _("The first wish is met."),
        2: _("The second wish is met."),
        3: _("The third wish is met."),
    }[rank]


def _specialty(kind):
    return {
        "own": Reason(_("It is the trainee’s own specialty.")),
        "related": Reason(_("It is a part of the trainee’s specialty, or the wider one.")),
        "other": Reason(_("To check: it is another specialty."), CHECK),
        "unknown": Reason(_("To check: the trainee’s specialty is not known."), CHECK),
    }[kind]


def _language(codes):
    if codes == "unknown":
        return Reason(_("To check: it is not known whether they have a common language."), CHECK)
    if not codes:
        return Reason(_("To check: they have no common language."), CHECK)
    names = dict(READING_LANGUAGES)
    spoken = joined([str(names[code]) for code in codes.split(",")])
    return Reason(
        _("The department hosts in a language that the trainee speaks: %(names)s.") % {"names": spoken}
    )


def _seats(free, seats):
    words = _("Seats left in every week, after all requests and drafts: %(free)s of %(seats)s.")
    return Reason(words % {"free": free, "seats": seats})


def _share(load, share):
    facts = {"load": load, "share": share}
    if load <= share:
        return Reason(_("The hospital’s weeks with a trainee: %(load)s; its fair share: %(share)s.") % facts)
    words = _("The hospital has more than its fair share: %(load)s weeks with a trainee, share %(share)s.")
    return Reason(words % facts, CHECK)


def _together(others):
    if not others:
        return Reason(_("Nobody else of the home institution is there at that time."), CHECK)
    words = ngettext(
        "%(count)s other person of the home institution is there as well.",
        "%(count)s other people of the home institution are there as well.",
        others,
    )
    return Reason(words % {"count": others})


def _apart(others):
    if not others:
        return Reason(_("Nobody else of the home institution is there at that time."))
    words = ngettext(
        "%(count)s other person of the home institution is there as well.",
        "%(count)s other people of the home institution are there as well.",
        others,
    )
    return Reason(words % {"count": others}, CHECK)


def _unmet(entry, wishes):
    if "days" in entry:
        first_day, last_day = (date.fromisoformat(day) for day in entry["days"])
        words = {
            "full": _("%(days)s: no place is left that suits."),
            "nowhere": _("%(days)s: no department suits that has a seat in all of these weeks."),
        }[entry["why"]]
        return words % {"days": span_words(first_day, last_day)}
    words = {
        "not_here": _("%(rank)s, %(wish)s: none of the host hospitals has that."),
        "unwilling": _("%(rank)s, %(wish)s: the hospital does not host this time."),
        "closed": _("%(rank)s, %(wish)s: the department is closed."),
        "full": _("%(rank)s, %(wish)s: no seat is free."),
        "not_suiting": _("%(rank)s, %(wish)s: specialty or language does not suit."),
        "others": _("%(rank)s, %(wish)s: the seat serves others better."),
    }[entry["why"]]
    named = wishes.get((entry["enrollment"], entry["wish"]), _("changed since"))
    return words % {"rank": ranks()[entry["wish"]], "wish": named}
