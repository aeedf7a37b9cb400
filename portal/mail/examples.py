"""A wording shown with the facts of a real mail, before anybody gets it."""

import logging

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import kinds, wording
from .links import without_secrets
from .models import OutgoingMail
from .render import IN_USE, context_of, texts_of, usual_words

logger = logging.getLogger(__name__)
SHOWN = 20


def examples_of(kind):
    """Recent mails of the kind whose facts a preview may use."""
    recent = OutgoingMail.objects.filter(kind=kind.name).order_by("-due", "-pk").values("pk")[:SHOWN]
    return OutgoingMail.objects.filter(pk__in=recent).for_list()


def shown_in_example(kind, language):
    """How the latest mail of the kind would read now: subject and text, or the problem."""
    return example_texts(language, examples_of(kind).first())


def example_texts(language, mail, staffs=IN_USE):
    """How this mail would read in a wording (None: the built-in words; not given: the one in use)."""
    return _tried(language, mail, lambda context: _texts(mail, context, staffs))


def first_words(kind, language):
    """The built-in words with {variables} in place of an example’s facts: where staff begin. Empty without one."""
    # The words are for the first mail and its reminders alike: they begin with those of a first one.
    mail = examples_of(kind).exclude(context__reminder=True).first() or examples_of(kind).first()

    def unfilled(context):
        with translation.override(mail.reading_language), timezone.override(mail.zone):
            usual = usual_words(mail, context, builtin=True)
            parts = {"subject": usual.subject, "text": usual.text}
            return {name: wording.unfilled(text, kind.variables, context) for name, text in parts.items()}

    found = _tried(language, mail, unfilled)
    return {} if found.get("problem") else found


def _texts(mail, context, staffs):
    texts = texts_of(mail, context, staffs)
    return {
        "problem": "",
        "subject": texts["subject"],
        "text": without_secrets(texts["text"]),
        "to": mail.recipient_name,
    }


def _tried(language, mail, make):
    """What `make(context)` gives for this mail in this language, or {"problem": why it gives nothing}."""
    if mail is None:
        return {"problem": _("There is no mail of this kind yet to show the words with.")}
    mail.language, mail.own_text = language, ""
    try:
        with transaction.atomic():
            return make(context_of(mail, as_example=True))
    except kinds.NoLongerWanted as reason:
        return {"problem": _("This mail cannot serve as an example: %(reason)s") % {"reason": reason}}
    except Exception as error:
        logger.warning("No example of mails of the kind %s: %s", mail.kind, error)
        return {"problem": _("It cannot be written as things stand: %(error)s") % {"error": error}}
