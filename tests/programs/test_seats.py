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
        found = seats.left_for(placements)
    for one in placements:
        taken = rules.fullest_day(one.department, one.first_day, one.last_day, one.half, leaving_out=one.pk)
        assert found[one.pk].free == one.department.seats - taken
    monday, friday = factories.week(1)
    with django_assert_num_queries(1):
        left = seats.left_in(departments, monday, friday)
    assert [left[one.pk].words for one in departments] == ["0 of 2 free", "2 of 2 free"]


def test_a_seat_that_is_asked_for_or_drafted_is_free_and_said_beside_it():
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
    assert seats.left_in([department], monday, friday)[department.pk].words == (
        "1 of 2 free · 1 asked for · 1 draft"
    )


def test_who_moves_leaves_their_own_seat_free():
    placement = factories.make_placement(department=factories.make_department(seats=1), state="confirmed")
    days = placement.first_day, placement.last_day
    left = seats.left_in([placement.department], *days, instead_of=placement)
    assert left[placement.department_id].words == "1 of 1 free"


def test_what_staff_only_draft_is_not_counted_where_hospitals_read_too():
    department = factories.make_department(seats=2)
    cohort = factories.make_cohort(state="nominating")
    for state in ("requested", "requested", "draft"):
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        factories.make_placement(enrollment=enrollment, department=department, state=state)
    placements = Placement.objects.filter(state="requested").select_related("department")
    assert [left.words for left in seats.left_for(placements).values()] == ["2 of 2 free · 1 asked for"] * 2


def test_nobody_asked_for_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert seats.left_for([]) == {}
