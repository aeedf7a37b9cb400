"""The alumni register."""

import re

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "participants:graduation-list"


@pytest.fixture(autouse=True)
def officer(client):
    client.force_login(factories.make_user(Role.OFFICER))


def rows(client, **query):
    return [
        str(graduation.trainee) for graduation in client.get(reverse(LIST), query).context["listing"].rows
    ]


def test_the_register_is_as_exact_as_the_record(client):
    legacy = factories.make_graduation(trainee=factories.make_trainee("Old Friend"), completed="2014")
    legacy.hospitals.add(factories.make_hospital("Myongji Hospital", short_name="Myongji"))
    factories.make_graduation(
        trainee=factories.make_trainee("Newer Friend"), completed="2022-06", program_name="Summer training"
    )
    text = " ".join(client.get(reverse(LIST)).content.decode().split())
    assert text.index("Newer Friend") < text.index("Old Friend")
    assert ">June 2022</td>" in text
    assert re.search(r">2014</td> <td[^>]*>Myongji</td>", text)
    assert "program not known" in text


def test_the_register_is_searched_by_name_year_country_and_hospital(client):
    hospital = factories.make_hospital()
    one = factories.make_graduation(
        trainee=factories.make_trainee("Old Friend", korean_name="옛친구"), completed="2014"
    )
    one.hospitals.add(hospital)
    factories.make_graduation(
        trainee=factories.make_trainee("Other Friend", nationality="UZ"), completed="2022-06"
    )
    factories.make_region("Uzbekistan", country="UZ")
    assert rows(client, name="옛친") == ["Old Friend"]
    assert rows(client, year="2014") == ["Old Friend"]
    assert rows(client, year="soon") == []
    assert rows(client, hospital=hospital.pk) == ["Old Friend"]
    assert rows(client, country="UZ") == ["Other Friend"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same_for_one_line_and_for_three(client, django_assert_num_queries, count):
    for _ in range(count):
        factories.make_graduation().hospitals.add(factories.make_hospital())
    client.get(reverse(LIST))
    with django_assert_num_queries(6):
        client.get(reverse(LIST))


@pytest.mark.parametrize("year", ["0", "10000", "99999", "1" * 5000, "٣", "²", "x", "\x00"])
def test_a_year_that_is_none_finds_nobody_and_is_no_error(client, year):
    client.force_login(factories.make_user())
    factories.make_graduation()
    assert client.get(reverse("participants:graduation-list"), {"year": year}).status_code == 200
