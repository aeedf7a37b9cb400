"""What speaks against a change of a record that upper apps know more about: they register it, the lower app asks.

    @objects_to(Department, "archive")
    def placed_there(department): return [_("Nomin is placed there until 27 November.")]

An app imports the module with its objections in `ready()`.
"""

from collections import defaultdict

_registered = defaultdict(list)


def objects_to(model, change):
    """Register a function of the record (and of the change's facts) that returns sentences, none if all is well."""

    def register(function):
        _registered[model, change].append(function)
        return function

    return register


def objections(obj, change, **facts):
    """Every sentence that speaks against the change, in the order of registration."""
    return [words for function in _registered[type(obj), change] for words in function(obj, **facts)]
