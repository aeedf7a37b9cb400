"""The link in the mail that asks whether we may stay in touch: no account, and only a POST acts."""

from datetime import timedelta

from portal.accounts import links

from .models import Consent

PURPOSE = "stay_in_touch"
# A month before it lapses, and a while after: who finds the mail late may still say yes.
VALID_FOR = timedelta(days=120)


def token_for(word):
    """A token that lets whoever holds it say yes or no for the person whose word this is."""
    return links.sign(PURPOSE, {"consent": word.pk}, valid_for=VALID_FOR)


def word_for(token):
    """The word this link is about. Raises BadLink: too old, not ours, or the person is gone."""
    data = links.read(PURPOSE, token)
    word = Consent.objects.select_related("trainee").filter(pk=data["consent"]).first()
    if word is None:
        raise links.BadLink
    return word
