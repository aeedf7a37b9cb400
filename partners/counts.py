"""Regions and institutions with the numbers a list shows beside them."""

from django.db.models import Case, OuterRef, Q, When
from django.db.models.functions import Coalesce

from portal.records.queries import counted

from .models import Institution, Mou, MouParty


def _in_outer(path):
    """The condition that a region is the outer query's, or lies below it."""
    below = [path, f"{path}__parent", f"{path}__parent__parent"]
    return Q(*((name, OuterRef("pk")) for name in below), _connector=Q.OR)


def counted_regions(regions, user):
    """With how many institutions and MOUs `user` sees there, what lies below included, and its place in its country."""
    institutions = Institution.objects.visible_to(user).in_use().filter(_in_outer("region"))
    parties = MouParty.objects.filter(
        _in_outer("region") | _in_outer("institution__region"), mou__in=Mou.objects.visible_to(user)
    )
    return regions.select_related("parent").annotate(
        country_name=Coalesce("parent__parent__name", "parent__name", "name"),
        depth=Case(When(level="country", then=0), When(level="province", then=1), default=2),
        institution_count=counted(institutions),
        mou_count=counted(parties, of="mou"),
    )


def counted_institutions(institutions, user):
    """With the region, and how many MOUs `user` sees."""
    parties = MouParty.objects.filter(institution=OuterRef("pk"), mou__in=Mou.objects.visible_to(user))
    return institutions.select_related("region").annotate(mou_count=counted(parties, of="mou"))
