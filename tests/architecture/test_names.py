"""One name a screen: address, URL name, view function, template and test file say the same."""

import inspect
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
# namespace: (package, folder of templates and tests)
APPS = {
    "programs": ("programs", "programs"),
    "participants": ("participants", "participants"),
    "partners": ("partners", "partners"),
    "hospitals": ("hospitals", "hospitals"),
    "mail": ("portal.mail", "mail"),
    "records": ("portal.records", "records"),
    "accounts": ("portal.accounts", "accounts"),
    "ui": ("portal.ui", "ui"),
    "desk": ("portal.desk", "desk"),
    "public": ("portal.public", "public"),
}
# Their addresses are read aloud, printed on paper or typed by hand: short, without the app before them.
AT_THE_ROOT = {"desk", "public"}


def screens(patterns=None, prefix="", namespace=None):
    """Every page of ours as (namespace, name, address, view)."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from screens(entry.url_patterns, address, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and namespace in APPS:
            yield namespace, entry.name, address, entry.callback


SCREENS = list(screens())
ids = [f"{namespace}:{name}" for namespace, name, _address, _view in SCREENS]
each = pytest.mark.parametrize(("namespace", "name", "address", "view"), SCREENS, ids=ids)


def test_there_are_screens():
    assert len(SCREENS) > 60


@each
def test_the_view_is_called_like_its_url_and_stands_in_a_views_module(namespace, name, address, view):
    package = APPS[namespace][0]
    assert view.__name__ == name.replace("-", "_")
    assert re.fullmatch(rf"{re.escape(package)}\.views(\.\w+)?", view.__module__), view.__module__


@each
def test_the_address_says_the_name(namespace, name, address, view):
    """/programs/placements/<pk>/confirm/ is programs:placement-confirm; /my/schedule/ is programs:my-schedule."""
    words = [part for part in re.sub(r"<[^>]+>|\.xlsx$", "", address).strip("/").split("/") if part]
    if words and words[0] == "my":
        assert name.startswith("my-"), address
        words, said = words[1:], name.removeprefix("my-")
    else:
        if namespace not in AT_THE_ROOT:
            assert words[0] == namespace, address
            words = words[1:]
        said = name
    for word in words:
        singular = {"ies": word[:-3] + "y"}.get(word[-3:], word.removesuffix("s"))
        assert word in said or singular in said or singular.replace("-", "") in said, (
            f"{address} is not {name}"
        )


@each
def test_the_template_is_called_like_the_view(namespace, name, address, view):
    """A view that renders a page names its own template, or one more of its resource where a page has two faces."""
    named = set(re.findall(r'"([\w/]+\.html)"', inspect.getsource(_inner(view))))
    own = f"{APPS[namespace][1]}/{name.replace('-', '_')}.html"
    resource = f"{APPS[namespace][1]}/{name.split('-')[0]}_"
    assert all(template == own or template.startswith(resource) or "/_" in template for template in named), (
        named
    )
    assert not named or own in named or all("/_" in template for template in named), f"{named} lack {own}"


@each
def test_a_test_file_of_the_app_asks_for_the_screen(namespace, name, address, view):
    folder = ROOT / "tests" / APPS[namespace][1]
    text = "\n".join(path.read_text() for path in folder.glob("test_*.py"))
    literal = "/" + re.split(r"<", address)[0]
    tail = address.rsplit(">", 1)[-1].strip("/")
    asked = f"{namespace}:{name}" in text or (literal in text and tail in text)
    assert asked, f"no test in tests/{APPS[namespace][1]} asks for {namespace}:{name}"


def _inner(view):
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view
