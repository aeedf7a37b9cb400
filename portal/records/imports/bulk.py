"""Many rows with different values in one statement, without a model instance for each; and their lines in the trail."""

import json

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from ..models import Event

# JSON has their values as the column has them. Exactly these: a field derived from one may seal what it is given.
AS_THEY_ARE = {models.JSONField, models.CharField, models.TextField, models.BooleanField, models.BigIntegerField,
               models.PositiveIntegerField, models.PositiveSmallIntegerField, models.BigAutoField, models.EmailField,
               models.DateField}  # fmt: skip


def update_each(model, values, fields):
    """Set `fields` of many rows: `values` is {pk: {field: value}}. One query; the model's `save` is not called."""
    if not values:
        return
    columns = [model._meta.get_field(name) for name in fields]
    rows = [
        {"pk": pk, **{field.column: _prepared(field, new[field.name]) for field in columns}}
        for pk, new in values.items()
    ]
    quote = connection.ops.quote_name
    types = ", ".join(f"{quote(field.column)} {field.db_type(connection)}" for field in columns)
    settings = ", ".join(f"{quote(field.column)} = v.{quote(field.column)}" for field in columns)
    table = quote(model._meta.db_table)
    key = quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        # Names come from the models, values go as one parameter.
        cursor.execute(
            f"UPDATE {table} AS t SET {settings} "  # noqa: S608
            f"FROM jsonb_to_recordset(%s::jsonb) AS v(pk bigint, {types}) WHERE t.{key} = v.pk",
            [json.dumps(rows, cls=DjangoJSONEncoder)],
        )


def insert_each(model, rows, **same):
    """Add rows, each as {field: value} of what differs; `same` is true of all. The other fields, and those that a row
    leaves out, get their default. One query; no `save`. A row may bring its key, of `next_keys`.
    """
    if not rows:
        return
    given = {name for row in rows for name in row}
    fields = [field for field in model._meta.concrete_fields if field.name in given or not field.primary_key]
    each = [field for field in fields if field.name in given]
    rest = [field for field in fields if field.name not in given]
    default = {field.name: field.get_default() for field in fields if field.name not in same}
    lines = [
        {field.column: _prepared(field, row.get(field.name, default[field.name])) for field in each}
        for row in rows
    ]
    shared = [
        field.get_db_prep_save(same.get(field.name, default.get(field.name)), connection) for field in rest
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in (*each, *rest))
    types = ", ".join(f"{quote(field.column)} {_type(field)}" for field in each)
    values = ", ".join(
        [*(f"v.{quote(field.column)}" for field in each), *(f"%s::{_type(field)}" for field in rest)]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608
            f"SELECT {values} FROM jsonb_to_recordset(%s::jsonb) AS v({types})",
            [*shared, json.dumps(lines, cls=DjangoJSONEncoder)],
        )


def next_keys(model, count):
    """So many keys that no other row has or will have, for rows that others point at. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor]


def note_many(facts, model, verb, by, *, target=""):
    """A line of the trail for each record: triples of key, name and the columns that changed."""
    insert_each(
        Event,
        [
            {"subject_id": pk, "subject_name": name[:200], "data": {"fields": fields} if fields else {}}
            for pk, name, fields in facts
        ],
        actor=by.pk,
        actor_name=str(by)[:120],
        subject_type=ContentType.objects.get_for_model(model).pk,
        verb=verb,
        target=target,
    )


def _type(field):
    """The column's type without what only a new table needs."""
    return field.rel_db_type(connection) if field.primary_key else field.db_type(connection)


def _prepared(field, value):
    """The value as JSON that the column's type can be read from."""
    if value is None or type(field) in AS_THEY_ARE:
        return value
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    if isinstance(field, models.BinaryField):
        return f"\\x{value.hex()}"
    return field.get_db_prep_save(value, connection)
