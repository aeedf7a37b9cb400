"""Several trainees of a cohort at once: said beforehand for how many, and done for exactly those."""

import re
from html import unescape

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from programs.models import Enrollment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort(officer):
    return factories.make_cohort(state="nominating")


def people(cohort, *names, state="nominated", **fields):
    return [
        factories.make_enrollment(cohort=cohort, state=state, trainee=factories.make_trainee(name, **fields))
        for name in names
    ]


def address(cohort, query="", action="withdraw"):
    return reverse("programs:cohort-bulk", args=[cohort.pk, action]) + query


def chosen(*enrollments):
    return "?" + "&".join(f"chosen={enrollment.pk}" for enrollment in enrollments)


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def states(cohort):
    return dict(cohort.enrollments.values_list("trainee__passport_name", "state"))


@pytest.mark.parametrize("query", ["", "?chosen=", "?chosen=x", "?state=nominated", "?all=0", "?all=yes"])
def test_an_empty_selection_means_nobody(client, cohort, query):
    people(cohort, "Bolormaa Dorj")

    response = client.get(address(cohort, query))
    assert "Nobody is chosen" in text_of(response)
    assert "Bolormaa Dorj" not in text_of(response)

    client.post(address(cohort, query), {"reason": "no visa", "expected": "0"})
    assert states(cohort) == {"Bolormaa Dorj": "nominated"}


@pytest.mark.parametrize("expected", ["", "²", "9" * 5000, "-1", "\x00"])
def test_a_number_that_nobody_was_shown_means_nobody(client, cohort, expected):
    first, *_rest = people(cohort, "Bolormaa Dorj")
    answer = client.post(address(cohort, chosen(first)), {"reason": "no visa", "expected": expected})
    assert (answer.status_code, states(cohort)) == (200, {"Bolormaa Dorj": "nominated"})


def test_the_page_says_for_whom_before_anything_is_done(client, cohort):
    first, second, _third = people(cohort, "Anu", "Bat", "Chimeg")

    text = text_of(client.get(address(cohort, chosen(first, second))))

    assert "Withdraw 2 trainees?" in text
    assert "Anu" in text
    assert "Chimeg" not in text
    assert set(states(cohort).values()) == {"nominated"}


def test_it_is_done_for_exactly_those_who_were_chosen(client, cohort):
    first, second, _third = people(cohort, "Anu", "Bat", "Chimeg")

    response = client.post(
        address(cohort, chosen(first, second)), {"reason": "no visa", "expected": "2"}, follow=True
    )

    assert "Done for 2 trainees." in text_of(response)
    assert states(cohort) == {"Anu": "withdrawn", "Bat": "withdrawn", "Chimeg": "nominated"}


def test_all_that_the_filter_finds_are_chosen_also_on_other_pages(client, cohort, monkeypatch):
    russia = factories.make_region("Russia", country="RU", time_zone="Asia/Vladivostok")
    people(cohort, "Ivan", "Pavel", institution=factories.make_institution("Clinic", region=russia))
    people(cohort, "Anu")
    query = f"?all=1&region={russia.pk}"

    assert "Withdraw 2 trainees?" in text_of(client.get(address(cohort, query)))
    response = client.post(address(cohort, query), {"reason": "no visa", "expected": "2"})

    assert response.headers["Location"].endswith(f"/trainees/?region={russia.pk}")
    assert states(cohort) == {"Ivan": "withdrawn", "Pavel": "withdrawn", "Anu": "nominated"}


# Each withdrawal is an act of its own, as in a request: inside one transaction of a test they would be one.
@pytest.mark.django_db(transaction=True)
def test_a_hospital_hears_of_each_withdrawal_and_the_page_counts_every_mail(client, cohort):
    department = factories.make_department()
    factories.make_coordinator(department.hospital)
    rows = people(cohort, "Anu", "Bat", state="accepted")
    for enrollment in rows:
        factories.make_placement(enrollment=enrollment, department=department, state="requested")
    before = OutgoingMail.objects.count()

    text = text_of(client.get(address(cohort, chosen(*rows))))
    client.post(address(cohort, chosen(*rows)), {"reason": "no visa", "expected": "2"})

    assert "2 placements are cancelled and their seats are free. 2 mails are sent to hospitals." in text
    assert OutgoingMail.objects.filter(kind="placement_cancelled").count() == 2
    assert OutgoingMail.objects.count() == before + 2


def test_whom_it_does_not_fit_is_named_and_left_alone(client, cohort):
    gone, here = people(cohort, "Anu", "Bat")
    client.post(address(cohort, chosen(gone)), {"reason": "no visa", "expected": "1"})

    text = text_of(client.get(address(cohort, chosen(gone, here))))

    assert "Withdraw 1 trainee?" in text
    assert "Left as they are Anu Withdrawn" in text


def test_somebody_who_came_meanwhile_is_not_taken_along(client, cohort):
    people(cohort, "Anu")
    client.get(address(cohort, "?all=1"))
    people(cohort, "Bat")

    response = client.post(address(cohort, "?all=1"), {"reason": "no visa", "expected": "1"})

    assert "Meanwhile the selection has changed." in text_of(response)
    assert "Withdraw 2 trainees?" in text_of(response)
    assert set(states(cohort).values()) == {"nominated"}


def test_a_reason_that_is_missing_is_asked_for_and_nobody_moves(client, cohort):
    (anu,) = people(cohort, "Anu")

    response = client.post(address(cohort, chosen(anu)), {"reason": "", "expected": "1"})

    assert response.status_code == 422
    assert states(cohort) == {"Anu": "nominated"}


def test_people_of_another_cohort_cannot_be_chosen_here(client, cohort):
    other = factories.make_enrollment(trainee=factories.make_trainee("Somebody Else"))

    response = client.post(address(cohort, chosen(other)), {"reason": "no visa", "expected": "0"})

    assert "Somebody Else" not in text_of(response)
    assert Enrollment.objects.get(pk=other.pk).state == "nominated"


def test_an_action_nobody_offers_is_not_found(client, cohort):
    assert client.get(address(cohort, action="promote")).status_code == 404


@pytest.mark.parametrize(("role", "offered"), [(Role.OFFICER, True), (Role.VIEWER, False)])
def test_checkboxes_are_shown_to_those_who_may_use_them(client, role, offered):
    cohort = factories.make_cohort(state="nominating")
    people(cohort, "Anu")
    client.force_login(factories.make_user(role))

    html = client.get(reverse("programs:cohort-trainees", args=[cohort.pk])).content.decode()

    assert ('name="chosen"' in html) == offered
    assert (f'formaction="{address(cohort)}"' in html) == offered


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_trainee_and_for_three(
    client, cohort, django_assert_num_queries, rows
):
    enrollments = people(cohort, *[f"Trainee {number}" for number in range(rows)])
    client.get(address(cohort, chosen(*enrollments)))

    with django_assert_num_queries(9):
        client.get(address(cohort, chosen(*enrollments)))
