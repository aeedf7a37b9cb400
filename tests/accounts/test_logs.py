"""What an administrator finds in the log when a page has broken, and what nobody finds there."""

import io
import logging

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.module_loading import import_string

from portal.settings import base

pytestmark = pytest.mark.django_db
TOKEN = "eyJkIjp7ImZvbGxvd3VwIjoxfX0:1xWPMA:V4uBCaI4Gv2BFdbcrdjSE"
WORDS = "null value in a column\nDETAIL:  Failing row contains (1, Bolormaa Dorj, 1985)."


@pytest.fixture
def log():
    """What a handler like that of the settings writes."""
    [name] = base.LOGGING["root"]["handlers"]
    facts = base.LOGGING["handlers"][name]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setLevel(facts["level"])
    for name in facts["filters"]:
        handler.addFilter(import_string(base.LOGGING["filters"][name]["()"])())
    plain = base.LOGGING["formatters"][facts["formatter"]]
    handler.setFormatter(import_string(plain["()"])(plain["format"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def broken(*args, **kwargs):
    raise IntegrityError(WORDS)


def test_a_page_that_broke_leaves_its_traceback_without_the_row_and_the_link(log, monkeypatch):
    monkeypatch.setattr("django.core.handlers.base.BaseHandler._get_response", broken)
    answer = Client(raise_request_exception=False).get(f"/follow-ups/reply/{TOKEN}/")
    assert answer.status_code == 500
    text = log.getvalue()
    assert "Traceback (most recent call last)" in text
    assert "IntegrityError: null value in a column" in text
    assert "Bolormaa" not in text
    assert TOKEN not in text


def test_a_form_by_link_that_is_sent_without_cookies_leaves_no_link(log):
    answer = Client(enforce_csrf_checks=True).post(
        f"/participants/consents/renew/{TOKEN}/", {"answer": "yes"}
    )
    assert answer.status_code == 403
    assert "Forbidden (CSRF cookie not set.): /participants/consents/renew/…/" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_a_page_that_is_not_there_is_no_news(log, client):
    assert client.get("/nothing/here/").status_code == 404
    assert not log.getvalue()


def test_a_warning_of_ours_is_read(log):
    logging.getLogger("portal.mail.delivery").warning("Mail %s was taken over.", 7)
    assert log.getvalue().endswith("WARNING portal.mail.delivery: Mail 7 was taken over.\n")
