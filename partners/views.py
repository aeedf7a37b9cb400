"""Screens of regions, institutions and MOUs, to read."""

from django.shortcuts import get_object_or_404, render

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.citations import cite, with_source_ids
from portal.records.files import serve
from portal.records.lookup import visible_or_404
from portal.ui.lists import listing, render_listing

from .columns import INSTITUTIONS, MOUS, REGIONS
from .counts import counted_institutions, counted_regions
from .forms import InstitutionFilter, MouFilter, RegionFilter
from .models import Contact, Institution, Mou, Region
from .presentation import as_tree, first_year, renewal_chain


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
    return render_listing(request, "partners/region_list.html", regions)


@requires(Permission.SEE_PARTNERS)
def region_detail(request, pk):
    user = request.user
    region = visible_or_404(Region.objects.select_related("parent"), user, pk=pk)
    institutions = Institution.objects.visible_to(user).filter(region__in=Region.objects.within(region))
    institutions = list(institutions.select_related("region"))
    mous = _mous(Mou.objects.with_region(region), user)
    page = {
        "region": region,
        "parts": [part for part in Region.objects.visible_to(user).within(region) if part.pk != region.pk],
        "institutions": institutions,
        "tree": as_tree(institutions),
        "contacts": _contacts(institutions, user),
        "mous": mous,
        "since": first_year(mous),
    }
    return render(request, "partners/region_detail.html", page)


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
    return render_listing(request, "partners/institution_list.html", institutions)


@requires(Permission.SEE_PARTNERS)
def institution_detail(request, pk):
    user = request.user
    institution = visible_or_404(Institution.objects.select_related("region", "parent"), user, pk=pk)
    parts = [
        part for part in Institution.objects.visible_to(user).within(institution) if part.pk != institution.pk
    ]
    mous = _mous(Mou.objects.with_institution(institution), user)
    page = {
        "institution": institution,
        "parts": parts,
        "contacts": _contacts([institution], user),
        "mous": mous,
        "since": first_year(mous),
        "source": cite(institution.sources.all()),
    }
    return render(request, "partners/institution_detail.html", page)


def _mous(mous, user):
    """Those `user` may see, with parties and sources, ready for a time line."""
    return list(with_source_ids(mous.visible_to(user).with_parties()))


def _contacts(institutions, user):
    contacts = Contact.objects.visible_to(user).filter(institution__in=institutions)
    return list(contacts.select_related("institution__region"))


@requires(Permission.SEE_PARTNERS)
def mou_list(request):
    mous = listing(
        request,
        Mou.objects.visible_to(request.user).with_parties(),
        filterset=MouFilter,
        sorts={"expires": ["expires", "-signed"], "signed": ["signed"]},
        default_sort="expires",
        export=MOUS,
    )
    return render_listing(request, "partners/mou_list.html", mous)


@requires(Permission.SEE_PARTNERS)
def mou_detail(request, pk):
    mou = visible_or_404(Mou.objects.with_parties().prefetch_related("sources"), request.user, pk=pk)
    page = {
        "mou": mou,
        "source": cite(mou.sources.all()),
        "files": list(mou.files.order_by("stored_at", "pk")),
        "chain": renewal_chain(mou, request.user),
    }
    return render(request, "partners/mou_detail.html", page)


@requires(Permission.SEE_PARTNERS)
def mou_download(request, pk, file):
    mou = visible_or_404(Mou.objects.all(), request.user, pk=pk)
    return serve(get_object_or_404(mou.files, pk=file))
