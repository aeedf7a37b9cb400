"""Setting, changing and forgetting a password."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery staple", "another four words here"


def test_forgotten_password_is_set_anew_by_the_link_in_the_mail(client):
    user = make_user(email="officer@example.org", password=OLD)
    response = client.post(reverse("account_reset_password"), {"email": "officer@example.org"}, follow=True)
    assert "the link is on its way" in response.content.decode()
    [letter] = mail.outbox
    assert letter.subject == "Set a new password"
    link = re.search(r"https?://testserver(/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    client.post(where, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "This link does not work any more" in client.get(link, follow=True).content.decode()


def test_unknown_address_gets_the_same_answer(client):
    make_user(email="known@example.org")
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in ("known@example.org", "stranger@example.org")
    ]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert mail.outbox[1].subject == "There is no account with this address"


def test_first_password_is_set_from_the_profile(client):
    user = make_user()
    client.force_login(user)
    assert reverse("account_set_password") in client.get(reverse("accounts:profile")).content.decode()
    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_password_is_changed_with_the_present_one_only(client):
    user = make_user(password=OLD)
    client.force_login(user)
    answer = {"oldpassword": "guessed", "password1": NEW, "password2": NEW}
    page = client.post(reverse("account_change_password"), answer).content.decode()
    assert "This is not your present password." in page
    client.post(reverse("account_change_password"), {**answer, "oldpassword": OLD})
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_short_password_is_refused(client):
    user = make_user()
    client.force_login(user)
    page = client.post(
        reverse("account_set_password"), {"password1": "short", "password2": "short"}
    ).content.decode()
    assert "12" in page
    user.refresh_from_db()
    assert not user.has_usable_password()
