"""One search over everything: what each app offers, in the order in which it is shown."""

from dataclasses import dataclass

import hospitals.search
import participants.search
import partners.search
import programs.search
from portal.search.folding import words
from portal.search.matching import kinds_with

KINDS = [
    *participants.search.KINDS,
    *hospitals.search.KINDS,
    *partners.search.KINDS,
    *programs.search.KINDS,
]


@dataclass(frozen=True)
class Findings:
    """What was found. `nearly` says that nothing is called so, and these names come close."""

    groups: list
    nearly: bool = False

    @property
    def count(self):
        return sum(len(group.hits) for group in self.groups)

    @property
    def has_more(self):
        return any(group.has_more for group in self.groups)


def findings(user, typed):
    """The hits among all that `user` may see, by kind; where nothing is called so, what is spelled like it."""
    if not words(typed):
        return Findings([])
    groups = _groups(user, typed)
    if groups:
        return Findings(groups)
    return Findings(_groups(user, typed, nearly=True), nearly=True)


def _groups(user, typed, *, nearly=False):
    """Only kinds of which any record has a word of it are asked: most searches are about one or two."""
    present = kinds_with(typed, nearly=nearly)
    asked = [kind for kind in KINDS if kind.allowed(user)]
    groups = [kind.group(user, typed, nearly=nearly) for kind in asked if kind.models(user) & present]
    return [group for group in groups if group]
