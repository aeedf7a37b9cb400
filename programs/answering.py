"""What a coordinator reads before answering: who is asked for, until when, and who is in the house."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hospitals.models import Clinician, Department
from portal.records import clock

from . import rules, seats
from .models import Cohort, Placement
from .templatetags.programs_days import day_words
from .waits import wait_of


@dataclass
class Ask:
    """One request on the page: the trainee, the seats left, what may be chosen, and the form that takes the answer."""

    placement: Placement
    seats: seats.SeatsLeft
    departments: list = ()
    supervisors: list = ()
    may_forward: bool = True
    form: object = None

    @staticmethod
    def name_of(supervisor):
        """A supervisor in a list of them: with the department, where that is known."""
        return f"{supervisor} ({supervisor.department.label})" if supervisor.department else str(supervisor)

    @property
    def wait(self):
        return wait_of(self.placement)

    @property
    def weeks(self):
        return len(rules.weeks_of(self.placement.first_day, self.placement.last_day))

    @property
    def answer_due(self):
        return self.placement.answer_due

    @property
    def is_overdue(self):
        return self.answer_due < clock.today()

    @property
    def is_due_here(self):
        """Whether the reader is the one who is waited for. They may answer in any case."""
        return not self.standing

    @property
    def standing(self):
        """Who else is waited for, and since when, in a sentence; empty where it is the reader's turn."""
        placement, promised = self.placement, self.placement.answer_promised
        if placement.is_proposed:
            return _("The province decides on your proposal of %(day)s.") % {
                "day": _day(placement.proposal_at)
            }
        if placement.forwarded_to and self.may_forward:  # whoever it was handed on to cannot hand it on again
            facts = {"name": placement.forwarded_to, "day": _day(placement.forwarded_at)}
            return _("%(name)s was asked on %(day)s.") % facts
        if promised and promised >= clock.today():
            return _("You wanted to answer by %(day)s.") % {"day": day_words(promised)}
        return ""


def _day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")


@dataclass
class CohortAsks:
    """All requests of one cohort, and the day by which they should be answered, where it is one for all."""

    cohort: Cohort
    asks: list

    @property
    def due_here(self):
        """Those on which the reader is waited for."""
        return [ask for ask in self.asks if ask.is_due_here]

    @property
    def standing(self):
        """Who else is waited for, each sentence once."""
        return list(dict.fromkeys(ask.standing for ask in self.asks if ask.standing))

    @property
    def answer_due(self):
        return min(ask.answer_due for ask in self.due_here or self.asks)

    @property
    def is_overdue(self):
        return self.answer_due < clock.today()

    @property
    def has_several_days(self):
        """Whether the requests were sent on different days, so that each has a deadline of its own."""
        return len({ask.answer_due for ask in self.due_here or self.asks}) > 1

    @property
    def late(self):
        """How many should have been answered by now, whoever it was handed on to."""
        return sum(ask.wait.to_call for ask in self.asks)

    @property
    def overdue(self):
        """How many should have been answered by now."""
        return sum(ask.is_overdue for ask in self.due_here)


def waiting_for(user):
    """The requests that `user` may answer, in the order of the page. One query."""
    return in_order(Placement.objects.visible_to(user).awaiting_answer())


def just_answered_by(user):
    """What may still be taken back of what `user` may answer. One query."""
    return in_order(Placement.objects.visible_to(user).just_answered())


def in_order(placements):
    """Requests as the page shows them, with what it says of each. One query."""
    return list(
        placements.select_related(
            "trainee__institution",
            "trainee__specialty",
            "department__hospital",
            "department__specialty",
            "enrollment__cohort",
            "forwarded_to",
            "supervisor",
            "proposal_department__hospital",
            "proposal_department__specialty",
        ).order_by(
            "enrollment__cohort__starts",
            "enrollment__cohort",
            "department__hospital__name",
            "first_day",
            "pk",
        )
    )


def asks(placements, *, may_forward=True, departments=None):
    """The requests with the seats left, and who and where they may go in their houses. Three queries for all, or two
    where the departments of the houses were read before.
    """
    houses = {placement.department.hospital_id for placement in placements}
    left = seats.left_for(placements)
    if departments is None:
        departments = Department.objects.placeable().with_names().filter(hospital__in=houses)
    rooms, supervisors = {}, {}
    for one in departments:
        rooms.setdefault(one.hospital_id, []).append(one)
    for one in _supervisors(houses):
        supervisors.setdefault(one.hospital_id, []).append(one)
    return [
        Ask(
            placement,
            left[placement.pk],
            rooms.get(placement.department.hospital_id, []),
            _nearest_first(supervisors.get(placement.department.hospital_id, []), placement),
            may_forward,
        )
        for placement in placements
    ]


def _supervisors(houses):
    rows = Clinician.objects.in_use().filter(hospital__in=houses, is_supervisor=True)
    return rows.select_related("department__specialty").order_by("name", "pk")


def _nearest_first(supervisors, placement):
    return sorted(supervisors, key=lambda one: one.department_id != placement.department_id)


def supervisors_for(placement):
    """Who may look after the trainee: the supervisors of the house."""
    return _supervisors([placement.department.hospital_id])


def by_cohort(asked):
    """The requests cohort by cohort."""
    return [
        CohortAsks(cohort, list(group))
        for cohort, group in groupby(asked, key=lambda ask: ask.placement.enrollment.cohort)
    ]
