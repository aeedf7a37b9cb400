"""The mail that asks a graduate what came of the training."""

from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from hospitals.models import in_reader_language
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url

from . import renewals, replies
from .models import Consent, FollowUp
from .rules import MISSED_AFTER_DAYS


def _program(context):
    graduation = context["graduation"]
    return in_reader_language(graduation.program_name, graduation.program_name_ko)


def _still_open(mail):
    if mail.about.state != FollowUp.State.OPEN:
        raise NoLongerWanted(gettext_noop("the follow-up is answered or not asked any more"))
    if Consent.objects.refuses(mail.about.graduation.trainee_id, Consent.Purpose.GRADUATE):
        raise NoLongerWanted(gettext_noop("the graduate does not want to be written to"))
    if Consent.objects.has_lapsed(mail.about.graduation.trainee_id):
        raise NoLongerWanted(gettext_noop("the consent to stay in touch has lapsed"))


@kind(
    "follow_up",
    template="participants/follow_up",
    for_readers=True,
    label=_("Question to a graduate"),
    wanted=_still_open,
    variables=[
        Variable(
            "link",
            _("the form for this graduate, without sign-in"),
            lambda context: absolute_url(context["path"]),
            required=True,
            button=_("Answer now"),
        ),
        Variable(
            "months", _("how many months ago the training ended"), lambda context: context["followup"].months
        ),
        Variable("program", _("the program they completed"), _program),
        Variable(
            "day",
            _("the day until which an answer is hoped for"),
            lambda context: date_format(context["answer_by"], "DATE_FORMAT"),
        ),
    ],
)
def follow_up(mail):
    """The question on its day, and its reminders after 7 and 14 days."""
    followup = mail.about
    return {
        "followup": followup,
        "trainee": followup.graduation.trainee,
        "graduation": followup.graduation,
        "answer_by": followup.due + timedelta(days=MISSED_AFTER_DAYS),
        "is_reminder": mail.context.get("reminder", False),
        # Not to a page behind the sign-in: most graduates have no account.
        "path": reverse("participants:followup-reply", args=[replies.token_for(followup)]),
    }


def _word(mail):
    return Consent.objects.filter(pk=mail.context["word"]).first()


def _not_answered(mail):
    """Refuses the mail once the graduate has said something newer, or the time is over."""
    word, newest = _word(mail), Consent.objects.filter(trainee=mail.about, purpose=Consent.Purpose.GRADUATE)
    if word is None or newest.filter(at__gt=word.at).exists():
        raise NoLongerWanted(gettext_noop("the graduate has answered already"))
    if word.has_lapsed:
        raise NoLongerWanted(gettext_noop("the consent to stay in touch has lapsed"))


@kind(
    "consent_renewal",
    template="participants/consent_renewal",
    for_readers=True,
    label=_("May we stay in touch?"),
    wanted=_not_answered,
    variables=[
        Variable(
            "link",
            _("the page with yes and no, without sign-in"),
            lambda context: absolute_url(context["path"]),
            required=True,
            button=_("Answer yes or no"),
        ),
        Variable(
            "day",
            _("the day on which the consent lapses"),
            lambda context: date_format(context["until"], "DATE_FORMAT"),
        ),
    ],
)
def consent_renewal(mail):
    """Once a year: may we go on writing to the graduate? Without an answer nobody does."""
    word = _word(mail)
    return {
        "trainee": mail.about,
        "until": word.holds_until,
        "path": reverse("participants:consent-renew", args=[renewals.token_for(word)]),
    }
