"""Screens of the clinicians of a hospital."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from hospitals.forms import ClinicianForm
from hospitals.models import Clinician, Hospital
from hospitals.screens import form_screen
from hospitals.workflow import entries
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import archive_screen, page_of, unarchive_screen
from portal.records.transitions import NotNow

from .hospitals import crumbs


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def clinician_create(request, hospital):
    hospital = get_object_or_404(Hospital.objects.editable_by(request.user), pk=hospital)
    form = ClinicianForm(request.POST or None, instance=Clinician(hospital=hospital))
    if request.method == "POST" and form.is_valid():
        clinician = entries.enter(form.save(commit=False), by=request.user)
        messages.success(request, _("%(name)s is entered.") % {"name": clinician})
        return redirect(page_of(hospital))
    words = {"title": _("Enter a clinician"), "submit": _("Enter the clinician")}
    return form_screen(request, form, **words, lede=hospital, back=page_of(hospital), crumbs=crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def clinician_edit(request, pk):
    clinician = _one(request, pk)
    form = ClinicianForm(request.POST or None, instance=clinician)
    hospital, name = clinician.hospital, str(clinician)
    if request.method == "POST" and form.is_valid():
        changed = {"fields": form.fields_changed, "seen": form.seen}
        try:
            entries.change(form.save(commit=False), by=request.user, **changed)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect(page_of(hospital))
    words = {"title": _("Change the clinician"), "submit": _("Keep the changes")}
    return form_screen(request, form, **words, lede=name, back=page_of(hospital), crumbs=crumbs(hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def clinician_archive(request, pk):
    clinician = _one(request, pk)
    above = crumbs(clinician.hospital)
    return archive_screen(request, clinician, crumbs=above, back=page_of(clinician.hospital))


@requires(Permission.EDIT_HOSPITALS, Permission.EDIT_OWN_HOSPITAL)
def clinician_unarchive(request, pk):
    clinicians = Clinician.objects.editable_by(request.user).archived()
    clinician = get_object_or_404(clinicians.select_related("hospital"), pk=pk)
    above = crumbs(clinician.hospital)
    return unarchive_screen(request, clinician, crumbs=above, back=page_of(clinician.hospital))


def _one(request, pk):
    """A clinician in use whom the reader may change."""
    clinicians = Clinician.objects.editable_by(request.user).in_use()
    return get_object_or_404(clinicians.select_related("hospital"), pk=pk)
