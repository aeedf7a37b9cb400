"""May we stay in touch? The page behind the yearly mail; no account is needed."""

from contextlib import suppress

from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from participants import consent_texts, renewals
from participants.models import Consent
from participants.workflow import consents
from portal.accounts.guards import public
from portal.accounts.links import BadLink
from portal.accounts.throttle import too_often_for
from portal.records.actors import System
from portal.records.transitions import NotNow

SAID_AN_HOUR = 20


@public
@never_cache
@sensitive_variables("token")
def consent_renew(request, token):
    """Yes or no by the link in the mail, and afterwards what was said. Only a POST acts; minds may change."""
    try:
        asked = renewals.word_for(token)
    except BadLink:
        return _unlisted(render(request, "participants/consent_ended.html", status=410))
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        # Each word is kept for good: nobody fills the register by clicking to and fro.
        if too_often_for(f"consent:{asked.trainee_id}", "renewal", limit=SAID_AN_HOUR, seconds=3600):
            return _too_often(request)
        _say(asked.trainee, request.POST["answer"])
        return _unlisted(redirect(request.path))
    word = consents.standing(asked.trainee)[Consent.Purpose.GRADUATE]
    said = "" if word == asked else "yes" if word.action == Consent.Action.GIVEN else "no"
    text = consent_texts.latest(Consent.Purpose.GRADUATE, get_language())
    page = {"trainee": asked.trainee, "text": text, "word": word, "said": said}
    return _unlisted(render(request, "participants/consent_renew.html", page))


def _too_often(request):
    return _unlisted(render(request, "429.html", status=429))


def _say(trainee, answer):
    """Nobody is signed in; the trail still names who answered. Doing it twice is no mistake."""
    by, language = System(str(trainee)), get_language()
    if answer == "yes":
        consents.renew(trainee, by=by, language=language)
        return
    with suppress(NotNow):
        consents.withdraw(trainee, by=by, purpose=Consent.Purpose.GRADUATE, language=language)


def _unlisted(response):
    """No search engine is to list a page that names a person."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
