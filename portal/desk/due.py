"""The day's due work of all apps: arithmetic over the database, so that running it twice puts nothing twice."""

from contextlib import nullcontext

from participants.workflow import followups, renewals
from partners.workflow import reminders
from portal.records import clock
from programs.workflow import evaluations, feedback, hostings, results, retention, silent_graduates
from programs.workflow import reminders as silent_hospitals


def run(*, as_of=None, say):
    """Do one round, as if today were `as_of` (a date) where one is given. Returns how many mails it put."""
    with clock.at(as_of) if as_of else nullcontext():
        rounds = (
            followups, renewals, silent_graduates, reminders, silent_hospitals, hostings, evaluations, feedback,
        )  # fmt: skip
        count = sum(one.due_work(say=say) for one in rounds)
    # A look at another day must not erase anything, nor publish: `manage.py retention --as-of` says so itself.
    if as_of is None:
        results.publish_due(say=say)
        retention.erase_due(say=say)
    return count
