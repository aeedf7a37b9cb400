"""Institutions: the list and the page."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "partners:institution-list"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def page_of(client, institution):
    return client.get(reverse("partners:institution-detail", args=[institution.pk]))


def story(institution):
    factories.make_contact(institution=institution)
    factories.make_mou(institution=institution)
    factories.make_enrollment(trainee=factories.make_trainee(institution=institution))
    factories.make_graduation(trainee=factories.make_trainee(institution=institution))


def test_the_page_tells_mous_cohorts_and_graduates_of_the_institution_and_its_parts(client, officer):
    ministry = factories.make_institution("Ministry")
    agency = factories.make_institution("Agency", parent=ministry)
    story(agency)
    story(factories.make_institution("Another"))
    titles = [entry.title for entry in page_of(client, ministry).context["entries"]]
    assert titles[1:] == [
        "MOU of Gyeonggi Province with Agency",
        f"{factories.Graduation.objects.get(trainee__institution=agency).trainee} completed a training",
    ]
    assert len(titles) == 3
    assert page_of(client, ministry).context["parts"] == [agency]


def test_the_page_asks_twelve_times_however_much_it_tells(client, officer, django_assert_num_queries):
    institution = factories.make_institution()
    for number in (1, 2, 3):
        story(institution)
        if number in (1, 3):
            with django_assert_num_queries(12):
                page_of(client, institution)


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, officer, django_assert_num_queries):
    factories.make_institution("A")
    with django_assert_num_queries(4):
        client.get(reverse(LIST))
    for name in ("B", "C"):
        factories.make_institution(name, region=factories.make_region(f"Region {name}"))
    with django_assert_num_queries(4):
        rows = client.get(reverse(LIST)).context["listing"].rows
    assert [row.name for row in rows] == ["A", "B", "C"]


def test_the_list_is_filtered_by_kind_country_and_any_name(client, officer):
    mongolia, russia = factories.make_region(), factories.make_region("Russia", country="RU")
    factories.make_institution("A", region=russia)
    wanted = factories.make_institution("B", region=mongolia, kind="ministry", aliases=["Health Office"])
    for filters in ({"kind": "ministry"}, {"country": "MN"}, {"q": "health off"}):
        assert client.get(reverse(LIST), filters).context["listing"].rows == [wanted]


def test_a_contact_sees_their_own_institution_only(client):
    own, other = factories.make_institution("Own"), factories.make_institution("Other")
    client.force_login(factories.make_contact(institution=own).user)
    assert page_of(client, own).status_code == 200
    assert page_of(client, other).status_code == 404
    assert [row.name for row in client.get(reverse(LIST)).context["listing"].rows] == ["Own"]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINEE])
def test_hospitals_and_trainees_see_no_institution(client, role):
    institution = factories.make_institution()
    client.force_login(factories.make_user(role))
    assert client.get(reverse(LIST)).status_code == 403
    assert page_of(client, institution).status_code == 403


def test_a_contact_is_offered_no_country_but_their_own(client, officer):
    contact = factories.make_contact()
    abroad = factories.make_region("Kazakhstan", country="KZ", time_zone="Asia/Almaty")
    factories.make_institution("Almaty Hospital", region=abroad)
    factories.make_region("Uzbekistan", country="UZ", time_zone="Asia/Tashkent")
    assert countries_offered(client) == ["Kazakhstan", "Mongolia"]
    client.force_login(contact.user)
    assert countries_offered(client) == ["Mongolia"]


def countries_offered(client):
    listing = client.get(reverse(LIST)).context["listing"]
    return [str(country) for country in listing.filterset.form.fields["country"].queryset]
