"""The team's second factor, through allauth's own pages, where the installation asks for it."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse
from django.utils import timezone

from portal.accounts.roles import TEAM, Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def app_code(secret):
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(user):
    """The secret of an app that is set up for the user."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


@pytest.mark.parametrize("role", sorted(TEAM))
def test_team_without_an_app_is_sent_to_set_one_up(client, role, sign_in):
    user = make_user(role)
    sign_in(user.email)
    for name in ("desk:today", "desk:user-list", "accounts:profile", "mfa_index"):
        assert client.get(reverse(name)).url == reverse("mfa_activate_totp")
    assert client.get("/admin/").url == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_team_without_an_app_can_still_leave_and_read_public_pages(client):
    client.force_login(make_user())
    assert client.get(reverse("public:privacy")).status_code == 200
    assert client.post(reverse("accounts:language-set"), {"language": "ko"}).url == "/"
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINEE, Role.CONTACT])
def test_others_need_no_second_factor(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_setting_up_the_app_opens_the_desk_and_shows_recovery_codes(client, sign_in):
    user = make_user()
    sign_in(user.email)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"<code[^>]*>(\w+)</code>", page)[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    codes = client.get(response.url).content.decode()
    assert len(re.findall(r"<code>\d+</code>", codes)) == 10
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_wrong_app_code_sets_nothing_up(client, sign_in):
    user = make_user()
    sign_in(user.email)
    client.get(reverse("mfa_activate_totp"))
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "This is not the code your app shows now." in page
    assert not Authenticator.objects.filter(user=user).exists()


def test_user_with_an_app_is_asked_for_its_code_at_sign_in(client, sign_in):
    user = make_user()
    secret = with_app(user)
    assert sign_in(user.email).url == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:profile")).url.startswith(reverse("account_login"))
    assert "The second step" in client.get(reverse("mfa_authenticate")).content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_password_needs_the_app_too(client):
    user = make_user(password="correct horse battery staple")
    with_app(user)
    answer = {"login": user.email, "password": "correct horse battery staple"}
    assert client.post(reverse("account_login"), answer).url == reverse("mfa_authenticate")


def test_taking_the_app_off_leads_straight_to_a_new_one(client, sign_in):
    user = make_user()
    secret = with_app(user)
    sign_in(user.email)
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    again = client.post(reverse("mfa_deactivate_totp"))
    assert again.url.startswith(reverse("mfa_reauthenticate"))
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):  # a code counts once
        client.post(again.url, {"code": app_code(secret)})
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get(reverse("accounts:profile")).url == reverse("mfa_activate_totp")


def test_making_somebody_one_of_the_team_asks_them_for_the_app(client):
    from portal.accounts.workflow import give_role

    user = make_user(Role.COORDINATOR)
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    give_role(user, Role.OFFICER, by=make_user(Role.ADMINISTRATOR))
    assert client.get(reverse("accounts:profile")).url == reverse("mfa_activate_totp")
