"""What a release changed, as staff read it: for each trainee, and for each hospital."""

from dataclasses import dataclass

from hospitals.models import Hospital
from participants.models import Trainee

from . import releasing


@dataclass(frozen=True)
class Concerned:
    """A trainee or a hospital, and what is different for them."""

    name: str
    told: list


@dataclass(frozen=True)
class Changed:
    """The same difference from both sides."""

    count: int
    trainees: list
    hospitals: list


def for_staff(kind, changes):
    """The changes by trainee and by hospital, each side in the order of its names. A fixed number of queries."""
    return Changed(
        len(changes),
        _side(kind, changes, "trainees", Trainee, lambda one: one.display_name),
        _side(kind, changes, "hospitals", Hospital, lambda one: one.short),
    )


def _side(kind, changes, who, model, name_of):
    concerned = releasing.by_concerned(changes, who)
    every = [change for seen in concerned.values() for change in seen]
    # In words all at once, then dealt out again: the queries stay as many as for one.
    told = iter(releasing.in_words(kind, every, who))
    by_key = {pk: [next(told) for _change in seen] for pk, seen in concerned.items()}
    people = model.objects.in_bulk(concerned)
    return sorted(
        (Concerned(name_of(people[pk]), told) for pk, told in by_key.items()), key=lambda one: one.name
    )
