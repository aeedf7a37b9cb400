"""The mail that asks a graduate what came of the training."""

from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from hospitals.models import in_reader_language
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url

from . import replies
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


@kind(
    "follow_up",
    template="participants/follow_up",
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
