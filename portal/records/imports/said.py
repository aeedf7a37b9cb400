"""Sentences that are kept in the database and read in the reader's language: English, and what stands in it."""

from django.core.exceptions import ValidationError
from django.utils.encoding import force_str
from django.utils.translation import gettext, override


def said(text, **facts):
    """The sentence as JSON keeps it. A fact may be a text (lazy ones are translated when read), or itself `said`."""
    with override(None):  # the message as the source has it, whatever the language of who writes
        return {"text": force_str(text), "facts": {name: _kept(value) for name, value in facts.items()}}


def _kept(value):
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return [_kept(part) for part in value]
    return {"text": force_str(value), "facts": {}} if hasattr(value, "_proxy____cast") else value


def of_error(error):
    """The sentences of a ValidationError."""
    return [said(part.message, **(part.params or {})) for part in error.error_list]


def in_words(kept):
    """The kept sentence in the active language."""
    if isinstance(kept, list):
        return ", ".join(map(in_words, kept))
    if not isinstance(kept, dict):
        return str(kept)
    text = gettext(kept["text"]) if kept["text"] else ""
    facts = {name: in_words(value) for name, value in kept["facts"].items()}
    return text % facts if facts else text


class Unknown(ValidationError):
    """A name that is nobody's; `nearest` is the name that comes closest to it, if any does."""

    def __init__(self, message, *, nearest="", params=None):
        super().__init__(message, code="unknown", params=params)
        self.nearest = nearest
