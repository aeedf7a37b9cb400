"""Rearranging drafts on the board: moved, split, swapped. Nobody outside has heard of them, so no mail is sent.

Locks as everywhere: placement, trainee, department (docs/decisions/0004-races.md); of several placements in the order
of their keys.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.records.transitions import NotNow, record, transition
from programs import rules
from programs.models import Placement

from .placements import refuse_unless_possible

State = Placement.State
Half = Placement.Half


def _lock_trainees(*placements):
    keys = {placement.trainee_id for placement in placements}
    list(Trainee.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))


def _facts(placement):
    """Where and when, as the trail keeps it."""
    return {
        "department": str(placement.department),
        "first_day": placement.first_day.isoformat(),
        "last_day": placement.last_day.isoformat(),
        "half": placement.half,
    }


@transition(
    Placement,
    source=[State.DRAFT],
    target=State.DRAFT,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Rearrange"),
)
def move(placement, *, by, department, first_day, last_day, half=Half.WHOLE):
    """Another department, other days, or both. Raises NotNow where it cannot be."""
    _lock_trainees(placement)
    before = _facts(placement)
    placement.department, placement.half = department, half
    placement.first_day, placement.last_day = first_day, last_day
    refuse_unless_possible(placement, rules.drafted_twice(placement))
    record(placement, "moved_from", by=by, data=before)


def parts_of(placement):
    """How a draft can be split: the Mondays on which a second part could begin, and whether by halves of the day."""
    weeks = rules.weeks_of(placement.first_day, placement.last_day)
    mondays = [monday for monday, _friday in weeks if placement.first_day < monday <= placement.last_day]
    return mondays, placement.half == Half.WHOLE


def days_of_parts(placement, monday):
    """The days of the two parts when it is split on a Monday: the first ends on the Friday before, where it can."""
    friday = max(placement.first_day, monday - timedelta(days=3))
    return (placement.first_day, friday), (monday, placement.last_day)


@transition(
    Placement,
    source=[State.DRAFT],
    target=State.DRAFT,
    permission=Permission.PLACE_TRAINEES,
    label=gettext_lazy("Split"),
)
def split(placement, *, by, on=None):
    """Two drafts of one: until the weekend before the Monday `on`, and from there; mornings and afternoons without it.

    Returns the second part, which is then moved elsewhere.
    """
    _lock_trainees(placement)
    mondays, halves = parts_of(placement)
    if on not in mondays and (on is not None or not halves):
        raise NotNow(_("It cannot be split there: its days or halves have changed."))
    second = Placement(
        enrollment=placement.enrollment,
        department=placement.department,
        first_day=on or placement.first_day,
        last_day=placement.last_day,
        half=placement.half if on else Half.AFTERNOON,
    )
    if on:
        placement.last_day = days_of_parts(placement, on)[0][1]
    else:
        placement.half = Half.MORNING
    for part in (placement, second):
        refuse_unless_possible(part)
    second.save()
    record(second, "split_off", by=by, target=State.DRAFT, data=_facts(second))
    return second


@transaction.atomic
def swap(placement, other, *, by):
    """Two drafts change places: two trainees each other's department and days; one trainee's two stays the departments.

    Returns the two as they stand now. Raises PermissionDenied, or NotNow where either could not be there.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    rows = Placement.objects.filter(pk__in=[placement.pk, other.pk]).order_by("pk")
    list(
        rows.select_for_update(no_key=True)
    )  # without a join: what it waits for may move to another department
    pair = list(rows.select_related(*Placement.verbs_read))
    if len(pair) != 2 or any(one.state != State.DRAFT for one in pair):
        raise NotNow(_("Only drafts can change places, and one of these is a draft no more."))
    if pair[0].enrollment.cohort_id != pair[1].enrollment.cohort_id:
        raise NotNow(_("Only drafts of one cohort can change places."))
    _lock_trainees(*pair)
    one, two = pair
    before = {draft.pk: _facts(draft) for draft in pair}
    one.department, two.department = two.department, one.department
    if one.trainee_id != two.trainee_id:
        one.first_day, two.first_day = two.first_day, one.first_day
        one.last_day, two.last_day = two.last_day, one.last_day
        one.half, two.half = two.half, one.half
    for draft in pair:
        draft.save()
    for draft in pair:
        refuse_unless_possible(draft, rules.drafted_twice(draft))
        record(draft, "swap", by=by, source=State.DRAFT, target=State.DRAFT, data=before[draft.pk])
    return pair
