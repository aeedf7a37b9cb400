"""What may be drafted and asked for: people, days and seats that fit, and conflicts settled first."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from hospitals.models import Closure
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from programs.models import Cohort, Placement
from programs.workflow import enrollments, placements, requests
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


@pytest.fixture
def department():
    hospital = factories.make_hospital("Myongji Hospital", short_name="Myongji")
    return factories.make_department(hospital=hospital, seats=1)


def accepted(cohort, name=None):
    trainee = factories.make_trainee(name)
    return factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")


def draft(client, enrollment, department, first_day, last_day, half="whole"):
    data = {"department": department.pk, "first_day": first_day, "last_day": last_day, "half": half}
    return client.post(reverse("programs:placement-create", args=[enrollment.pk]), data)


# Whom ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["completed", "closed", "cancelled"])
def test_a_cohort_that_is_over_takes_no_placement_and_offers_none(client, officer, cohort, department, state):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    _put_state(cohort, state)

    page = client.get(reverse("programs:placement-create", args=[enrollment.pk]))
    sent = draft(client, enrollment, department, "2026-11-02", "2026-11-06")
    board = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()

    assert (page.status_code, sent.status_code) == (409, 409)
    assert "Nobody is placed in this cohort any more, or yet." in text_of(page)
    assert "Draft the placement" not in text_of(page)
    assert "/placements/create/" not in board
    assert not Placement.objects.exists()


def _put_state(cohort, state):
    """Put the cohort at a state, past its verbs and the people in it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_cohort SET state = %s WHERE id = %s", [state, cohort.pk])


def test_the_board_offers_places_for_who_takes_part_and_not_for_who_has_finished(client, officer, cohort):
    finished, here = accepted(cohort), accepted(cohort)
    factories.advance(cohort, "selecting")
    with clock.at(cohort.last_day):
        enrollments.start_training(finished, by=PORTAL)
        enrollments.complete(finished, by=PORTAL)

    board = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()

    assert f"/placements/create/{here.pk}/" in board
    assert f"/placements/create/{finished.pk}/" not in board


# When ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_day", "last_day", "drafted"),
    [
        ("2026-11-07", "2026-11-08", False),  # Saturday and Sunday
        ("2026-11-08", "2026-11-08", False),
        ("2026-11-07", "2026-11-09", True),  # until Monday
        ("2026-11-06", "2026-11-08", True),  # from Friday
        ("2026-11-07", "2026-11-15", True),  # the week between two weekends
    ],
)
def test_a_placement_has_a_working_day_in_it(
    client, officer, cohort, department, first_day, last_day, drafted
):
    response = draft(client, accepted(cohort), department, first_day, last_day)

    assert (response.status_code, Placement.objects.exists()) == ((302, True) if drafted else (422, False))
    if not drafted:
        assert "A placement needs a working day, from Monday to Friday." in text_of(response)


def test_a_draft_that_shares_days_with_another_of_the_trainee_is_refused_in_words(
    client, officer, cohort, department
):
    enrollment = accepted(cohort)
    factories.make_placement(
        enrollment=enrollment, department=department, first_day=week(1)[0], last_day=week(2)[1]
    )

    refused = draft(client, enrollment, factories.make_department(), "2026-11-13", "2026-11-20")

    assert refused.status_code == 422
    assert (
        "The trainee has a place on one of these days already: "
        "Myongji, Surgery, 2–13 November 2026 (Draft)." in text_of(refused)
    )
    assert Placement.objects.count() == 1


@pytest.mark.parametrize("state", ["declined", "cancelled"])
def test_days_of_a_placement_that_does_not_take_place_are_free_again(
    client, officer, cohort, department, state
):
    enrollment = accepted(cohort)
    factories.make_placement(enrollment=enrollment, state=state)
    assert draft(client, enrollment, department, "2026-11-02", "2026-11-27").status_code == 302


def test_mornings_and_afternoons_of_the_same_days_are_two_placements(client, officer, cohort, department):
    enrollment = accepted(cohort)
    factories.make_placement(enrollment=enrollment, half="morning")
    assert draft(client, enrollment, department, "2026-11-02", "2026-11-06", "afternoon").status_code == 302


def test_the_new_placement_form_shows_where_the_trainee_is_already_and_what_is_in_the_way(
    client, officer, cohort, department
):
    enrollment = accepted(cohort)
    for number, place in ((1, department), (2, factories.make_department(specialty="cardiology"))):
        first_day, last_day = week(number)
        factories.make_placement(
            enrollment=enrollment, department=place, first_day=first_day, last_day=last_day
        )
    address = reverse("programs:placement-create", args=[enrollment.pk])

    text = text_of(client.get(address, {"first_day": "2026-11-09", "last_day": "2026-11-13"}))

    assert "Myongji, Surgery , 2–6 November 2026 Draft" in text
    assert "9–13 November 2026 Draft on the days asked for" in text
    assert text.count("on the days asked for") == 1


# Conflicts before requests -------------------------------------------------------------------------


def send(client, cohort):
    return client.post(reverse("programs:cohort-request-placements", args=[cohort.pk]))


def _no_seat(cohort, department):
    factories.make_placement(enrollment=accepted(cohort), department=department, state="confirmed")
    factories.make_placement(enrollment=accepted(cohort, "Bolormaa Dorj"), department=department)
    return "No seat is free. Myongji, Surgery has 1 seat on these days."


def _no_seat_because_of_a_later_request(cohort, department):
    first_day, last_day = week(1)
    factories.make_placement(enrollment=accepted(cohort, "Bolormaa Dorj"), department=department)
    factories.make_placement(
        enrollment=accepted(factories.make_cohort(state="nominating")),
        department=department,
        state="requested",
        first_day=first_day,
        last_day=last_day,
    )
    return "No seat is free. Myongji, Surgery has 1 seat on these days."


def _closed(cohort, department):
    factories.make_placement(enrollment=accepted(cohort, "Bolormaa Dorj"), department=department)
    day = week(2)[0]
    Closure.objects.create(department=department, first_day=day, last_day=day)
    return "The department is closed. Myongji, Surgery takes nobody on these days: 9 November 2026."


def _outside(cohort, department):
    factories.make_placement(enrollment=accepted(cohort, "Bolormaa Dorj"), department=department)
    Cohort.objects.filter(pk=cohort.pk).update(starts="2026-11-09")
    return "Outside the cohort’s dates. The placement: 2–27 November 2026."


def _two_places(cohort, department):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    factories.put_draft(enrollment, department=department)
    factories.put_draft(enrollment)
    return "Two places at once. The trainee also has Myongji, Surgery: 2–27 November 2026."


@pytest.mark.parametrize(
    "conflict", [_no_seat, _no_seat_because_of_a_later_request, _closed, _outside, _two_places]
)
def test_a_draft_in_conflict_is_told_beside_the_trainee_and_no_request_goes_out(
    client, officer, cohort, department, conflict
):
    words = conflict(cohort, department)
    fine = factories.make_placement(enrollment=accepted(cohort), first_day=week(2)[0], last_day=week(2)[1])

    asked = client.get(reverse("programs:cohort-request-placements", args=[cohort.pk]))
    refused = send(client, cohort)

    assert "1 conflict must be settled before requests go out." in text_of(asked)
    assert f"Bolormaa Dorj {words}" in text_of(asked)
    board = reverse("programs:cohort-placements", args=[cohort.pk])
    assert f'<a href="{board}">See the board</a>' in asked.content.decode()
    assert 'class="confirm"' not in asked.content.decode()
    assert refused.status_code == 409
    assert "Nothing was sent. 1 conflict must be settled before requests go out." in text_of(refused)
    assert f"Bolormaa Dorj: {words}" in text_of(refused)
    fine.refresh_from_db()
    assert fine.state == "draft"
    assert not OutgoingMail.objects.filter(kind="placement_request").exists()


def test_two_drafts_for_one_seat_are_one_conflict_and_once_it_is_settled_the_requests_go_out(
    client, officer, cohort, department
):
    factories.make_placement(enrollment=accepted(cohort), department=department)
    second = factories.make_placement(enrollment=accepted(cohort), department=department)
    assert send(client, cohort).status_code == 409

    placements.cancel(second, by=officer, reason="no seat")

    assert send(client, cohort).status_code == 302
    assert sorted(Placement.objects.values_list("state", flat=True)) == ["cancelled", "requested"]


# The mails of a placement --------------------------------------------------------------------------


def test_a_placement_shows_the_request_that_went_out_about_its_cohort(client, officer, cohort, department):
    factories.make_coordinator(department.hospital, name="Park Ji-won")
    asked = factories.make_placement(
        enrollment=accepted(cohort), department=department, first_day=week(1)[0], last_day=week(1)[1]
    )
    requests.request_all(cohort, by=PORTAL)
    other = factories.make_placement(
        enrollment=accepted(cohort), department=department, first_day=week(2)[0], last_day=week(2)[1]
    )

    request = OutgoingMail.objects.get(kind="placement_request")
    assert _mails_shown(client, asked) == [request.pk]
    assert _mails_shown(client, other) == []
    placements.cancel(asked, by=officer, reason="ill")
    cancellation = OutgoingMail.objects.get(kind="placement_cancelled")
    assert sorted(_mails_shown(client, asked)) == [request.pk, cancellation.pk]


def _mails_shown(client, placement):
    page = client.get(reverse("programs:placement-detail", args=[placement.pk]))
    shown = [mail.pk for mail in page.context["mails"]]
    assert ("No mail so far, and none is planned." in text_of(page)) == (not shown)
    return shown


# Deadlines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["coordinator", "officer"])
def test_where_deadlines_differ_each_stands_beside_its_trainee_and_the_late_ones_are_marked(
    client, cohort, department, reader
):
    coordinator = factories.make_coordinator(department.hospital).user
    client.force_login(coordinator if reader == "coordinator" else factories.make_user(Role.OFFICER))
    for number in (1, 2):
        with clock.at(clock.now() + timedelta(days=7 * (number - 1))):
            factories.make_placement(
                enrollment=accepted(cohort),
                department=department,
                state="requested",
                first_day=week(number)[0],
                last_day=week(number)[1],
            )
    with clock.at(date(2026, 10, 22)):
        text = text_of(client.get(reverse("programs:placement-to-answer")))

    assert "The answer was due on" not in text
    assert "The deadline stands beside each trainee. 1 answer is late" in text
    assert ("please give it today" in text) == (reader == "coordinator")
    assert "Tuesday, 20 October 2026: late" in text
    assert "Tuesday, 27 October 2026" in text
    assert "Tuesday, 27 October 2026: late" not in text


# Cancelling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "help_text"),
    [
        ("draft", "It stays in the history of the placement; nobody gets a mail of it."),
        ("requested", "The hospital reads it in the mail."),
    ],
)
def test_the_cancel_screen_says_who_reads_the_reason_and_keeps_the_deed_apart_from_the_way_out(
    client, officer, state, help_text
):
    placement = factories.make_placement(state=state)
    factories.make_coordinator(placement.department.hospital)
    html = client.get(reverse("programs:placement-cancel", args=[placement.pk])).content.decode()
    assert help_text in html
    assert html.count("The hospital reads it in the mail.") == (state == "requested")
    assert '<button class="btn btn-danger" type="submit">Cancel the placement</button>' in html
    assert ">Not now</a>" in html
