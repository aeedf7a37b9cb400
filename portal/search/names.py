"""What each record is called: the fields that hold its names, in the order in which a reader would use them."""

from dataclasses import dataclass

from .folding import entry, fold


@dataclass(frozen=True)
class Names:
    """The fields of a model that hold names; an array holds several."""

    model: type
    fields: tuple

    @property
    def kind(self):
        return self.model._meta.label_lower

    @property
    def columns(self):
        return [self.model._meta.get_field(name).column for name in self.fields]

    def of(self, row):
        """Pairs of what a name is and the name: (“also printed as”, “Leon Wiltse”)."""
        for field in self.fields:
            value = getattr(row, field)
            label = self.model._meta.get_field(field).verbose_name
            for name in value if isinstance(value, list) else [value]:
                if name:
                    yield label, str(name)


_registered = {}


def named(model, *fields):
    """Say by which fields a model is found. Called once for each, in `<app>/search.py`."""
    _registered[model] = Names(model, fields)


def names_of(model):
    return _registered[model]


def every_names():
    """All that is registered, in one order."""
    return sorted(_registered.values(), key=lambda names: names.kind)


def contains(name, words):
    """Whether a name has every one of the folded words in it, as the entry of its record would be asked."""
    text = entry([name])
    return all((word if len(word) > 2 else f" {word}") in text for word in words)


def is_said(name, shown):
    """Whether the shown text says the name already."""
    return fold(name).strip() in fold(shown)
