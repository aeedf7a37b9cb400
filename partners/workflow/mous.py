"""An MOU's way on paper: drafted or recorded, signed, renewed or amended by another one, terminated.

Its status is no state: the dates say it. What came in its place says it of the one before.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from partners import rules
from partners.models import Mou, MouParty, MouScan
from portal.mail import outbox
from portal.records.actors import System
from portal.records.changes import locked, take_over
from portal.records.transitions import NotNow, record

from .places import require

EXPIRING, DORMANT = "mou_expiring", "mou_dormant"
REMINDERS = (EXPIRING,)  # a mail about one MOU; the digest of dormant ones leaves out whose reason has gone
DATES = {"signed", "effective", "expires"}


def _check(mou):
    against = rules.objections_to_mou(mou)
    if against:
        raise NotNow(against)


def _refuse(reason):
    if reason:
        raise NotNow(reason)


@transaction.atomic
def enter(mou, parties, *, by):
    """Keep a new MOU with its parties (unsaved rows): a draft, or a paper that was signed outside the portal.

    One that follows another (`renews`, `succession`) and is signed takes its place, if it renews it.
    """
    require(by)
    if mou.renews_id:
        mou.renews = locked(mou.renews)
        _refuse(rules.why_not_succeeded(mou.renews, mou.succession))
    _check(mou)
    mou.save()
    _keep_parties(mou, parties)
    _settle_place(mou, by=by)
    record(mou, "enter", by=by)
    return mou


def following(mou, succession):
    """An unsaved MOU that renews or amends this one, filled in from it; its dates are its own."""
    copied = ("kind", "title", "title_ko", "scope", "seats_a_year", "owner")
    facts = {name: getattr(mou, name) for name in copied}
    return Mou(renews=mou, succession=succession, **facts)


@transaction.atomic
def change(mou, *, by, fields, seen=None, parties=None):
    """Keep the `fields` that a form has changed, and the parties where they are given. Raises NotNow, by field."""
    require(by)
    kept = locked(mou)
    changed = list(fields)
    if fields:
        take_over(kept, mou, fields, seen)
        _check(kept)
        kept.save(update_fields=fields)
    if parties is not None and _keep_parties(kept, parties):
        changed.append("parties")
    if not changed:
        return kept
    if DATES & set(fields):
        _settle_place(kept, by=by)
        outbox.cancel_about(kept, reason=gettext_noop("its dates have changed"), by=by, kinds=REMINDERS)
    record(kept, "change", by=by, data={"fields": sorted(changed)})
    return kept


@transaction.atomic
def sign(mou, *, by, signed, effective=None, expires=None):
    """The draft was signed, as precisely as the day is known. The one it renews is superseded from now on."""
    require(by)
    kept = locked(mou)
    if kept.signed:
        raise NotNow(_("It is signed already."))
    kept.signed, kept.effective, kept.expires = signed, effective, expires
    _check(kept)
    kept.save(update_fields=sorted(DATES))
    _settle_place(kept, by=by)
    record(kept, "sign", by=by, data={"signed": str(signed)})
    return kept


@transaction.atomic
def terminate(mou, *, by, terminated, reason):
    """One side ended it before its time. Nobody is reminded of it any more."""
    require(by)
    kept = locked(mou)
    _refuse(rules.why_not_terminated(kept))
    if terminated.latest < kept.signed.earliest:
        raise NotNow({"terminated": _("It would have ended before it was signed.")})
    kept.terminated = terminated
    kept.save(update_fields=["terminated"])
    outbox.cancel_about(kept, reason=gettext_noop("the MOU is terminated"), by=by, kinds=REMINDERS)
    record(kept, "terminate", by=by, reason=reason, data={"terminated": str(terminated)})
    return kept


@transaction.atomic
def add_scan(mou, *, by, scan, note=""):
    """Keep one more version of the signed paper (an `Upload`), with the next number. Returns the MouScan."""
    require(by)
    kept = locked(mou)
    latest = kept.scans.first()
    version = MouScan.objects.create(
        mou=kept,
        number=latest.number + 1 if latest else 1,
        file=scan.store(),
        note=note,
        added_by=None if isinstance(by, System) else by,
    )
    record(kept, "add_scan", by=by, data={"version": version.number, "name": scan.name})
    return version


def _keep_parties(mou, parties):
    """Let exactly these sign. Returns whether that differs from who stood there."""
    stand = {_key(party): party for party in mou.parties.all()}
    wanted = {_key(party): party for party in parties}
    gone = [party.pk for key, party in stand.items() if key not in wanted]
    MouParty.objects.filter(pk__in=gone).delete()
    come = [party for key, party in wanted.items() if key not in stand]
    for party in come:
        party.mou = mou
    MouParty.objects.bulk_create(come)
    mou._prefetched_objects_cache = {}  # its name is made of them
    return bool(gone or come)


def _key(party):
    return (party.is_province, party.hospital_id, party.region_id, party.institution_id)


def _settle_place(mou, *, by):
    """A signed renewal stands in the place of the one before it; one that is not signed, or not any more, does not."""
    if mou.succession != Mou.Succession.RENEWAL:
        return
    before = locked(mou.renews)
    place = mou if mou.signed else None
    if before.superseded_by_id not in (None, mou.pk) or before.superseded_by == place:
        return
    before.superseded_by = place
    before.save(update_fields=["superseded_by"])
    if place:
        outbox.cancel_about(before, reason=gettext_noop("the MOU is renewed"), by=by, kinds=REMINDERS)
    record(before, "supersede" if place else "restore", by=by, data={"by": mou.pk})
