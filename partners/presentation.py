"""How partners are laid out on a page: institutions as a tree, MOUs as a chain of renewals."""

from dataclasses import dataclass, field

from django.db.models import Q

from .models import Institution, Mou


@dataclass
class Branch:
    """An institution and those that are part of it."""

    institution: Institution
    parts: list = field(default_factory=list)


def as_tree(institutions):
    """The institutions as branches, each below the one it is part of if that is among them. No query."""
    branches = {institution.pk: Branch(institution) for institution in institutions}
    roots = []
    for branch in branches.values():
        above = branches.get(branch.institution.parent_id)
        (above.parts if above else roots).append(branch)
    return roots


def first_year(mous):
    """The year of the first signature that is known; None where none is."""
    return min((mou.signed.year for mou in mous if mou.signed), default=None)


def renewal_chain(mou, user):
    """What this MOU renews, what renews it, and what came in its place: oldest first, itself not included."""
    near = Q(pk__in=[mou.renews_id, mou.superseded_by_id]) | Q(renews=mou) | Q(superseded_by=mou)
    others = Mou.objects.visible_to(user).with_parties().filter(near).exclude(pk=mou.pk)
    return sorted(others, key=lambda other: (str(other.signed or "9"), other.pk))
