"""Notices every message that is looked up in a language and does not stand in its catalog."""

import gettext
from contextlib import contextmanager

from django.utils.translation import trans_real


class _Noting(gettext.NullTranslations):
    """Stands behind a catalog, in place of English: what comes here was not found."""

    def __init__(self, missed, where):
        super().__init__()
        self.missed, self.where = missed, where

    def _note(self, message, context=""):
        self.missed.setdefault(f"{context}: {message}" if context else message, self.where())

    def gettext(self, message):
        self._note(message)
        return message

    def ngettext(self, singular, plural, number):
        self._note(singular)
        return singular if number == 1 else plural

    def pgettext(self, context, message):
        self._note(message, context)
        return message

    def npgettext(self, context, singular, plural, number):
        self._note(singular, context)
        return singular if number == 1 else plural


@contextmanager
def untranslated(language, where=lambda: ""):
    """Gives a dict that fills with the messages missing in `language`, each with `where()` it was first looked up.

    English, the language of the sources, lacks nothing.
    """
    missed = {}
    if language == "en":
        yield missed
        return
    catalog = trans_real.translation(language)
    behind = catalog._fallback
    catalog._fallback = _Noting(missed, where)
    try:
        yield missed
    finally:
        catalog._fallback = behind
