"""The triggers that keep SearchEntry: put up after `migrate`, anew only where what is named or folded has changed."""

import hashlib

from django.db import connections, router, transaction

from .folding import SQL
from .models import SearchEntry
from .names import every_names

_TABLE = SearchEntry._meta.db_table

# One function for every table; a trigger tells it the kind of record, and the columns with names.
_KEEP = f"""
CREATE OR REPLACE FUNCTION search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found jsonb := to_jsonb(NEW);
  names text := '';
BEGIN
  FOR number IN 1 .. TG_NARGS - 1 LOOP
    IF jsonb_typeof(found -> TG_ARGV[number]) = 'array' THEN
      SELECT names || coalesce(string_agg(E'\\n' || name, ''), '') INTO names
      FROM jsonb_array_elements_text(found -> TG_ARGV[number]) AS name;
    ELSE
      names := names || coalesce(E'\\n' || nullif(found ->> TG_ARGV[number], ''), '');
    END IF;
  END LOOP;
  INSERT INTO {_TABLE} AS kept (kind, object_id, text) VALUES (TG_ARGV[0], NEW.id, search_entry(names))
  ON CONFLICT (kind, object_id) DO UPDATE SET text = EXCLUDED.text WHERE kept.text <> EXCLUDED.text;
  RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION search_drop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM {_TABLE} WHERE kind = TG_ARGV[0] AND object_id = OLD.id;
  RETURN NULL;
END
$$;
"""  # noqa: S608 - our own names


def _statements(names):
    """What a table needs: two triggers, and its rows of now written into the entries by the first of them."""
    table, columns = names.model._meta.db_table, names.columns
    told = ", ".join(f"'{word}'" for word in [names.kind, *columns])
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"""
CREATE OR REPLACE TRIGGER search_keep AFTER INSERT OR UPDATE OF {listed} ON "{table}"
FOR EACH ROW EXECUTE FUNCTION search_keep({told});
CREATE OR REPLACE TRIGGER search_drop AFTER DELETE ON "{table}"
FOR EACH ROW EXECUTE FUNCTION search_drop('{names.kind}');
DELETE FROM {_TABLE} WHERE kind = '{names.kind}';
INSERT INTO {_TABLE} (kind, object_id, text)
SELECT '{names.kind}', id, search_entry({_names_in_sql(names)}) FROM "{table}";
"""  # noqa: S608 - our own names


def _names_in_sql(names):
    """The names of a row, one a line, as `search_keep` gathers them."""
    fields = [names.model._meta.get_field(name) for name in names.fields]
    columns = [
        f"array_to_string(\"{field.column}\", E'\\n')"
        if hasattr(field, "base_field")
        else f'"{field.column}"'
        for field in fields
    ]
    lines = ", ".join(f"E'\\n' || nullif({column}, '')" for column in columns)
    return f"concat({lines})"


def install(*, using="default", **_signal):
    """Put up the functions and triggers and write all entries, unless that has been done just so."""
    if not router.allow_migrate_model(using, SearchEntry):
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    wanted = [names for names in every_names() if names.model._meta.db_table in tables]
    if _TABLE not in tables:
        return
    script = "".join([SQL, _KEEP, *map(_statements, wanted)])
    mark = hashlib.sha256(script.encode()).hexdigest()
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid) FROM pg_proc WHERE proname = 'search_keep' "
            "AND pronamespace = current_schema()::regnamespace"
        )
        if cursor.fetchone() == (mark,):
            return
        # In one piece and without parameters: a percent sign is a percent sign.
        cursor.execute(script)
        cursor.execute(f"COMMENT ON FUNCTION search_keep() IS '{mark}'")
