"""Institutions: the list, the page with everything on one time line, and what is entered about them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.columns import INSTITUTIONS
from partners.counts import counted_institutions
from partners.forms.lists import InstitutionFilter
from partners.forms.places import InstitutionForm
from partners.models import Institution, Mou
from partners.presentation import standing
from partners.workflow import places
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.citations import cite, with_source_ids
from portal.records.keeping_screens import to_the_kept
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from portal.ui.lists import listing, render_listing

from .reading import contacts_of, may_edit, mous_of


@requires(Permission.SEE_PARTNERS)
def institution_list(request):
    institutions = listing(
        request,
        counted_institutions(Institution.objects.visible_to(request.user), request.user),
        filterset=InstitutionFilter,
        sorts={
            "name": ["name"],
            "kind": ["kind", "name"],
            "region": ["region__country", "region__name", "name"],
            "mous": ["-mou_count", "name"],
        },
        default_sort="name",
        export=INSTITUTIONS,
    )
    return render_listing(request, "partners/institution_list.html", institutions, may_edit(request.user))


@requires(Permission.SEE_PARTNERS)
def institution_detail(request, pk):
    user = request.user
    institution = visible_or_404(Institution.objects.with_names(), user, pk=pk)
    if moved := to_the_kept(request, institution):
        return moved
    parts = list(with_source_ids(Institution.objects.visible_to(user).unmerged().within(institution)))
    mous = mous_of(Mou.objects.with_institution(institution), user)
    page = {
        "institution": institution,
        "parts": [part for part in parts if part.pk != institution.pk],
        "mous": mous,
        "standing": standing(institution, mous),
        "places": parts,
        "source": cite(institution.sources.all()),
        **may_edit(user),
        **contacts_of([institution], user),
    }
    return render(request, "partners/institution_detail.html", page)


@requires(Permission.EDIT_PARTNERS)
def institution_create(request):
    form = InstitutionForm(request.POST or None, initial={"region": request.GET.get("region")})
    institution = kept(form, lambda: places.enter(form.save(commit=False), by=request.user))
    if institution:
        messages.success(request, _("%(name)s is entered.") % {"name": institution})
        return redirect("partners:institution-detail", pk=institution.pk)
    return render(request, "partners/institution_create.html", {"form": form}, status=form_status(form))


@requires(Permission.EDIT_PARTNERS)
def institution_edit(request, pk):
    institution = visible_or_404(Institution.objects.unmerged(), request.user, pk=pk)
    form = InstitutionForm(request.POST or None, instance=institution)
    facts = {"by": request.user, "seen": form.seen}
    if kept(form, lambda: places.change(form.save(commit=False), fields=form.fields_changed, **facts)):
        messages.success(request, _("The changes are kept."))
        return redirect("partners:institution-detail", pk=pk)
    page = {"form": form, "institution": institution}
    return render(request, "partners/institution_edit.html", page, status=form_status(form))
