"""What the files of the desk's lists hold."""

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.records.exports import Column, DateColumn, Export


def _roles(person):
    return ", ".join(str(Role(role).label) for role in person.roles)


def _account(person):
    """How the account stands, as its badge says it."""
    if not person.is_active:
        return gettext("Closed")
    return pgettext("account", "Open") if person.last_login else gettext("Invited")


USERS = Export(
    _("Users"),
    [
        Column(_("Name"), "name", 32),
        Column(_("E-mail"), "email", 32),
        Column(_("Phone"), "phone", 18),
        Column(_("Roles"), _roles, 32),
        Column(_("Language"), "get_language_display", 14),
        Column(_("Account"), _account, 12),
        DateColumn(_("Last sign-in"), "last_login", 26),
        DateColumn(_("Created"), "created_at", 26),
        Column(_("Invented for the demo"), "is_invented", 12),
    ],
    personal=True,
)
