"""The main navigation: each role's own entries, each of which opens."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.desk import nav as navigation
from tests.factories import make_coordinator, make_hospital, make_trainee, make_user

pytestmark = pytest.mark.django_db


def labels(client, page=None):
    return [item.label for item in client.get(page or reverse("public:privacy")).context["nav"]]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (Role.OFFICER, ["Today", "Cohorts", "People", "Partners", "Hospitals", "Mails", "Users"]),
        (Role.VIEWER, ["Today", "Cohorts", "People", "Partners", "Hospitals"]),
        (Role.COORDINATOR, ["To answer", "Attendance", "Schedule", "Results", "Offers", "Hospital"]),
        (Role.TRAINEE, ["Today", "My training", "My papers", "My wishes", "Certificate", "Follow-ups"]),
        (Role.CONTACT, ["Your institution"]),
        ([], []),
    ],
)
def test_entries_are_those_of_the_role(client, roles, expected):
    client.force_login(make_user(roles))
    assert labels(client) == expected


def test_visitor_sees_the_public_entries(client):
    assert labels(client) == ["Programs", "Figures", "News", "Check a certificate"]


def test_every_entry_leads_to_a_screen():
    groups = (
        navigation.TEAM,
        navigation.COORDINATOR,
        navigation.TRAINEE,
        navigation.CONTACT,
        navigation.PUBLIC,
    )
    for entry in (entry for group in groups for entry in group):
        assert reverse(entry.name).startswith("/")


@pytest.mark.parametrize("kind", ["team", "coordinator", "trainee"])
def test_every_entry_opens_for_whom_it_is_shown_to(client, kind):
    users = {
        "team": lambda: make_user(Role.OFFICER),
        "coordinator": lambda: make_coordinator(make_hospital()).user,
        "trainee": lambda: make_trainee(user=True).user,
    }
    client.force_login(users[kind]())
    for item in client.get(reverse("public:privacy")).context["nav"]:
        assert client.get(item.url).status_code == 200, item


def test_one_entry_is_the_current_one(client):
    client.force_login(make_user(Role.OFFICER))
    for page, label in (
        ("desk:today", "Today"),
        ("desk:user-invite", "Users"),
        ("mail:outgoingmail-list", "Mails"),
    ):
        items = client.get(reverse(page)).context["nav"]
        assert [item.label for item in items if item.current] == [label]
