"""What an app above asks in the form of a follow-up, beside the form's own questions.

It is asked, saved as it goes, kept and read like the others; participants do not know what it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

_asked = []


@dataclass(frozen=True)
class Further:
    """A few questions of another app. A field that is not answered cleans to what is false."""

    legend: str
    fields: Callable  # of a graduation: {name: form field}; empty where there is nothing to ask
    keep: Callable  # takes the answered follow-up, locked, and {name: answer}
    lines: Callable  # of a follow-up: pairs of a question and what was answered


def ask_also(further):
    """Register it, once, when the apps are loaded."""
    _asked.append(further)


def fields_for(graduation):
    """Pairs of a legend and its fields by name, where there is something to ask."""
    found = [(further.legend, further.fields(graduation)) for further in _asked]
    return [(legend, fields) for legend, fields in found if fields]


def keep(followup, told):
    """Keep the answers among `told`, each with whoever asked."""
    for further in _asked:
        names = further.fields(followup.graduation)
        answers = {name: told[name] for name in names if told.get(name)}
        if answers:
            further.keep(followup, answers)


def lines_of(followup):
    """Pairs of a further question and its answer."""
    return [line for further in _asked for line in further.lines(followup)]
