"""Plans that are given out in numbered releases: what a plan consists of, and how two releases of it differ.

A plan is a list of lines, such as placements or entries of a schedule. What kind of lines there are, and how one reads,
its own module says (`@plan`); what is here knows only whom a line concerns and whether it is still the same.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Line:
    """One line of a plan as it is kept in a release. `key` stays the same while the line moves; `facts` are JSON."""

    key: str
    facts: dict
    trainees: tuple = ()  # keys of the people it concerns
    hospitals: tuple = ()

    def for_release(self):
        return {**asdict(self), "trainees": sorted(self.trainees), "hospitals": sorted(self.hospitals)}

    @classmethod
    def from_release(cls, kept):
        return cls(kept["key"], kept["facts"], tuple(kept["trainees"]), tuple(kept["hospitals"]))


@dataclass(frozen=True)
class Change:
    """A line that is new (nothing before), gone (nothing after) or another than before."""

    before: Line | None
    after: Line | None

    @property
    def what(self):
        return "new" if self.before is None else "gone" if self.after is None else "changed"

    @property
    def key(self):
        return (self.after or self.before).key

    def concerned(self, who):
        """The keys of the "trainees" or "hospitals" for whom something is different now."""
        sides = [set(getattr(line, who)) for line in (self.before, self.after) if line]
        return set().union(*sides)

    def seen_by(self, who, pk):
        """The same change as one trainee or hospital meets it; None where it is nothing to them."""
        before, after = (
            line if line and pk in getattr(line, who) else None for line in (self.before, self.after)
        )
        if before is None and after is None:
            return None
        if before and after and before.facts == after.facts:
            return None
        return Change(before, after)


@dataclass(frozen=True)
class Plan:
    """One kind of plan of a cohort."""

    kind: str
    lines: Callable  # of the cohort: the Lines as they stand now
    # Of a list of Lines, and of whom they are for ("trainees", "hospitals", or "" for staff): a dict from the key of
    # each to how it reads, in the reader's language.
    words: Callable
    path: Callable  # of a cohort's key: where staff see the plan


_plans = {}


def register(plan):
    """Make a kind of plan known. Kinds are those of Release.Kind."""
    if plan.kind in _plans:
        raise ImproperlyConfigured(f"Two plans are called “{plan.kind}”.")
    _plans[plan.kind] = plan
    return plan


def plan_of(kind):
    """The Plan of this kind. Raises LookupError where none is registered."""
    return _plans[kind]


def kinds():
    """The kinds of plans that can be released."""
    return list(_plans)


def difference(before, after):
    """The Changes from one list of lines to another, in the order of the lines that stand, then what is gone."""
    old, new = {line.key: line for line in before}, {line.key: line for line in after}
    changes = [Change(old.get(key), line) for key, line in new.items() if not _same(old.get(key), line)]
    return changes + [Change(line, None) for key, line in old.items() if key not in new]


def _same(before, after):
    return before is not None and before.for_release() == after.for_release()


def lines_of(release):
    """The lines of a release; of no release none."""
    return [Line.from_release(kept) for kept in release.lines] if release else []


def by_concerned(changes, who):
    """The changes for each of the "trainees" or "hospitals" they concern: a dict from key to Changes as seen there."""
    found = {}
    for change in changes:
        for pk in change.concerned(who):
            if seen := change.seen_by(who, pk):
                found.setdefault(pk, []).append(seen)
    return found


@dataclass(frozen=True)
class Told:
    """A change in words: what kind it is, how the line read and how it reads now."""

    what: str
    before: str
    after: str

    @property
    def words(self):
        """The whole change in one sentence."""
        facts = {"before": self.before, "after": self.after}
        if self.what == "new":
            return _("New: %(after)s") % facts
        if self.what == "gone":
            return _("Does not take place: %(before)s") % facts
        return _("Now: %(after)s. Before: %(before)s") % facts


def in_words(kind, changes, who=""):
    """The changes as Told, in the reader's language and in their order. A fixed number of queries.

    `who` is for whom they are said: "trainees", "hospitals", or nobody in particular, for staff.
    """
    plan = plan_of(kind)
    before = plan.words([change.before for change in changes if change.before], who)
    after = plan.words([change.after for change in changes if change.after], who)
    return [Told(change.what, before.get(change.key, ""), after.get(change.key, "")) for change in changes]
