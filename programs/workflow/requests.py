"""Sending the drafts of a cohort to the hospitals: one mail a hospital and coordinator, however many trainees."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Coordinator, Department, Hospital
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.transitions import NotNow
from programs.board import board_of
from programs.models import Cohort, Placement

from . import placements


@dataclass(frozen=True)
class HospitalRequest:
    """What one hospital is about to be asked, and who will get the mail."""

    hospital: Hospital
    placements: tuple  # each with `conflicts`, the notes on what stands against asking for it
    coordinators: tuple

    @property
    def conflicts(self):
        return [note for placement in self.placements for note in placement.conflicts]


def drafts(cohort):
    """The cohort's drafts in the order they are asked and locked."""
    return (
        Placement.objects.for_board()
        .filter(enrollment__cohort=cohort, state=Placement.State.DRAFT)
        .order_by("department__hospital__name", "first_day", "pk")
    )


def preview(cohort):
    """What request_all would do now, as a list of HospitalRequest. A fixed number of queries, nothing is written."""
    by_hospital = defaultdict(list)
    conflicts = _conflicts(cohort)
    for placement in drafts(cohort):
        placement.conflicts = conflicts[placement.pk]
        by_hospital[placement.department.hospital].append(placement)
    coordinators = defaultdict(list)
    for coordinator in Coordinator.objects.serving().filter(hospital__in=by_hospital).select_related("user"):
        coordinators[coordinator.hospital_id].append(coordinator)
    return [
        HospitalRequest(hospital, tuple(asked), tuple(coordinators[hospital.pk]))
        for hospital, asked in by_hospital.items()
    ]


def _conflicts(cohort):
    """The notes on the drafts that are in conflict, by their key, as the board judges them."""
    found = defaultdict(list)
    for row in board_of(cohort).rows:
        for note in row.notes:
            if note.is_conflict:
                found[note.placement.pk].append(note)
    return found


@transaction.atomic
def request_all(cohort, *, by):
    """Ask every hospital for all drafts of the cohort, and put one mail for each coordinator.

    Returns the list of HospitalRequest that went out. A hospital without a coordinator is asked too: staff call it.
    Raises NotNow while a draft is in conflict: hospitals are asked for what can take place.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    _lock(cohort)
    asked = preview(cohort)
    _refuse_conflicts(asked)
    for hospital_request in asked:
        for placement in hospital_request.placements:
            placements.request(placement, by=by)
        for coordinator in hospital_request.coordinators:
            _ask(cohort, hospital_request, coordinator)
    return asked


def _lock(cohort):
    """The cohort, its drafts, their trainees and departments, before anything is read (docs/decisions/0004-races.md).

    A double click finds no draft left, and what is confirmed elsewhere meanwhile is seen or waits.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    drafted = drafts(cohort).order_by()
    for model, wanted in ((Placement, "pk"), (Trainee, "trainee"), (Department, "department")):
        rows = model.objects.filter(pk__in=list(drafted.values_list(wanted, flat=True)))
        list(rows.order_by("pk").select_for_update(no_key=True))


def _refuse_conflicts(asked):
    found = [
        _("%(name)s: %(reason)s") % {"name": note.placement.trainee, "reason": f"{note.lead} {note.text}"}
        for hospital_request in asked
        for note in hospital_request.conflicts
    ]
    if found:
        words = ngettext(
            "%(count)s conflict must be settled before requests go out.",
            "%(count)s conflicts must be settled before requests go out.",
            len(found),
        )
        raise NotNow([words % {"count": len(found)}, *found])


def _ask(cohort, hospital_request, coordinator):
    _put(cohort, hospital_request.hospital.pk, hospital_request.placements, coordinator)


def ask_again(placement, words=""):
    """A request that stands anew, or again with some words of staff: one mail to each coordinator."""
    house = placement.department.hospital_id
    for coordinator in Coordinator.objects.serving().filter(hospital=house).select_related("user"):
        _put(placement.enrollment.cohort, house, [placement], coordinator, words)


def _put(cohort, hospital, asked, coordinator, words=""):
    outbox.put(
        "placement_request",
        to=coordinator.user,
        about=cohort,
        key=f"placement_request:{cohort.pk}:{hospital}:{coordinator.user_id}:{clock.now():%Y%m%dT%H%M%S%f}",
        context={"hospital": hospital, "placements": [placement.pk for placement in asked], "words": words},
    )
