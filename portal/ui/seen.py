"""Forms that know what their page showed, so that a page left open for an hour overwrites nobody's work."""

import json

from django import forms


class SeenMixin:
    """A model form that carries, in a hidden field, what it showed of a record that is there already.

    What has been changed (`fields_changed`) is told from that and not from what stands there by now, and `seen` lets
    the verb find out whether somebody else was faster.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial["seen"] = json.dumps(self.seen, default=str)
        if self.is_bound:
            self.initial.update(self._sent_along())

    @property
    def seen(self):
        """What the page showed, by field."""
        return {name: self.initial.get(name) for name in self._meta.fields}

    @property
    def fields_changed(self):
        """The fields that say something else than the page showed."""
        return [name for name in self.changed_data if name in self._meta.fields]

    def _sent_along(self):
        """What came back of `seen`; nothing where it is not as the page gave it."""
        try:
            seen = json.loads(self.data.get("seen") or "{}")
            return {name: self._as_shown(name, seen[name]) for name in self._meta.fields if name in seen}
        except (ValueError, TypeError, AttributeError, forms.ValidationError):
            return {}

    def _as_shown(self, name, value):
        """The value as the model has it, out of JSON; the key of another row stays as it is."""
        field = self.fields[name]
        if value in (None, "") or isinstance(field, forms.ModelChoiceField):
            return value
        return field.to_python(value)
