"""From a row to a message: in the recipient's language and time zone, from the subject as it is now."""

import hashlib
import io
import re
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import Message
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.encoding import punycode
from django.utils.translation import gettext_noop

from portal.records import clock

from . import kinds, wording
from .models import Wording

OWN_WORDS = "edited"
IN_USE = object()
PARTS = ("subject.txt", "txt", "html")
LINE_END = re.compile(r"\r\n|\r|\n")
MANY_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


def context_of(mail, *, as_example=False):
    """What the kind tells about the mail's subject as it is now. Raises NoLongerWanted, seldom for an example."""
    kind = kinds.get(mail.kind)
    if mail.about is None:
        raise kinds.NoLongerWanted(gettext_noop("The record this mail was about is gone."))
    if kind.wanted and not as_example:
        kind.wanted(mail)
    return kind.context(mail)


@dataclass(frozen=True)
class Words:
    """Subject and text that stand in place of the built-in ones, and what the mail notes as its version."""

    subject: str
    text: str
    version: str


def texts_of(mail, context, staffs=IN_USE):
    """Subject, text, HTML and the templates' version, wholly in one language.

    The words are those written for this one mail, else staff's for its kind, else the built-in ones; to try others
    out, `staffs` is a Wording, or None for the built-in words.
    """
    with translation.override(mail.reading_language), timezone.override(mail.zone):
        values = {**context, "mail": mail, "site_url": settings.SITE_URL}
        templates = [get_template(f"emails/{mail.template}.{part}").template for part in PARTS]
        words = _words_of(mail, context) if staffs is IN_USE else _filled(staffs, mail, context)
        if words is None:
            # Only HTML is escaped: in a plain text “&amp;” would be read as it stands.
            subject, text = (template.render(Context(values, autoescape=False)) for template in templates[:2])
            shown = {"subject": " ".join(subject.split()), "lead": _lead(text, mail)}
            html = templates[2].render(Context({**values, **shown}))
        else:
            subject, text, html = _in_own_words(mail, words, values)
    sources = "\0".join(template.source for template in templates)
    return {
        "subject": " ".join(subject.split())[:300],
        "text": MANY_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        "html": html.strip() + "\n",
        "template_version": words.version if words else hashlib.sha256(sources.encode()).hexdigest()[:12],
    }


def _lead(text, mail):
    """What a list of mails shows beside the subject: the first line of the text after the greeting."""
    lines = [line for line in text.splitlines() if line.strip()]
    return next(iter(lines[1 if mail.recipient_name else 0 :]), "").strip()


def _words_of(mail, context):
    """What staff wrote for this mail or for its kind, filled in; None for the built-in words."""
    if mail.own_text:
        usual = usual_words(mail, context)
        return Words(mail.own_subject, wording.with_links(mail.own_text, usual.text), OWN_WORDS)
    return _filled(Wording.objects.in_use(mail.kind, mail.reading_language), mail, context)


def _filled(staffs, mail, context):
    """The wording with the variables of one mail in their places; None for the built-in words."""
    if staffs is None or staffs.is_builtin:
        return None
    variables = kinds.get(mail.kind).variables
    subject, text = (wording.filled(part, variables, context) for part in (staffs.subject, staffs.text))
    return Words(subject, text, staffs.name)


def usual_words(mail, context, *, builtin=False):
    """What the mail says between greeting and footer if nobody edits it; None where it cannot be told apart."""
    with translation.override(mail.reading_language), timezone.override(mail.zone):
        staffs = None if builtin else Wording.objects.in_use(mail.kind, mail.reading_language)
        if staffs:
            return _filled(staffs, mail, context)
        values = {**context, "mail": mail, "site_url": settings.SITE_URL}
        subject, text = (get_template(f"emails/{mail.template}.{part}").template for part in PARTS[:2])
        content = wording.content_of(text, values)
        if content is None:
            return None
        subject = " ".join(subject.render(Context(values, autoescape=False)).split())
    return Words(subject, MANY_BLANK_LINES.sub("\n\n", content), "")


def _in_own_words(mail, words, values):
    html = wording.as_html(words.text, str(kinds.get(mail.kind).button))
    text = wording.in_frame("txt", mail.template, words.text, values)
    shown = {"subject": words.subject, "lead": _lead(text, mail)}
    return words.subject, text, wording.in_frame("html", mail.template, html, {**values, **shown})


def in_ascii(address):
    """The address as mail servers write it: a domain in other letters has an ASCII form of its own."""
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{punycode(domain)}"


def preview(mail):
    """The texts as they would be if the mail left now. Raises what rendering raises."""
    return texts_of(mail, context_of(mail))


def rendered(mail, context):
    """The texts and the exact bytes, ready to be frozen."""
    texts = texts_of(mail, context)
    message = EmailMultiAlternatives(
        subject=texts["subject"],
        body=texts["text"],
        to=[formataddr((mail.recipient_name, in_ascii(mail.address)))],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(clock.now()),
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.reading_language,
        },
    )
    message.attach_alternative(texts["html"], "text/html")
    for file in mail.attachments.order_by("pk"):
        message.attach(file.name, file.read(), file.content_type)
    return {**texts, "raw": _in_bytes(message.message())}


class _InOnePiece(BytesGenerator):
    """Writes a text at once: line by line, an attachment takes longer than all the rest of its mail."""

    def _write_lines(self, lines):
        self.write(self._NL.join(LINE_END.split(lines or "")))


def _in_bytes(message):
    written = io.BytesIO()
    _InOnePiece(written, mangle_from_=False).flatten(message, linesep="\r\n")
    return written.getvalue()


class _Bytes(Message):
    """A message that is written exactly as it was frozen."""

    def __init__(self, raw):
        super().__init__()
        self.raw = raw

    def as_bytes(self, unixfrom=False, policy=None, linesep=None):
        return self.raw


class FrozenMessage(EmailMultiAlternatives):
    """A frozen mail for any of Django's mail backends: they write its bytes, whatever else they read."""

    def __init__(self, mail):
        super().__init__(subject=mail.subject, body=mail.text, to=[in_ascii(mail.address)])
        self.attach_alternative(mail.html, "text/html")
        self.raw = bytes(mail.raw)

    def message(self):
        return _Bytes(self.raw)
