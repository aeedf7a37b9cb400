"""Looking for people entered twice, and what a person decides about two who look alike."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from participants import duplicates
from participants.models import Duplicate, Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record

KEPT_FRESH = ["strength", "evidence"]


@transaction.atomic
def look_at(people):
    """Look for duplicates of these people, after they were entered or changed. A fixed number of queries."""
    rows = list(duplicates.known(Trainee.objects.filter(pk__in=[person.pk for person in people])))
    found = {}
    for facts, matches in zip(rows, duplicates.find(rows), strict=True):
        for match in matches:
            found[tuple(sorted((facts.pk, match.trainee.pk)))] = (match.strength, match.evidence)
    _keep(found, Duplicate.objects.about(*people))


@transaction.atomic
def look_through():
    """Look through the whole register; return how many pairs wait for a person then."""
    found = {(one, other): (strength, evidence) for one, other, strength, evidence in duplicates.pairs()}
    _keep(found, Duplicate.objects.all())
    return Duplicate.objects.open().count()


@transaction.atomic
def keep_one_passport(person, other):
    """One of them typed the number that is kept for the other: a pair that stays until somebody has decided on it."""
    one, two = sorted((person.pk, other.pk))
    facts = {"strength": Duplicate.Strength.STRONG, "evidence": [Duplicate.Evidence.PASSPORT]}
    kept, is_new = Duplicate.objects.get_or_create(one_id=one, other_id=two, defaults=facts)
    if not is_new and kept.not_same_at is None:
        Duplicate.objects.filter(pk=kept.pk).update(**facts)


def _keep(found, known):
    """Write what was found; what nobody has decided on and is not found any more goes."""
    stale, changed = [], []
    for row in known:
        judged = found.pop((row.one_id, row.other_id), None)
        if Duplicate.Evidence.PASSPORT in row.evidence:
            continue  # no two records hold one number: somebody typed it, and no second look finds that again
        if judged is None and row.not_same_at is None:
            stale.append(row.pk)
        elif judged is not None and (row.strength, tuple(row.evidence)) != judged:
            row.strength, row.evidence = judged[0], list(judged[1])
            changed.append(row)
    Duplicate.objects.filter(pk__in=stale).delete()
    Duplicate.objects.bulk_update(changed, KEPT_FRESH, batch_size=500)
    fresh = [
        Duplicate(one_id=one, other_id=other, strength=strength, evidence=list(evidence))
        for (one, other), (strength, evidence) in found.items()
    ]
    # Two who look at once find the same: whoever comes second leaves it at that.
    Duplicate.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def say_not_same(duplicate, *, by, reason=""):
    """Two people who look alike are two: remembered with who said so, and never asked again."""
    if not by.has(Permission.EDIT_PEOPLE):
        raise PermissionDenied
    # Whoever merges the two locks the people as well.
    list(
        Trainee.objects.filter(pk__in=[duplicate.one_id, duplicate.other_id])
        .order_by("pk")
        .select_for_update()
    )
    kept = Duplicate.objects.select_for_update(no_key=True).filter(pk=duplicate.pk).first()
    if kept is None:
        raise NotNow(_("These two have been merged meanwhile, or do not look alike any more."))
    if kept.not_same_at is not None:
        raise NotNow(_("Somebody has said already that these are two people."))
    kept.not_same_at, kept.not_same_reason = clock.now(), reason
    kept.not_same_by = None if isinstance(by, System) else by
    kept.save()
    for person, other in ((kept.one, kept.other), (kept.other, kept.one)):
        record(person, "not_same", by=by, reason=reason, data={"other": other.pk})
    return kept


def say_not_these(person, others, *, by):
    """At the entry of a person it was said that these are others. For whoever enters: call it after `look_at`."""
    pairs = Q(one=person, other__in=others) | Q(other=person, one__in=others)
    for duplicate in Duplicate.objects.open().filter(pairs):
        say_not_same(duplicate, by=by, reason=_("Said when entering."))
