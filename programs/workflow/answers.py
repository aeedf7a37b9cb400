"""A hospital's answers, sent together and each settled by itself: one that fails leaves the others done."""

from dataclasses import dataclass, field

from django.db import OperationalError
from django.utils.translation import gettext as _

from portal.records.middleware import DEADLOCK, LOCK_NOT_AVAILABLE
from portal.records.transitions import NotNow

from . import placements, waiting

# What a page calls an answer, and the verb behind it.
VERBS = {
    "accept": placements.confirm,
    "conditions": placements.confirm_with_conditions,
    "decline": placements.decline,
    "propose": waiting.propose,
    "forward": waiting.forward,
    "later": waiting.promise,
}


@dataclass
class Outcome:
    """What came of answers that were sent together: the placements that are done, and why others are not."""

    done: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)  # placement → reasons in words


def give(answers, *, by, **how):
    """Give each answer, a triple of placement, kind and details, in a transaction of its own.

    In the order of their keys, so that two people who send the same answers never wait for each other in a circle.
    `how` is the channel and who answered, where that is not `by` in the portal.
    """
    outcome = Outcome()
    for placement, kind, details in sorted(answers, key=lambda answer: answer[0].pk):
        try:
            VERBS[kind](placement, by=by, **details, **how)
        except NotNow as error:
            outcome.refused[placement] = error.messages
        except OperationalError as error:
            # Somebody else is at the same department, and the lock was not had in time (settings: lock_timeout).
            if getattr(error.__cause__, "pgcode", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                raise
            outcome.refused[placement] = [
                _("Somebody else is working on this just now. Please send it again.")
            ]
        else:
            outcome.done.append(placement)
    return outcome
