"""The lists of nomination and enrollment with nobody, one and thirty in them: they look right, and cost the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Role
from programs import calls
from programs.models import Call
from tests import factories

pytestmark = pytest.mark.django_db
EMPTY = {
    "cohort-trainees": "Nobody is in this cohort yet",
    "cohort-papers": "Nobody is nominated yet",
    "cohort-selection": "Nobody is to be decided on",
    "call-open": "Nobody yet",
}


@pytest.fixture
def contact():
    return factories.make_contact()


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


def address(name, cohort, contact):
    if name != "call-open":
        return reverse(f"programs:{name}", args=[cohort.pk])
    call, _is_new = Call.objects.get_or_create(cohort=cohort, contact=contact)
    return reverse("programs:call-open", args=[calls.token_for(call)])


def nominate(cohort, contact, count):
    for _ in range(count):
        trainee = factories.make_trainee(institution=contact.institution)
        enrollment = factories.make_enrollment(
            cohort=cohort, trainee=trainee, nominated_by=contact.institution
        )
        factories.make_document(enrollment.trainee, "cv")


def read(client, page):
    """The page once warm, and how many queries it costs then."""
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    assert response.status_code == 200
    return response, len(queries)


@pytest.mark.parametrize("name", EMPTY)
def test_with_nobody_the_page_says_what_comes(client, cohort, contact, name):
    client.force_login(factories.make_user(Role.OFFICER))
    response, _cost = read(client, address(name, cohort, contact))
    assert EMPTY[name] in response.content.decode()


@pytest.mark.parametrize("name", EMPTY)
def test_thirty_cost_what_one_costs(client, cohort, contact, name):
    client.force_login(factories.make_user(Role.OFFICER))
    page = address(name, cohort, contact)
    nominate(cohort, contact, 1)
    _response, cost = read(client, page)
    nominate(cohort, contact, 29)
    response, cost_of_thirty = read(client, page)
    assert cost_of_thirty == cost
    names = [str(enrollment.trainee) for enrollment in cohort.enrollments.select_related("trainee")]
    assert len(names) == 30
    assert [person for person in names if person not in response.content.decode()] == []


def test_a_decision_on_thirty_is_previewed_for_what_one_on_four_costs(client, cohort, contact):
    client.force_login(factories.make_user(Role.OFFICER))
    page, costs = reverse("programs:cohort-decide", args=[cohort.pk]), []
    for more in (4, 26):
        nominate(cohort, contact, more)
        client.post(page, {"decision": "accept", "all": "1"})
        with CaptureQueriesContext(connection) as queries:
            response = client.post(page, {"decision": "accept", "all": "1"})
        costs.append(len(queries))
    assert "Accept 30 nominees?" in response.content.decode()
    assert costs[0] == costs[1]
