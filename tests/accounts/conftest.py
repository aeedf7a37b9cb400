import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse


@pytest.fixture(autouse=True)
def no_attempts_counted():
    """Each test begins with nobody having tried anything."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ask_for_code(client):
    """Ask for a code; the code out of the mail, or None where the mail has none."""

    def ask(email, **query):
        url = reverse("account_request_login_code", query=query or None)
        response = client.post(url, {"email": email}, follow=True)
        assert response.status_code == 200
        found = re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)
        return found and found[0]

    return ask


@pytest.fixture
def sign_in(client, ask_for_code):
    """Sign in by mailed code; the answer to the code."""

    def sign(email, **query):
        code = ask_for_code(email, **query)
        return client.post(reverse("account_confirm_login_code", query=query or None), {"code": code})

    return sign
