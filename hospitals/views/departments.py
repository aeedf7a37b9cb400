"""Screens of a hospital's departments: its coordinators may change them too."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from hospitals import workflow
from hospitals.forms import DepartmentForm
from hospitals.models import Department, Hospital
from hospitals.screens import form_screen
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import archive_screen, page_of, unarchive_screen
from portal.records.transitions import NotNow

from .hospitals import crumbs


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def department_create(request, hospital):
    hospital = get_object_or_404(Hospital.objects.editable_by(request.user), pk=hospital)
    form = DepartmentForm(request.POST or None, instance=Department(hospital=hospital))
    if request.method == "POST" and form.is_valid():
        try:
            department = workflow.departments.enter(form.save(commit=False), by=request.user)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": department.label})
            return redirect(page_of(hospital))
    words = {"title": _("Enter a department"), "submit": _("Enter the department")}
    return form_screen(request, form, **words, lede=hospital, back=page_of(hospital), crumbs=crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def department_edit(request, pk):
    department = _one(request, pk)
    form = DepartmentForm(request.POST or None, instance=department)
    hospital, label = department.hospital, department.label
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("all_the_same", "")
        changed = {"fields": form.fields_changed, "seen": form.seen, "reason": reason}
        try:
            workflow.departments.change(form.save(commit=False), by=request.user, **changed)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect(page_of(hospital))
    words = {"title": _("Change the department"), "submit": _("Keep the changes")}
    return form_screen(request, form, **words, lede=label, back=page_of(hospital), crumbs=crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def department_archive(request, pk):
    department = _one(request, pk)
    above = crumbs(department.hospital)
    return archive_screen(request, department, crumbs=above, back=page_of(department.hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def department_unarchive(request, pk):
    departments = Department.objects.editable_by(request.user).archived().with_names()
    department = get_object_or_404(departments, pk=pk)
    above = crumbs(department.hospital)
    return unarchive_screen(request, department, crumbs=above, back=page_of(department.hospital))


def _one(request, pk):
    """A department in use that the reader may change."""
    return get_object_or_404(Department.objects.editable_by(request.user).in_use().with_names(), pk=pk)
