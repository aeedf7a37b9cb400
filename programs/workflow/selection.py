"""Choosing among the nominees: who scores, the scores, exceptions to the rules, and decisions on many at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record
from programs import eligibility
from programs.models import Cohort, Enrollment, Review, Reviewer, Score, Waiver

from . import enrollments, offers

State = Enrollment.State
SCORED_IN = (State.NOMINATED, State.RESERVE)
DECISIONS = {
    "accept": enrollments.accept,
    "put-on-reserve": enrollments.put_on_reserve,
    "reject": enrollments.reject,
}


def _require(by, permission):
    if not by.has(permission):
        raise PermissionDenied


def _lock(cohort):
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


# Scores --------------------------------------------------------------------------------------------


@transaction.atomic
def name_reviewers(cohort, users, *, by, reason=""):
    """These of the team are asked to score the nominees, all of them before the first score is given.

    Who has given a score stays: it is theirs. Who comes later could have read the scores by then: that takes a
    `reason` (somebody is replaced), which stands beside their name wherever the reviewers are listed.
    """
    _require(by, Permission.RUN_COHORTS)
    _lock(cohort)
    wanted = {user.pk: user for user in users}
    asked = {reviewer.user_id: reviewer for reviewer in cohort.reviewers.select_related("user")}
    fresh = [user for key, user in wanted.items() if key not in asked]
    is_late = bool(fresh) and Review.objects.filter(enrollment__cohort=cohort, has_conflict=False).exists()
    if is_late and not reason:
        names = ", ".join(str(user) for user in fresh)
        words = _(
            "Scores are given already, and these may have read them: %(names)s. Say why they are named now, and "
            "how it is known that they have read none."
        )
        raise NotNow({"reason": words % {"names": names}})
    gone = [reviewer for key, reviewer in asked.items() if key not in wanted]
    given = Review.objects.filter(enrollment__cohort=cohort, reviewer__in=[row.user_id for row in gone])
    keeping = User.objects.filter(pk__in=given.values("reviewer"))
    if keeping:
        names = ", ".join(str(user) for user in keeping)
        raise NotNow(_("These have given scores already and stay reviewers: %(names)s.") % {"names": names})
    Reviewer.objects.filter(pk__in=[reviewer.pk for reviewer in gone]).delete()
    late = reason if is_late else ""
    Reviewer.objects.bulk_create(Reviewer(cohort=cohort, user=user, late_reason=late) for user in fresh)
    if gone or fresh:
        names = sorted(str(user) for user in wanted.values())
        record(cohort, "name_reviewers", by=by, reason=late, data={"reviewers": names})


@transaction.atomic
def review(enrollment, *, by, points=None, comment="", has_conflict=False):
    """Give one's scores, `points` by criterion, or declare a conflict of interest and give none. It stands then."""
    _require(by, Permission.SEE_SCORES)
    kept = Enrollment.objects.select_for_update(no_key=True).select_related("cohort").get(pk=enrollment.pk)
    if not kept.cohort.reviewers.filter(user=by).exists():
        raise PermissionDenied
    if kept.state not in SCORED_IN:
        raise NotNow(_("It is decided already: %(state)s.") % {"state": kept.get_state_display()})
    if kept.reviews.filter(reviewer=by).exists():
        raise NotNow(_("You have given your scores already; they stand."))
    given = Review.objects.create(
        enrollment=kept, reviewer=by, comment=comment, has_conflict=has_conflict, given_at=clock.now()
    )
    if not has_conflict:
        Score.objects.bulk_create(
            Score(review=given, criterion=criterion, points=number) for criterion, number in points.items()
        )
    # The trail says that, not what.
    record(kept, "declare_conflict" if has_conflict else "review", by=by)
    return given


@transaction.atomic
def waive_rules(enrollment, *, by, reason):
    """Make an exception to the rules that the nominee does not meet; the trail keeps which and why."""
    _require(by, Permission.RUN_COHORTS)
    kept = Enrollment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrollment.pk)
    if kept.state not in SCORED_IN:
        raise NotNow(_("It is decided already: %(state)s.") % {"state": kept.get_state_display()})
    unmet = [
        verdict.rule.value for verdict in eligibility.verdicts(kept) if verdict.met == eligibility.Met.NOT_MET
    ]
    if not unmet:
        raise NotNow(_("Every rule is met or unknown; no exception is needed."))
    who = None if isinstance(by, System) else by
    facts = {"rules": unmet, "reason": reason, "given_by": who, "given_at": clock.now()}
    Waiver.objects.update_or_create(enrollment=kept, defaults=facts)
    record(kept, "waive_rules", by=by, reason=reason, data={"rules": unmet})


# Decisions -----------------------------------------------------------------------------------------


def chosen(cohort, keys):
    """Those enrollments of the cohort, in the order of the keys: on the reserve list they come in that order."""
    rows = eligibility.with_facts(cohort.enrollments.select_related("trainee__institution__region"))
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def refusals(cohort, people, decision):
    """Whom of the chosen people it cannot be done to, and why, as sentences: what `decide` would say.

    It looks only, at all of them in a fixed number of queries; the verbs look again.
    """
    verb = DECISIONS[decision].verb
    against = {}
    if decision == "accept":
        against = eligibility.against_each(cohort, [row for row in people if row.state in verb.sources])
    found = []
    for row in people:
        reasons = against.get(row.pk, [])
        if row.state not in verb.sources:
            words = _("It cannot be done any more: the state is now “%(state)s”.")
            reasons = [words % {"state": row.get_state_display()}]
        if reasons:
            found.append(_refused(row, reasons))
    return found


def _refused(enrollment, reasons):
    return _("%(name)s: %(reason)s") % {"name": enrollment.trainee, "reason": " ".join(map(str, reasons))}


def decide(cohort, keys, decision, *, by, reason=""):
    """Decide the same on all of these, or on nobody: NotNow names each whom it cannot be done to, and why.

    Returns the Hold with the letters, which wait ten minutes. No key means nobody.
    """
    _require(by, Permission.RUN_COHORTS)
    verb, details = DECISIONS[decision], {"reason": reason} if decision == "reject" else {"note": reason}
    refused = []
    with outbox.hold(_held_label(decision, cohort), by=by) as held, transaction.atomic():
        _lock(cohort)
        for enrollment in chosen(cohort, keys):
            try:
                verb(enrollment, by=by, **details)
            except NotNow as error:
                refused.append(_refused(enrollment, error.messages))
        if refused:
            raise NotNow(refused)
    return held


def _held_label(decision, cohort):
    return f"{DECISIONS[decision].verb.label}: {cohort}"


@transaction.atomic
def order_reserve(cohort, keys, *, by):
    """Put the reserve list in this order. NotNow where somebody has come or gone since it was shown."""
    _require(by, Permission.RUN_COHORTS)
    _lock(cohort)
    rows = list(offers.reserve_of(cohort))
    if {row.pk for row in rows} != set(keys):
        raise NotNow(_("The reserve list has changed since you opened the page. Look at it again."))
    places = {key: place for place, key in enumerate(keys, 1)}
    before = [row.pk for row in rows]
    if before == list(keys):
        return
    for row in rows:
        row.reserve_rank = places[row.pk]
    Enrollment.objects.bulk_update(rows, ["reserve_rank"])
    record(cohort, "order_reserve", by=by, data={"order": list(keys), "before": before})
