"""Forgetting a person at their wish: what hangs on their record, and their names wherever anybody has written them.

All of it lets the triggers pass that keep the trail, the history and sent mails as they were: an erasure is the one
thing that is stronger than they are. It is therefore one transaction, made by one verb (`programs.workflow.erasing`).
"""

import re
from collections import defaultdict

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from .models import AccessRecord, Event
from .pointers import pointers_at

STAND_IN = "(erased)"
_TEXTS = (models.CharField, models.TextField)


def belongings(*people):
    """{model: keys} of the records themselves and all that hangs on them by foreign keys, however far."""
    found = defaultdict(set)
    for person in people:
        found[type(person)].add(person.pk)
    to_go = [(model, set(keys)) for model, keys in found.items()]
    while to_go:
        model, keys = to_go.pop()
        for pointer in pointers_at(model):
            if pointer.kind_column or pointer.is_many_to_many:
                continue
            rows = pointer.table._base_manager.filter(**{f"{pointer.column}__in": keys})
            new = set(rows.values_list("pk", flat=True)) - found[pointer.table]
            if new:
                found[pointer.table] |= new
                to_go.append((pointer.table, new))
    return {model: keys for model, keys in found.items() if keys}


def about(owned, kind_column, key_column):
    """The condition that a generic key leads to one of the `belongings`."""
    wanted = models.Q(pk__in=[])
    for model, keys in owned.items():
        kind = ContentType.objects.get_for_model(model)
        wanted |= models.Q(**{kind_column: kind, f"{key_column}__in": keys})
    return wanted


def forget_words(owned, *, kept):
    """What people have written into the `belongings` goes: every free text, except the fields `kept`."""
    for model, keys in owned.items():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, _TEXTS) or field.choices or field.unique or f"{field}" in kept:
                continue
            rows = model._base_manager.filter(pk__in=keys).exclude(**{field.name: ""})
            rows.update(**{field.name: STAND_IN[: field.max_length]})


def forget_history(owned):
    """The earlier versions of the rows go."""
    for history in apps.get_models():
        tracked = getattr(history, "pgh_tracked_model", None)
        if tracked in owned:
            history._base_manager.filter(pgh_obj_id__in=owned[tracked])._raw_delete("default")


def forget_trail(owned, *, users, names):
    """The lines about the `belongings` stay, without a name and without what was said; so do the looks at them."""
    lines = Event.objects.filter(about(owned, "subject_type", "subject_id"))
    lines.update(subject_name=STAND_IN, reason="", data={})
    Event.objects.filter(models.Q(actor__in=users) | models.Q(actor_name__in=names)).update(
        actor_name=STAND_IN
    )
    looks = AccessRecord.objects.filter(about(owned, "about_type", "about_id"))
    looks.update(about_name=STAND_IN, reason=STAND_IN)


def forget_everywhere(stand_ins):
    """Put the stand-in for each text of {text: stand-in}, in whatever case, into every column of every table."""
    texts = {text: stand_in for text, stand_in in stand_ins.items() if text.strip()}
    with connection.cursor() as cursor:
        for table, column, cast in _columns():
            for text, stand_in in texts.items():
                pattern = re.escape(text)
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = '  # noqa: S608 - our own tables and columns
                    f'regexp_replace("{column}"::text, %s, %s, \'gi\'){cast} WHERE "{column}"::text ~* %s',
                    [pattern, stand_in, pattern],
                )


def _columns():
    """Each column that can hold words, as (table, column, cast back)."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, _TEXTS) and not field.choices:
                yield model._meta.db_table, field.column, ""
            elif isinstance(field, models.JSONField):
                yield model._meta.db_table, field.column, "::jsonb"
            elif isinstance(field, ArrayField) and isinstance(field.base_field, _TEXTS):
                yield model._meta.db_table, field.column, f"::{field.db_type(connection)}"
