"""Host hospitals: the list, and the page with who is there, the seats and the years."""

from datetime import date

import pytest
from django.urls import reverse

from hospitals.models import Closure, Coordinator, Hospital
from partners.models import MouParty
from portal.accounts.roles import Role
from portal.accounts.workflow import take_role
from portal.records import clock
from portal.records.merging import archive
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


def test_free_seats_are_counted_week_by_week_and_requests_said_beside_them(client, officer):
    department = factories.make_department(seats=2)
    placed(department)
    placed(department, first_day=date(2026, 11, 9), last_day=date(2026, 11, 13))
    placed(department, "requested")
    (row,) = page_of(client, department.hospital).context["guests"].rows
    assert [cell.words for cell in row.cells] == [
        "2 of 2 free", "2 of 2 free", "2 of 2 free", "1 of 2 free", "3 for 2 seats", "1 of 2 free", "1 of 2 free",
        "2 of 2 free",
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


def test_a_reader_of_korean_finds_the_english_name_beside_the_korean_one(client):
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    client.force_login(factories.make_user(Role.OFFICER, language="ko"))
    for page in (client.get(reverse("hospitals:hospital-list")), page_of(client, hospital)):
        assert "Myongji Hospital" in page.content.decode()


def test_a_hospital_without_departments_says_so_and_counts_nothing(client, officer):
    page = page_of(client, factories.make_hospital()).content.decode()
    assert "No department hosts trainees yet." in page
    assert "0 seats" not in page


def busy(hospital, number):
    department = factories.make_department(hospital=hospital, specialty=f"specialty {number}")
    Closure.objects.create(department=department, first_day=date(2026, 12, 25), last_day=date(2026, 12, 25))
    factories.make_coordinator(hospital)
    factories.make_clinician(hospital, department=department)
    MouParty.objects.create(mou=factories.make_mou(), side="gyeonggi", hospital=hospital)
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
            with django_assert_num_queries(14):
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


# Entering and changing ------------------------------------------------------------------------------


def hospital_data(**changes):
    return {
        "name": "New Hospital",
        "name_ko": "새병원",
        "aliases": "Neo\nNeo Hospital",
        "city": "Suwon",
        **changes,
    }


def test_a_hospital_is_entered_with_its_names_and_found_by_each_of_them(client, officer):
    response = client.post(reverse("hospitals:hospital-create"), hospital_data())
    hospital = Hospital.objects.get()
    assert response.headers["Location"] == reverse("hospitals:hospital-detail", args=[hospital.pk])
    for text in ("new hosp", "새병", "NEO"):
        assert client.get(reverse(LIST), {"q": text}).context["listing"].rows == [hospital]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("Suwon", ""), ("Suwon", "수원시")),
        (("", "수원"), ("Suwon", "수원")),
        (("가평군", ""), ("Gapyeong", "가평군")),
        (("goyang-si", ""), ("goyang-si", "고양시")),
        (("Seoul", ""), ("Seoul", "")),
        (("Seoul", "서울특별시"), ("Seoul", "서울특별시")),
        (("", ""), ("", "")),
    ],
)
def test_a_city_of_the_province_has_both_names_whichever_is_typed(client, officer, typed, kept):
    client.post(reverse("hospitals:hospital-create"), hospital_data(city=typed[0], city_ko=typed[1]))
    hospital = Hospital.objects.get()
    assert (hospital.city, hospital.city_ko) == kept


def test_another_city_changes_both_names_and_korean_readers_read_and_find_theirs(client, officer):
    hospital = factories.make_hospital("Old name", city="Suwon", city_ko="수원시")
    address = reverse("hospitals:hospital-edit", args=[hospital.pk])
    client.post(address, hospital_data(name="Old name", city="Ansan", city_ko="수원시"))
    hospital.refresh_from_db()
    assert (hospital.city, hospital.city_ko) == ("Ansan", "안산시")
    officer.language = "ko"
    officer.save()
    page = client.get(reverse(LIST), {"q": "안산"}).content.decode()
    assert ("안산시" in page, "Ansan" in page) == (True, False)


def test_a_name_another_hospital_has_says_so_at_its_field_and_nothing_is_lost(client, officer):
    factories.make_hospital("Wiltse Memorial Hospital", short_name="Wiltse", aliases=["Leon Wiltse"])
    data = hospital_data(short_name="WILTSE", aliases="Neo\nleon wiltse")
    response = client.post(reverse("hospitals:hospital-create"), data)
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "short_name": ["“WILTSE” is a name of “Wiltse Memorial Hospital” already."],
        "aliases": ["“leon wiltse” is a name of “Wiltse Memorial Hospital” already."],
    }
    assert "Neo\nleon wiltse</textarea>" in response.content.decode()


def test_a_name_of_300_characters_is_too_long_for_every_field(client, officer):
    long = "x" * 300
    data = hospital_data(
        name=long, name_ko=long, short_name=long, short_name_ko=long, aliases=long, city=long
    )
    data["city_ko"] = long
    errors = client.post(reverse("hospitals:hospital-create"), data).context["form"].errors
    assert sorted(errors) == ["aliases", "city", "city_ko", "name", "name_ko", "short_name", "short_name_ko"]


def test_a_change_keeps_what_was_changed_and_the_history_names_it(client, officer):
    hospital = factories.make_hospital("Old name", phone="031-1")
    address = reverse("hospitals:hospital-edit", args=[hospital.pk])
    client.post(address, hospital_data(name="Old name", phone="031-2"))
    hospital.refresh_from_db()
    assert (hospital.phone, hospital.name_ko) == ("031-2", "새병원")
    history = client.get(reverse("hospitals:hospital-history", args=[hospital.pk]))
    assert [(line.label, [str(fact) for fact in line.facts]) for line in history.context["lines"]] == [
        ("Changed", ["also printed as", "name in Korean", "phone"])
    ]


def test_the_history_tells_of_what_belongs_to_the_hospital_and_of_no_other(client, officer):
    own, other = factories.make_department(), factories.make_department()
    for department in (own, other):
        archive(department, by=officer, reason=f"closed {department.pk}")
    lines = client.get(reverse("hospitals:hospital-history", args=[own.hospital_id])).context["lines"]
    assert [line.reason for line in lines] == [f"closed {own.pk}"]


def test_the_card_for_a_taxi_driver_is_large_and_in_korean(client, officer):
    hospital = factories.make_hospital(
        name_ko="명지병원", address_ko="경기도 고양시\n덕양구 1", phone="031-1"
    )
    page = client.get(reverse("hospitals:hospital-address", args=[hospital.pk])).content.decode()
    assert "경기도 고양시<br>덕양구 1" in page
    assert "명지병원" in page
    empty = client.get(reverse("hospitals:hospital-address", args=[factories.make_hospital().pk]))
    assert "No address in Korean is kept" in empty.content.decode()


def test_the_list_leaves_out_what_is_archived_unless_it_is_asked_for(client, officer):
    kept, archived = factories.make_hospital("Kept"), factories.make_hospital("Archived")
    archive(archived, by=officer, reason="closed")
    listed = {
        asked: client.get(reverse(LIST), {"kept": asked}).context["listing"].rows
        for asked in ("", "archived", "all")
    }
    assert listed == {"": [kept], "archived": [archived], "all": [archived, kept]}


def test_the_page_names_the_mous_the_hospital_signed_to_the_team_only(client, officer):
    hospital, mou = factories.make_hospital(), factories.make_mou()
    factories.make_mou()
    MouParty.objects.create(mou=mou, side="gyeonggi", hospital=hospital)
    address = reverse("partners:mou-detail", args=[mou.pk])
    page = page_of(client, hospital).content.decode()
    assert page.count("/partners/mous/") == page.count(address) == 1
    client.force_login(factories.make_coordinator(hospital).user)
    assert address not in page_of(client, hospital).content.decode()


def test_the_contribution_counts_people_once_over_the_years(client, officer):
    department = factories.make_department(seats=5)
    placed(department)
    placed(department)
    with clock.at(date(2026, 12, 1)):
        page = page_of(client, department.hospital).content.decode()
    assert "2 trainees were here for 8 weeks together, counted since 2026" in page


def test_a_coordinator_is_offered_what_they_may_change_and_a_viewer_nothing(client):
    department = factories.make_department()
    Closure.objects.create(department=department, first_day=date(2026, 12, 25), last_day=date(2026, 12, 25))
    hospital = department.hospital
    offers = {}
    for role, user in {
        "coordinator": factories.make_coordinator(hospital).user,
        "viewer": factories.make_user(Role.VIEWER),
    }.items():
        client.force_login(user)
        page = page_of(client, hospital).content.decode()
        words = ("Close for some days", "/clinicians/create/", "/edit/", "/merge/", "/coordinators/")
        offers[role] = [one in page for one in words]
    assert offers == {
        "coordinator": [True, True, True, False, False],
        "viewer": [False, False, False, False, False],
    }
