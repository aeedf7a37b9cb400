"""Departments and their closed periods: entered and changed by staff and by the hospital's own coordinators."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hospitals.models import Closure, Department
from portal.accounts.roles import Role
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

CREATE, EDIT = "hospitals:department-create", "hospitals:department-edit"
CLOSE, CHANGE, REMOVE = "hospitals:closure-create", "hospitals:closure-edit", "hospitals:closure-remove"


@pytest.fixture
def department():
    return factories.make_department(seats=2)


@pytest.fixture
def coordinator(client, department):
    user = factories.make_coordinator(department.hospital).user
    client.force_login(user)
    return user


def at(name, obj):
    return reverse(name, args=[obj.pk])


def facts(department, **changes):
    kept = {"specialty": department.specialty_id, "name": department.name, "seats": department.seats}
    return {**kept, "languages": department.languages, **changes}


def days(first, last, **more):
    return {"first_day": f"2026-{first}", "last_day": f"2026-{last}", "reason": "repairs", **more}


# Departments ----------------------------------------------------------------------------------------


def test_a_coordinator_enters_a_department_of_their_own_hospital_and_of_no_other(
    client, coordinator, department
):
    specialty = factories.make_specialty("urology")
    data = {"specialty": specialty.pk, "seats": "3", "languages": ["en", "ko"], "meeting_point": "Desk"}
    assert client.post(at(CREATE, department.hospital), data).status_code == 302
    entered = Department.objects.get(specialty=specialty)
    assert (entered.hospital, entered.seats, entered.languages) == (department.hospital, 3, ["en", "ko"])
    assert Event.objects.about(entered).get().verb == "enter"
    assert client.post(at(CREATE, factories.make_hospital()), data).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("seats", "-1", "Ensure this value is greater than or equal to 0."),
        ("seats", "many", "Enter a whole number."),
        ("name", "x" * 300, "Ensure this value has at most 120 characters (it has 300)."),
        ("specialty", "", "This field is required."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    client, coordinator, department, field, typed, words
):
    data = facts(department, meeting_point="Ward 7", **{field: typed})
    response = client.post(at(EDIT, department), data)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [words]}
    assert 'value="Ward 7"' in response.content.decode()


def test_one_hospital_has_a_department_once(client, coordinator, department):
    data = facts(department)
    response = client.post(at(CREATE, department.hospital), data)
    assert response.context["form"].errors == {
        "specialty": ["The hospital has this department already. Give this one a name of its own."]
    }
    assert client.post(at(CREATE, department.hospital), {**data, "name": "Second ward"}).status_code == 302


def test_fewer_seats_than_are_confirmed_need_a_decision_with_a_reason(client, coordinator, department):
    people = [factories.make_placement(department=department, state="confirmed").trainee for _ in range(2)]
    response = client.post(at(EDIT, department), facts(department, seats="1"))
    assert response.status_code == 422
    assert response.context["form"].against == [
        "Confirmed on one day: 2. Seats there would be: 1.",
        *[f"{one.display_name}, 2–27 November 2026" for one in people],
    ]
    department.refresh_from_db()
    assert department.seats == 2
    client.post(at(EDIT, department), facts(department, seats="1", all_the_same="a nurse is away"))
    department.refresh_from_db()
    event = Event.objects.about(department).get()
    assert (department.seats, event.reason) == (1, "a nurse is away")
    assert event.data["against"][0] == "Confirmed on one day: 2. Seats there would be: 1."


def test_as_many_seats_as_are_confirmed_need_no_word(client, coordinator, department):
    factories.make_placement(department=department, state="confirmed")
    factories.make_placement(department=department, state="requested")
    assert client.post(at(EDIT, department), facts(department, seats="1")).status_code == 302


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client, coordinator, department):
    seen = client.get(at(EDIT, department)).context["form"].initial["seen"]
    Department.objects.filter(pk=department.pk).update(seats=5)
    response = client.post(at(EDIT, department), facts(department, seats="3", seen=seen))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["seats"]


def test_a_department_is_archived_and_taken_out_again_by_its_coordinator(client, coordinator, department):
    elsewhere = factories.make_department()
    archive = "hospitals:department-archive"
    Closure.objects.create(department=department, first_day=date(2027, 1, 1), last_day=date(2027, 1, 1))
    assert client.post(at(archive, elsewhere), {"reason": "x"}).status_code == 404
    client.post(at(archive, department), {"reason": "no seats this year"})
    assert list(Department.objects.placeable()) == [elsewhere]
    client.post(at("hospitals:department-unarchive", department))
    assert set(Department.objects.placeable()) == {department, elsewhere}


def test_a_department_where_somebody_is_to_come_is_not_archived(client, coordinator, department):
    factories.make_placement(department=department, state="confirmed")
    response = client.post(at("hospitals:department-archive", department), {"reason": "x"})
    assert response.status_code == 409


# Closed periods -------------------------------------------------------------------------------------


def test_a_department_is_closed_for_some_days_and_opened_again(client, coordinator, department):
    client.post(at(CLOSE, department), days("12-21", "12-24"))
    closure = department.closures.get()
    assert closure.days == "21–24 December 2026"
    client.post(at(CHANGE, closure), days("12-21", "12-26"))
    closure.refresh_from_db()
    assert closure.last_day == date(2026, 12, 26)
    assert "21–26 December 2026" in client.get(at(REMOVE, closure)).content.decode()
    client.post(at(REMOVE, closure))
    assert list(department.closures.all()) == []
    verbs = [event.verb for event in Event.objects.about(department).for_history()]
    assert verbs == ["reopen", "change_closure", "close"]


def test_a_period_that_ends_before_it_begins_says_so_at_its_field(client, coordinator, department):
    response = client.post(at(CLOSE, department), days("12-24", "12-21"))
    assert response.context["form"].errors == {"last_day": ["The last day is before the first."]}
    assert 'value="2026-12-21"' in response.content.decode()


def test_two_closed_periods_never_overlap(client, coordinator, department):
    client.post(at(CLOSE, department), days("12-21", "12-24"))
    response = client.post(at(CLOSE, department), days("12-24", "12-31"))
    words = "The department is closed already on these days: 21–24 December 2026. Change that period instead."
    assert response.context["form"].errors == {"first_day": [words]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.create(department=department, first_day=date(2026, 12, 24), last_day=date(2027, 1, 1))


def test_closing_over_confirmed_days_needs_a_decision_with_a_reason(client, coordinator, department):
    placement = factories.make_placement(department=department, state="confirmed")
    response = client.post(at(CLOSE, department), days("11-26", "12-05"))
    assert response.status_code == 422
    assert response.context["form"].against == [
        "On these days the following are confirmed:",
        f"{placement.trainee.display_name}, 2–27 November 2026",
    ]
    client.post(at(CLOSE, department), days("11-26", "12-05", all_the_same="water damage"))
    assert department.closures.get().first_day == date(2026, 11, 26)
    assert Event.objects.about(department).get().reason == "water damage"


def test_nobody_closes_the_department_of_another_hospital(client, coordinator):
    elsewhere = factories.make_department()
    closure = Closure.objects.create(
        department=elsewhere, first_day=date(2027, 1, 1), last_day=date(2027, 1, 1)
    )
    assert client.post(at(CLOSE, elsewhere), days("12-21", "12-24")).status_code == 404
    for name in (CHANGE, REMOVE):
        assert client.post(at(name, closure), days("12-21", "12-24")).status_code == 404
    assert list(elsewhere.closures.all()) == [closure]


def test_a_viewer_who_coordinates_one_hospital_changes_only_that_one(client, department):
    user = factories.make_coordinator(
        department.hospital, user=factories.make_user([Role.VIEWER, Role.COORDINATOR])
    ).user
    client.force_login(user)
    assert client.get(at(EDIT, department)).status_code == 200
    assert client.get(at(EDIT, factories.make_department())).status_code == 404
