"""The mails of the foundation itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.accounts.invitations import VALID_FOR, token_for

from .kinds import NoLongerWanted, kind
from .links import absolute_url


@kind("invitation", template="mail/invitation", label=_("Invitation to the portal"))
def invitation(mail):
    """A person is told of their account and shown the way in."""
    user = mail.about
    if not user.is_active:
        raise NoLongerWanted(gettext_noop("The account was closed."))
    if user.last_login is not None:
        raise NoLongerWanted(gettext_noop("The person has signed in already."))
    return {
        "person": user,
        "invited_by": mail.context.get("invited_by", ""),
        "days": VALID_FOR.days,
        "link": absolute_url(reverse("accounts:invitation-accept", kwargs={"token": token_for(user)})),
    }
