"""Screens of the host hospitals."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.columns import HOSPITALS
from hospitals.forms import HospitalFilter, HospitalForm
from hospitals.history import events_of
from hospitals.models import Coordinator, Hospital
from hospitals.screens import form_screen
from hospitals.workflow import entries
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock, trail
from portal.records.citations import cite
from portal.records.keeping_screens import (
    archive_screen,
    merge_screen,
    page_of,
    to_the_kept,
    unarchive_screen,
)
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

LATEST = 100


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
    page = {"may_edit": request.user.has(Permission.EDIT_HOSPITALS)}
    return render_listing(request, "hospitals/hospital_list.html", hospitals, page)


@requires(Permission.SEE_HOSPITALS)
def hospital_detail(request, pk):
    hospitals = Hospital.objects.select_related("merged_into").with_rights_of(request.user)
    hospital = visible_or_404(hospitals, request.user, pk=pk)
    if moved := to_the_kept(request, hospital):
        return moved
    everything = hospital.departments.unmerged().with_names().prefetch_related("closures")
    clinicians = list(hospital.clinicians.for_list())
    departments = [department for department in everything if not department.is_archived]
    page = {
        "hospital": hospital,
        "departments": departments,
        "archived_departments": [department for department in everything if department.is_archived],
        "seats": sum(department.seats for department in departments),
        "coordinators": Coordinator.objects.serving().filter(hospital=hospital).select_related("user"),
        "clinicians": [clinician for clinician in clinicians if not clinician.is_archived],
        "archived_clinicians": [clinician for clinician in clinicians if clinician.is_archived],
        "closures": _closures_to_come(departments),
        "source": cite(hospital.sources.all()),
        "may_edit": request.user.has(Permission.EDIT_HOSPITALS),
        "may_edit_own": hospital.may_edit_own,
    }
    return render(request, "hospitals/hospital_detail.html", page)


def _closures_to_come(departments):
    """The closed periods under way or to come, of departments that were read with theirs."""
    closures = [closure for department in departments for closure in department.closures.all()]
    today = clock.today()
    return sorted((one for one in closures if one.last_day >= today), key=lambda one: one.first_day)


@requires(Permission.SEE_HOSPITALS)
def hospital_address(request, pk):
    """The card for a taxi driver, to print or to show on a telephone."""
    hospital = visible_or_404(Hospital.objects.unmerged(), request.user, pk=pk)
    return render(request, "hospitals/hospital_address.html", {"hospital": hospital})


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def hospital_history(request, pk):
    hospital = get_object_or_404(Hospital.objects.editable_by(request.user), pk=pk)
    events = events_of(hospital).for_history()[:LATEST]
    page = {"hospital": hospital, "lines": trail.lines(events), "latest": LATEST}
    return render(request, "hospitals/hospital_history.html", page)


@requires(Permission.EDIT_HOSPITALS)
def hospital_create(request):
    form = HospitalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hospital = entries.enter(form.save(commit=False), by=request.user)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("%(name)s is entered. Its departments come next.") % {"name": hospital}
            )
            return redirect(page_of(hospital))
    words = {"title": _("Enter a hospital"), "submit": _("Enter the hospital")}
    return form_screen(request, form, **words, back=reverse("hospitals:hospital-list"), crumbs=crumbs())


@requires(Permission.EDIT_HOSPITALS)
def hospital_edit(request, pk):
    hospital = visible_or_404(Hospital.objects.unmerged(), request.user, pk=pk)
    form = HospitalForm(request.POST or None, instance=hospital)
    above = crumbs(hospital)
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        try:
            entries.change(changed, by=request.user, fields=form.fields_changed, seen=form.seen)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("hospitals:hospital-detail", pk=pk)
    words = {"title": _("Change the hospital"), "submit": _("Keep the changes")}
    return form_screen(request, form, **words, back=page_of(hospital), crumbs=above)


@requires(Permission.EDIT_HOSPITALS)
def hospital_archive(request, pk):
    hospital = visible_or_404(Hospital.objects.in_use(), request.user, pk=pk)
    gone_to = reverse("hospitals:hospital-list")
    return archive_screen(request, hospital, crumbs=crumbs(hospital), gone_to=gone_to)


@requires(Permission.EDIT_HOSPITALS)
def hospital_unarchive(request, pk):
    hospital = visible_or_404(Hospital.objects.archived(), request.user, pk=pk)
    return unarchive_screen(request, hospital, crumbs=crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS)
def hospital_merge(request, pk):
    hospitals = Hospital.objects.visible_to(request.user).unmerged()
    hospital = visible_or_404(hospitals, request.user, pk=pk)
    return merge_screen(request, hospital, hospitals, crumbs=crumbs(hospital))


def crumbs(hospital=None):
    """What stands above the screens of the hospitals, or of one of them."""
    found = [(_("Hospitals"), reverse("hospitals:hospital-list"))]
    return [*found, (hospital.short, page_of(hospital))] if hospital else found
