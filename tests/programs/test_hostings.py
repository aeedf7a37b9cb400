"""Offers of hospitals: interest first, seats by week later; by the coordinator or by staff. And trainees’ wishes."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from programs.models import Hosting, Wish
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return factories.make_cohort()


@pytest.fixture
def department(cohort):
    department = factories.make_department(hospital=factories.make_hospital("Myongji Hospital"), seats=2)
    cohort.hospitals.add(department.hospital)
    return department


@pytest.fixture
def coordinator(client, department):
    user = factories.make_coordinator(department.hospital).user
    client.force_login(user)
    return user


def edit(cohort, hospital):
    return reverse("programs:hosting-edit", args=[cohort.pk, hospital.pk])


def cell(department, number):
    return f"seats_{department.pk}_{week(number)[0]:%Y%m%d}"


def test_a_coordinator_expresses_interest_first_and_tells_seats_later(
    client, coordinator, cohort, department
):
    page = client.get(reverse("programs:hosting-list")).content.decode()
    assert edit(cohort, department.hospital) in page

    client.post(edit(cohort, department.hospital), {"interest": "perhaps", "note": "After the move"})
    hosting = Hosting.objects.get()
    assert (hosting.interest, hosting.channel, hosting.seats.count()) == ("perhaps", "portal", 0)

    seats = {cell(department, 1): "2", cell(department, 2): "1", cell(department, 3): ""}
    client.post(edit(cohort, department.hospital), {"interest": "yes", "seen": "1", **seats})
    assert list(hosting.seats.values_list("monday", "seats")) == [(week(1)[0], 2), (week(2)[0], 1)]


@pytest.mark.parametrize("seen", ["7", "-1", "9" * 25])
def test_a_version_that_never_was_overwrites_nothing_and_breaks_nothing(
    client, coordinator, cohort, department, seen
):
    answer = client.post(edit(cohort, department.hospital), {"interest": "perhaps", "seen": seen})
    assert (answer.status_code, Hosting.objects.get().interest) == (302, "perhaps")
    answer = client.post(edit(cohort, department.hospital), {"interest": "no", "seen": seen})
    assert (answer.status_code, Hosting.objects.get().interest) == (422, "perhaps")


def test_more_than_the_department_has_is_refused_at_its_cell_and_what_was_typed_stays(
    client, coordinator, cohort, department
):
    answer = client.post(
        edit(cohort, department.hospital), {"interest": "yes", cell(department, 1): "3", "note": "gladly"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The department has fewer seats than that at one time." in page
    assert 'value="gladly"' in page
    assert Hosting.objects.count() == 0


def test_a_hospital_that_does_not_host_offers_no_seats(client, coordinator, cohort, department):
    client.post(edit(cohort, department.hospital), {"interest": "no", cell(department, 1): "2"})
    assert Hosting.objects.get().seats.count() == 0


def test_staff_record_what_came_by_phone_with_who_said_it(client, cohort, department):
    client.force_login(factories.make_user(Role.OFFICER))
    told = {"interest": "yes", "channel": "phone", "who": "Choi Eun-ji"}

    client.post(edit(cohort, department.hospital), told)
    page = client.get(reverse("programs:cohort-hostings", args=[cohort.pk])).content.decode()

    assert (Hosting.objects.get().said_name, Hosting.objects.get().channel) == ("Choi Eun-ji", "phone")
    assert "Choi Eun-ji" in page
    assert "The offer is kept." in page
    assert "Thank you" not in page  # nobody thanks staff for what a hospital offers


def test_a_coordinator_reaches_neither_another_hospital_nor_a_cohort_that_does_not_ask(
    client, coordinator, cohort, department
):
    stranger = factories.make_department()
    cohort.hospitals.add(stranger.hospital)
    other = factories.make_cohort()
    factories.make_hosting(other, stranger.hospital)

    page = client.get(reverse("programs:hosting-list")).content.decode()

    assert client.get(edit(cohort, stranger.hospital)).status_code == 404
    assert client.get(edit(other, department.hospital)).status_code == 404
    assert str(stranger.hospital) not in page


@pytest.mark.parametrize("hospitals", [1, 3])
def test_the_offers_of_a_cohort_are_read_in_a_fixed_number_of_queries(
    client, cohort, hospitals, django_assert_num_queries
):
    client.force_login(factories.make_user(Role.OFFICER))
    for _ in range(hospitals):
        department = factories.make_department()
        offered = {(department, week(1)[0]): 1}
        factories.make_hosting(cohort, department.hospital, offered=offered)
    address = reverse("programs:cohort-hostings", args=[cohort.pk])
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)


# Wishes --------------------------------------------------------------------------------------------


@pytest.fixture
def trainee(client, cohort):
    person = factories.make_trainee(user=True)
    client.force_login(person.user)
    return person


@pytest.fixture
def enrollment(trainee, department):
    nominating = factories.make_cohort(state="nominating")
    nominating.hospitals.add(department.hospital)
    return factories.make_enrollment(cohort=nominating, trainee=trainee, state="accepted")


def test_a_trainee_tells_wishes_in_their_order_and_changes_them(client, trainee, enrollment, department):
    address = reverse("programs:my-wishes")
    first = {"hospital_1": department.hospital_id, "specialty_2": department.specialty_id}
    client.post(address, first)
    assert list(Wish.objects.values_list("rank", "hospital", "specialty")) == [
        (1, department.hospital_id, None),
        (2, None, department.specialty_id),
    ]

    client.post(address, {"specialty_3": department.specialty_id})
    assert list(Wish.objects.values_list("rank", "specialty")) == [(1, department.specialty_id)]


def test_the_same_wish_twice_is_refused_at_its_field(client, trainee, enrollment, department):
    twice = {"hospital_1": department.hospital_id, "hospital_2": department.hospital_id}
    answer = client.post(reverse("programs:my-wishes"), twice)
    assert answer.status_code == 422
    assert "This is an earlier wish already." in answer.content.decode()


def test_a_hospital_that_does_not_host_the_cohort_cannot_be_wished_for(client, trainee, enrollment):
    stranger = factories.make_hospital("Somewhere else")
    page = client.get(reverse("programs:my-wishes")).content.decode()
    answer = client.post(reverse("programs:my-wishes"), {"hospital_1": stranger.pk})
    assert "Somewhere else" not in page
    assert answer.status_code == 422


def test_after_the_training_began_nobody_tells_wishes(client, trainee, enrollment):
    factories.make_placement(enrollment=enrollment, state="confirmed")
    factories.advance(enrollment.cohort, "running")
    assert "Wishes cannot be told just now" in client.get(reverse("programs:my-wishes")).content.decode()


def test_staff_enter_the_wishes_of_a_trainee(client, enrollment, department):
    client.force_login(factories.make_user(Role.OFFICER))
    address = reverse("programs:enrollment-wishes", args=[enrollment.pk])
    client.post(address, {"hospital_1": department.hospital_id})
    assert str(Wish.objects.get()) == "Myongji Hospital"


@pytest.mark.parametrize(("role", "leads"), [(Role.OFFICER, True), (Role.VIEWER, False)])
def test_the_list_of_trainees_says_who_told_no_wish_and_leads_there(
    client, enrollment, department, role, leads
):
    client.force_login(factories.make_user(role))
    roster = reverse("programs:cohort-trainees", args=[enrollment.cohort_id])
    address = reverse("programs:enrollment-wishes", args=[enrollment.pk])
    page = client.get(roster).content.decode()
    assert ("no wish told yet" in page, address in page) == (True, leads)
    Wish.objects.create(enrollment=enrollment, rank=1, hospital=department.hospital)
    Wish.objects.create(enrollment=enrollment, rank=2, specialty=department.specialty)
    page = client.get(roster).content.decode()
    assert ("2 wishes" in page, "no wish told yet" in page) == (True, False)


def test_who_places_a_trainee_reads_the_wishes_in_their_order(client, enrollment, department):
    client.force_login(factories.make_user(Role.OFFICER))
    address = reverse("programs:placement-create", args=[enrollment.pk])
    assert "No wish told yet." in client.get(address).content.decode()
    Wish.objects.create(enrollment=enrollment, rank=1, specialty=department.specialty)
    Wish.objects.create(enrollment=enrollment, rank=2, hospital=department.hospital)
    page = client.get(address).content.decode()
    assert "<ol><li>Surgery</li><li>Myongji Hospital</li></ol>" in page
