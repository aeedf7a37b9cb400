"""Django's admin at size: found in any script, by few queries whatever the number of rows."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = {
    "partners_region": 5,
    "partners_institution": 5,
    "partners_contact": 5,
    "partners_mou": 5,
    "hospitals_hospital": 6,
    "participants_trainee": 7,
    "participants_graduation": 6,
    "participants_followup": 7,
}


@pytest.fixture
def administrator(client):
    user = factories.make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def make(number):
    region = factories.make_region(f"Дархан {number}", country="KZ")
    home = factories.make_institution(f"Дархан эмнэлэг {number}", region=region)
    factories.make_contact(institution=home, name=f"Дархан {number}")
    factories.make_mou(institution=home)
    factories.make_hospital(f"Дархан {number}")
    person = factories.make_trainee(f"Darkhan {number}", institution=home)
    factories.make_enrollment(trainee=person, state="completed")


@pytest.mark.parametrize("name", LISTS)
def test_an_administrator_finds_by_any_script_in_as_many_queries_for_three_rows_as_for_one(
    client, administrator, name, django_assert_num_queries
):
    address = reverse(f"admin:{name}_changelist")
    make(1)
    client.get(address)  # content types are remembered from here on
    for _rows in (1, 3):
        with django_assert_num_queries(LISTS[name]):
            rows = client.get(address, {"q": "darkhan"}).context["cl"].result_list
        assert len(rows) >= _rows
        make(_rows * 10)
        make(_rows * 10 + 1)
    assert len(client.get(address, {"q": "qqqq"}).context["cl"].result_list) == 0


def test_a_box_that_completes_names_finds_them_in_any_script(client, administrator):
    factories.make_institution("Second National Hospital", name_local="Хоёрдугаар эмнэлэг")
    asked = {"app_label": "partners", "model_name": "mouparty", "field_name": "institution"}
    asked |= {"term": "khoyordugaar"}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [found["text"] for found in answer["results"]] == ["Second National Hospital"]
