"""Proposals: asked for by a person, worked out by whoever comes first, kept line by line. Nothing leaves the house.

What is asked for stands in its row, so that nothing is lost with a worker, a broker or a page.
"""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.mail.nudge import nudge
from portal.records import clock
from portal.records.transitions import NotNow, record
from programs import rules
from programs.models import Cohort, Proposal, ProposedLine
from programs.proposing import reasons, solver
from programs.proposing.reading import case_of

from . import placements

logger = logging.getLogger(__name__)
# A worker that has not come back by then is taken for dead, and another begins anew.
LEASE = timedelta(minutes=45)


@transaction.atomic
def ask(cohort, *, by, **choices):
    """Ask for a proposal. Raises PermissionDenied, or NotNow while another is being worked out or nobody is placed."""
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if cohort.proposals.filter(done_at=None).exists():
        raise NotNow(_("A proposal is being worked out already."))
    refused = rules.cohort_takes_no_placements(cohort)
    if refused:
        raise NotNow(refused)
    proposal = Proposal.objects.create(cohort=cohort, asked_by=by, asked_at=clock.now(), **choices)
    record(cohort, "ask_proposal", by=by)
    transaction.on_commit(_nudge, robust=True)
    return proposal


def _nudge():
    from programs.tasks import propose_placements  # tasks import this module

    nudge(propose_placements)


def work_off():
    """Work out whatever was asked for, until nothing is left; return how many were worked out."""
    done = 0
    while (proposal := _claim()) is not None:
        done += _work_out(proposal)
    return done


@transaction.atomic
def _claim():
    """The next proposal that nobody works on, taken for the time of a lease; None where there is none."""
    rows = Proposal.objects.waiting(clock.now()).order_by("asked_at", "pk")
    proposal = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if proposal is not None:
        proposal.lease_until = clock.now() + LEASE
        _step(proposal, "reading", 5)
    return proposal


def _step(proposal, phase, percent):
    proposal.phase, proposal.percent = phase, percent
    proposal.save(update_fields=["phase", "percent", "lease_until"])


def _work_out(proposal):
    """Solve it and write the answer, in one transaction; a problem is kept with the proposal and holds up no other."""
    try:
        case = case_of(proposal.cohort, proposal)
        _step(proposal, "solving", 20)
        solution = solver.solve(case.problem)
        _step(proposal, "writing", 90)
        with transaction.atomic():
            return _write(proposal, case, solution)
    except Exception:  # whatever it was, the page must not wait for ever
        logger.exception("The proposal %s failed", proposal.pk)
        with translation.override(proposal.asked_by.reading_language):
            words = _("It could not be worked out. The administrators find the reason in the log.")
        Proposal.objects.filter(pk=proposal.pk, done_at=None).update(done_at=clock.now(), problem=words)
        return False


def _write(proposal, case, solution):
    current = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if current.done_at is not None or current.lease_until != proposal.lease_until:
        return False  # another has taken it up meanwhile
    problem, because = case.problem, reasons.why(case, solution)
    options = [(number, problem.options[number]) for number in solution.taken]
    ProposedLine.objects.bulk_create(
        ProposedLine(
            proposal=current,
            enrollment=case.enrollments[problem.stays[option.stay].person],
            department=case.departments[option.place],
            first_day=problem.stays[option.stay].first_day,
            last_day=problem.stays[option.stay].last_day,
            why=because[number],
        )
        for number, option in options
    )
    current.value, current.bound, current.seconds = solution.value, solution.bound, solution.seconds
    current.unmet = reasons.unmet(case, solution)
    current.phase, current.percent, current.done_at = "done", 100, clock.now()
    current.save()
    return True


@transaction.atomic
def keep(proposal, *, by, lines=None):
    """Make drafts of proposed lines: of those with the keys `lines`, or of all that are still on offer.
    Returns (how many, how many refused).

    What cannot be drafted any more keeps the reason, and the others stand.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    Cohort.objects.select_for_update(no_key=True).get(pk=proposal.cohort_id)
    wanted = (
        proposal.lines.on_offer() if lines is None else proposal.lines.filter(placement=None, pk__in=lines)
    )
    wanted = wanted.select_related(
        "enrollment__cohort", "enrollment__trainee", "department__hospital", "department__specialty"
    )
    kept = refused = 0
    for line in wanted.select_for_update(of=("self",), no_key=True):
        try:
            with transaction.atomic():
                line.placement = placements.draft(
                    line.enrollment, line.department, line.first_day, line.last_day, by=by
                )
        except NotNow as error:
            line.refusal, refused = " ".join(error.messages)[:300], refused + 1
        else:
            line.refusal, kept = "", kept + 1
        line.save(update_fields=["placement", "refusal"])
    if kept:
        record(proposal.cohort, "keep_proposal", by=by, data={"placements": kept})
    return kept, refused


@transaction.atomic
def drop(proposal, *, by):
    """Throw away what is not kept."""
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    proposal = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if proposal.done_at is None:
        raise NotNow(_("It is being worked out just now."))
    proposal.lines.filter(placement=None).delete()
