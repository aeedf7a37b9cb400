"""The mail that asks a graduate what came of the training."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import NoLongerWanted, kind

from . import replies
from .models import FollowUp


@kind("follow_up", template="participants/follow_up", label=_("Question to a graduate"))
def follow_up(mail):
    """The question on its day, and its reminders after 7 and 14 days."""
    followup = mail.about
    if followup.state != FollowUp.State.OPEN:
        raise NoLongerWanted(gettext("the follow-up is answered or not asked any more"))
    return {
        "followup": followup,
        "trainee": followup.graduation.trainee,
        "graduation": followup.graduation,
        "is_reminder": mail.context.get("reminder", False),
        # Not to a page behind the sign-in: most graduates have no account.
        "path": reverse("participants:followup-reply", args=[replies.token_for(followup)]),
    }
