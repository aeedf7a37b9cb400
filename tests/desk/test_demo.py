"""One-click sign-in and the mailbox: in the demo, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, reverse, set_urlconf

from portal.accounts.roles import Role
from portal.desk import demo
from portal.mail.backends import read_folder
from tests.desk import demo_urls
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
URLS = demo_urls.__name__  # imported before any test sets DEMO: portal.urls decides once
SIGN_IN, MAILS = "/demo/sign-in/", "/demo/mails/"


@pytest.fixture
def demo_addresses(settings):
    settings.ROOT_URLCONF = URLS
    yield
    set_urlconf(None)  # the handler keeps the last one for its thread


@pytest.fixture
def in_demo(demo_addresses, settings, tmp_path, monkeypatch):
    settings.DEMO = True
    settings.DEMO_MAIL_DIR = tmp_path
    settings.EMAIL_BACKEND = "portal.mail.backends.FolderBackend"
    monkeypatch.setattr(demo, "people", lambda: [("Province officer", "Kim Seo-yeon", "officer@example.org")])


@pytest.fixture
def letter(in_demo):
    """The name of a mail in the folder, with text, HTML and an attachment."""
    mail = EmailMultiAlternatives(
        "A question", "Answer at https://example.org/a?b=1 please.\n", to=["a@example.org"]
    )
    mail.attach_alternative(
        '<p style="color:red">Answer <a href="https://example.org/a">here</a></p><script>x</script>',
        "text/html",
    )
    mail.attach("GG-2026-0001.pdf", b"%PDF-1.7", "application/pdf")
    mail.send()
    [found] = read_folder()
    return found["name"]


@pytest.mark.django_db
def test_one_click_signs_in_as_the_person(client, in_demo):
    user = make_user(email="officer@example.org")
    assert "Kim Seo-yeon" in client.get(SIGN_IN).content.decode()
    response = client.post(SIGN_IN, {"email": "officer@example.org"})
    assert response.url == reverse("desk:today")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_get_signs_nobody_in(client, in_demo):
    make_user(email="officer@example.org")
    client.get(SIGN_IN, {"email": "officer@example.org"})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_only_the_people_of_the_demo_are_let_in(client, in_demo):
    make_user(Role.ADMINISTRATOR, email="real@example.org")
    assert client.post(SIGN_IN, {"email": "real@example.org"}).status_code == 404


@pytest.mark.django_db
def test_way_back_stays_here(client, in_demo):
    make_user(email="officer@example.org")
    response = client.post(SIGN_IN, {"email": "officer@example.org", "next": "https://evil.example/"})
    assert response.url == reverse("desk:today")
    response = client.post(SIGN_IN, {"email": "officer@example.org", "next": "/accounts/profile/"})
    assert response.url == "/accounts/profile/"


@pytest.mark.django_db
def test_sign_in_page_and_home_lead_there_in_the_demo_only(client, in_demo, settings):
    for page in (reverse("account_login"), reverse("public:home")):
        assert SIGN_IN in client.get(page).content.decode()
    settings.DEMO = False
    for page in (reverse("account_login"), reverse("public:home")):
        assert SIGN_IN not in client.get(page).content.decode()


@pytest.mark.django_db
def test_mailbox_lists_and_shows_mails_with_links_that_can_be_clicked(client, letter):
    assert "A question" in client.get(MAILS).content.decode()
    page = client.get(f"{MAILS}{letter}/").content.decode()
    assert '<a href="https://example.org/a?b=1"' in page
    assert "<script>x" not in page


@pytest.mark.django_db
def test_html_version_is_a_page_of_its_own_that_can_do_nothing(client, letter):
    response = client.get(f"{MAILS}{letter}/html/")
    assert '<a href="https://example.org/a">' in response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy


@pytest.mark.django_db
def test_attachment_is_a_download(client, letter):
    response = client.get(f"{MAILS}{letter}/attachments/0/")
    assert response.content == b"%PDF-1.7"
    assert response.headers["Content-Disposition"] == 'attachment; filename="GG-2026-0001.pdf"'
    assert client.get(f"{MAILS}{letter}/attachments/1/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "unknown.eml"])
def test_mailbox_opens_nothing_but_its_mails(client, in_demo, name):
    assert client.get(f"{MAILS}{name}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", [SIGN_IN, MAILS, f"{MAILS}x.eml/", f"{MAILS}x.eml/html/", f"{MAILS}x.eml/attachments/0/"]
)
def test_views_answer_nothing_outside_the_demo_even_if_somebody_routes_to_them(
    client, demo_addresses, settings, path
):
    assert not settings.DEMO
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "officer@example.org"}).status_code == 404


@pytest.mark.parametrize("name", ["demo:sign-in", "demo:mail-list"])
def test_addresses_are_unknown_outside_the_demo(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


PROBE = """
import django; django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
for path in ("/demo/sign-in/", "/demo/mails/", "/demo/mails/x/"):
    try:
        resolve(path)
    except Resolver404:
        print("nothing at", path)
print("demo", settings.DEMO, "debug", settings.DEBUG, "second factor", settings.SECOND_FACTOR_REQUIRED)
"""


def test_no_environment_switches_the_demo_on_in_production():
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "a production key of decent length, 0123456789 0123456789",
        "PASSPORT_KEYS": "one:a secret to seal with of decent length",
        "PASSPORT_INDEX_KEY": "another secret for the index of decent length",
        "CERTIFICATE_SEAL": "/nonexistent/seal.pem",
        "ALLOWED_HOSTS": "training.example",
        "SITE_URL": "https://training.example",
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": os.environ.get("DATABASE_URL", "postgres://portal@127.0.0.1/portal"),
        "DEMO": "1",
        "DEBUG": "1",
        "PROFILE": "demo",
        "SECOND_FACTOR_REQUIRED": "0",
    }
    said = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.splitlines() == [
        "nothing at /demo/sign-in/",
        "nothing at /demo/mails/",
        "nothing at /demo/mails/x/",
        "demo False debug False second factor True",
    ]


@pytest.mark.django_db
def test_one_click_leads_back_to_a_path_and_to_nothing_else(client, in_demo):
    make_user(email="officer@example.org")
    back = {"x": reverse("desk:today"), "//evil.example": reverse("desk:today"), "/hospitals/": "/hospitals/"}
    for target, expected in back.items():
        response = client.post(SIGN_IN, {"email": "officer@example.org", "next": target})
        assert response.url == expected


def test_production_does_not_start_without_keys_for_passport_numbers():
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "a production key of decent length, 0123456789 0123456789",
        "ALLOWED_HOSTS": "training.example",
        "SITE_URL": "https://training.example",
        "TRUSTED_PROXY_COUNT": "1",
        "CERTIFICATE_SEAL": "/nonexistent/seal.pem",
    }
    command = [sys.executable, "-c", "import portal.settings.production"]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert said.returncode == 1
    assert "PASSPORT_KEYS" in said.stderr


def test_production_does_not_start_without_the_number_of_proxies():
    """A default would be wrong somewhere, and callers could then name the address they are counted by."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "a production key of decent length, 0123456789 0123456789",
        "PASSPORT_KEYS": "one:a secret to seal with of decent length",
        "PASSPORT_INDEX_KEY": "another secret for the index of decent length",
        "CERTIFICATE_SEAL": "/nonexistent/seal.pem",
        "ALLOWED_HOSTS": "training.example",
        "SITE_URL": "https://training.example",
    }
    said = subprocess.run(
        [sys.executable, "-c", "import portal.settings.production"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 1
    assert "TRUSTED_PROXY_COUNT" in said.stderr
