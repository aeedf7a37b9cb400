"""Regions: the list, the page with everything on one time line, and what is entered about them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.columns import REGIONS
from partners.counts import counted_regions
from partners.forms.lists import RegionFilter
from partners.forms.places import RegionForm
from partners.models import Institution, Mou, Region
from partners.presentation import as_tree, standing
from partners.workflow import places
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.citations import with_source_ids
from portal.records.keeping_screens import to_the_kept
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from portal.ui.lists import listing, render_listing

from .reading import contacts_of, may_edit, mous_of


@requires(Permission.SEE_PARTNERS)
def region_list(request):
    regions = listing(
        request,
        counted_regions(Region.objects.visible_to(request.user), request.user),
        filterset=RegionFilter,
        sorts={
            "name": ["name"],
            "country": ["country_name", "depth", "name"],
            "institutions": ["-institution_count", "name"],
            "mous": ["-mou_count", "name"],
        },
        default_sort="country",
        export=REGIONS,
    )
    return render_listing(request, "partners/region_list.html", regions, may_edit(request.user))


@requires(Permission.SEE_PARTNERS)
def region_detail(request, pk):
    user = request.user
    region = visible_or_404(Region.objects.select_related("parent", "merged_into"), user, pk=pk)
    if moved := to_the_kept(request, region):
        return moved
    institutions = (
        Institution.objects.visible_to(user).in_use().filter(region__in=Region.objects.within(region))
    )
    institutions = list(with_source_ids(institutions.select_related("region")))
    parts = list(with_source_ids(Region.objects.visible_to(user).in_use().within(region)))
    mous = mous_of(Mou.objects.with_region(region), user)
    page = {
        "region": region,
        "parts": [part for part in parts if part.pk != region.pk],
        "institutions": institutions,
        "tree": as_tree(institutions),
        "mous": mous,
        "standing": standing(region, mous),
        "places": [*parts, *institutions],
        **may_edit(user),
        **contacts_of(institutions, user),
    }
    return render(request, "partners/region_detail.html", page)


@requires(Permission.EDIT_PARTNERS)
def region_create(request):
    form = RegionForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    region = kept(form, lambda: places.enter(form.save(commit=False), by=request.user))
    if region:
        messages.success(request, _("%(name)s is entered.") % {"name": region})
        return redirect("partners:region-detail", pk=region.pk)
    return render(request, "partners/region_create.html", {"form": form}, status=form_status(form))


@requires(Permission.EDIT_PARTNERS)
def region_edit(request, pk):
    region = visible_or_404(Region.objects.unmerged(), request.user, pk=pk)
    form = RegionForm(request.POST or None, instance=region)
    facts = {"by": request.user, "seen": form.seen}
    if kept(form, lambda: places.change(form.save(commit=False), fields=form.fields_changed, **facts)):
        messages.success(request, _("The changes are kept."))
        return redirect("partners:region-detail", pk=pk)
    page = {"form": form, "region": region}
    return render(request, "partners/region_edit.html", page, status=form_status(form))
