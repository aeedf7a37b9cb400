"""Many rows with different values in one statement."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


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


def _prepared(field, value):
    """The value as JSON that the column's type can be read from."""
    if isinstance(field, models.JSONField) or value is None:
        return value
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    return field.get_db_prep_save(value, connection)
