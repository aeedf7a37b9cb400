"""Putting records away: archive instead of delete, and merging two records that are one thing (decision 0011)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from . import clock
from .keeping import Mergeable
from .objections import objections
from .pointers import pointers_at, points_at
from .transitions import NotNow, record

EXAMPLES = 3


@dataclass(frozen=True)
class Moved:
    """One line of a preview: how many rows of a kind move, the first of them, and how many both have already."""

    label: str
    count: int
    examples: tuple = ()
    twice: int = 0


# Merging --------------------------------------------------------------------------------------------


def what_moves(keep, lose):
    """What merging `lose` into `keep` moves, as a list of Moved, the most numerous first. Nothing is written."""
    found = []
    for pointer in _movable(type(lose)):
        number = pointer.rows(lose).count()
        if pointer.column == "merged_into_id" or not number:
            continue
        twice = len(_twins(pointer, keep, lose))
        examples = tuple(str(row) for row in pointer.shown(lose)[:EXAMPLES])
        found.append(Moved(_label(pointer, lose), number, examples, twice))
    return sorted(found, key=lambda moved: -moved.count)


def filled_in(keep, lose):
    """The facts that are blank in `keep` and known of `lose`, by field name: a merge fills them in."""
    return {
        field.name: getattr(lose, field.name)
        for field in keep._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.related_model is not type(keep)
        and getattr(keep, field.attname) in (None, "")
        and getattr(lose, field.attname) not in (None, "")
    }


def new_aliases(keep, lose):
    """The names of `lose` under which `keep` will be found from then on."""
    if not hasattr(keep, "aliases"):
        return []
    filled = {value for value in filled_in(keep, lose).values() if isinstance(value, str)}
    known = {name.casefold() for name in [*keep.every_name, *filled]}
    return [name for name in lose.every_name if name.casefold() not in known]


def why_not(keep, lose):
    """What forbids the merge as it stands, as sentences; none where it may be done."""
    if keep.pk == lose.pk:
        return [_("A record cannot be merged into itself.")]
    for row in (keep, lose):
        if row.merged_into_id:
            return [_("%(name)s has been merged into another record already.") % {"name": row}]
    if keep.is_archived:
        return [_("%(name)s is archived. Take it out of the archive first.") % {"name": keep}]
    return [*keep.why_not_merge(lose), *objections(keep, "merge", lose=lose), *_unsettled(keep, lose)]


@transaction.atomic
def merge(keep, lose, *, by, reason):
    """Everything that points at `lose` points at `keep` from now on; returns `keep`. Raises NotNow, then nothing moved.

    Facts that `keep` lacks are filled in, the names of `lose` become its aliases. `lose` stays as a row that leads
    to `keep`. Both have a line in the trail.
    """
    _require(by.has(keep.edit_permission))
    keep, lose = _locked(keep, lose)
    refused = why_not(keep, lose)
    if refused:
        raise NotNow(refused)
    facts = {"merged": lose.pk, "name": str(lose)[:200], "moved": {}}
    keep.make_room_for(lose)
    _take_place(keep, lose)
    for pointer in _movable(type(lose)):
        moved = _move(pointer, keep, lose, by=by, reason=reason)
        if moved:
            facts["moved"][f"{pointer.table._meta.label_lower}.{pointer.column}"] = moved
    facts["filled_in"], facts["aliases"] = sorted(filled_in(keep, lose)), new_aliases(keep, lose)
    _hand_over(keep, lose)
    record(keep, "merge", by=by, reason=reason, data=facts)
    record(lose, "merge_away", by=by, reason=reason, data={"into": keep.pk, "name": str(keep)[:200]})
    return keep


def _movable(model):
    return [pointer for pointer in pointers_at(model) if not pointer.is_fixed]


def _label(pointer, lose):
    if pointer.is_own(lose):
        fields = type(lose)._meta.many_to_many
        return next(field.verbose_name for field in fields if field.remote_field.through is pointer.table)
    return pointer.owner._meta.verbose_name_plural


def _locked(*rows):
    """The rows as they are now, under their locks, taken in the order of their keys so that two merges never cross.

    A full lock: an insert that points at one of them waits until it is settled which one stays.
    """
    model = type(rows[0])
    found = model._base_manager.filter(pk__in=[row.pk for row in rows]).order_by("pk").select_for_update()
    by_key = {row.pk: row for row in found}
    return [by_key[row.pk] for row in rows]


def _twins(pointer, keep, lose):
    """The rows that may not stand beside one that `keep` has: a dict from the key of the former to the latter's."""
    found = {}
    for names, condition, nulls_are_distinct in pointer.unique_sets():
        standing, moving = (
            {row[1:]: row[0] for row in _of(pointer, obj, condition).values_list("pk", *names)}
            for obj in (keep, lose)
        )
        for key, pk in moving.items():
            if key in standing and not (nulls_are_distinct and None in key):
                found.setdefault(pk, standing[key])
    return found


def _of(pointer, obj, condition):
    rows = pointer.rows(obj)
    return rows if condition is None else rows.filter(condition)


def _is_droppable(model):
    """Whether a row says no more than the record it points at: twice says it no better than once."""
    return bool(model._meta.auto_created) or getattr(model, "same_if_twice", False)


def _stays_behind(row):
    """Whether a row that would stand twice is over, so that it may stay with the record that is merged away."""
    return getattr(row, "stays_behind", False)


def _unsettled(keep, lose):
    """Sentences about what both have and only one may: a person settles that first."""
    found = []
    for pointer in _movable(type(lose)):
        if _is_droppable(pointer.table):
            continue
        twins = _twins(pointer, keep, lose)
        rows = pointer.table._base_manager.in_bulk({*twins, *twins.values()})
        for twin, stands in twins.items():
            if issubclass(pointer.table, Mergeable):
                found += _why_not_both(rows[stands], rows[twin])
            elif not _stays_behind(rows[twin]):
                words = _("Both have this, and only one may: %(kind)s “%(name)s”. Settle one of them first.")
                found.append(words % {"kind": pointer.owner._meta.verbose_name, "name": rows[twin]})
    return found


def _why_not_both(keep, lose):
    """The same of two rows that would be merged along with the records they point at."""
    return [] if lose.merged_into_id else why_not(keep.merged_into or keep, lose)


def _take_place(keep, lose):
    """Where `keep` lies below `lose` in a tree, it takes the place of `lose`: what lies between comes below it."""
    for field in type(keep)._meta.concrete_fields:
        if field.related_model is type(keep) and field.name != "merged_into" and _is_below(keep, lose, field):
            setattr(keep, field.attname, getattr(lose, field.attname))
            keep.save(update_fields=[field.name])


def _is_below(row, above, field):
    """Whether following the key of `field` from the row leads to `above`."""
    seen, key = set(), getattr(row, field.attname)
    while key is not None and key not in seen:
        if key == above.pk:
            return True
        seen.add(key)
        key = type(row)._base_manager.filter(pk=key).values_list(field.attname, flat=True).first()
    return False


def _move(pointer, keep, lose, *, by, reason):
    """Let the rows point at `keep`; what both have is merged or dropped. Returns how many moved."""
    twins = _twins(pointer, keep, lose)
    for pk, stands in twins.items():
        _settle(pointer.table, stands, pk, by=by, reason=reason)
    try:
        with transaction.atomic():
            return pointer.rows(lose).exclude(pk__in=twins).update(**{pointer.column: keep.pk})
    except IntegrityError as error:
        words = _("What both have of this kind cannot stand side by side: %(kind)s. Settle that first.")
        raise NotNow(words % {"kind": pointer.owner._meta.verbose_name_plural}) from error


def _settle(model, stands, twin, *, by, reason):
    """Two rows that would be one after the merge: merge them too, or drop the one that says nothing more."""
    if _is_droppable(model):
        model._base_manager.filter(pk=twin).delete()
        return
    rows = model._base_manager.in_bulk([stands, twin])
    keep, lose = rows[stands], rows[twin]
    if _stays_behind(lose):
        return
    if not lose.merged_into_id:  # one that is merged already stays with the record it was merged in
        merge(keep.merged_into or keep, lose, by=by, reason=reason)


def _hand_over(keep, lose):
    """Names and facts of `lose` go over to `keep`; what only one row may hold leaves `lose`."""
    facts, aliases = filled_in(keep, lose), new_aliases(keep, lose)
    lose.merged_into, lose.archived_at = keep, lose.archived_at or clock.now()
    alone = _held_once(type(lose)) & facts.keys()
    for name in alone:
        setattr(lose, name, None if lose._meta.get_field(name).null else "")
    lose.save(update_fields=["merged_into", "archived_at", *alone])
    for name, value in facts.items():
        setattr(keep, name, value)
    written = list(facts)
    if aliases:
        keep.aliases = [*keep.aliases, *aliases]
        written.append("aliases")
    if written:
        keep.save(update_fields=written)


def _held_once(model):
    """The fields of which no two rows may have the same value."""
    found = {field.name for field in model._meta.concrete_fields if field.unique}
    for constraint in model._meta.constraints:
        found.update(getattr(constraint, "fields", ()))
    return found


# Archive --------------------------------------------------------------------------------------------


@transaction.atomic
def archive(obj, *, by, reason):
    """Put the record away: it stays where it is named, and is chosen nowhere. Raises NotNow."""
    _require(obj.is_editable_by(by))
    (obj,) = _locked(obj)
    if obj.is_archived:
        raise NotNow(_("It is archived already."))
    against = objections(obj, "archive")
    if against:
        raise NotNow(against)
    return _set_archived(obj, clock.now(), "archive", by, reason)


@transaction.atomic
def unarchive(obj, *, by, reason=""):
    """Take the record out of the archive. Raises NotNow for one that was merged: it is another one now."""
    _require(obj.is_editable_by(by))
    (obj,) = _locked(obj)
    if getattr(obj, "merged_into_id", None):
        raise NotNow(_("It was merged into another record."))
    if not obj.is_archived:
        raise NotNow(_("It is not archived."))
    return _set_archived(obj, None, "unarchive", by, reason)


def _set_archived(obj, at, verb, by, reason):
    obj.archived_at = at
    obj.save(update_fields=["archived_at"])
    record(obj, verb, by=by, reason=reason)
    return obj


@transaction.atomic
def discard(obj, *, by, reason):
    """Delete a record that nothing points at, entered by mistake; the trail keeps its name. Raises NotNow."""
    _require(obj.is_editable_by(by))
    (obj,) = _locked(obj)
    kinds = [str(pointer.owner._meta.verbose_name_plural) for pointer in points_at(obj)]
    if kinds:
        raise NotNow(
            _("It cannot be deleted, as something points at it: %(kinds)s.") % {"kinds": ", ".join(kinds)}
        )
    record(obj, "discard", by=by, reason=reason)
    try:
        with transaction.atomic():
            obj.delete()
    except ProtectedError as error:
        raise NotNow(_("It cannot be deleted, as something points at it.")) from error


def _require(allowed):
    if not allowed:
        raise PermissionDenied
