"""Many rows with different values in one statement, and without a model instance for each."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

# JSON has their values as the column has them. Exactly these: a field derived from one may seal what it is given.
AS_THEY_ARE = {models.JSONField, models.CharField, models.TextField, models.BooleanField, models.BigIntegerField,
               models.PositiveIntegerField, models.PositiveSmallIntegerField}  # fmt: skip


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


def insert_each(model, rows):
    """Add rows, each as {field: value} with the same fields; others get their default. One query; no `save`."""
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    rest = {field.name: field.get_default() for field in fields if field.name not in rows[0]}
    lines = [
        {field.column: _prepared(field, (row if field.name in row else rest)[field.name]) for field in fields}
        for row in rows
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    types = ", ".join(f"{quote(field.column)} {field.db_type(connection)}" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608
            f"SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS v({types})",
            [json.dumps(lines, cls=DjangoJSONEncoder)],
        )


def _prepared(field, value):
    """The value as JSON that the column's type can be read from."""
    if value is None or type(field) in AS_THEY_ARE:
        return value
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    return field.get_db_prep_save(value, connection)
