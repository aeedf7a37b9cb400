"""The trail in words: what each verb did to which record."""

from .transitions import machine

# Verbs that are no arrow of a machine: they begin a record, or change facts of it. Each app names its own.
_words = {}


def name_verbs(words):
    """Say how verbs that are no transitions read: a dict from the verb's name to its (lazy) words."""
    _words.update(words)


def _facts(model, names):
    """What the facts are called that a change has touched; a form may also have asked what is no field."""
    fields = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
    return [fields[name].verbose_name for name in names if name in fields]


def lines(events):
    """The events with `kind` (of record), `label` (the verb in words), `facts` (those that a change has touched)
    and `badge` (the state it led to).
    """
    found = []
    for event in events:
        model = event.subject_type.model_class()
        verb = machine(model).get(event.verb)
        event.kind = model._meta.verbose_name
        event.label = verb.label if verb else _words.get(event.verb, event.verb)
        event.facts = _facts(model, event.data.get("fields", ()))
        states = dict(model.State.choices) if hasattr(model, "State") else {}
        known = event.target in states
        event.badge = (model._meta.model_name, event.target, states[event.target]) if known else None
        found.append(event)
    return found
