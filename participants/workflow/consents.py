"""A person's word on one purpose: given, or withdrawn. The text they read is kept by version and language."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from participants import consent_texts
from participants.models import Consent, Passport, Trainee
from portal.mail import outbox
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record

from . import documents, followups, passports


def standing(trainee):
    """What holds now: the latest word by purpose."""
    return {word.purpose: word for word in Consent.objects.filter(trainee=trainee).standing()}


def _locked(trainee, by):
    if not isinstance(by, System) and trainee.user_id != by.pk:
        raise PermissionDenied
    return Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)


@transaction.atomic
def give(trainee, *, by, purpose, language):
    """The person agrees to the text of now, read in `language`. Agreeing twice to one text adds nothing."""
    trainee = _locked(trainee, by)
    text = consent_texts.latest(purpose, language)
    before = standing(trainee).get(purpose)
    if before and before.action == Consent.Action.GIVEN and before.version == text.version:
        return before
    word = _keep(trainee, by, Consent.Action.GIVEN, purpose, text)
    record(trainee, "give_consent", by=by, data={"purpose": purpose, "version": text.version})
    return word


@transaction.atomic
def renew(trainee, *, by, language):
    """The graduate goes on agreeing to stay in touch: a word of its own, from which the year runs anew.

    Twice on one day adds nothing.
    """
    trainee = _locked(trainee, by)
    before = standing(trainee).get(Consent.Purpose.GRADUATE)
    if before and before.action == Consent.Action.GIVEN and before.at > clock.now() - timedelta(days=1):
        return before
    text = consent_texts.latest(Consent.Purpose.GRADUATE, language)
    word = _keep(trainee, by, Consent.Action.GIVEN, Consent.Purpose.GRADUATE, text)
    outbox.cancel_about(trainee, reason=_("answered"), by=by, kinds=["consent_renewal"])
    facts = {"purpose": Consent.Purpose.GRADUATE, "version": text.version}
    record(trainee, "renew_consent", by=by, data=facts)
    return word


@transaction.atomic
def withdraw(trainee, *, by, purpose, language="en"):
    """The person takes their word back, or says no without having agreed; `language` is that of the text then.

    With the passport's consent the number and its scans go at once; with the graduate's nobody asks any more.
    """
    trainee = _locked(trainee, by)
    before = standing(trainee).get(purpose)
    if before is not None and before.action == Consent.Action.WITHDRAWN:
        raise NotNow(_("You have said no to this already."))
    read = before or consent_texts.latest(purpose, language)
    word = _keep(trainee, by, Consent.Action.WITHDRAWN, purpose, read)
    verb = "withdraw_consent" if before else "refuse_consent"
    record(trainee, verb, by=by, data={"purpose": purpose, "version": read.version})
    if purpose == Consent.Purpose.PASSPORT:
        _erase_passport(trainee, by)
    if purpose == Consent.Purpose.GRADUATE:
        followups.stop(trainee, by=by)
    return word


def _erase_passport(trainee, by):
    reason = _("consent withdrawn")
    for passport in Passport.objects.filter(trainee=trainee).select_related("trainee"):
        passports.erase(passport, by=by, reason=reason)
    documents.erase_all(trainee, by=by, reason=reason, kinds=["passport"])


def _keep(trainee, by, action, purpose, read):
    """One word; `read` tells version and language of the text it is about."""
    is_user = not isinstance(by, System)
    return Consent.objects.create(
        trainee=trainee,
        purpose=purpose,
        action=action,
        version=read.version,
        language=read.language,
        by=by if is_user else None,
        by_name=(str(by) if is_user else by.name)[:120],
    )
