"""What an act would send, before it is done: it is done, its mails are read, and all of it is taken back."""

from dataclasses import dataclass

from django.db import transaction

from portal.records.transitions import NotNow

from .hold import hold
from .models import OutgoingMail
from .presentation import shown_texts


@dataclass(frozen=True)
class Rehearsed:
    """One mail that would leave: to whom, in which language, and as it would read."""

    name: str
    address: str
    language: str
    kind_label: str
    subject: str
    text: str
    problem: str


def rehearse(act, *, by):
    """The mails that `act()` would put, as they would read; nothing of it stays. An empty list where it is refused.

    The act works on rows of its own reading: what it changes on an object in memory is not taken back.
    """
    files, rehearsed = [], []
    try:
        with transaction.atomic():
            with hold("", by=by) as held:
                act()
            if held.mailing:
                mails = list(
                    OutgoingMail.objects.filter(mailing=held.mailing).order_by("recipient_name", "pk")
                )
                rehearsed = [_as_it_would_read(mail) for mail in mails]
                files = [file for mail in mails for file in mail.attachments.all()]
            transaction.set_rollback(True)
    except NotNow:
        return []
    for file in files:
        file.discard_content_unless_kept()
    return rehearsed


def _as_it_would_read(mail):
    texts = shown_texts(mail)
    return Rehearsed(
        name=mail.recipient_name,
        address=mail.address,
        language=mail.reading_language,
        kind_label=mail.kind_label,
        subject=texts.get("subject", ""),
        text=texts.get("text", ""),
        problem=texts["problem"],
    )
