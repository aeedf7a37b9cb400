"""The frame of every page, the choice of colors, the error pages and the catalogue."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import reverse

from portal.ui import views
from portal.ui.components import NavItem

NAVIGATION = [NavItem("/cohorts/", "Cohorts", current=True), NavItem("/people/", "People & papers")]


@pytest.fixture(autouse=True)
def _no_navigation(settings):
    """The frame alone: what an upper app puts into it is that app's to test."""
    settings.PORTAL_NAV = None


class Member(AnonymousUser):
    """Somebody signed in, for pages that ask no more than that."""

    is_authenticated = True
    is_team = True
    email = "member@example.org"

    def __str__(self):
        return "Kim <b>"


def navigation(request):
    return NAVIGATION


def request_of(rf, user, url="/somewhere/", **extra):
    request = rf.get(url, **extra)
    request.user, request.htmx = user, None
    return request


def page(rf, template="404.html", user=None, **extra):
    return render_to_string(template, {}, request_of(rf, user or AnonymousUser(), **extra))


def test_the_title_of_a_page_is_its_heading_and_its_window_title(rf):
    html = page(rf)
    assert "<title>There is no such page – Medical Training, Gyeonggi Province</title>" in html
    assert "<h1>There is no such page</h1>" in html


def test_a_page_begins_with_a_way_past_its_navigation(rf):
    html = page(rf)
    assert html.index('class="skip" href="#main"') < html.index('class="masthead"')
    assert '<main id="main"' in html


def test_a_page_has_no_script_or_style_of_its_own(rf):
    html = page(rf)
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script ") == html.count("<script src=") == 2


def test_the_navigation_is_what_an_upper_app_names(rf, settings, monkeypatch):
    settings.PORTAL_NAV = "some.upper.app"
    monkeypatch.setattr("portal.ui.context_processors.import_string", {"some.upper.app": navigation}.get)
    html = page(rf)
    assert '<a href="/cohorts/" aria-current="page">Cohorts</a>' in html
    assert '<a href="/people/">People &amp; papers</a>' in html


def test_a_page_without_navigation_has_no_empty_landmark(rf):
    assert "mainnav" not in page(rf)


@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("x", "")]
)
def test_the_cookie_decides_the_colors(rf, cookie, attribute):
    rf.cookies["theme"] = cookie
    assert f'<html lang="en"{attribute}>' in page(rf)


@pytest.mark.parametrize(("demo", "times"), [(True, 1), (False, 0)])
def test_only_a_demo_says_that_people_are_invented(rf, demo, times):
    with override_settings(DEMO=demo):
        assert page(rf).count("are invented") == times


def test_a_theme_is_kept_and_leads_back_to_the_page():
    response = Client().post(reverse("ui:theme-set"), {"theme": "dark", "next": "/cohorts/?q=1"})
    assert (response.status_code, response["Location"]) == (302, "/cohorts/?q=1")
    assert response.cookies["theme"].value == "dark"


def test_the_system_decides_again_when_the_choice_is_given_back():
    client = Client()
    client.cookies["theme"] = "dark"
    response = client.post(reverse("ui:theme-set"), {"theme": "system"})
    assert response.cookies["theme"]["max-age"] == 0


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", ""]
)
def test_a_theme_leads_nowhere_else(next_page):
    response = Client().post(reverse("ui:theme-set"), {"theme": "dark", "next": next_page})
    assert response["Location"] == "/"


def test_a_theme_is_not_set_by_a_link():
    assert Client().get(reverse("ui:theme-set"), {"theme": "dark"}).status_code == 405


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_the_bare_error_pages_need_no_context(template):
    html = render_to_string(template)
    assert html.count("<h1>") == 1
    assert 'href="/"' in html


@pytest.mark.parametrize("sent", [{"theme": "x" * 3_000_000}, {f"field{n}": "x" for n in range(10_001)}])
def test_a_form_with_more_than_is_read_is_told_the_limit(sent):
    response = Client().post(reverse("ui:theme-set"), sent)
    assert response.status_code == 413
    assert "may have 2.5\xa0MB and 10000 entries at most" in response.content.decode()


@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "404.html"])
def test_an_error_page_says_what_to_do_next(rf, template):
    html = page(rf, template)
    assert html.count('class="btn btn-primary"') == 1
    assert '<span class="over">Error 4' in html


def test_a_forbidden_page_names_the_account(rf):
    html = page(rf, "403.html", user=Member())
    assert "You are signed in as member@example.org" in html
    assert "Kim &lt;b&gt;" in html


@pytest.mark.django_db
def test_the_catalogue_shows_every_component(rf):
    response = views.catalogue(request_of(rf, Member(), "/ui/catalogue/"))
    html = response.content.decode()
    shown = [
        "state is-past", "btn-danger", "2 answers need a correction", 'class="confirm"', 'class="empty"',
        "breadcrumb", "alert-warning", 'aria-current="step"', "nav-tabs", 'class="table stack"',
        'id="listing"', 'class="mark year"', "gapbar", 'class="figure"', 'data-fill="over"',
    ]  # fmt: skip
    assert [part for part in shown if part not in html] == []


@pytest.mark.django_db
def test_htmx_gets_only_the_rows_of_a_list(rf):
    request = request_of(rf, Member(), "/ui/catalogue/?name=permission")
    request.htmx = type("Htmx", (), {"target": "listing"})()
    response = views.catalogue(request)
    html = response.content.decode()
    assert "<html" not in html
    assert '<th scope="row">permission</th>' in html
    assert "HX-Request" in response["Vary"]


def test_the_catalogue_is_for_the_team_alone(rf):
    outsider = Member()
    outsider.is_team = False
    with pytest.raises(PermissionDenied):
        views.catalogue(request_of(rf, outsider))
