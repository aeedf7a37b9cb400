"""Seats left, counted for many at once, agree with the rule that guards one."""

import pytest

from programs import rules, seats
from programs.models import Placement
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_count_for_many_is_the_rule_s_count_for_each(django_assert_num_queries):
    cohort = factories.make_cohort(state="nominating")
    departments = [factories.make_department(seats=2, specialty=name) for name in ("surgery", "cardiology")]
    plan = [(0, 1, "whole"), (0, 1, "morning"), (0, 2, "afternoon"), (1, 3, "whole"), (1, 4, "morning")]
    for department, number, half in plan:
        first_day, last_day = factories.week(number)
        factories.make_placement(
            enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
            department=departments[department],
            state="confirmed",
            first_day=first_day,
            last_day=last_day,
            half=half,
        )
    placements = list(Placement.objects.select_related("department"))
    with django_assert_num_queries(1):
        found = seats.free_for(placements)
    for one in placements:
        taken = rules.fullest_day(one.department, one.first_day, one.last_day, one.half, leaving_out=one.pk)
        assert found[one.pk] == one.department.seats - taken
    monday, friday = factories.week(1)
    with django_assert_num_queries(1):
        assert seats.free_in(departments, monday, friday) == {departments[0].pk: 0, departments[1].pk: 2}


def test_a_seat_that_was_asked_for_is_not_offered_to_a_new_draft():
    department = factories.make_department(seats=2)
    cohort = factories.make_cohort(state="nominating")
    monday, friday = factories.week(1)
    for state in ("confirmed", "requested", "draft", "declined"):
        factories.make_placement(
            enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
            department=department,
            state=state,
            first_day=monday,
            last_day=friday,
        )
    assert seats.free_in([department], monday, friday) == {department.pk: 0}


def test_nobody_asked_for_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert seats.free_for([]) == {}
