"""Putting regions, institutions and contacts away: archived, taken out again, merged with what is the same."""

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Contact, Institution, Region
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.keeping_screens import archive_screen, merge_screen, page_of, unarchive_screen
from portal.records.lookup import visible_or_404


def _found(request, model, pk):
    return visible_or_404(model.objects.unmerged(), request.user, pk=pk)


def _above(place):
    """What stands above the screens, and the list to go to when the record is deleted."""
    name = place._meta.model_name
    return [(_("Partners"), reverse("partners:region-list")), (str(place), page_of(place))], reverse(
        f"partners:{name}-list"
    )


def _archive(request, place):
    crumbs, gone_to = _above(place)
    return archive_screen(request, place, crumbs=crumbs, gone_to=gone_to)


def _unarchive(request, place):
    return unarchive_screen(request, place, crumbs=_above(place)[0])


def _merge(request, place):
    others = type(place).objects.visible_to(request.user).unmerged()
    return merge_screen(request, place, others, crumbs=_above(place)[0])


@requires(Permission.EDIT_PARTNERS)
def region_archive(request, pk):
    return _archive(request, _found(request, Region, pk))


@requires(Permission.EDIT_PARTNERS)
def region_unarchive(request, pk):
    return _unarchive(request, _found(request, Region, pk))


@requires(Permission.EDIT_PARTNERS)
def region_merge(request, pk):
    return _merge(request, _found(request, Region, pk))


@requires(Permission.EDIT_PARTNERS)
def institution_archive(request, pk):
    return _archive(request, _found(request, Institution, pk))


@requires(Permission.EDIT_PARTNERS)
def institution_unarchive(request, pk):
    return _unarchive(request, _found(request, Institution, pk))


@requires(Permission.EDIT_PARTNERS)
def institution_merge(request, pk):
    return _merge(request, _found(request, Institution, pk))


@requires(Permission.EDIT_PARTNERS)
def contact_archive(request, pk):
    return _archive(request, _found(request, Contact, pk))


@requires(Permission.EDIT_PARTNERS)
def contact_unarchive(request, pk):
    return _unarchive(request, _found(request, Contact, pk))


@requires(Permission.EDIT_PARTNERS)
def contact_merge(request, pk):
    return _merge(request, _found(request, Contact, pk))
