"""What a coordinator reads before answering: who is asked for, until when, and who is in the house."""

from dataclasses import dataclass
from itertools import groupby

from portal.records import clock

from . import rules, seats
from .models import Cohort, Placement


@dataclass
class Ask:
    """One request on the page: the trainee, the seats left, and the form that takes the answer."""

    placement: Placement
    free: int
    form: object = None

    @property
    def weeks(self):
        return len(rules.weeks_of(self.placement.first_day, self.placement.last_day))

    @property
    def answer_due(self):
        return self.placement.answer_due

    @property
    def is_overdue(self):
        return self.answer_due < clock.today()


@dataclass
class CohortAsks:
    """All requests of one cohort, and the day by which they should be answered, where it is one for all."""

    cohort: Cohort
    asks: list

    @property
    def answer_due(self):
        return min(ask.answer_due for ask in self.asks)

    @property
    def is_overdue(self):
        return self.answer_due < clock.today()

    @property
    def has_several_days(self):
        """Whether the requests were sent on different days, so that each has a deadline of its own."""
        return len({ask.answer_due for ask in self.asks}) > 1

    @property
    def overdue(self):
        """How many should have been answered by now."""
        return sum(ask.is_overdue for ask in self.asks)


def waiting_for(user):
    """The requests that `user` may answer, in the order of the page. One query."""
    placements = Placement.objects.visible_to(user).awaiting_answer().for_board()
    return list(
        placements.select_related(
            "trainee__institution",
            "trainee__specialty",
            "department__hospital",
            "department__specialty",
            "enrollment__cohort",
        ).order_by(
            "enrollment__cohort__starts",
            "enrollment__cohort",
            "department__hospital__name",
            "first_day",
            "pk",
        )
    )


def by_cohort(placements, form_for):
    """The requests cohort by cohort, with the seats left (one query for all) and a form each."""
    free = seats.free_for(placements)
    asks = [Ask(placement, free[placement.pk], form_for(placement)) for placement in placements]
    return [
        CohortAsks(cohort, list(group))
        for cohort, group in groupby(asks, key=lambda ask: ask.placement.enrollment.cohort)
    ]


def here_and_next(user, *, limit=60):
    """Who is in the user's hospitals today, and who comes next: two lists. One query."""
    today = clock.today()
    coming = (
        Placement.objects.visible_to(user)
        .filter(state__in=[Placement.State.CONFIRMED, Placement.State.WITH_CONDITIONS], last_day__gte=today)
        .select_related("trainee__specialty", "department__hospital", "department__specialty")
        .order_by("first_day", "trainee__passport_name", "pk")[:limit]
    )
    here, later = [], []
    for placement in coming:
        (here if placement.first_day <= today else later).append(placement)
    return here, later
