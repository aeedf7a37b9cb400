"""Who looked at what and why, month by month, and who has gone through it."""

from datetime import date

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.access import looked
from portal.records.models import AccessReview
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "desk:access-list"


@pytest.fixture
def manager(client):
    user = factories.make_user(Role.MANAGER, name="Choi Manager")
    client.force_login(user)
    return user


def look(day=date(2026, 9, 15), name="Nomin-Erdene Tsogt"):
    with clock.at(day):
        by = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
        return looked(by, factories.make_trainee(name), "passport_number", "visa invitation", None)


def test_last_month_stands_first_and_holds_its_own_looks_only(client, manager):
    look()
    look(date(2026, 10, 1), "Of this month")
    page = client.get(reverse(LIST)).content.decode()
    assert "Kim Seo-yeon" in page
    assert "Passport number" in page
    assert "visa invitation" in page
    assert "Of this month" not in page
    assert "Of this month" in client.get(reverse(LIST), {"month": "2026-10"}).content.decode()


@pytest.mark.parametrize("month", ["x", "2026-13", "0000-01", ""])
def test_a_month_that_is_none_is_the_last_one(client, manager, month):
    assert client.get(reverse(LIST), {"month": month}).context["month"] == date(2026, 9, 1)


def test_a_month_is_reviewed_once_by_name(client, manager):
    look()
    address = reverse("desk:access-review") + "?month=2026-09"
    assert client.post(address, {"note": "asked about one"}).status_code == 302
    review = AccessReview.objects.get()
    assert (review.month, review.reviewed_by, review.note) == (date(2026, 9, 1), manager, "asked about one")
    page = client.get(reverse(LIST)).content.decode()
    assert "Reviewed by Choi Manager on 13 October 2026." in page
    again = client.post(address, {})
    assert again.status_code == 422
    assert "has reviewed this month already" in again.content.decode()


def test_a_month_that_is_not_over_cannot_be_reviewed(client, manager):
    response = client.post(reverse("desk:access-review") + "?month=2026-10", {})
    assert "The month is not over yet." in response.content.decode()
    assert not AccessReview.objects.exists()


def test_today_reminds_of_the_review_until_it_is_done(client, manager):
    look()
    title = "Review who looked at protected data in September 2026"
    today = client.get(reverse("desk:today"))
    assert title in [item.title for item in today.context["items"]]
    client.post(reverse("desk:access-review") + "?month=2026-09", {})
    assert title not in [item.title for item in client.get(reverse("desk:today")).context["items"]]


def test_an_officer_is_reminded_that_a_manager_has_to(client):
    look()
    client.force_login(factories.make_user(Role.OFFICER))
    others = [item.title for item in client.get(reverse("desk:today")).context["others"]]
    assert "Review who looked at protected data in September 2026" in others


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, manager, django_assert_num_queries, count):
    for number in range(count):
        look(name=f"Person {number}")
    client.get(reverse(LIST))
    with django_assert_num_queries(5):
        client.get(reverse(LIST))


def test_today_counts_who_owes_papers_and_what_expires_too_early(client):
    client.force_login(factories.make_user(Role.OFFICER))
    program = factories.make_program(papers=["insurance"])
    cohort = factories.make_cohort(state="nominating", program=program)
    enrollment = factories.make_enrollment(cohort=cohort)
    factories.make_document(enrollment.trainee, "insurance", expires=date(2026, 11, 1))
    factories.make_enrollment(cohort=cohort)
    items = client.get(reverse("desk:today")).context["items"]
    (item,) = [item for item in items if "papers" in item.title]
    assert (item.title, item.due) == ("2 people owe papers", date(2026, 10, 5))
    assert item.text.endswith("A paper of 1 person expires too early.")
