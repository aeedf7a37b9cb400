"""The link in the mail of a follow-up: it opens one form, for graduates without an account too."""

from datetime import timedelta

from portal.accounts import links

from .models import FollowUp

PURPOSE = "follow_up"
# The mails go out within two weeks of the due day; who finds one a season later still counts.
VALID_FOR = timedelta(days=90)


def token_for(followup):
    """A token that lets whoever holds it answer this follow-up, and read what was answered."""
    return links.sign(PURPOSE, {"followup": followup.pk}, valid_for=VALID_FOR)


def followup_for(token):
    """The follow-up this link is about. Raises BadLink: too old, not ours, or not asked any more."""
    data = links.read(PURPOSE, token)
    followup = FollowUp.objects.for_list().filter(pk=data["followup"]).first()
    if followup is None or followup.state in (FollowUp.State.SCHEDULED, FollowUp.State.WAIVED):
        raise links.BadLink
    return followup
