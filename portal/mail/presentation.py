"""What staff's screens say about a mail, in words."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.records import clock
from portal.records.models import Event
from portal.records.transitions import NotNow

from . import kinds
from .links import without_secrets
from .models import State
from .render import Words, context_of, preview, usual_words
from .troubles import trouble_of
from .wording import without_links

logger = logging.getLogger(__name__)


def shown_texts(mail):
    """The exact text, or what it would be if it left now: dict of is_exact, subject, text, problem.

    Signed parts of links are left out: whoever may read mails must not get into somebody's account with one.
    """
    if mail.is_frozen:
        return {"is_exact": True, "subject": mail.subject, "text": without_secrets(mail.text), "problem": ""}
    if mail.state == State.CANCELLED:
        return {"is_exact": False, "problem": _("It was cancelled before it was written.")}
    try:
        with transaction.atomic():
            texts = preview(mail)
    except kinds.NoLongerWanted as reason:
        problem = _("It would be cancelled when its time comes: %(reason)s") % {"reason": reason}
        return {"is_exact": False, "problem": problem}
    except Exception as error:
        logger.warning("No preview of mail %s: %s", mail.pk, error)
        problem = _("It cannot be written as things stand: %(error)s") % {"error": error}
        return {"is_exact": False, "problem": problem}
    return {
        "is_exact": False,
        "problem": "",
        "subject": texts["subject"],
        "text": without_secrets(texts["text"]),
    }


@dataclass(frozen=True)
class EditableWords:
    """What one mail says as staff edit it: each signed link has a stand-in. `usual` holds the links."""

    subject: str
    text: str
    usual: Words


def editable_words(mail):
    """The words of a mail that has not left, to be edited. Raises NotNow where there is nothing to edit."""
    if mail.state != State.QUEUED or mail.is_frozen:
        raise NotNow(_("The text of this mail stands already: it is leaving, has left, or was tried before."))
    try:
        with transaction.atomic():
            usual = usual_words(mail, context_of(mail))
    except Exception as error:
        logger.warning("The words of mail %s cannot be edited: %s", mail.pk, error)
        raise NotNow(_("It cannot be written as things stand: %(error)s") % {"error": error}) from error
    if usual is None:
        raise NotNow(_("The text of this kind of mail cannot be edited."))
    if mail.own_text:
        return EditableWords(mail.own_subject, mail.own_text, usual)
    return EditableWords(usual.subject, without_links(usual.text), usual)


def advice(mail):
    """What a failed or uncertain mail asks of a person, the point in the first line; nothing for others."""
    trouble = trouble_of(mail)
    return trouble.advice if trouble else ""


def history(mail):
    """The trail of the mail, latest first; each event carries the word for the state it led to."""
    events = list(Event.objects.about(mail).for_history())
    for event in events:
        event.word = State(event.target).label if event.target else _("Reworded")
    return events


def effects(verb, mail):
    """What the confirm box says will happen."""
    to = {"name": mail.recipient_name, "address": mail.address}
    if verb.target == State.CANCELLED:
        if mail.state == State.UNCERTAIN:
            return [_("It may have arrived already; it will not be sent again.")]
        return [_("Nothing will be sent to %(name)s.") % to, _("The reason stays with the mail.")]
    if verb.name == "send_now":
        return [_("1 mail will be sent to %(name)s (%(address)s).") % to, _("It leaves within a minute.")]
    if verb.target == State.SENT:
        return [_("It will not be sent again."), _("Your name stays beside it.")]
    again = [_("1 mail will be sent to %(name)s (%(address)s).") % to]
    if mail.state == State.UNCERTAIN:
        again.append(_("If the first one did arrive, it will be there twice."))
    if mail.is_frozen:
        written = {"time": date_format(localtime(mail.rendered_at), "DATETIME_FORMAT")}
        again.append(_("It is the same text as on %(time)s.") % written)
    if mail.last_attempt_at and (clock.now() - mail.last_attempt_at).total_seconds() < 600:
        again.append(_("The last attempt was only minutes ago."))
    return again
