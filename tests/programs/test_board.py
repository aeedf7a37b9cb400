"""The read model of the placement board: weeks, lines, and what is in conflict."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from hospitals.models import Closure
from portal.records import clock
from portal.records.actors import PORTAL
from programs.board import board_of
from programs.models import Cohort, Placement
from programs.workflow import placements
from tests import factories
from tests.factories import FRIDAY, MONDAY, week

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


@pytest.fixture
def department():
    hospital = factories.make_hospital("Myongji Hospital", short_name="Myongji")
    return factories.make_department(hospital=hospital, seats=1)


def accepted(cohort, name, **fields):
    trainee = factories.make_trainee(name, **fields)
    return factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")


def place(enrollment, department, first, last=None, state="draft", **fields):
    """A placement from the Monday of one week of the cohort to the Friday of another."""
    return factories.make_placement(
        enrollment=enrollment,
        department=department,
        state=state,
        first_day=week(first)[0],
        last_day=week(last or first)[1],
        **fields,
    )


def conflicts(row):
    return [note.lead for note in row.notes if note.is_conflict]


def shape(row):
    """The lines of a row: the weeks of each cell, negative where nobody has placed the trainee."""
    return [[cell.weeks if cell.placement else -cell.weeks for cell in line] for line in row.lines]


def test_weeks_without_a_place_are_cells_of_their_own_and_say_which(cohort, department):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    place(enrollment, department, 2)

    [row] = board_of(cohort).rows

    assert shape(row) == [[-1, 1, -2]]
    assert [cell.word for cell in row.lines[0]] == ["Place in week 1", "Draft", "Place in weeks 3 to 4"]
    assert (row.lines[0][2].first_day, row.lines[0][2].last_day) == (week(3)[0], week(4)[1])


def test_a_department_with_one_seat_and_two_requests_is_a_conflict_below_the_later_one(cohort, department):
    first, second = accepted(cohort, "Aizada Mambetova"), accepted(cohort, "Bolormaa Dorj")
    place(first, department, 1, 2, state="requested")
    place(second, department, 2, 3)

    board = board_of(cohort)

    assert [conflicts(row) for row in board.rows] == [[], ["No seat is free."]]
    assert board.rows[1].notes[0].text == (
        "Myongji, Surgery has 1 seat on these days. Confirmed or asked for earlier: Aizada Mambetova."
    )
    assert [cell.words for cell in board.seats[0].cells] == [
        "1 of 1 free",
        "2 for 1 seat",
        "1 of 1 free",
        "1 of 1 free",
    ]
    assert [cell.also for cell in board.seats[0].cells] == [
        "1 asked for",
        "1 asked for · 1 draft",
        "1 draft",
        "",
    ]


def test_a_seat_taken_by_another_cohort_is_taken(cohort, department):
    other = factories.make_cohort(state="nominating")
    place(accepted(other, "Cholpon Osmonova"), department, 1, state="confirmed")
    place(accepted(cohort, "Bolormaa Dorj"), department, 1)

    [row] = board_of(cohort).rows

    assert conflicts(row) == ["No seat is free."]
    assert row.notes[0].text.endswith("Cholpon Osmonova.")


def test_mornings_and_afternoons_of_one_seat_are_no_conflict(cohort, department):
    place(accepted(cohort, "Aizada Mambetova"), department, 1, half="morning")
    place(accepted(cohort, "Bolormaa Dorj"), department, 1, half="afternoon")

    assert board_of(cohort).conflicts == 0


def test_a_placement_beyond_the_seats_shows_its_reason_and_is_no_conflict(cohort, department):
    factories.make_placement(
        enrollment=accepted(cohort, "Aizada Mambetova"), department=department, state="confirmed"
    )
    late = place(accepted(cohort, "Bolormaa Dorj"), department, 1, state="requested")
    placements.confirm(late, by=PORTAL, overbook_reason="the professor agreed")

    board = board_of(cohort)

    assert board.conflicts == 0
    assert [note.text for note in board.rows[1].notes] == [
        "Beyond the seats of Myongji, Surgery: “the professor agreed”"
    ]


def test_two_places_at_once_are_said_below_the_unsettled_one_and_stand_in_two_lines(cohort, department):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    drafted = factories.put_draft(enrollment, first_day=week(1)[0], last_day=week(2)[1])
    settled = factories.put_draft(
        enrollment, department=department, first_day=week(2)[0], last_day=week(3)[1]
    )
    placements.request(settled, by=PORTAL)
    placements.confirm(settled, by=PORTAL)

    [row] = board_of(cohort).rows

    assert shape(row) == [[2, -2], [-1, 2, -1]]
    assert conflicts(row) == ["Two places at once."]
    assert row.notes[0].placement == drafted
    assert row.notes[0].text == "The trainee also has Myongji, Surgery: 9–20 November 2026."


def test_a_seat_of_the_same_trainee_in_another_cohort_is_two_places_at_once(cohort, department):
    trainee = factories.make_trainee("Bolormaa Dorj")
    other = factories.make_cohort(state="nominating")
    elsewhere = factories.make_enrollment(cohort=other, trainee=trainee, state="accepted")
    place(elsewhere, department, 1, state="confirmed")
    here = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    factories.put_draft(here, first_day=week(1)[0], last_day=week(1)[1])

    [row] = board_of(cohort).rows

    assert conflicts(row) == ["Two places at once."]


def test_a_closed_department_is_a_conflict_with_the_days_and_the_reason(cohort, department):
    place(accepted(cohort, "Gantulga Munkhbat"), department, 3)
    Closure.objects.create(
        department=department,
        first_day=date(2026, 11, 18),
        last_day=date(2026, 11, 20),
        reason="moving house",
    )

    board = board_of(cohort)

    assert conflicts(board.rows[0]) == ["The department is closed."]
    assert board.rows[0].notes[0].text == (
        "Myongji, Surgery takes nobody on these days: 18–20 November 2026 (moving house)."
    )
    assert board.rows[0].lines[0][1].word == "Draft, in conflict"
    assert board.seats[0].note == "closed 18–20 November 2026"


def test_a_placement_outside_the_cohort_is_shown_and_is_a_conflict(cohort, department):
    place(accepted(cohort, "Bolormaa Dorj"), department, 1, state="confirmed")
    Cohort.objects.filter(pk=cohort.pk).update(starts="2026-11-09")
    cohort.refresh_from_db()

    board = board_of(cohort)

    assert board.weeks[0] == week(1)
    assert conflicts(board.rows[0]) == ["Outside the cohort’s dates."]


def test_what_a_hospital_said_when_it_declined_stands_below_and_the_weeks_can_be_placed_anew(
    cohort, department
):
    enrollment = accepted(cohort, "Dilshod Rakhimov")
    place(enrollment, department, 3, state="declined", reason="No elective surgery in that week.")

    [row] = board_of(cohort).rows

    assert [note.text for note in row.notes] == ["Myongji: “No elective surgery in that week.”"]
    assert conflicts(row) == []
    assert row.lines[0][1].word == "Declined 13 October"
    assert row.needs_attention


def test_a_declined_placement_yields_to_the_one_that_replaces_it(cohort, department):
    enrollment = accepted(cohort, "Dilshod Rakhimov")
    place(enrollment, department, 1, 4, state="declined", reason="No elective surgery")
    place(enrollment, factories.make_department(), 1, 4, state="confirmed")

    [row] = board_of(cohort).rows

    assert shape(row) == [[4]]
    assert row.notes == []
    assert not row.needs_attention


def test_a_hospital_is_silent_only_once_its_answer_is_overdue(cohort, department):
    place(accepted(cohort, "Temuulen Otgonbayar"), department, 1, state="requested")

    assert board_of(cohort).silences == []
    with clock.at(date(2026, 10, 21)):
        board = board_of(cohort)
        [silence], word = board.silences, board.rows[0].lines[0][0].word

    assert (str(silence.hospital), silence.requests) == ("Myongji Hospital", 1)
    assert (silence.asked_on, silence.answer_due) == (date(2026, 10, 13), date(2026, 10, 20))
    assert word == "Requested 13 October, silent"


def test_where_only_the_month_of_the_first_day_is_known_the_weeks_begin_with_the_first_placement(department):
    cohort = factories.make_cohort(state="nominating", starts="2022-10", ends="2022-11-25")
    enrollment = accepted(cohort, "Bolormaa Dorj")
    factories.make_placement(
        enrollment=enrollment,
        department=department,
        state="confirmed",
        first_day=date(2022, 10, 31),
        last_day=date(2022, 11, 25),
    )

    board = board_of(cohort)

    assert board.weeks[0] == (date(2022, 10, 31), date(2022, 11, 4))
    assert len(board.weeks) == 4
    assert shape(board.rows[0]) == [[4]]


def test_a_cohort_of_which_only_the_year_is_known_has_no_weeks_before_its_first_placement():
    cohort = factories.make_cohort(state="nominating", starts="2015", ends="2015")
    accepted(cohort, "Bolormaa Dorj")

    board = board_of(cohort)

    assert board.weeks == []
    assert [row.name for row in board.rows] == ["Bolormaa Dorj"]


def test_rejected_reserve_and_withdrawn_trainees_are_not_on_the_board(cohort, department):
    accepted(cohort, "Bolormaa Dorj")
    factories.make_enrollment(cohort=cohort, state="reserve")
    factories.make_enrollment(cohort=cohort, state="nominated")

    assert [row.name for row in board_of(cohort).rows] == ["Bolormaa Dorj"]


def test_who_needs_attention_comes_first_and_the_others_keep_their_order(cohort, department):
    place(accepted(cohort, "Aizada Mambetova"), department, 1, 4, state="confirmed")
    accepted(cohort, "Zarina Saidova")

    board = board_of(cohort)

    assert [row.name for row in board.rows] == ["Aizada Mambetova", "Zarina Saidova"]
    assert [row.name for row in board.attention_first()] == ["Zarina Saidova", "Aizada Mambetova"]


def test_the_seats_of_a_week_name_who_is_there_and_what_is_not_settled(cohort):
    department = factories.make_department(seats=3)
    seated = place(accepted(cohort, "Bolormaa Dorj"), department, 1, state="confirmed")
    place(accepted(cohort, "Aizada Mambetova"), department, 1, 2)

    first, second = board_of(cohort).seats[0].cells[:2]

    assert [(person.name, person.note) for person in first.people] == [
        ("Bolormaa Dorj", ""),
        ("Aizada Mambetova", "Draft"),
    ]
    assert first.people[0].url.endswith(f"/{seated.pk}/")
    assert [person.name for person in second.people] == ["Aizada Mambetova"]


def test_beyond_six_the_seats_of_a_week_say_how_many_more(cohort):
    department = factories.make_department(seats=9)
    for number in range(8):
        place(accepted(cohort, f"Trainee {number}"), department, 1)

    cell = board_of(cohort).seats[0].cells[0]

    assert (len(cell.people), cell.more, cell.drafts, cell.words) == (6, 2, 8, "9 of 9 free")


def test_a_reader_of_korean_finds_the_korean_name_where_there_is_one(cohort):
    accepted(cohort, "Bolormaa Dorj", korean_name="볼로르마 도르지")
    accepted(cohort, "Zarina Saidova")

    with override("ko"):
        names = [row.name for row in board_of(cohort).rows]

    assert names == ["볼로르마 도르지", "Zarina Saidova"]


@pytest.mark.parametrize("trainees", [1, 3])
def test_the_board_is_read_in_a_fixed_number_of_queries(django_assert_num_queries, trainees, cohort):
    for number in range(trainees):
        enrollment = accepted(cohort, f"Trainee {number}")
        place(enrollment, factories.make_department(), 1, 2, state="requested")
        place(enrollment, factories.make_department(), 3, 4, state="confirmed")
    cohort = Cohort.objects.get(pk=cohort.pk)

    with django_assert_num_queries(8):
        board = board_of(cohort)

    assert len(board.rows) == trainees


def test_another_specialty_and_no_common_language_are_said_and_hold_up_no_request(cohort):
    department = factories.make_department(specialty="urology", languages=["en"])
    enrollment = accepted(
        cohort, "Bolormaa Dorj", specialty=factories.make_specialty("surgery"), languages=["ru", "mn"]
    )
    place(enrollment, department, 1)

    [row] = board_of(cohort).rows

    assert [note.lead for note in row.notes] == ["Another specialty.", "No common language."]
    assert row.notes[1].text.startswith("The trainee speaks: Russian and Mongolian.")
    assert conflicts(row) == []


def test_a_part_of_the_specialty_is_no_other_specialty_and_what_is_not_told_is_not_judged(cohort):
    surgery = factories.make_specialty("surgery")
    factories.make_specialty("hand surgery", parent=surgery)
    department = factories.make_department(specialty="hand surgery", languages=["en"])
    place(accepted(cohort, "Bolormaa Dorj", specialty=surgery), department, 1)
    place(accepted(cohort, "Zarina Saidova", languages=["en", "ru"]), department, 2)

    assert [row.notes for row in board_of(cohort).rows] == [[], []]


def test_a_draft_beyond_what_the_hospital_offered_is_said_and_holds_up_no_request(cohort):
    department = factories.make_department(seats=5)
    factories.make_hosting(cohort, department.hospital, offered={(department, week(2)[0]): 1})
    place(accepted(cohort, "Aizada Mambetova"), department, 1, 2, state="confirmed")
    place(accepted(cohort, "Bolormaa Dorj"), department, 2)
    place(accepted(cohort, "Zarina Saidova"), department, 3)

    first, second, third = board_of(cohort).rows

    assert [note.text for note in second.notes] == [
        f"{department} offered 1 seat for the week from 9 November 2026; 2 are placed or drafted there."
    ]
    assert (first.notes, third.notes, conflicts(second)) == ([], [], [])


def test_a_draft_at_a_hospital_that_does_not_host_this_time_is_said(cohort, department):
    factories.make_hosting(cohort, department.hospital, interest="no")
    place(accepted(cohort, "Aizada Mambetova"), department, 1)
    place(accepted(cohort, "Bolormaa Dorj"), department, 2, state="confirmed")

    drafted, agreed = board_of(cohort).rows

    assert [note.text for note in drafted.notes] == ["Myongji said that it does not host this time."]
    assert (agreed.notes, conflicts(drafted)) == ([], [])


def test_what_a_hospital_has_confirmed_is_not_judged_by_specialty_or_language(cohort):
    department = factories.make_department(specialty="urology", languages=["en"])
    enrollment = accepted(
        cohort, "Bolormaa Dorj", specialty=factories.make_specialty("surgery"), languages=["ru"]
    )
    place(enrollment, department, 1, state="confirmed")

    assert board_of(cohort).rows[0].notes == []


def test_a_placement_over_a_weekend_counts_to_the_week_before(cohort, department):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    factories.make_placement(
        enrollment=enrollment,
        department=department,
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=6),
    )

    assert shape(board_of(cohort).rows[0]) == [[1, -3]]
    assert Placement.objects.get().last_day < FRIDAY
