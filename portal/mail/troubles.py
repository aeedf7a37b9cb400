"""What can be wrong with a mail that needs a person, and what that person does about it."""

from dataclasses import dataclass

from django.db.models import Case, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .models import State

FAILED = Q(state=State.FAILED)


@dataclass(frozen=True)
class Trouble:
    """One class of error: which mails have it, what is said of them, and what to do."""

    name: str
    which: Q
    label: Promise
    counted: object  # lazy, of a number: so many mails
    what: Promise
    to_do: Promise

    @property
    def advice(self):
        """The point in the first line, what to do below it."""
        return f"{self.what}\n{self.to_do}"


TROUBLES = (
    Trouble(
        "uncertain",
        Q(state=State.UNCERTAIN),
        _("May not have arrived"),
        ngettext_lazy("%(count)s mail may not have arrived", "%(count)s mails may not have arrived", "count"),
        _("Nobody knows whether it arrived."),
        _(
            "The mail server took the whole mail and then fell silent. Ask the recipient; "
            "then settle it as arrived, or send it again."
        ),
    ),
    Trouble(
        "no-address",
        FAILED & Q(address=""),
        _("No address"),
        ngettext_lazy("%(count)s mail has no address", "%(count)s mails have no address", "count"),
        _("There is no address."),
        _("Enter one on the person’s page; then send it again."),
    ),
    Trouble(
        "text",
        FAILED & Q(last_error_code="template"),
        _("Text could not be made"),
        ngettext_lazy("%(count)s mail could not be written", "%(count)s mails could not be written", "count"),
        _("The text could not be made."),
        _(
            "If staff reworded this kind of mail lately, go back to the built-in words; else tell the administrator. "
            "When it is mended, send it again."
        ),
    ),
    Trouble(
        "refused",
        FAILED & (Q(last_error_code__startswith="5") | Q(last_error_code="unsendable")),
        _("Refused by the mail server"),
        ngettext_lazy("%(count)s mail was refused", "%(count)s mails were refused", "count"),
        _("The mail server refused it."),
        _(
            "Ask the recipient by phone for the right address and enter it on their page; then send it again. "
            "If the address is right, tell the administrator what the server said."
        ),
    ),
    Trouble(
        "undelivered",
        FAILED,
        _("Not delivered for three days"),
        ngettext_lazy(
            "%(count)s mail could not be delivered", "%(count)s mails could not be delivered", "count"
        ),
        _("It could not be delivered for three days."),
        _("The mail server was busy or away. When it works again, send it again."),
    ),
)
BY_NAME = {trouble.name: trouble for trouble in TROUBLES}


def named():
    """An annotation: the name of each mail's trouble, the first that fits; empty for mails that need nobody."""
    return Case(*(When(trouble.which, then=Value(trouble.name)) for trouble in TROUBLES), default=Value(""))


def trouble_of(mail):
    """The trouble of one mail, or None."""
    if mail.state == State.UNCERTAIN:
        return BY_NAME["uncertain"]
    if mail.state != State.FAILED:
        return None
    code = mail.last_error_code
    if not mail.address:
        return BY_NAME["no-address"]
    if code == "template":
        return BY_NAME["text"]
    return BY_NAME["refused" if code.startswith("5") or code == "unsendable" else "undelivered"]


def choices():
    """Every trouble as a filter offers it."""
    return [(trouble.name, trouble.label) for trouble in TROUBLES]
