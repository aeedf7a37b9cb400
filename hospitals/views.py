"""Screens of the host hospitals, to read."""

from django.shortcuts import render

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.lookup import visible_or_404
from portal.ui.lists import listing, render_listing

from .columns import HOSPITALS
from .forms import HospitalFilter
from .models import Coordinator, Hospital


@requires(Permission.SEE_HOSPITALS)
def hospital_list(request):
    hospitals = listing(
        request,
        Hospital.objects.visible_to(request.user).for_list(),
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
    hospital = visible_or_404(Hospital.objects.all(), request.user, pk=pk)
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
