"""What a browser or a proxy may keep of a page."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def kept(client, url):
    return client.get(url).headers.get("Cache-Control")


def test_page_for_somebody_signed_in_is_kept_nowhere(client):
    client.force_login(make_user(Role.OFFICER))
    for url in (reverse("desk:today"), reverse("accounts:profile"), reverse("public:home"), "/nowhere/"):
        assert kept(client, url) == "private, no-store"


def test_page_for_everybody_may_be_kept(client):
    assert kept(client, reverse("public:home")) is None


def test_page_that_says_more_keeps_its_own_word(client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert kept(client, "/admin/") == "max-age=0, no-cache, no-store, must-revalidate, private"
