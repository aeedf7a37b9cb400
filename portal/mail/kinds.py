"""The kinds of mail: each app registers its own in `<app>/mails.py`, imported when the app is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

_kinds = {}


class NoLongerWanted(Exception):
    """The reason for a mail has gone. The text says why; the mail is cancelled with it."""


@dataclass(frozen=True)
class Kind:
    """What the portal knows about one kind of mail."""

    name: str
    template: str
    context: Callable
    label: str
    # After silence behind the final dot: send once more (a twin harms less than a gap), or ask a person.
    resend_if_uncertain: bool


def kind(name, *, template, label="", resend_if_uncertain=False):
    """Register `function(mail) -> dict` as what makes the context of this kind of mail.

    It is called when the mail leaves, reads the subject (`mail.about`) as it is then, and raises
    NoLongerWanted where the mail should not leave any more. `template` names the triad
    emails/<template>.{subject.txt,txt,html}, where the words belong: only they are rendered in the
    recipient's language and time zone. `label` (lazy) is what staff call such a mail.
    """

    def decorate(function):
        if name in _kinds and _kinds[name].context.__module__ != function.__module__:
            raise ImproperlyConfigured(f"Two apps register mails of the kind “{name}”.")
        _kinds[name] = Kind(name, template, function, label or _in_words(name), resend_if_uncertain)
        return function

    return decorate


def get(name):
    """The Kind of this name. Raises LookupError where no app registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No app registers mails of the kind “{name}”.") from None


def label_of(name):
    """What staff call this kind of mail, also where its app is gone."""
    return _kinds[name].label if name in _kinds else _in_words(name)


def choices():
    """Every registered name with its label, by label."""
    return sorted(((kind.name, kind.label) for kind in _kinds.values()), key=lambda choice: str(choice[1]))


def _in_words(name):
    return name.replace("-", " ").replace("_", " ").capitalize()
