"""How partners are laid out on a page: institutions as a tree, MOUs as a chain of renewals."""

from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import rules
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


def standing(place, mous):
    """How things stand with a region or an institution, in a sentence: since when, and under how many MOUs."""
    dates = [mou.signed for mou in mous if mou.signed]
    first = min(dates, default=None)
    began = place.cooperation_since
    facts = {
        "began": began.words() if began else "",
        "signed": first.words() if first else "",
        "count": len(dates),
    }
    if began and not first:
        return _("Cooperation from %(began)s, without an MOU.") % facts
    if began and began < first:
        if len(dates) == 1:
            return _("Cooperation from %(began)s, MOU %(signed)s.") % facts
        return _("Cooperation from %(began)s, %(count)s MOUs since %(signed)s.") % facts
    if first:
        return (
            ngettext("%(count)s MOU, signed %(signed)s.", "%(count)s MOUs since %(signed)s.", len(dates))
            % facts
        )
    return _("No MOU is signed yet.") if mous else _("No MOU is recorded.")


def began_before(mou):
    """The partners of an MOU with whom the cooperation is older than the paper."""
    return [
        party.party
        for party in mou.partner_side
        if party.party.cooperation_since and (not mou.signed or party.party.cooperation_since < mou.signed)
    ]


def earlier_scopes(mou):
    """What the scope said before, the latest first, each with the time it was replaced. From the row's history."""
    versions = (
        Mou.pgh_event_model.objects.filter(pgh_obj=mou.pk)
        .order_by("pk")
        .values_list("scope", "pgh_created_at")
    )
    found, said = [], None
    for scope, at in versions:
        if said is not None and scope != said and said.strip():
            found.append((said, at))
        said = scope
    return found[::-1]


def with_chain(pk, user):
    """An MOU out of those `user` may see, and what is next to it in its chain: pairs of an MOU and words, oldest first.

    One query finds them all, as a page has few to spend. Raises Http404.
    """
    rows = Mou.objects.family(pk).visible_to(user).with_parties().select_related("owner")
    family = {mou.pk: mou for mou in rows}
    mou = family.pop(pk, None)
    if mou is None:
        raise Http404
    others = sorted(family.values(), key=lambda other: (str(other.signed or "9"), other.pk))
    return mou, [(other, _what_to(mou, other)) for other in others]


def _what_to(mou, other):
    """What the other one is to this one, in words."""
    if other.pk == mou.renews_id:
        is_renewal = mou.succession == Mou.Succession.RENEWAL
        return _("renewed by this one") if is_renewal else _("amended by this one")
    if other.renews_id == mou.pk:
        is_renewal = other.succession == Mou.Succession.RENEWAL
        return _("renews it") if is_renewal else _("amends it")
    return _("came in its place") if other.pk == mou.superseded_by_id else _("this one came in its place")


@dataclass(frozen=True)
class Step:
    """One thing that can be done with an MOU now; the first is the obvious one."""

    label: str
    url: str


def next_steps(mou, scans, chain):
    """What can be done with an MOU as it stands, the most obvious first."""
    known = {
        "sign": _("Record the signature"),
        "renew": _("Renew"),
        "add-scan": _("Add a scan"),
        "edit": _("Change"),
        "amend": _("Amend"),
        "terminate": _("Terminate"),
    }
    first = ["sign"]
    if mou.status.key in ("expiring", "expired"):
        first.append("renew")
    if not scans:
        first.append("add-scan")
    order = dict.fromkeys([*first, "edit", "renew", "amend", "add-scan", "terminate"])
    cannot = _cannot(mou, [other for other, _words in chain])
    names = [name for name in order if name not in cannot]
    return [Step(known[name], reverse(f"partners:mou-{name}", args=[mou.pk])) for name in names]


def _cannot(mou, chain):
    """The steps that do not fit an MOU as it stands."""
    facts = {
        "sign": bool(mou.signed),
        "add-scan": not mou.signed,
        "renew": bool(rules.why_not_succeeded(mou, Mou.Succession.RENEWAL, chain)),
        "amend": bool(rules.why_not_succeeded(mou, Mou.Succession.AMENDMENT, chain)),
        "terminate": bool(rules.why_not_terminated(mou)) or not mou.is_in_force,
    }
    return {name for name, holds in facts.items() if holds}
