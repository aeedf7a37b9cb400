"""The way back to the page somebody came from."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.ui.returning import safe_return
from tests.factories import make_user

NOWHERE = [
    "", None, "x", "foo:bar", "?a", "#", "javascript:alert(1)", "//evil.example", "/\\evil.example",
    "https:evil.example", "http:///evil.example", "https://evil.example/", "mailto:a@example.org",
]  # fmt: skip


@pytest.mark.parametrize("target", NOWHERE)
def test_what_is_no_path_of_ours_leads_elsewhere(rf, target):
    assert safe_return(rf.get("/"), target, "/home/") == "/home/"


@pytest.mark.parametrize(
    "target", ["/", "/hospitals/?name=a&sort=-name", "/a:b/", "/programs/cohorts/1/#list"]
)
def test_a_path_of_ours_is_returned_to(rf, target):
    assert safe_return(rf.get("/"), target, "/home/") == target


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["x", "foo:bar", "//evil.example", "javascript:alert(1)"])
def test_colors_and_language_are_set_whatever_stands_in_next(target):
    for name, answer in (("ui:theme-set", {"theme": "dark"}), ("accounts:language-set", {"language": "ko"})):
        response = Client().post(reverse(name), {"next": target, **answer})
        assert (response.status_code, response.url) == (302, "/")
        assert response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["x", "foo:bar", "//evil.example"])
def test_a_new_trainee_is_entered_whatever_stands_in_next(client, target):
    client.force_login(make_user())
    url = reverse("participants:trainee-create", query={"next": target})
    response = client.post(url, {"passport_name": "Nomin Tsogt", "language": "en"})
    assert response.url.startswith(reverse("participants:trainee-list"))


def test_the_cookie_of_the_colors_travels_as_safely_as_the_page():
    for secure in (False, True):
        response = Client().post(reverse("ui:theme-set"), {"theme": "dark"}, secure=secure)
        assert bool(response.cookies["theme"]["secure"]) is secure
