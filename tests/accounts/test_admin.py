"""Users and the register of roles in the Django admin."""

import pytest
from django.urls import reverse

from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR, name="Han Ji-won")
    client.force_login(user)
    return user


def act(client, name, *users):
    answer = {"action": name, "_selected_action": [user.pk for user in users]}
    return client.post(reverse("admin:accounts_user_changelist"), answer, follow=True).content.decode()


def test_role_is_given_by_an_action_and_stands_in_the_register(client, administrator):
    user = make_user(Role.TRAINEE)
    assert "Done for 1 person." in act(client, "give_role_coordinator", user)
    user.refresh_from_db()
    assert user.roles == ["coordinator", "trainee"]
    latest = Grant.objects.filter(user=user).first()
    assert (latest.role, latest.action, latest.by) == ("coordinator", "given", administrator)


def test_role_is_taken_by_an_action(client, administrator):
    user = make_user([Role.TRAINEE, Role.COORDINATOR])
    act(client, "take_role_coordinator", user)
    user.refresh_from_db()
    assert user.roles == ["trainee"]


def test_nobody_gives_themselves_a_role(client, administrator):
    assert "Nobody changes their own role." in act(client, "give_role_manager", administrator)
    administrator.refresh_from_db()
    assert administrator.roles == ["administrator"]


def test_accounts_are_closed_and_opened_by_actions(client, administrator):
    user = make_user()
    act(client, "deactivate", user)
    assert not User.objects.active().filter(pk=user.pk).exists()
    act(client, "reactivate", user)
    assert User.objects.active().filter(pk=user.pk).exists()


def test_form_of_a_user_changes_no_role_and_no_state(client, administrator):
    user = make_user(Role.TRAINEE)
    url = reverse("admin:accounts_user_change", args=[user.pk])
    assert client.get(url).status_code == 200
    answer = {"name": "New name", "email": user.email, "language": "en", "time_zone": "Asia/Seoul"}
    inline = {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    client.post(url, {**answer, **inline, "roles": "administrator", "is_active": ""})
    user.refresh_from_db()
    assert (user.name, user.roles, user.is_active) == ("New name", ["trainee"], True)


def test_users_are_neither_added_nor_deleted_here(client, administrator):
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[administrator.pk])).status_code == 403


def test_register_of_roles_is_read_only(client, administrator):
    grant = Grant.objects.first()
    assert client.get(reverse("admin:accounts_grant_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_grant_add")).status_code == 403
    assert (
        client.post(reverse("admin:accounts_grant_change", args=[grant.pk]), {"role": "manager"}).status_code
        == 403
    )
    assert client.post(reverse("admin:accounts_grant_delete", args=[grant.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_users_costs_the_same_queries_for_any_number(
    client, administrator, count, django_assert_num_queries
):
    for _ in range(count):
        make_user()
    with django_assert_num_queries(5):
        client.get(reverse("admin:accounts_user_changelist"))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OFFICER, Role.VIEWER, Role.COORDINATOR, Role.TRAINEE])
def test_admin_is_for_administrators_alone(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


@pytest.mark.parametrize(
    "page",
    ["account/emailaddress", "account/emailconfirmation", "mfa/authenticator", "auth/group", "auth/user"],
)
def test_tables_of_the_libraries_are_not_in_the_admin(client, administrator, page):
    """They would add an address to sign in under, or show the seed of a colleague's app, with no line in the trail."""
    assert client.get(f"/admin/{page}/").status_code == 404
    assert client.get(f"/admin/{page}/add/").status_code == 404
    assert f"/admin/{page}/" not in client.get("/admin/").content.decode()
