"""The page of the board: what is not released stands on the very placement; who is found; the board on paper."""

from datetime import date

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from programs.models import Placement, Release
from programs.workflow import releases
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


def signed_in(client, user):
    client.force_login(user)
    return client


def place(cohort, name, first=1, last=2, state="confirmed", **fields):
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee(name), state="accepted"
    )
    return factories.make_placement(
        enrollment=enrollment, state=state, first_day=week(first)[0], last_day=week(last)[1], **fields
    )


def board(client, cohort):
    return client.get(reverse("programs:cohort-placements", args=[cohort.pk]))


def marks(response):
    return {one.trainee.passport_name: one.unreleased for one in response.context["page"].board.placements}


def test_what_is_not_released_is_said_on_the_placement_itself(client, officer, cohort):
    told, asked = place(cohort, "Aizada Mambetova"), place(cohort, "Bolormaa Dorj", state="requested")
    signed_in(client, officer)
    assert marks(board(client, cohort)) == {
        told.trainee.passport_name: "New, not released",
        asked.trainee.passport_name: "",
    }
    assert board(client, cohort).content.decode().count("New, not released") == 1

    releases.release(cohort, Release.Kind.PLACEMENTS, by=officer)
    assert set(marks(board(client, cohort)).values()) == {""}

    Placement.objects.filter(pk=told.pk).update(last_day=week(1)[1])
    assert marks(board(client, cohort))[told.trainee.passport_name] == "Changed, not released"


def test_one_is_found_among_many_by_name_or_hospital(client, officer, cohort):
    myongji = factories.make_department(hospital=factories.make_hospital("Myongji Hospital"))
    for number in range(13):
        place(cohort, f"Trainee {number:02}", department=myongji if number == 7 else None)
    signed_in(client, officer)
    address = reverse("programs:cohort-placements", args=[cohort.pk])

    def found(**asked):
        return [row.name for row in client.get(address, asked).context["page"].rows]

    assert 'name="q"' in board(client, cohort).content.decode()
    assert found(q="trainee 03") == ["Trainee 03"]
    assert found(q="myongji") == ["Trainee 07"]
    assert found(q="nobody of that name") == []
    nobody = client.get(address, {"q": "nobody of that name"}).content.decode()
    assert "No trainee of this cohort fits." in nobody
    assert "Show everybody" in nobody


def test_of_many_silent_hospitals_the_first_five_are_in_sight(client, officer, cohort):
    for number in range(7):
        place(cohort, f"Trainee {number}", state="requested")
    with clock.at(date(2026, 10, 21)):
        page = board(signed_in(client, officer), cohort).content.decode()
    shown, folded = page.split("and 2 more")
    assert (shown.count("Record an answer"), folded.count("Record an answer")) == (5, 2)


def test_what_was_told_and_does_not_take_place_is_said_below_the_trainee(client, officer, cohort):
    told = place(cohort, "Aizada Mambetova")
    releases.release(cohort, Release.Kind.PLACEMENTS, by=officer)
    Placement.objects.filter(pk=told.pk).delete()  # the verbs release such a thing at once
    page = board(signed_in(client, officer), cohort)
    [row] = page.context["page"].rows
    assert row.gone == [f"{told.department}, 2–13 November 2026"]
    assert "does not take place any more" in page.content.decode()


def test_nothing_of_a_cohort_that_is_over_waits_for_a_release(client, officer, cohort):
    place(cohort, "Aizada Mambetova")
    factories.advance(cohort, "completed")
    page = board(signed_in(client, officer), cohort)
    assert set(marks(page).values()) == {""}
    assert "Not released" not in page.content.decode()


def paper(client, cohort, **asked):
    return client.get(reverse("programs:cohort-print-placements", args=[cohort.pk]), asked)


def test_the_paper_shows_both_sides_and_nothing_to_click(client, cohort):
    department = factories.make_department(
        hospital=factories.make_hospital("Myongji Hospital", short_name="Myongji"), seats=1
    )
    place(cohort, "Aizada Mambetova", department=department)
    drafted = place(cohort, "Bolormaa Dorj", state="draft", department=department)
    response = paper(signed_in(client, factories.make_user(Role.OFFICER)), cohort)
    text = response.content.decode()
    assert response.context["paper"] == "a4"
    assert "paper-a4" in text
    for words in ("Aizada Mambetova", "no place yet", "Myongji", "2 for 1 seat"):
        assert words in text
    assert "No seat is free." not in text
    for address in (
        reverse("programs:placement-create", args=[drafted.enrollment_id]),
        reverse("programs:cohort-proposal", args=[cohort.pk]),
    ):
        assert address not in text


def test_the_paper_is_chosen_and_conflicts_are_printed_where_they_are_wanted(client, officer, cohort):
    department = factories.make_department(seats=1)
    place(cohort, "Aizada Mambetova", department=department)
    place(cohort, "Bolormaa Dorj", state="draft", department=department)
    text = paper(signed_in(client, officer), cohort, paper="a3", notes="1").content.decode()
    assert "paper-a3" in text
    assert "No seat is free." in text
    assert "Choose another department" not in text
    assert paper(client, cohort, paper="letter").context["paper"] == "a4"


@pytest.mark.parametrize("trainees", [1, 3, 70])
def test_the_paper_has_everybody_and_asks_a_fixed_number_of_queries(
    client, officer, cohort, trainees, django_assert_num_queries
):
    for number in range(trainees):
        place(cohort, f"Trainee {number:03}")
    signed_in(client, officer)
    paper(client, cohort)
    with django_assert_num_queries(13):
        response = paper(client, cohort)
    assert len(response.context["page"].rows) == trainees


def test_a_cohort_without_trainees_says_so_on_paper_too(client, officer, cohort):
    assert "There is nothing to print yet" in paper(signed_in(client, officer), cohort).content.decode()


def test_who_only_reads_the_board_is_led_to_a_draft_and_not_to_its_rearrangement(client, cohort):
    draft = place(cohort, "Draft Person", state="draft")
    text = board(signed_in(client, factories.make_user(Role.VIEWER)), cohort).content.decode()
    detail = reverse("programs:placement-detail", args=[draft.pk])
    assert f'id="slot-{draft.pk}" href="{detail}"' in text
    assert f"/placements/{draft.pk}/move/" not in text
