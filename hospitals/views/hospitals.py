"""Screens of the host hospitals."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.columns import HOSPITALS
from hospitals.forms import HospitalFilter
from hospitals.models import Coordinator, Hospital
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.keeping_screens import (
    archive_screen,
    merge_screen,
    page_of,
    to_the_kept,
    unarchive_screen,
)
from portal.records.lookup import visible_or_404
from portal.ui.lists import listing, render_listing


@requires(Permission.SEE_HOSPITALS)
def hospital_list(request):
    hospitals = listing(
        request,
        Hospital.objects.visible_to(request.user).unmerged().for_list(),
        filterset=HospitalFilter,
        sorts={
            "name": ["name"],
            "city": ["city", "name"],
            "departments": ["-department_count", "name"],
            "seats": ["-seat_count", "name"],
        },
        default_sort="name",
        export=HOSPITALS,
    )
    return render_listing(request, "hospitals/hospital_list.html", hospitals)


@requires(Permission.SEE_HOSPITALS)
def hospital_detail(request, pk):
    hospital = visible_or_404(Hospital.objects.select_related("merged_into"), request.user, pk=pk)
    if moved := to_the_kept(request, hospital):
        return moved
    departments = list(hospital.departments.with_names().prefetch_related("closures"))
    today = clock.today()
    page = {
        "hospital": hospital,
        "departments": departments,
        "seats": sum(department.seats for department in departments),
        "coordinators": Coordinator.objects.serving().filter(hospital=hospital).select_related("user"),
        "closures": [
            closure
            for department in departments
            for closure in department.closures.all()
            if closure.last_day >= today
        ],
    }
    return render(request, "hospitals/hospital_detail.html", page)


@requires(Permission.EDIT_HOSPITALS)
def hospital_archive(request, pk):
    hospital = visible_or_404(Hospital.objects.in_use(), request.user, pk=pk)
    gone_to = reverse("hospitals:hospital-list")
    return archive_screen(request, hospital, crumbs=_crumbs(hospital), gone_to=gone_to)


@requires(Permission.EDIT_HOSPITALS)
def hospital_unarchive(request, pk):
    hospital = visible_or_404(Hospital.objects.archived(), request.user, pk=pk)
    return unarchive_screen(request, hospital, crumbs=_crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS)
def hospital_merge(request, pk):
    hospitals = Hospital.objects.visible_to(request.user).unmerged()
    hospital = visible_or_404(hospitals, request.user, pk=pk)
    return merge_screen(request, hospital, hospitals, crumbs=_crumbs(hospital))


def _crumbs(hospital):
    """What stands above the screens of one hospital."""
    return [(_("Hospitals"), reverse("hospitals:hospital-list")), (hospital.short, page_of(hospital))]
