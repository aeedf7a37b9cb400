"""Accepting an invitation: the link shows on GET, acts on POST, once."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def link(user):
    return reverse("accounts:invitation-accept", args=[invitations.token_for(user)])


def user_of(client):
    return client.session.get("_auth_user_id")


def test_opening_the_link_shows_who_is_invited_and_does_nothing(client):
    user = make_user(Role.TRAINEE, name="Nomin Bat", email="nomin@example.org")
    page = client.get(link(user)).content.decode()
    assert "Welcome, Nomin Bat" in page
    assert "nomin@example.org" in page
    assert "Trainee" in page
    assert user_of(client) is None
    user.refresh_from_db()
    assert user.last_login is None


def test_accepting_signs_in_and_leads_to_today(client):
    user = make_user(Role.TRAINEE)
    response = client.post(link(user))
    assert response.url == reverse("desk:today")
    assert user_of(client) == str(user.pk)


def test_team_sets_up_the_second_factor_next_where_it_is_required(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user(Role.OFFICER)
    url = link(user)
    assert "Next you set up an app on your phone" in client.get(url).content.decode()
    client.post(url)
    assert client.get(reverse("desk:today")).url == reverse("mfa_activate_totp")


def test_link_works_once(client):
    user = make_user(Role.TRAINEE)
    url = link(user)
    client.post(url)
    client.post(reverse("account_logout"))
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == HTTPStatus.GONE
        assert "This invitation does not work any more" in answer.content.decode()
    assert user_of(client) is None


def test_link_ends_after_two_weeks(client):
    url = link(make_user(Role.TRAINEE))
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert client.post(url).status_code == HTTPStatus.GONE


def test_link_of_a_closed_account_is_refused(client):
    user = make_user(Role.TRAINEE)
    url = link(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.post(url).status_code == HTTPStatus.GONE


def test_tampered_link_is_refused(client):
    url = link(make_user(Role.TRAINEE))
    changed = url[:-12] + ("A" if url[-12] != "A" else "B") + url[-11:]
    assert client.post(changed).status_code == HTTPStatus.GONE


def test_accepting_while_somebody_else_is_signed_in_says_so_and_changes_over(client):
    client.force_login(make_user(name="Kim Seo-yeon"))
    user = make_user(Role.TRAINEE)
    url = link(user)
    assert "Kim Seo-yeon is signed out here." in client.get(url).content.decode()
    client.post(url)
    assert user_of(client) == str(user.pk)


def test_link_does_not_leave_through_the_referrer(client):
    assert client.get(link(make_user(Role.TRAINEE))).headers["Referrer-Policy"] == "same-origin"
