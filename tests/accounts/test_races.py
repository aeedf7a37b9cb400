"""Guesses that arrive together."""

import pytest
from allauth.account.forms import ConfirmLoginCodeForm
from django.test import Client
from django.urls import reverse

from portal.accounts.forms import CodeForm
from portal.accounts.throttle import too_often_for
from tests.factories import make_user
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_each_of_many_tries_at_one_moment_is_counted():
    answers = at_once(*[lambda: too_often_for("a@example.org", "guess", limit=10, seconds=60)] * 16)
    assert answers.count(False) == 10


def test_guesses_sent_together_in_one_session_are_counted_one_by_one(ask_for_code, client, monkeypatch):
    """The session loses some: it is read by all of them before the first is written."""
    make_user(email="officer@example.org")
    code = ask_for_code("officer@example.org")
    compared = []
    check = ConfirmLoginCodeForm.clean_code
    monkeypatch.setattr(
        ConfirmLoginCodeForm, "clean_code", lambda form: compared.append(form) or check(form), raising=False
    )
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    def guess():
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(reverse("account_confirm_login_code"), {"code": wrong}).status_code

    for _ in range(2):
        at_once(*[guess] * 8)
    assert len(compared) <= CodeForm.limit["limit"]
