"""What the pages of regions and institutions read alike."""

from partners.models import Contact
from portal.accounts.roles import Permission
from portal.records.citations import with_source_ids


def may_edit(user):
    """Whether the page offers its buttons."""
    return {"user_may_edit": user.has(Permission.EDIT_PARTNERS)}


def mous_of(mous, user):
    """Those `user` may see, with parties and sources, ready for a time line."""
    return list(with_source_ids(mous.visible_to(user).with_parties()))


def contacts_of(institutions, user):
    """Who holds an office at the institutions, and apart from them who held one."""
    contacts = Contact.objects.visible_to(user).in_use().filter(institution__in=institutions).with_place()
    found = list(contacts.order_by("institution__name", "office", "pk"))
    return {
        "contacts": [contact for contact in found if not contact.is_former],
        "former": [contact for contact in found if contact.is_former],
    }
