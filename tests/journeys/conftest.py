"""A real browser against a real server: each journey signs in as its person does, and every page it sees is checked."""

import os
import re
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import sync_playwright

from portal.records import clock

# Playwright's own event loop runs in this thread; the ORM would refuse to work beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("PORTAL_CHROMIUM", "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Axe would fetch what a style sheet imports anew, relative to the page instead of the sheet: a 404 on each page.
# Only a rule that is off by default reads it.
AXE = {"preload": {"assets": ["media"]}}
# Tuesday of the second week, ten past eight: the moment of the drawn trainee's page.
MOMENT = datetime(2026, 11, 10, 8, 10, tzinfo=clock.SEOUL)


def pytest_collection_modifyitems(items):
    """Without a browser the journeys are reported as not run; on CI that is a failure (devtools sees to it)."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: set PORTAL_CHROMIUM or install it"))


class StandingClock:
    """In place of the clock's context variable: every thread, the server's too, sees the same moment."""

    def __init__(self, moment):
        self.moment = moment

    def get(self):
        return self.moment

    def set(self, moment):
        before, self.moment = self.moment, moment
        return before

    def reset(self, before):
        self.moment = before


@pytest.fixture(autouse=True)
def october(monkeypatch):
    """Here it is November, in every thread."""
    standing = StandingClock(MOMENT)
    monkeypatch.setattr(clock, "_moved_to", standing)
    return standing


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser."""

    def __init__(self, context, server):
        self.page = context.new_page()
        self.server = server
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        # A refused form or an ended link answers with 4xx on purpose; the browser notes that too.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def opens(self, address):
        self.page.goto(self.server.url + address)
        self.looks()

    def clicks(self, name, *, role="link", exact=False, nth=0):
        self.page.get_by_role(role, name=name, exact=exact).nth(nth).click()
        self.page.wait_for_load_state()
        self.looks()

    def sees(self, text):
        # A page may hold a text twice, for the desk and folded for a phone.
        assert self.page.get_by_text(text).filter(visible=True).count(), f"“{text}” is not on {self.page.url}"

    def does_not_see(self, text):
        assert self.page.get_by_text(text).count() == 0, f"“{text}” is on {self.page.url}"

    def signs_in(self, email):
        """By the code that is mailed, as everybody does."""
        self.opens("/accounts/login/")
        self.page.get_by_label(re.compile("E-?mail|이메일|전자우편")).first.fill(email)
        self.page.get_by_role("button", name=re.compile("code|코드|인증번호")).first.click()
        self.page.wait_for_load_state()
        self.looks()
        code = re.search(r"\b[A-Z0-9]{3}-?[A-Z0-9]{3}\b|\b\d{6}\b", mail.outbox[-1].body).group()
        self.page.get_by_label(re.compile("ode|코드|인증번호")).first.fill(code)
        self.page.get_by_role("main").get_by_role("button").first.click()
        self.page.wait_for_load_state()
        self.looks()

    def looks(self):
        """What nobody should meet on any page: a console error, a page wider than the screen, an axe violation."""
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"
        root = "document.documentElement"
        overflow = self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        assert overflow <= 0, f"{self.page.url} is {overflow} px wider than the screen"
        violations = Axe().run(self.page, options=AXE).response["violations"]
        found = [f"{v['id']}: {n['target']}" for v in violations for n in v["nodes"]]
        assert found == [], f"{self.page.url}: {found}"
        self.complaints.clear()  # axe's own measuring styles are refused by our policy, and said so


@pytest.fixture
def person(browser, live_server, settings):
    """`person(phone=True, language="ko")` sits down at a browser."""
    settings.SITE_URL = live_server.url
    contexts = []

    def sit_down(*, phone=False, language="en", javascript=True):
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            locale=language,
            java_script_enabled=javascript,
            timezone_id="Asia/Seoul",
        )
        contexts.append(context)
        return Person(context, live_server)

    yield sit_down
    for context in contexts:
        context.close()
