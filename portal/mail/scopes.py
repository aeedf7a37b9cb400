"""What a list of mails can be narrowed to by what upper apps know: they register it, as they do their kinds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

_scopes = {}


@dataclass(frozen=True)
class Scope:
    """One such filter: its name in the address, its label, what may be chosen, and how a choice narrows mails."""

    name: str
    label: Promise
    choices: Callable
    narrow: Callable


def scope(name, *, label, choices):
    """Register `function(mails, chosen) -> mails`; `choices()` gives pairs of value and label."""

    def decorate(function):
        _scopes[name] = Scope(name, label, choices, function)
        return function

    return decorate


def scopes():
    """Every registered scope."""
    return list(_scopes.values())
