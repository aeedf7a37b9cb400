"""Screens of the tree of specialties that hospitals and trainees share."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.forms import SpecialtyForm
from hospitals.models import Department, Specialty
from hospitals.screens import form_screen
from hospitals.tree import tree_of
from hospitals.workflow import entries, specialties
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import (
    archive_screen,
    merge_screen,
    page_of,
    to_the_kept,
    unarchive_screen,
)
from portal.records.transitions import NotNow


@requires(Permission.SEE_HOSPITALS)
def specialty_list(request):
    asked = request.GET.get("q", "").strip()
    archived = bool(request.GET.get("archived"))
    page = {
        "rows": tree_of(Department.objects.visible_to(request.user), asked, archived=archived),
        "asked": asked,
        "archived": archived,
        "may_edit": request.user.has(Permission.EDIT_HOSPITALS),
    }
    return render(request, "hospitals/specialty_list.html", page)


@requires(Permission.SEE_HOSPITALS)
def specialty_detail(request, pk):
    specialty = get_object_or_404(Specialty.objects.select_related("merged_into", "parent"), pk=pk)
    if moved := to_the_kept(request, specialty):
        return moved
    departments = Department.objects.visible_to(request.user).placeable().filter(specialty=specialty)
    page = {
        "specialty": specialty,
        "parts": specialty.children.in_use(),
        "departments": departments.with_names(),
        "crumbs": crumbs(),
        "may_edit": request.user.has(Permission.EDIT_HOSPITALS),
    }
    return render(request, "hospitals/specialty_detail.html", page)


@requires(Permission.EDIT_HOSPITALS)
def specialty_create(request):
    form = SpecialtyForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        try:
            specialty = entries.enter(form.save(commit=False), by=request.user)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": specialty})
            return redirect(page_of(specialty))
    words = {"title": _("Enter a specialty"), "submit": _("Enter the specialty")}
    return form_screen(request, form, **words, back=reverse("hospitals:specialty-list"), crumbs=crumbs())


@requires(Permission.EDIT_HOSPITALS)
def specialty_edit(request, pk):
    specialty = get_object_or_404(Specialty.objects.unmerged(), pk=pk)
    form = SpecialtyForm(request.POST or None, instance=specialty)
    above, name = crumbs(specialty), str(specialty)
    if request.method == "POST" and form.is_valid():
        changed = {"fields": form.fields_changed, "seen": form.seen}
        try:
            specialties.change(form.save(commit=False), by=request.user, **changed)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("hospitals:specialty-detail", pk=pk)
    words = {"title": _("Change the specialty"), "submit": _("Keep the changes")}
    return form_screen(request, form, **words, lede=name, back=page_of(specialty), crumbs=above)


@requires(Permission.EDIT_HOSPITALS)
def specialty_archive(request, pk):
    specialty = get_object_or_404(Specialty.objects.in_use(), pk=pk)
    gone_to = reverse("hospitals:specialty-list")
    return archive_screen(request, specialty, crumbs=crumbs(specialty), gone_to=gone_to)


@requires(Permission.EDIT_HOSPITALS)
def specialty_unarchive(request, pk):
    specialty = get_object_or_404(Specialty.objects.archived(), pk=pk)
    return unarchive_screen(request, specialty, crumbs=crumbs(specialty))


@requires(Permission.EDIT_HOSPITALS)
def specialty_merge(request, pk):
    others = Specialty.objects.unmerged()
    specialty = get_object_or_404(others, pk=pk)
    return merge_screen(request, specialty, others, crumbs=crumbs(specialty))


def crumbs(specialty=None):
    """What stands above the screens of the specialties, or of one of them."""
    found = [
        (_("Hospitals"), reverse("hospitals:hospital-list")),
        (_("Specialties"), reverse("hospitals:specialty-list")),
    ]
    return [*found, (str(specialty), page_of(specialty))] if specialty else found
