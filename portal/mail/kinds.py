"""The kinds of mail: each app registers its own in `<app>/mails.py`, imported when the app is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_kinds = {}


class NoLongerWanted(Exception):
    """The reason for a mail has gone. The text says why; the mail is cancelled with it."""


@dataclass(frozen=True)
class Variable:
    """Something staff may put into their own words of a kind of mail, written as {name}."""

    name: str
    label: str  # lazy: what it stands for
    value: Callable  # of the context, called in the recipient's language; a text
    required: bool = False
    button: str = ""  # lazy: what the link says where it stands alone on its line


@dataclass(frozen=True)
class Kind:
    """What the portal knows about one kind of mail."""

    name: str
    template: str
    context: Callable
    label: str
    # After silence behind the final dot: send once more (a twin harms less than a gap), or ask a person.
    resend_if_uncertain: bool
    # Raises NoLongerWanted; apart from `context`, so that a mail whose time is over can still serve as an example.
    wanted: Callable | None
    # Where there are any, staff may write their own words.
    variables: tuple
    # Whether visitors, trainees, graduates or partners get such mails, who are offered more languages than desks.
    for_readers: bool

    @property
    def languages(self):
        """The languages such mails are written in: a list of (code, name)."""
        offered = settings.LANGUAGES
        return [pair for pair in offered if self.for_readers or pair[0] in settings.DESK_LANGUAGES]

    @property
    def button(self):
        """What the button says that the kind's link becomes."""
        return next((variable.button for variable in self.variables if variable.button), "")


def kind(
    name, *, template, label="", resend_if_uncertain=False, wanted=None, variables=(), for_readers=False
):
    """Register `function(mail) -> dict` as what makes the context of this kind of mail.

    It is called when the mail leaves, reads the subject (`mail.about`) as it is then, and raises
    NoLongerWanted where the mail should not leave any more; `wanted(mail)`, where given, is asked that before.
    `template` names the triad emails/<template>.{subject.txt,txt,html}, where the words belong: only they are
    rendered in the recipient's language and time zone. `label` (lazy) is what staff call such a mail, and
    `variables` are what they may use when they write it in words of their own. `for_readers`: it goes to people who
    do not work with the portal, and stands in every language on offer.
    """

    def decorate(function):
        if name in _kinds and _kinds[name].context.__module__ != function.__module__:
            raise ImproperlyConfigured(f"Two apps register mails of the kind “{name}”.")
        words = label or _in_words(name)
        _kinds[name] = Kind(
            name, template, function, words, resend_if_uncertain, wanted, tuple(variables), for_readers
        )
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


def languages_of(name):
    """The codes of the languages in which this kind of mail is written; desks' where its app is gone."""
    return [code for code, _name in _kinds[name].languages] if name in _kinds else settings.DESK_LANGUAGES


def choices():
    """Every registered name with its label, by label."""
    return sorted(((kind.name, kind.label) for kind in _kinds.values()), key=lambda choice: str(choice[1]))


def _in_words(name):
    return name.replace("-", " ").replace("_", " ").capitalize()
