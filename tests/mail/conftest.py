"""What the tests of the outbox share: kinds of mail of their own, and a mail server that can misbehave."""

import socket
import threading

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.template import engines
from django.template.loaders.locmem import Loader

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail import kinds, nudge, outbox

TEMPLATES = {
    "emails/test/note.subject.txt": "A note\nfor {{ person }}",
    "emails/test/note.txt": '{% extends "emails/_base.txt" %}'
    "{% block content %}Say & do: {{ word }}{% endblock %}"
    "{% block why %}You asked for it.{% endblock %}",
    "emails/test/note.html": '{% extends "emails/_base.html" %}'
    "{% block content %}<p>Say &amp; do: {{ word }}</p>{% endblock %}"
    "{% block why %}You asked for it.{% endblock %}",
    "emails/test/broken.subject.txt": "Broken",
    "emails/test/broken.txt": "{{ word|date:1 }}{% include nothing %}",
    "emails/test/broken.html": "<p>Broken</p>",
}


@pytest.fixture(autouse=True)
def mail_templates():
    """The test kinds' templates, found before those on disk."""
    engine = engines["django"].engine
    engine.template_loaders.insert(0, Loader(engine, TEMPLATES))
    yield
    engine.template_loaders.pop(0)


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    """`note` is made from its subject as it is; `vital` is sent once more where its arrival is in doubt."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def context(mail):
        if mail.about.phone == "withdrawn":
            raise kinds.NoLongerWanted("The trainee has withdrawn.")
        return {"person": mail.about.name, "word": mail.context.get("word", "thing")}

    kinds.kind("note", template="test/note")(context)
    kinds.kind("vital", template="test/note", resend_if_uncertain=True)(context)
    kinds.kind("broken", template="test/broken")(lambda mail: {"nothing": "emails/test/absent.txt"})


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    """A broker that failed in one test is asked again in the next."""
    monkeypatch.setitem(nudge._quiet, "until", 0.0)


@pytest.fixture
def person(db):
    return User.objects.create_user(
        "bat@example.mn", name="Bat-Erdene", language="mn", time_zone="Asia/Ulaanbaatar"
    )


@pytest.fixture
def officer(db):
    return create_user("officer@gyeonggi.example", name="Kim Officer", roles=[Role.OFFICER], by=None)


@pytest.fixture
def put(person):
    """Put one mail about a person, in a transaction of its own."""

    def put(kind="note", *, key=None, about=None, to=None, **details):
        about = about or person
        with transaction.atomic():
            return outbox.put(kind, to=to or about, about=about, key=key or f"{kind}:{about.pk}", **details)

    return put


class MailServer:
    """aiosmtpd's handler: keeps what it took; `answers` are given one by one before it says 250."""

    def __init__(self):
        self.envelopes = []
        self.rcpt_answers = []
        self.data_answers = []
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer == "take it and fall silent":
            self.envelopes.append(envelope)
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        return answer


@pytest.fixture
def mail_server(settings, unused_tcp_port):
    """A real SMTP server on this machine that the outbox sends to."""
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = unused_tcp_port
    yield handler
    controller.stop()


@pytest.fixture
def unused_tcp_port():
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
