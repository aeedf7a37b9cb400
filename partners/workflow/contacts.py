"""What is done to contacts: entered, changed, invited to the portal to nominate."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Role
from portal.mail.invitations import invite as invite_user
from portal.records.changes import locked, take_over
from portal.records.transitions import NotNow, record

from .places import require


@transaction.atomic
def enter(contact, *, by):
    """Keep a new office and who holds it."""
    require(by)
    contact.save()
    record(contact, "enter", by=by)
    return contact


@transaction.atomic
def change(contact, *, by, fields, seen=None):
    """Keep the `fields` that a form has changed. Raises NotNow, by field, where somebody else was faster."""
    require(by)
    if not fields:
        return contact
    kept = take_over(locked(contact), contact, fields, seen)
    kept.save(update_fields=fields)
    record(kept, "change", by=by, data={"fields": sorted(fields)})
    return kept


def why_not_invited(contact):
    """Why a contact cannot be invited, as a sentence; nothing if they can."""
    if not contact.email:
        return _("There is no e-mail address to invite them by.")
    if contact.is_former:
        return _("They have left the office.")
    return ""


@transaction.atomic
def invite(contact, *, by):
    """Give the contact an account to nominate with, and mail them the way in. Raises NotNow, by name.

    Who has an account at this address already keeps it; who has not signed in yet is written to once a day at most.
    """
    require(by)
    kept = locked(contact)
    refused = why_not_invited(kept)
    if refused:
        raise NotNow(refused)
    facts = {"language": kept.language, "roles": [Role.CONTACT]}
    if kept.time_zone:
        facts["time_zone"] = kept.time_zone
    kept.user = invite_user(kept.email, name=kept.name or kept.office, by=by, **facts)
    kept.save(update_fields=["user"])
    record(kept, "invite", by=by)
    return kept
