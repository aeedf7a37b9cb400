"""The mails that ask hospitals what they offer to a cohort, and remind those that have not said."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url

from . import answer_links
from .models import HostingRequest
from .templatetags.programs_days import day_words

VARIABLES = [
    Variable(
        "link",
        gettext_lazy("the page to say it on"),
        lambda context: absolute_url(context["path"]),
        required=True,
        button=gettext_lazy("Say what you offer"),
    ),
    Variable(
        "deadline",
        gettext_lazy("until when the hospital is to say it"),
        lambda context: day_words(context["answer_by"]),
        required=True,
    ),
    Variable("hospital", gettext_lazy("the hospital"), lambda context: context["hospital"].short),
    Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    Variable("dates", gettext_lazy("the days of the cohort"), lambda context: context["cohort"].dates),
]


def _coordinator(mail):
    serving = Coordinator.objects.serving().select_related("hospital")
    return serving.filter(user=mail.recipient_id, hospital=mail.context["hospital"]).first()


def _is_waited_for(mail):
    if _coordinator(mail) is None:
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))
    waiting = HostingRequest.objects.silent().filter(cohort=mail.about_id, hospital=mail.context["hospital"])
    if not waiting.exists():
        raise NoLongerWanted(
            _("the hospital has said what it offers, or the cohort takes no offers any more")
        )


def _request(mail):
    request = HostingRequest.objects.select_related("hospital").get(
        cohort=mail.about_id, hospital=mail.context["hospital"]
    )
    return {
        "cohort": mail.about,
        "hospital": request.hospital,
        "answer_by": request.answer_by,
        "path": _path(mail),
    }


def _path(mail):
    """The page that opens without an account; for an old example the one behind the sign-in."""
    coordinator = _coordinator(mail)
    if coordinator is None:
        return reverse("programs:hosting-list")
    return reverse("programs:hosting-answer", args=[answer_links.token_for(coordinator, mail.about)])


@kind(
    "hosting_request",
    template="programs/hosting_request",
    label=gettext_lazy("Request for an offer, to a hospital"),
    wanted=_is_waited_for,
    variables=VARIABLES,
)
def hosting_request(mail):
    """To a coordinator: does the hospital want to host the cohort, and how many seats has it in which weeks?"""
    return _request(mail)


@kind(
    "hosting_reminder",
    template="programs/hosting_reminder",
    label=gettext_lazy("Reminder of an offer, to a silent hospital"),
    wanted=_is_waited_for,
    variables=VARIABLES,
)
def hosting_reminder(mail):
    """To a coordinator of a hospital that was asked for its offer and has not said a word."""
    return _request(mail)
