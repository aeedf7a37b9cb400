"""The trail in words: what each verb did to which record."""

from django.utils.translation import gettext_lazy as _

from portal.records.transitions import machine

# Records begin by these, which are no arrows of a machine.
BEGINNINGS = {"plan": _("Planned"), "nominate": _("Nominated"), "draft": _("Drafted")}


def lines(events):
    """The events with `kind` (of record), `label` (the verb in words) and `badge` (the state it led to)."""
    found = []
    for event in events:
        model = event.subject_type.model_class()
        verb = machine(model).get(event.verb)
        event.kind = model._meta.verbose_name
        event.label = verb.label if verb else BEGINNINGS.get(event.verb, event.verb)
        states = dict(model.State.choices) if hasattr(model, "State") else {}
        event.badge = (
            (model._meta.model_name, event.target, states[event.target]) if event.target in states else None
        )
        found.append(event)
    return found
