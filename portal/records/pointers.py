"""What points at a record: every foreign key, many-to-many and generic key of every app, by the app registry."""

from dataclasses import dataclass
from functools import cache

import pgtrigger
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db.models import UniqueConstraint


@dataclass(frozen=True)
class Pointer:
    """A column of a table that can hold the key of a record; with `kind_column`, of records of any kind."""

    table: type
    column: str
    kind_column: str = ""

    @property
    def is_many_to_many(self):
        """Whether the table is one that Django made for a many-to-many field."""
        return bool(self.table._meta.auto_created)

    @property
    def owner(self):
        """The model whose rows point: of a many-to-many field the one that has it."""
        return self.table._meta.auto_created or self.table

    @property
    def is_fixed(self):
        """Whether the rows may never be changed: the trail and its like tell what was, under the name of then."""
        name = self.table._meta.get_field(self.column).name
        return any(_forbids(trigger, name) for trigger in getattr(self.table._meta, "triggers", ()))

    @property
    def columns(self):
        return {self.column, self.kind_column} - {""}

    def rows(self, obj):
        """The rows that point at `obj`."""
        wanted = {self.column: obj.pk}
        if self.kind_column:
            wanted[self.kind_column] = ContentType.objects.get_for_model(obj).pk
        return self.table._base_manager.filter(**wanted)

    def shown(self, obj):
        """The rows as a person knows them: of a many-to-many the records on the other side."""
        if not self.is_many_to_many:
            return self.rows(obj)
        ((model, column),) = {
            (field.related_model, field.attname)
            for field in self.table._meta.fields
            if field.is_relation and field.attname != self.column
        }
        return model._base_manager.filter(pk__in=self.rows(obj).values(column))

    def is_own(self, obj):
        """Whether it is a many-to-many field of the record itself, such as its sources."""
        return self.is_many_to_many and self.owner is type(obj)

    def unique_sets(self):
        """What must be unique with this column in it: (other columns, condition or None, nulls are distinct)."""
        meta = self.table._meta
        field = meta.get_field(self.column)
        found = [((), None, True)] if field.unique else []
        attnames = {column.name: column.attname for column in meta.concrete_fields}
        for names in meta.unique_together:
            found.append((tuple(attnames[name] for name in names), None, True))
        for constraint in meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.fields:
                names = tuple(attnames[name] for name in constraint.fields)
                found.append((names, constraint.condition, constraint.nulls_distinct is not False))
        return [
            (tuple(name for name in names if name not in self.columns), condition, distinct)
            for names, condition, distinct in found
            if not names or self.columns & set(names)
        ]


def _forbids(trigger, name):
    """Whether the trigger keeps the field of this name from ever being changed."""
    if isinstance(trigger, pgtrigger.ReadOnly):
        return name not in (trigger.exclude or ()) and (not trigger.fields or name in trigger.fields)
    is_about_all = isinstance(trigger, pgtrigger.Protect) and trigger.condition is None
    return is_about_all and "UPDATE" in str(trigger.operation).upper()


def _is_history(model):
    """pghistory's tables follow a row by its own key; they are never rewritten."""
    return hasattr(model, "pgh_tracked_model")


@cache
def pointers_at(model):
    """Every Pointer that can lead to a row of the model, those of its own app first."""
    found = []
    for table in apps.get_models(include_auto_created=True):
        if table._meta.proxy or not table._meta.managed or _is_history(table):
            continue
        keys = [field for field in table._meta.local_concrete_fields if field.related_model is model]
        found += [Pointer(table, field.attname) for field in keys]
        for field in table._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                kind = table._meta.get_field(field.ct_field).attname
                found.append(Pointer(table, field.fk_field, kind))
    return tuple(found)


def points_at(obj):
    """The pointers that lead to the record, its own many-to-many fields and the trail left out."""
    return [
        pointer
        for pointer in pointers_at(type(obj))
        if not pointer.is_own(obj) and not pointer.is_fixed and pointer.rows(obj).exists()
    ]
