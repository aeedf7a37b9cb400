"""Where mail goes: SMTP in two phases for the outbox, a folder that one can open for the demo."""

import re
import secrets
import smtplib
from datetime import UTC
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

STOCK_SMTP = "django.core.mail.backends.smtp.EmailBackend"
START_DATA = 354
FILE_NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}\.eml")


def outbox_connection():
    """The configured backend; in place of Django's own SMTP backend the one that tells of the final dot."""
    if settings.EMAIL_BACKEND == STOCK_SMTP:
        return get_connection("portal.mail.backends.SMTPBackend")
    return get_connection()


class TwoPhases:
    """SMTP that calls `before_dot` when all but the final dot has been sent.

    Until the dot the server must not take the mail, so any error there may be retried. If `before_dot`
    raises, the connection is dropped and the server throws away what it has.
    """

    before_dot = None

    def data(self, msg):
        if self.before_dot is None:
            return super().data(msg)
        code, reply = self.docmd("data")
        if code != START_DATA:
            raise smtplib.SMTPDataError(code, reply)
        body = b"\n" + msg  # so that every line begins after one
        body = body.replace(b"\n.", b"\n..")[1:]
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        try:
            self.before_dot()
        except BaseException:
            self.close()
            raise
        self.send(b".\r\n")
        return self.getreply()


class SMTP(TwoPhases, smtplib.SMTP):
    """Plain or STARTTLS."""


class SMTPOverTLS(TwoPhases, smtplib.SMTP_SSL):
    """TLS from the first byte."""


class SMTPBackend(EmailBackend):
    """Django's SMTP backend, in two phases for whoever asks."""

    @property
    def connection_class(self):
        return SMTPOverTLS if self.use_ssl else SMTP

    def send_in_two_phases(self, message, before_dot):
        """Send one message over the open connection; `before_dot` is called just before the final dot."""
        self.connection.before_dot = before_dot
        try:
            self.send_messages([message])
        finally:
            if self.connection is not None:
                self.connection.before_dot = None


class FolderBackend(BaseEmailBackend):
    """Writes each mail as one .eml file into settings.DEMO_MAIL_DIR; the names sort by time."""

    def send_messages(self, email_messages):
        for message in email_messages:
            self.send_in_two_phases(message, lambda: None)
        return len(email_messages)

    def send_in_two_phases(self, message, before_dot):
        """A file nobody reads yet, then `before_dot`, then its name."""
        folder = Path(settings.DEMO_MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
        unfinished = folder / f".{name}.part"
        unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
        before_dot()
        unfinished.rename(folder / name)


def read_folder():
    """The mails of the folder, latest first: dicts of name, to, subject, date."""
    folder = Path(settings.DEMO_MAIL_DIR)
    if not folder.is_dir():
        return []
    names = sorted((path.name for path in folder.iterdir() if FILE_NAME.fullmatch(path.name)), reverse=True)
    return [{"name": name, **_heads(_parsed(folder / name, headers_only=True))} for name in names]


def read_mail(name):
    """One mail of the folder: name, to, subject, date, text, html, attachments (name, type, content).

    Raises FileNotFoundError for any name that is not exactly one the folder gave.
    """
    if not FILE_NAME.fullmatch(name):
        raise FileNotFoundError(name)
    message = _parsed(Path(settings.DEMO_MAIL_DIR) / name)
    text, html = (message.get_body([kind]) for kind in ("plain", "html"))
    return {
        "name": name,
        **_heads(message),
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "attachments": [
            {
                "name": part.get_filename("attachment"),
                "type": part.get_content_type(),
                "content": part.get_payload(decode=True),
            }
            for part in message.iter_attachments()
        ],
    }


def _parsed(path, *, headers_only=False):
    raw = path.read_bytes()
    return message_from_bytes(raw.partition(b"\r\n\r\n")[0] if headers_only else raw, policy=policy.default)


def _heads(message):
    date = message["date"]
    return {
        "to": str(message["to"] or ""),
        "subject": str(message["subject"] or ""),
        "date": _aware(parsedate_to_datetime(str(date))) if date else None,
    }


def _aware(moment):
    """Django dates its mails “-0000”, which means UTC and is read as no zone at all."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
