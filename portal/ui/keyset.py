"""Keyset paging: a page begins after a row, not after a number of rows.

So the last page costs what the first one does, and a row added meanwhile shifts nothing. A cursor carries the
sort values of the row it stands on, signed: what was not written here is no cursor.
"""

from datetime import date, datetime, time
from typing import NamedTuple

from django.core import signing
from django.db.models import F, Q
from django.utils.functional import cached_property

SALT = "portal.ui.keyset"


class Column(NamedTuple):
    """One column of an order: where it is read, whether it may be NULL, the annotation that carries it."""

    path: str
    descending: bool
    nullable: bool
    annotation: str = ""

    @property
    def reads(self):
        return self.annotation or self.path


class Order:
    """The columns a list is sorted by, ending in the primary key, so that no two rows are level.

    NULLs stand last in ascending order and first in descending order, as PostgreSQL has it by itself: an
    index serves both directions.
    """

    def __init__(self, queryset, paths):
        names = [*paths]
        if not any(path.lstrip("-") in ("pk", "id") for path in names):
            names.append("-pk" if names and names[-1].startswith("-") else "pk")
        self.columns = [_column(queryset, name, number) for number, name in enumerate(names)]

    def apply(self, queryset, *, backwards=False):
        carried = {column.annotation: F(column.path) for column in self.columns if column.annotation}
        names = [("-" if column.descending != backwards else "") + column.reads for column in self.columns]
        return queryset.annotate(**carried).order_by(*names)

    def values_of(self, row):
        return [getattr(row, column.reads) for column in self.columns]

    def beyond(self, values, *, backwards=False):
        """The condition that a row comes after these values (before them, when going backwards)."""
        condition, level = Q(pk__in=[]), Q()
        for column, value in zip(self.columns, values, strict=True):
            condition |= level & _past(column, value, descending=column.descending != backwards)
            level &= Q(**{f"{column.reads}__isnull": True}) if value is None else Q(**{column.reads: value})
        return condition & self._bound(values[0], backwards=backwards)

    def _bound(self, value, *, backwards):
        """The same said roughly by the first column alone, which is what an index can use."""
        column = self.columns[0]
        if value is None or column.nullable:
            return Q()
        return Q(**{f"{column.reads}__{'lte' if column.descending != backwards else 'gte'}": value})

    @cached_property
    def signature(self):
        return [("-" if column.descending else "") + column.path for column in self.columns]

    def cursor_at(self, row):
        """A cursor on this row, fit for a URL."""
        values = [_plain(value) for value in self.values_of(row)]
        return signing.dumps([self.signature, values], salt=SALT, compress=True)

    def read(self, cursor):
        """The values of a cursor of this very order, or None for anything else."""
        try:
            signature, values = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return values if signature == self.signature else None


def _past(column, value, *, descending):
    """The condition that one column lies strictly beyond a value, NULL being the greatest."""
    path = column.reads
    if value is None:
        return Q(**{f"{path}__isnull": False}) if descending else Q(pk__in=[])
    beyond = Q(**{f"{path}__{'lt' if descending else 'gt'}": value})
    if column.nullable and not descending:
        beyond |= Q(**{f"{path}__isnull": True})
    return beyond


def _plain(value):
    """A value as JSON has it, exact to the microsecond; the field reads it back when it is compared."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _column(queryset, name, number):
    path = name.lstrip("-")
    descending = name.startswith("-")
    if path in queryset.query.annotations:
        return Column(path, descending, nullable=True)
    model, nullable = queryset.model, False
    for part in path.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        nullable = nullable or field.null
        model = field.related_model or model
    return Column(path, descending, nullable, annotation=f"sort_value_{number}" if "__" in path else "")
