"""What a region, an institution and an MOU may not be: the sentences, by field, that forms show and verbs enforce."""

from django.utils.translation import gettext as _

from portal.records import clock

from .models import DEPTH, Institution, Mou, Region

NAMES = ("name", "name_ko", "name_local", "aliases")


# Places -----------------------------------------------------------------------------------------------


def objections_to_place(place):
    """What is wrong with a region or an institution as it would be kept: sentences by field."""
    own = _region_objections(place) if isinstance(place, Region) else _parent_objections(place)
    return {**_taken_names(place), **own}


def _taken_names(place):
    """Names that another one nearby has already: found under either, a trainee would have two homes."""
    taken = {name.casefold(): other for other in _neighbors(place) for name in other.every_name}
    found = {}
    for field in NAMES:
        value = getattr(place, field)
        for name in value if field == "aliases" else [value]:
            other = taken.get(name.casefold())
            if other:
                found[field] = _("%(other)s is called “%(name)s” already.") % {"other": other, "name": name}
    return found


def _neighbors(place):
    """Those that could be taken for it: regions anywhere, institutions of the same region."""
    others = type(place).objects.unmerged().exclude(pk=place.pk)
    if isinstance(place, Institution):
        others = others.filter(region=place.region_id)
    return others


def _region_objections(region):
    if region.level == Region.Level.COUNTRY:
        if region.parent_id:
            return {"parent": _("A country is part of no other region.")}
        return {} if region.country else {"country": _("Choose the country.")}
    if not region.parent_id:
        return {"parent": _("Choose the country or province it is part of.")}
    allowed = [Region.Level.COUNTRY]
    if region.level == Region.Level.CITY:
        allowed.append(Region.Level.PROVINCE)
    if region.parent.level not in allowed:
        return {"parent": _("A province is part of a country, a city of a country or a province.")}
    if region.parent.country != region.country:
        return {"parent": _("It lies in another country.")}
    return {}


def ancestors(institution):
    """What an institution is part of, the nearest first. A circle, should there be one, ends where it closes."""
    found, above = [], institution.parent
    while above is not None and above not in found:
        found.append(above)
        above = above.parent
    return found


def _parent_objections(institution):
    """A tree has no circle, stays in its country and is four levels deep at most."""
    if not institution.parent_id:
        return {}
    above = ancestors(institution)
    facts = {"name": institution, "parent": institution.parent}
    if institution in above:
        return {"parent": _("%(parent)s is itself part of %(name)s.") % facts}
    if institution.region_id and institution.parent.region.country != institution.region.country:
        return {"parent": _("%(parent)s is in another country.") % facts}
    if len(above) + _levels_below(institution) >= DEPTH:
        return {"parent": _("The tree would be more than four levels deep.")}
    return {}


def _levels_below(institution):
    """How many levels of parts it has."""
    levels, parts = 0, [institution.pk] if institution.pk else []
    while parts and levels < DEPTH:
        parts = list(Institution.objects.filter(parent__in=parts).values_list("pk", flat=True))
        levels += bool(parts)
    return levels


# MOUs -------------------------------------------------------------------------------------------------


def objections_to_mou(mou):
    """What is wrong with the dates of an MOU and with its place in a chain: sentences by field."""
    found = {}
    if mou.signed and mou.signed.earliest > clock.today():
        found["signed"] = _("This day is still to come. Leave it empty until it is signed.")
    if mou.signed and mou.expires and mou.expires.latest < mou.signed.earliest:
        found["expires"] = _("It would expire before it is signed.")
    if mou.effective and mou.expires and mou.expires.latest < mou.effective.earliest:
        found["expires"] = _("It would expire before it takes effect.")
    before = mou.renews.signed if mou.renews_id else None
    if before and mou.signed and mou.signed.latest < before.earliest:
        words = _("It would be signed before the one it follows, of %(date)s.")
        found["signed"] = words % {"date": before.words()}
    return found


def why_not_succeeded(mou, succession, followers=None):
    """Why an MOU cannot be renewed or amended just now, as a sentence; nothing if it can.

    `followers` are the MOUs after it, where the caller has them already.
    """
    if not mou.signed:
        return _("It is not signed yet: change it instead.")
    if mou.superseded_by_id:
        return _("Another MOU came in its place: renew or amend that one.")
    followers = mou.renewals.all() if followers is None else followers
    renewed = any(other.renews_id == mou.pk and other.succession == succession for other in followers)
    if succession == Mou.Succession.RENEWAL and renewed:
        return _("Its renewal is in preparation already.")
    if succession == Mou.Succession.AMENDMENT and not mou.is_in_force:
        return _("It is not in force any more: renew it instead.")
    return ""


def why_not_terminated(mou):
    """Why an MOU cannot be terminated, as a sentence; nothing if it can."""
    if not mou.signed:
        return _("It is not signed yet.")
    if mou.superseded_by_id:
        return _("Another MOU came in its place: terminate that one.")
    if mou.terminated:
        return _("It is terminated already.")
    return ""
