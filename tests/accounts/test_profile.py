"""One's own profile, and the language pages are read in."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests.factories import make_region, make_user

pytestmark = pytest.mark.django_db


def answer(**changes):
    return {"name": "Nomin Bat", "phone": "", "language": "en", "time_zone": "Asia/Ulaanbaatar", **changes}


def test_profile_changes_ones_own_name_phone_language_and_zone(client):
    user, other = make_user(Role.TRAINEE), make_user(Role.TRAINEE)
    client.force_login(user)
    response = client.post(reverse("accounts:profile"), answer(phone="+976 11", language="ko"))
    assert response.url == reverse("accounts:profile")
    user.refresh_from_db()
    assert (user.name, user.phone, user.language, user.time_zone) == (
        "Nomin Bat",
        "+976 11",
        "ko",
        "Asia/Ulaanbaatar",
    )
    unchanged = other.name
    other.refresh_from_db()
    assert other.name == unchanged


def test_profile_changes_neither_roles_nor_address(client):
    user = make_user(Role.TRAINEE, email="me@example.org")
    client.force_login(user)
    client.post(
        reverse("accounts:profile"), answer(roles="administrator", email="you@example.org", is_active="")
    )
    user.refresh_from_db()
    assert (user.roles, user.email, user.is_active) == (["trainee"], "me@example.org", True)


def test_wrong_time_zone_is_refused(client):
    client.force_login(make_user(Role.TRAINEE))
    assert client.post(reverse("accounts:profile"), answer(time_zone="Mars/Olympus")).status_code == 422


def test_a_language_that_is_not_for_who_works_with_the_portal_is_kept_where_it_is_set(client):
    user = make_user(Role.COORDINATOR, language="mn")
    client.force_login(user)
    page = client.get(reverse("accounts:profile")).content.decode()
    assert 'value="mn" selected' in page
    client.force_login(make_user(Role.COORDINATOR))
    assert 'value="mn"' not in client.get(reverse("accounts:profile")).content.decode()
    client.force_login(make_user(Role.TRAINEE))
    assert 'value="mn"' in client.get(reverse("accounts:profile")).content.decode()


def test_profile_needs_a_sign_in(client):
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_language_is_kept_in_a_cookie_for_anybody(client):
    response = client.post(reverse("accounts:language-set"), {"language": "ko", "next": "/verify/"})
    assert response.url == "/verify/"
    assert client.get("/verify/").headers["Content-Language"] == "ko"


def test_language_is_kept_with_the_account(client):
    user = make_user(Role.TRAINEE)
    client.force_login(user)
    client.post(reverse("accounts:language-set"), {"language": "ko", "next": "/"})
    user.refresh_from_db()
    assert user.language == "ko"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_language_switch_leads_nowhere_else(client, where):
    response = client.post(reverse("accounts:language-set"), {"language": "ko", "next": where})
    assert response.url == reverse("public:home")


def test_language_that_is_not_offered_changes_nothing(client):
    response = client.post(reverse("accounts:language-set"), {"language": "xx", "next": "/verify/"})
    assert not response.cookies.get("django_language")


def test_language_is_not_changed_by_a_get(client):
    assert client.get(reverse("accounts:language-set")).status_code == 405


def zones(client):
    """The groups of the select: a label, and its zones with their words."""
    form = client.get(reverse("accounts:profile")).context["form"]
    return {str(label): dict(choices) for label, choices in form.fields["time_zone"].choices}


def test_time_zones_are_places_with_their_distance_from_utc(client):
    client.force_login(make_user(Role.TRAINEE))
    groups = zones(client)
    assert groups["Asia"]["Asia/Kolkata"] == "Asia/Kolkata (UTC+05:30)"
    assert groups["America"]["America/Bogota"] == "America/Bogota (UTC−05:00)"
    names = {name for group in groups.values() for name in group}
    assert {name.split("/")[0] for name in names} == {
        "Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"
    }  # fmt: skip
    assert not names & {"Etc/GMT-9", "US/Eastern", "Asia/Calcutta", "Europe/Kiev", "posix/Asia/Seoul"}
    assert {"Europe/Kyiv", "Asia/Ho_Chi_Minh", "America/Argentina/Buenos_Aires"} <= names


def test_seoul_and_the_partners_zones_come_first_and_once(client):
    make_region("Kazakhstan", country="KZ", time_zone="Asia/Almaty")
    client.force_login(make_user(Role.TRAINEE))
    groups = zones(client)
    assert next(iter(groups)) == "Here and at our partners’"
    assert list(groups["Here and at our partners’"]) == ["Asia/Almaty", "Asia/Seoul"]
    assert not {"Asia/Almaty", "Asia/Seoul"} & set(groups["Asia"])


def test_a_zone_that_is_not_offered_any_more_is_kept_where_it_is_set(client):
    client.force_login(make_user(Role.TRAINEE, time_zone="Asia/Calcutta"))
    assert client.post(reverse("accounts:profile"), answer(time_zone="Asia/Calcutta")).status_code == 302
