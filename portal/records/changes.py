"""Keeping what a form says: nothing that it did not change, and nothing over somebody else's work."""

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from .transitions import NotNow


def locked(obj):
    """The record as it stands now, under its row lock. Call it inside a transaction."""
    return type(obj)._base_manager.select_for_update(no_key=True).get(pk=obj.pk)


def refuse_moved(kept, wanted, seen):
    """Raise NotNow for each field that says by now neither what the form showed (`seen`) nor what is `wanted`."""
    moved = {}
    for name, stands in model_to_dict(kept, [*wanted]).items():
        if name in seen and stands not in (seen[name], wanted[name]):
            words = _(
                "Somebody has changed this since you opened the page. Open it again to see what it says."
            )
            moved[name] = words
    if moved:
        raise NotNow(moved)


def take_over(kept, obj, fields, seen=None):
    """Put the `fields` of `obj`, as a form has filled them in, into the locked record; the caller saves it.

    Raises NotNow where somebody else has changed one of them since the form showed it.
    """
    refuse_moved(kept, model_to_dict(obj, fields), seen or {})
    for name in fields:
        setattr(kept, name, getattr(obj, name))
    return kept
