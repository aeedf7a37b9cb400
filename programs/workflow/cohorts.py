"""A cohort's way: planning → nominating → selecting → placing → running → completed → closed, or cancelled."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.roles import Permission
from portal.records.transitions import NotNow, record, transition
from programs import completion, rules
from programs.models import Cohort, Enrollment
from programs.numbers import numbers_of

from . import enrollments

State = Cohort.State
LIFE = (
    State.PLANNING,
    State.NOMINATING,
    State.SELECTING,
    State.PLACING,
    State.RUNNING,
    State.COMPLETED,
    State.CLOSED,
)


# The facts that are several records each: they are kept beside the row, in the same transaction.
SETS = {field.name for field in Cohort._meta.many_to_many}


def _require(by):
    if not by.has(Permission.RUN_COHORTS):
        raise PermissionDenied


def _keep(cohort, facts):
    """Fill the facts in and keep them. Raises NotNow or ValidationError where they do not fit together."""
    for name in facts.keys() - SETS:
        setattr(cohort, name, facts[name])
    if cohort.first_day > cohort.last_day:
        raise NotNow(_("The last day is before the first."))
    cohort.full_clean()
    cohort.save()
    for name in facts.keys() & SETS:
        getattr(cohort, name).set(facts[name])


@transaction.atomic
def plan(program, *, by, **facts):
    """A new cohort of the program, in planning. Raises PermissionDenied, or ValidationError where facts do not fit."""
    _require(by)
    cohort = Cohort(program=program)
    _keep(cohort, facts)
    record(cohort, "plan", by=by, target=State.PLANNING)
    return cohort


@transaction.atomic
def change(cohort, *, by, **facts):
    """Keep what differs from the facts as they stand. The trail names the facts, not what stands in them.

    Raises PermissionDenied, or ValidationError where a fact stands already or does not fit what there is.
    """
    _require(by)
    kept = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    changed = {name: value for name, value in facts.items() if _differs(kept, name, value)}
    if not changed:
        return kept
    if changed.keys() & rules.settled_facts(kept):
        raise NotNow(_("The program and the code stand once hospitals may be asked."))
    ended = kept.last_day
    _keep(kept, changed)
    _refuse_what_does_not_fit(kept, changed)
    _move_ends(kept, ended, by=by)
    record(kept, "change", by=by, data={"fields": sorted(changed)})
    return kept


def _move_ends(cohort, ended, *, by):
    """Whoever completed the training on its last day did so on the last day as it is now."""
    if cohort.last_day == ended:
        return
    completed = cohort.enrollments.filter(state=Enrollment.State.COMPLETED, ended_on=ended)
    for enrollment in completed.select_related("graduation").order_by("pk").select_for_update(of=("self",)):
        enrollments.move_end(enrollment, cohort.last_day, by=by)


def _differs(cohort, name, value):
    if name in SETS:
        return set(getattr(cohort, name).all()) != set(value)
    return getattr(cohort, name) != value


def _refuse_what_does_not_fit(cohort, changed):
    """The people and placements there are must still fit in: what does not is named, all at once."""
    found = []
    if changed.keys() & {"starts", "ends"}:
        found.append(rules.placements_outside(cohort))
        found.append(rules.end_to_come(cohort))
    if "seats" in changed:
        found.append(rules.too_few_seats(cohort))
    if any(found):
        raise NotNow([words for words in found if words])


def _refuse_if_blocked(cohort):
    found = rules.cohort_blockers(cohort, numbers_of(cohort))
    if found:
        raise NotNow([blocker.words for blocker in found])


def _refuse_unready(cohort):
    """Everybody who would not complete by the rules of the program is named, all at once."""
    left = completion.unready(cohort, cohort.enrollments.filter(state=Enrollment.State.IN_TRAINING))
    if left:
        words = ngettext(
            "%(count)s trainee does not meet every rule of the program (see “Completion”): %(names)s.",
            "%(count)s trainees do not meet every rule of the program (see “Completion”): %(names)s.",
            len(left),
        )
        names = ", ".join(str(one.trainee) for one in left)
        raise NotNow(words % {"count": len(left), "names": names})


def _each(cohort, state, verb, *, by, **details):
    """Use the verb on every enrollment of the cohort that stands at `state`, in one order."""
    for enrollment in (
        cohort.enrollments.filter(state=state).select_related("cohort__program", "trainee").order_by("pk")
    ):
        verb(enrollment, by=by, **details)


@transition(
    Cohort,
    source=[State.PLANNING],
    target=State.NOMINATING,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Open nominations"),
)
def open_nominations(cohort, *, by):
    """Partners may put names forward."""


@transition(
    Cohort,
    source=[State.NOMINATING],
    target=State.SELECTING,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Close nominations"),
)
def close_nominations(cohort, *, by):
    """The names are in; staff decide on each."""
    _refuse_if_blocked(cohort)


@transition(
    Cohort,
    source=[State.SELECTING],
    target=State.PLACING,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Begin placing"),
)
def begin_placing(cohort, *, by):
    """Everybody is decided on; now for the hospitals."""
    _refuse_if_blocked(cohort)


@transition(
    Cohort,
    source=[State.PLACING],
    target=State.RUNNING,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Start the training"),
)
def start(cohort, *, by):
    """The accepted have arrived: they are in training now."""
    _refuse_if_blocked(cohort)
    _each(cohort, Enrollment.State.ACCEPTED, enrollments.start_training, by=by)


@transition(
    Cohort,
    source=[State.RUNNING],
    target=State.COMPLETED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Complete the cohort"),
)
def complete(cohort, *, by):
    """The training is over. Everybody still in training completes: register, follow-ups, eligible certificate.

    Where somebody does not by the program's rules, staff first mend it, make an exception, or say “not completed”.
    """
    _refuse_if_blocked(cohort)
    _refuse_unready(cohort)
    _each(cohort, Enrollment.State.IN_TRAINING, enrollments.complete, by=by)


@transition(
    Cohort,
    source=[State.COMPLETED],
    target=State.CLOSED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Close"),
)
def close(cohort, *, by):
    """Certificates are out and the papers are done; follow-ups go on by themselves."""
    _refuse_if_blocked(cohort)


@transition(
    Cohort,
    source=[State.PLANNING, State.NOMINATING, State.SELECTING, State.PLACING, State.RUNNING],
    target=State.CANCELLED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Cancel the cohort"),
)
def cancel(cohort, *, by, reason):
    """The cohort does not take place: everybody in it is withdrawn, and the hospitals that were asked are told."""
    for state in enrollments.withdraw.verb.sources:
        _each(cohort, state, enrollments.withdraw, by=by, reason=reason)
