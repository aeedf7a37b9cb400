"""What the files of the outbox's lists hold: which mail, to whom, when; never its text, which carries links."""

from django.utils.translation import gettext_lazy as _

from portal.records.exports import Column, DateColumn, Export

from .links import without_secrets

MAILS = Export(
    _("Mails"),
    [
        Column(_("Recipient"), "recipient_name", 32),
        Column(_("Address"), "address", 32),
        Column(_("Mail"), "kind_label", 28),
        Column(_("Subject"), lambda mail: without_secrets(mail.subject), 48),
        Column(_("State"), "get_state_display", 14),
        DateColumn(_("Due"), "due", 26),
        DateColumn(_("Sent"), "sent_at", 26),
        Column(_("Attempts"), "attempts", 10),
        Column(_("Last error"), "last_error", 40),
        Column(_("Why it was cancelled"), "cancelled_reason", 40),
    ],
    personal=True,
)
