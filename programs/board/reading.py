"""What the board is made of, read in a fixed number of queries whatever the size of the cohort."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Q

from hospitals.models import Closure, Department
from programs.models import Placement, Proposal, ProposedLine
from programs.seat_count import SeatCount

from .offers import with_offers

State = Placement.State
OPEN = (State.DRAFT, State.REQUESTED)
SHOWN = (*OPEN, State.DECLINED, *Placement.SEATED)


def placements_of(cohort, enrollments):
    """The departments concerned by key, and the placements shown, with their records attached."""
    departments = {
        department.pk: department
        for department in with_offers(Department.objects.with_names(), cohort)
        .filter(
            Q(hospital__in=cohort.hospitals.values("pk"), archived_at=None)
            | Q(pk__in=Placement.objects.filter(enrollment__cohort=cohort).values("department"))
        )
        .order_by("hospital__name", "specialty__name", "pk")
    }
    by_pk = {enrollment.pk: enrollment for enrollment in enrollments}
    placements = []
    for placement in Placement.objects.filter(enrollment__cohort=cohort, state__in=SHOWN).order_by(
        "first_day", "pk"
    ):
        enrollment = by_pk.get(placement.enrollment_id)
        if enrollment is None:  # of somebody who does not take part any more
            continue
        placement.enrollment, placement.trainee = enrollment, enrollment.trainee
        placement.department = departments[placement.department_id]
        placements.append(placement)
    return departments, placements


def proposed_of(cohort):
    """The lines of the latest proposal that nobody has kept yet, by enrollment."""
    found = defaultdict(list)
    latest = Proposal.objects.filter(cohort=cohort).order_by("-asked_at", "-pk").values("pk")[:1]
    lines = ProposedLine.objects.filter(proposal__in=latest, placement=None).select_related(
        "proposal", "department__hospital", "department__specialty"
    )
    for line in lines.order_by("first_day", "pk"):
        found[line.enrollment_id].append(line)
    return found


def closures_of(departments, weeks):
    found = defaultdict(list)
    for closure in Closure.objects.filter(
        department__in=departments, first_day__lte=weeks[-1][1], last_day__gte=weeks[0][0]
    ):
        found[closure.department_id].append(closure)
    return found


def count_seats(cohort, departments, placements, weeks):
    """Seats day by day: those of other cohorts too, because a seat is one whoever sits on it."""
    others = (
        Placement.objects.filter(department__in=departments, state__in=(State.REQUESTED, *Placement.SEATED))
        .exclude(enrollment__cohort=cohort)
        .overlapping(weeks[0][0], weeks[-1][1])
        .select_related("trainee")
    )
    count = SeatCount(weeks[0][0], weeks[-1][1] + timedelta(days=2))
    shown = [placement for placement in placements if placement.state != State.DECLINED]
    for placement in sorted([*others, *shown], key=_right_to_a_seat):
        count.add(placement, departments[placement.department_id].seats)
    return count


def _right_to_a_seat(placement):
    """Who has a seat keeps it, who was taken beyond the seats comes after, then who asked, and drafts last."""
    return (
        not placement.is_seated,
        placement.overbook_reason != "",
        placement.state == State.DRAFT,
        placement.pk,
    )


def elsewhere_of(cohort, weeks):
    """Seats that these trainees have in other cohorts in the same weeks, by trainee."""
    found = defaultdict(list)
    for placement in (
        Placement.objects.taking_seats()
        .filter(trainee__enrollments__cohort=cohort)
        .exclude(enrollment__cohort=cohort)
        .overlapping(weeks[0][0], weeks[-1][1])
        .select_related("department__hospital", "department__specialty")
    ):
        found[placement.trainee_id].append(placement)
    return found
