"""Sending the drafts of a cohort to the hospitals: one mail a hospital and coordinator, however many trainees."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hospitals.models import Coordinator, Hospital
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from programs.models import Placement

from . import placements


@dataclass(frozen=True)
class HospitalRequest:
    """What one hospital is about to be asked, and who will get the mail."""

    hospital: Hospital
    placements: tuple
    coordinators: tuple


def drafts(cohort):
    """The cohort's drafts in the order they are asked and locked."""
    return (
        Placement.objects.for_board()
        .filter(enrollment__cohort=cohort, state=Placement.State.DRAFT)
        .order_by("department__hospital__name", "first_day", "pk")
    )


def preview(cohort):
    """What request_all would do now, as a list of HospitalRequest. Two queries, nothing is written."""
    by_hospital = defaultdict(list)
    for placement in drafts(cohort):
        by_hospital[placement.department.hospital].append(placement)
    coordinators = defaultdict(list)
    for coordinator in Coordinator.objects.serving().filter(hospital__in=by_hospital).select_related("user"):
        coordinators[coordinator.hospital_id].append(coordinator)
    return [
        HospitalRequest(hospital, tuple(asked), tuple(coordinators[hospital.pk]))
        for hospital, asked in by_hospital.items()
    ]


@transaction.atomic
def request_all(cohort, *, by):
    """Ask every hospital for all drafts of the cohort, and put one mail for each coordinator.

    Returns the list of HospitalRequest that went out. A hospital without a coordinator is asked too: staff call it.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    # Locked in the order of their keys before anything is read: a double click finds no draft left.
    list(Placement.objects.filter(pk__in=drafts(cohort).values("pk")).order_by("pk").select_for_update())
    asked = preview(cohort)
    for hospital_request in asked:
        for placement in hospital_request.placements:
            placements.request(placement, by=by)
        for coordinator in hospital_request.coordinators:
            _ask(cohort, hospital_request, coordinator)
    return asked


def _ask(cohort, hospital_request, coordinator):
    pks = [placement.pk for placement in hospital_request.placements]
    outbox.put(
        "placement_request",
        to=coordinator.user,
        about=cohort,
        key=f"placement_request:{cohort.pk}:{hospital_request.hospital.pk}:{coordinator.user_id}:{clock.now():%Y%m%dT%H%M%S%f}",
        context={"hospital": hospital_request.hospital.pk, "placements": pks},
    )
