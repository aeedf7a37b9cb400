"""The nudge: tell the workers "look now". If the broker is dead or frozen, the sweep finds what is to be done."""

import logging
import time

from portal.records import broker

logger = logging.getLogger(__name__)

# After a failure this process asks no more for a while: not every page shall wait for a dead broker.
PAUSE = 15.0  # seconds
_quiet = {"until": 0.0, "failures": 0}


def nudge(task=None):
    """Publish the task (`deliver`, where none is given), or log that it was not possible.

    Never raises, nor takes two seconds.
    """
    if time.monotonic() < _quiet["until"]:
        return
    try:
        _publish(task)
    except Exception as error:  # whatever the broker does, the click that caused the mail has succeeded
        _quiet["until"] = time.monotonic() + PAUSE
        _quiet["failures"] += 1
        logger.warning("The broker took no nudge (%s so far): %s", _quiet["failures"], error)


def _publish(task):
    from .tasks import deliver  # tasks import delivery, which the domain apps' mails must not wait for

    broker.publish(task or deliver)
