"""Host hospitals: the list, and the page with who is there, the seats and the years."""

from datetime import date

import pytest
from django.urls import reverse

from hospitals.models import Closure, Coordinator
from portal.accounts.roles import Role
from portal.accounts.workflow import take_role
from portal.records import clock
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "hospitals:hospital-list"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def page_of(client, hospital):
    return client.get(reverse("hospitals:hospital-detail", args=[hospital.pk]))


def placed(department, state="confirmed", first_day=factories.MONDAY, last_day=factories.FRIDAY):
    return factories.make_placement(
        department=department, state=state, first_day=first_day, last_day=last_day
    )


def test_who_comes_next_and_who_is_here_change_with_the_day(client, officer):
    department = factories.make_department()
    confirmed, asked = placed(department), placed(department, "requested")
    placed(department, "declined")
    placed(department, "draft")
    placed(factories.make_department())
    guests = page_of(client, department.hospital).context["guests"]
    assert (guests.now, guests.next) == ([], [confirmed, asked])
    with clock.at(date(2026, 11, 4)):
        guests = page_of(client, department.hospital).context["guests"]
    assert (guests.now, guests.next) == ([confirmed], [])


def test_seats_are_counted_week_by_week_from_confirmed_placements(client, officer):
    department = factories.make_department(seats=2)
    placed(department)
    placed(department, first_day=date(2026, 11, 9), last_day=date(2026, 11, 13))
    placed(department, "requested")
    (row,) = page_of(client, department.hospital).context["guests"].rows
    assert [cell.words for cell in row.cells] == [
        "0 of 2", "0 of 2", "0 of 2", "1 of 2", "2 of 2, full", "1 of 2", "1 of 2", "0 of 2",
    ]  # fmt: skip


def test_a_week_is_closed_only_if_the_department_is_closed_on_all_its_days(client, officer):
    department = factories.make_department()
    Closure.objects.create(department=department, first_day=date(2026, 10, 19), last_day=date(2026, 10, 28))
    response = page_of(client, department.hospital)
    (row,) = response.context["guests"].rows
    assert [cell.closed for cell in row.cells] == [False, True, False, False, False, False, False, False]
    assert "19–28 October 2026" in response.content.decode()


def test_a_year_tells_people_once_and_their_weeks_together(client, officer):
    department = factories.make_department(seats=5)
    enrollment = factories.make_enrollment(state="accepted")
    for first_day, last_day in (factories.week(1), factories.week(2)):
        factories.make_placement(
            enrollment=enrollment,
            department=department,
            state="confirmed",
            first_day=first_day,
            last_day=last_day,
        )
    placed(department)
    with clock.at(date(2026, 12, 1)):
        (year,) = page_of(client, department.hospital).context["years"]
    assert (year.year, len(year.trainees), year.weeks) == (2026, 2, 6)


def test_what_the_record_does_not_tell_is_not_known(client, officer):
    hospital = factories.make_hospital()
    cohort = factories.make_cohort(starts="2014-05-26", ends="2014-06-21")
    cohort.hospitals.add(hospital)
    graduation = factories.make_graduation(completed="2016")
    graduation.hospitals.add(hospital)
    years = page_of(client, hospital).context["years"]
    assert [(year.year, year.weeks, year.cohorts, year.graduates) for year in years] == [
        (2016, 0, [], [graduation]),
        (2014, 0, [cohort], []),
    ]
    assert page_of(client, hospital).content.decode().count("not known</td>") == 4


def test_an_invented_address_is_marked(client, officer):
    real = factories.make_hospital(address_ko="경기도 고양시", phone="031-1")
    invented = factories.make_hospital(address_ko="경기도 고양시", phone="031-1", address_is_invented=True)
    mark = '<span class="demo">demo</span>'
    assert mark not in page_of(client, real).content.decode()
    assert page_of(client, invented).content.decode().count(mark) == 1


def busy(hospital, number):
    department = factories.make_department(hospital=hospital, specialty=f"specialty {number}")
    Closure.objects.create(department=department, first_day=date(2026, 12, 25), last_day=date(2026, 12, 25))
    factories.make_coordinator(hospital)
    placement = placed(department)
    placement.enrollment.cohort.hospitals.add(hospital)
    factories.make_graduation().hospitals.add(hospital)


def test_the_page_asks_as_often_with_three_departments_as_with_one(
    client, officer, django_assert_num_queries
):
    hospital = factories.make_hospital()
    for number in (1, 2, 3):
        busy(hospital, number)
        if number in (1, 3):
            with django_assert_num_queries(10):
                page_of(client, hospital)


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, officer, django_assert_num_queries):
    factories.make_department()
    with django_assert_num_queries(4):
        client.get(reverse(LIST))
    factories.make_department()
    factories.make_hospital()
    with django_assert_num_queries(4):
        assert len(client.get(reverse(LIST)).context["listing"].rows) == 3


def test_the_list_adds_up_seats_without_counting_one_twice(client, officer):
    hospital = factories.make_hospital()
    factories.make_department(hospital=hospital, seats=2)
    factories.make_department(hospital=hospital, specialty="urology", seats=3)
    factories.make_coordinator(hospital)
    factories.make_coordinator(hospital)
    gone = factories.make_coordinator(hospital)
    gone.until = date(2026, 10, 1)
    gone.save()
    (row,) = client.get(reverse(LIST)).context["listing"].rows
    assert (row.department_count, row.seat_count, row.coordinator_count) == (2, 5, 2)


def test_a_hospital_is_found_by_alias_and_by_specialty(client, officer):
    factories.make_department(specialty="urology")
    wanted = factories.make_hospital("Wiltse Memorial Hospital", aliases=["Leon Wiltse"])
    department = factories.make_department(hospital=wanted)
    for filters in ({"q": "leon"}, {"specialty": department.specialty_id}):
        assert client.get(reverse(LIST), filters).context["listing"].rows == [wanted]


def test_a_coordinator_sees_their_own_hospital_and_only_what_it_was_asked(client):
    own, other = factories.make_department(), factories.make_department()
    confirmed = placed(own)
    placed(own, "draft")
    factories.make_cohort(starts="2014-05-26", ends="2014-06-21").hospitals.add(own.hospital)
    client.force_login(factories.make_coordinator(own.hospital).user)
    response = page_of(client, own.hospital)
    assert response.context["guests"].next == [confirmed]
    assert response.context["years"] == []
    assert page_of(client, other.hospital).status_code == 404
    assert client.get(reverse(LIST)).context["listing"].rows == [own.hospital]


def test_somebody_who_no_longer_serves_sees_it_no_more(client):
    hospital = factories.make_hospital()
    coordinator = factories.make_coordinator(hospital)
    coordinator.until = date(2026, 10, 1)
    coordinator.save()
    client.force_login(coordinator.user)
    assert page_of(client, hospital).status_code == 404


@pytest.mark.parametrize("role", [Role.CONTACT, Role.TRAINEE])
def test_partners_and_trainees_see_no_hospital_page(client, role):
    hospital = factories.make_hospital()
    client.force_login(factories.make_user(role))
    assert client.get(reverse(LIST)).status_code == 403
    assert page_of(client, hospital).status_code == 403


def test_who_has_lost_the_role_serves_no_hospital_any_more():
    serving, former = (factories.make_coordinator(factories.make_hospital()) for _ in range(2))
    assert set(Coordinator.objects.serving()) == {serving, former}
    take_role(former.user, Role.COORDINATOR, by=factories.make_user(Role.ADMINISTRATOR))
    assert list(Coordinator.objects.serving()) == [serving]
