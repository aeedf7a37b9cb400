"""The desk's key figures, from what the desk has counted. No query."""

from datetime import date

from participants.models import FollowUp
from portal.records import clock
from programs.models import Cohort


def key_figures(cohorts, counts):
    """What the team looks at: in training, placements answered, days to an answer, follow-ups answered."""
    # A cohort whose last day has passed trains nobody any more, completed or not.
    running = [
        cohort
        for cohort in cohorts
        if cohort.state == Cohort.State.RUNNING and cohort.last_day >= clock.today()
    ]
    return {
        "in_training": sum(cohort.in_training for cohort in running),
        "running": len(running),
        "asked": counts.asked,
        "seated": counts.seated,
        "days_to_answer": _days(counts.seconds_to_answer),
        "followups": {
            "due": sum(counts.followups.values()),
            "answered": counts.followups.get(FollowUp.State.ANSWERED, 0),
        },
        "year": date(clock.today().year, 1, 1),
    }


def _days(seconds):
    """Seconds as days, to a half; nothing where there are none."""
    if seconds is None:
        return None
    halves = round(seconds / 86400 * 2)
    return halves / 2 if halves % 2 else halves // 2
