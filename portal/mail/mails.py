"""The mails of the foundation itself."""

from operator import itemgetter

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.accounts.invitations import VALID_FOR, token_for

from .kinds import NoLongerWanted, Variable, kind
from .links import absolute_url


def _still_wanted(mail):
    user = mail.about
    if not user.is_active:
        raise NoLongerWanted(gettext_noop("The account was closed."))
    if user.last_login is not None:
        raise NoLongerWanted(gettext_noop("The person has signed in already."))


@kind(
    "invitation",
    template="mail/invitation",
    for_readers=True,
    label=_("Invitation to the portal"),
    wanted=_still_wanted,
    variables=[
        Variable("link", _("the way in, good for two weeks"), itemgetter("link"), True, _("Set up sign-in")),
        Variable("days", _("how many days the link is good for"), itemgetter("days")),
        Variable("email", _("the address the person signs in with"), lambda context: context["person"].email),
        Variable("invited_by", _("who invited the person"), itemgetter("invited_by")),
    ],
)
def invitation(mail):
    """A person is told of their account and shown the way in."""
    user = mail.about
    return {
        "person": user,
        "invited_by": mail.context.get("invited_by", ""),
        "days": VALID_FOR.days,
        "link": absolute_url(reverse("accounts:invitation-accept", kwargs={"token": token_for(user)})),
    }
