"""The trail in words: what each verb did to which record."""

from .transitions import machine

# Verbs that are no arrow of a machine: they begin a record, or change facts of it. Each app names its own.
_words = {}


def name_verbs(words):
    """Say how verbs that are no transitions read: a dict from the verb's name to its (lazy) words."""
    _words.update(words)


def lines(events):
    """The events with `kind` (of record), `label` (the verb in words) and `badge` (the state it led to)."""
    found = []
    for event in events:
        model = event.subject_type.model_class()
        verb = machine(model).get(event.verb)
        event.kind = model._meta.verbose_name
        event.label = verb.label if verb else _words.get(event.verb, event.verb)
        states = dict(model.State.choices) if hasattr(model, "State") else {}
        known = event.target in states
        event.badge = (model._meta.model_name, event.target, states[event.target]) if known else None
        found.append(event)
    return found
