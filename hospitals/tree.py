"""The specialties laid out as a tree, for a page: one query."""

from dataclasses import dataclass

from django.db.models import OuterRef

from portal.records.queries import counted

from .models import Specialty


@dataclass(frozen=True)
class TreeRow:
    """A specialty and how deep it stands; `is_found` tells what was searched for from what leads there."""

    specialty: Specialty
    depth: int
    is_found: bool = True


def tree_of(departments, asked="", *, archived=False):
    """The rows from top to bottom, each below what it is part of; of a search only those found and what leads there.

    `departments` are those that are counted beside each.
    """
    counted_here = departments.placeable().filter(specialty=OuterRef("pk"))
    specialties = Specialty.objects.unmerged() if archived else Specialty.objects.in_use()
    rows = list(specialties.annotate(department_count=counted(counted_here)))
    rows.sort(key=lambda row: str(row).casefold())
    by_key = {row.pk: row for row in rows}
    found = {row.pk for row in rows if _is_called(row, asked)}
    shown = set(found)
    for key in found:
        while (key := by_key[key].parent_id) in by_key and key not in shown:
            shown.add(key)
    below = {}
    for row in rows:
        above = row.parent_id if row.parent_id in by_key else None
        below.setdefault(above, []).append(row)
    return list(_walk(below, None, 0, found, shown))


def _is_called(specialty, asked):
    return any(asked.casefold() in name.casefold() for name in specialty.every_name)


def _walk(below, key, depth, found, shown):
    for row in below.get(key, ()):
        if row.pk in shown:
            yield TreeRow(row, depth, row.pk in found)
        yield from _walk(below, row.pk, depth + 1, found, shown)
