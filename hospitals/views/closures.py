"""Screens of the closed periods of a department."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hospitals import workflow
from hospitals.forms import ClosureForm
from hospitals.models import Closure, Department
from hospitals.screens import form_screen
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import page_of
from portal.records.transitions import NotNow

from .hospitals import crumbs


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def closure_create(request, department):
    departments = Department.objects.editable_by(request.user).in_use().with_names()
    department = get_object_or_404(departments, pk=department)
    form = ClosureForm(request.POST or None, instance=Closure(department=department))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("all_the_same", "")
        try:
            workflow.closures.close(form.save(commit=False), by=request.user, reason_all_the_same=reason)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The department takes nobody on these days."))
            return redirect(page_of(department.hospital))
    return _form(
        request, form, department, title=_("Enter a closed period"), submit=_("Close the department")
    )


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def closure_edit(request, pk):
    closure = _one(request, pk)
    hospital = closure.department.hospital
    form = ClosureForm(request.POST or None, instance=closure)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("all_the_same", "")
        changed = {"fields": form.fields_changed, "seen": form.seen, "reason_all_the_same": reason}
        try:
            workflow.closures.change(form.save(commit=False), by=request.user, **changed)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect(page_of(hospital))
    words = {"title": _("Change the closed period"), "submit": _("Keep the changes")}
    return _form(request, form, closure.department, **words)


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def closure_remove(request, pk):
    closure = _one(request, pk)
    hospital = closure.department.hospital
    if request.method == "POST":
        workflow.closures.remove(closure, by=request.user)
        messages.success(request, _("The department takes trainees on these days again."))
        return redirect(page_of(hospital))
    page = {"closure": closure, "back": page_of(hospital), "crumbs": crumbs(hospital)}
    return render(request, "hospitals/closure_remove.html", page)


def _form(request, form, department, **words):
    hospital = department.hospital
    return form_screen(
        request, form, **words, lede=department, back=page_of(hospital), crumbs=crumbs(hospital)
    )


def _one(request, pk):
    """A closed period that the reader may change."""
    closures = Closure.objects.editable_by(request.user)
    return get_object_or_404(closures.select_related("department__hospital", "department__specialty"), pk=pk)
