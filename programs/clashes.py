"""Who or what is needed in two sessions at one time, in words: a person, a lecturer, a room."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Enrollment, Session
from .templatetags.programs_days import session_hours

NAMED = 3  # people in one sentence; the others are a number


@dataclass(frozen=True)
class Clash:
    """One sentence about two sessions."""

    session: Session
    other: Session
    text: str


def clashes_of(sessions, user):
    """The clashes of these sessions (not kept yet, or kept) with each other and with all that stands. Three queries.

    A session may carry `chosen`, its trainees where they are not kept yet. `user` is who reads it: of people they
    may not see only the number is said.
    """
    sessions = [session for session in sessions if not session.is_cancelled]
    if not sessions:
        return []
    others = _at_the_same_time(sessions)
    people = _People([*sessions, *others], user)
    mine = {_key(session) for session in sessions}
    found = []
    for one, other in _overlapping([*sessions, *others]):
        if _key(one) not in mine:
            one, other = other, one  # noqa: PLW2901 - told of the session that is asked about
        if _key(one) in mine:
            found += [Clash(one, other, words) for words in _sentences(one, other, people)]
    return found


def _overlapping(sessions):
    """Each pair that shares a moment, once: by their beginnings, so that none is compared with what begins after it."""
    sessions = sorted(sessions, key=lambda session: session.starts_at)
    for index, one in enumerate(sessions):
        for other in islice(sessions, index + 1, None):
            if other.starts_at >= one.ends_at:
                break
            yield one, other


def _key(session):
    return session.pk or id(session)


def _at_the_same_time(sessions):
    kept = {session.pk for session in sessions if session.pk}
    first = min(session.starts_at for session in sessions)
    last = max(session.ends_at for session in sessions)
    return list(
        Session.objects.standing().overlapping(first, last).exclude(pk__in=kept).for_list().order_by("pk")
    )


class _People:
    """Who takes part in each session: the chosen ones, or everybody who takes part in the cohort."""

    def __init__(self, sessions, user):
        self.user = user
        cohorts = {session.cohort_id for session in sessions if session.whole_cohort}
        self.by_cohort = defaultdict(dict)
        rows = Enrollment.objects.taking_part().filter(cohort__in=cohorts).select_related("trainee")
        for enrollment in rows:
            self.by_cohort[enrollment.cohort_id][enrollment.trainee_id] = enrollment.trainee

    def of(self, session):
        if session.whole_cohort:
            return self.by_cohort[session.cohort_id]
        chosen = getattr(session, "chosen", None)
        chosen = session.trainees.all() if chosen is None else chosen
        return {trainee.pk: trainee for trainee in chosen}

    def in_both(self, one, other):
        mine, theirs = self.of(one), self.of(other)
        return sorted((mine[pk] for pk in mine.keys() & theirs.keys()), key=str)


def _sentences(session, other, people):
    there = {"session": other, "hours": session_hours(other)}
    if other.cohort_id != session.cohort_id:
        there["session"] = f"{other} ({other.cohort})"
    both = people.in_both(session, other)
    if both:
        yield _people_words(both, there, people.user)
    if _same(session.lecturer, other.lecturer):
        yield _("%(name)s also teaches “%(session)s”, %(hours)s.") % (there | {"name": session.lecturer})
    if _same_room(session, other):
        yield _("%(place)s is also taken by “%(session)s”, %(hours)s.") % (there | {"place": session.place})


def _people_words(both, there, user):
    if not user.is_team or len(both) > NAMED:
        words = ngettext(
            "%(count)s trainee is also in “%(session)s”, %(hours)s.",
            "%(count)s trainees are also in “%(session)s”, %(hours)s.",
            len(both),
        )
        return words % (there | {"count": len(both)})
    names = ", ".join(trainee.display_name for trainee in both)
    return _("%(names)s: also in “%(session)s”, %(hours)s.") % (there | {"names": names})


def _plain(text):
    return " ".join(text.casefold().split())


def _same(one, other):
    return bool(one.strip()) and _plain(one) == _plain(other)


def _same_room(one, other):
    """The same place of the same hospital; a hospital alone has many rooms, and a site that is no room takes many.

    Two departments may call a room alike.
    """
    parted = one.department_id and other.department_id and one.department_id != other.department_id
    return one.hospital_id == other.hospital_id and not parted and _same(one.place, other.place)
