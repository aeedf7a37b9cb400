"""Regions and institutions with the numbers a list shows beside them."""

from django.db.models import Case, OuterRef, Q, When
from django.db.models.functions import Coalesce

from portal.records.queries import counted

from .models import Institution, Mou, MouParty, Region


def _places(outer):
    """The region that `outer` leads to and what lies below it. As rows of their own: an OR over joins has no index."""
    return Region.objects.filter(Q(pk=outer) | Q(parent=outer) | Q(parent__parent=outer)).values("pk")


def counted_regions(regions, user):
    """With how many institutions and MOUs `user` sees there, what lies below included, and its place in its country."""
    institutions = (
        Institution.objects.visible_to(user).in_use().filter(region__in=_places(OuterRef(OuterRef("pk"))))
    )
    places = _places(OuterRef(OuterRef(OuterRef("pk"))))
    signed_by_region = MouParty.objects.filter(region__in=places).values("mou")
    signed_by_institution = MouParty.objects.filter(institution__region__in=places).values("mou")
    mous = Mou.objects.visible_to(user).filter(Q(pk__in=signed_by_region) | Q(pk__in=signed_by_institution))
    return regions.select_related("parent").annotate(
        country_name=Coalesce("parent__parent__name", "parent__name", "name"),
        depth=Case(When(level="country", then=0), When(level="province", then=1), default=2),
        institution_count=counted(institutions),
        mou_count=counted(mous),
    )


def counted_institutions(institutions, user):
    """With the region, and how many MOUs `user` sees."""
    parties = MouParty.objects.filter(institution=OuterRef("pk"))
    if not user.is_team:  # the team sees every MOU: asking for each would only cost
        parties = parties.filter(mou__in=Mou.objects.visible_to(user))
    return institutions.select_related("region").annotate(mou_count=counted(parties, of="mou"))
