"""Rearranging drafts on the board: moved, split and swapped, by page and by panel."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from hospitals.models import Closure
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs.board import UNCUT
from programs.models import Placement
from programs.workflow import drafts, placements
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


def accepted(cohort, name):
    return factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(name), state="accepted")


def place(enrollment, first, last=None, **fields):
    fields.setdefault("department", factories.make_department())
    return factories.make_placement(
        enrollment=enrollment, first_day=week(first)[0], last_day=week(last or first)[1], **fields
    )


def where(placement):
    placement.refresh_from_db()
    return placement.department_id, placement.first_day, placement.last_day, placement.half


def post(client, name, placement, data, **headers):
    return client.post(reverse(f"programs:placement-{name}", args=[placement.pk]), data, headers=headers)


def to(department, first, last, half="whole"):
    return {
        "department": department.pk,
        "first_day": week(first)[0],
        "last_day": week(last)[1],
        "half": half,
    }


# Move ----------------------------------------------------------------------------------------------


def test_a_draft_is_moved_to_another_department_and_other_days_and_the_trail_tells_where_it_stood(
    client, officer, cohort
):
    draft, other = place(accepted(cohort, "Bolormaa Dorj"), 1), factories.make_department()
    stood = str(draft.department)

    answer = post(client, "move", draft, to(other, 2, 3, "morning"))

    assert answer.url == reverse("programs:cohort-placements", args=[cohort.pk])
    assert where(draft) == (other.pk, week(2)[0], week(3)[1], "morning")
    moved = Event.objects.get(verb="moved_from")
    assert (moved.actor, moved.data["department"]) == (officer, stood)


def test_a_move_into_closed_days_is_refused_in_words_and_what_was_typed_stays(client, officer, cohort):
    draft, other = place(accepted(cohort, "Bolormaa Dorj"), 1), factories.make_department()
    Closure.objects.create(department=other, first_day=week(2)[0], last_day=week(2)[1])

    answer = post(client, "move", draft, to(other, 2, 2))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The department is closed from 2026-11-09 to 2026-11-13." in page
    assert f'<option value="{other.pk}" selected>' in page
    assert where(draft)[1] == week(1)[0]


def test_a_request_cannot_be_moved_as_the_hospital_has_heard_of_it(client, officer, cohort):
    asked = place(accepted(cohort, "Bolormaa Dorj"), 1, state="requested")

    assert client.get(reverse("programs:placement-move", args=[asked.pk])).status_code == 409
    assert post(client, "move", asked, to(asked.department, 2, 2)).status_code == 409
    assert where(asked)[1] == week(1)[0]


def test_a_link_of_the_board_asks_for_shorter_days(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1, 2)

    page = client.get(reverse("programs:placement-move", args=[draft.pk]) + "?last_day=2026-11-06")

    assert 'value="2026-11-06"' in page.content.decode()


# Split ---------------------------------------------------------------------------------------------


def test_a_draft_is_split_on_a_monday_and_the_first_part_ends_on_the_friday_before(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1, 4)

    post(client, "split", draft, {"on": week(3)[0].isoformat()})

    second = Placement.objects.exclude(pk=draft.pk).get()
    assert where(draft)[1:3] == (week(1)[0], week(2)[1])
    assert where(second) == (draft.department_id, week(3)[0], week(4)[1], "whole")


def test_a_draft_is_split_into_mornings_and_afternoons(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1)

    post(client, "split", draft, {"on": "halves"})

    assert sorted(Placement.objects.values_list("half", flat=True)) == ["afternoon", "morning"]


def test_a_day_on_which_it_cannot_be_split_is_refused(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1, 2)

    assert post(client, "split", draft, {"on": week(4)[0].isoformat()}).status_code == 422
    with pytest.raises(NotNow):
        drafts.split(draft, by=PORTAL, on=date(2026, 11, 4))
    assert Placement.objects.count() == 1


# Swap ----------------------------------------------------------------------------------------------


def test_two_trainees_swap_department_and_days(client, officer, cohort):
    one, two = place(accepted(cohort, "Bolormaa Dorj"), 1, 2), place(accepted(cohort, "Zarina Saidova"), 3)
    before = where(one), where(two)

    answer = post(client, "swap", one, {"other": two.pk})

    assert answer.url == reverse("programs:cohort-placements", args=[cohort.pk])
    assert (where(two), where(one)) == before


def test_one_trainee_swaps_the_departments_of_two_stays(client, officer, cohort):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    first, second = place(enrollment, 1, 2), place(enrollment, 3, 4)

    post(client, "swap", first, {"other": second.pk})

    board = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()
    assert "Bolormaa Dorj: the two drafts have changed departments." in board
    assert where(first) == (second.department_id, week(1)[0], week(2)[1], "whole")


def test_a_swap_that_puts_one_of_them_in_two_places_changes_nothing(client, officer, cohort):
    one = accepted(cohort, "Bolormaa Dorj")
    first, later = place(one, 1), place(one, 3)
    other = place(accepted(cohort, "Zarina Saidova"), 3)
    before = where(first), where(other)

    answer = post(client, "swap", first, {"other": other.pk})

    assert answer.status_code == 422
    assert "The trainee has a place on one of these days already" in answer.content.decode()
    assert (where(first), where(other)) == before
    assert where(later)[1] == week(3)[0]


def test_a_swap_with_what_has_been_requested_meanwhile_is_refused(cohort):
    one, two = place(accepted(cohort, "Bolormaa Dorj"), 1), place(accepted(cohort, "Zarina Saidova"), 2)
    placements.request(two, by=PORTAL)

    with pytest.raises(NotNow):
        drafts.swap(one, two, by=PORTAL)


def test_a_draft_of_another_cohort_is_not_offered_for_a_swap(client, officer, cohort):
    mine = place(accepted(cohort, "Bolormaa Dorj"), 1)
    place(accepted(cohort, "Zarina Saidova"), 1)
    stranger = place(accepted(factories.make_cohort(state="nominating"), "Aizada Mambetova"), 1)

    page = client.get(reverse("programs:placement-swap", args=[mine.pk])).content.decode()

    assert "Zarina Saidova" in page
    assert "Aizada Mambetova" not in page
    assert post(client, "swap", mine, {"other": stranger.pk}).status_code == 422


# The panel -----------------------------------------------------------------------------------------

PANEL = {"HX-Request": "true", "HX-Target": "board-panel"}


def test_the_panel_is_the_forms_alone_and_a_refusal_comes_back_into_it(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1)

    shown = client.get(reverse("programs:placement-move", args=[draft.pk]), headers=PANEL).content.decode()
    refused = post(client, "move", draft, {**to(draft.department, 1, 1), "last_day": "2027-01-08"}, **PANEL)

    assert "<html" not in shown
    assert reverse("programs:placement-move", args=[draft.pk]) in shown
    assert refused.status_code == 422
    assert "outside the cohort" in refused.content.decode()


def test_what_was_done_in_the_panel_is_answered_with_the_board_as_it_stands_then(client, officer, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1)
    board = reverse("programs:cohort-placements", args=[cohort.pk])
    headers = {**PANEL, "HX-Current-URL": f"http://testserver{board}?order=name"}

    answer = post(client, "move", draft, to(draft.department, 2, 2), **headers)

    page = answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#board", "outerHTML")
    assert f"slot-{draft.pk}" in answer["HX-Trigger-After-Settle"]
    assert "<html" not in page
    assert "Bolormaa Dorj: the draft is rearranged." in page
    assert "Place in week 1" in page


# Large cohorts -------------------------------------------------------------------------------------


def test_a_large_cohort_is_cut_into_pages_and_searched(client, officer, cohort):
    for number in range(UNCUT + 1):
        accepted(cohort, f"Trainee {number:03}")
    board = reverse("programs:cohort-placements", args=[cohort.pk])

    first = client.get(board).content.decode()
    last = client.get(board + "?page=99").content.decode()
    found = client.get(board + "?q=trainee 007").content.decode()

    assert ("Trainee 039" in first, "Trainee 040" in first) == (True, False)
    assert ("Trainee 039" in last, "Trainee 040" in last) == (False, True)
    assert "1 of 61 trainees shown." in found


@pytest.mark.parametrize("trainees", [1, 3])
def test_the_page_of_the_board_asks_a_fixed_number_of_queries(
    client, officer, cohort, trainees, django_assert_num_queries
):
    for number in range(trainees):
        enrollment = accepted(cohort, f"Trainee {number}")
        place(enrollment, 1, 2)
        place(enrollment, 3, 4, state="confirmed")
    board = reverse("programs:cohort-placements", args=[cohort.pk])
    client.get(board)

    with django_assert_num_queries(14):
        client.get(board)


def test_a_viewer_reads_the_board_and_cannot_take_up_anything(client, cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1)
    client.force_login(factories.make_user(Role.VIEWER))

    page = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()

    assert "data-draft" not in page
    assert client.get(reverse("programs:placement-move", args=[draft.pk])).status_code == 403


def test_parts_begin_on_the_mondays_inside_the_days(cohort):
    draft = place(accepted(cohort, "Bolormaa Dorj"), 1, 3)
    mondays, halves = drafts.parts_of(draft)
    assert (mondays, halves) == ([week(2)[0], week(3)[0]], True)
    assert drafts.days_of_parts(draft, week(2)[0])[0][1] == week(2)[0] - timedelta(days=3)
