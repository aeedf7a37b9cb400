"""The desk's key figures, from the rows as they are now: one query beside the desk's counts."""

from datetime import date, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from participants.models import FollowUp
from portal.records import clock
from programs.models import Cohort, Placement


class Median(Aggregate):
    """PostgreSQL's median of an interval."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def key_figures(user, cohorts, counts):
    """What the team looks at: in training, placements answered, days to an answer, follow-ups answered."""
    state = Placement.State
    took = ExpressionWrapper(F("answered_at") - F("requested_at"), output_field=DurationField())
    placements = (
        Placement.objects.visible_to(user)
        .filter(requested_at__isnull=False)
        .exclude(state__in=[state.CANCELLED, state.RESCHEDULED])
        .aggregate(
            asked=Count("pk", filter=_under_way()),
            seated=Count("pk", filter=_under_way() & Q(state__in=Placement.SEATED)),
            took=Median(took, filter=Q(answered_at__gte=clock.now() - timedelta(days=365))),
        )
    )
    # A cohort whose last day has passed trains nobody any more, completed or not.
    running = [
        cohort
        for cohort in cohorts
        if cohort.state == Cohort.State.RUNNING and cohort.last_day >= clock.today()
    ]
    return {
        "in_training": sum(cohort.in_training for cohort in running),
        "running": len(running),
        **placements,
        "days_to_answer": _days(placements["took"]),
        "followups": {
            "due": sum(counts.followups.values()),
            "answered": counts.followups.get(FollowUp.State.ANSWERED, 0),
        },
        "year": date(clock.today().year, 1, 1),
    }


def _under_way():
    over = [Cohort.State.COMPLETED, Cohort.State.CLOSED, Cohort.State.CANCELLED]
    return ~Q(enrollment__cohort__state__in=over)


def _days(interval):
    """An interval as days, to a half; nothing where there is none."""
    if interval is None:
        return None
    halves = round(interval.total_seconds() / 86400 * 2)
    return halves / 2 if halves % 2 else halves // 2
