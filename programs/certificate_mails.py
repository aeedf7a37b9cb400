"""Mails about graduates to others than themselves: to whoever leads the cohort, and to the institution at home."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from participants.models import Consent, FollowUp
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url

from . import mail_words
from .mails import still_valid


def _silent(mail):
    due = date.fromisoformat(mail.context["due"])
    rows = FollowUp.objects.filter(
        graduation__enrollment__cohort=mail.about_id, months=mail.context["months"], due=due
    )
    return rows.select_related("graduation__trainee").order_by("graduation__trainee__passport_name")


def _still_silent(mail):
    if not _silent(mail).unanswered().exists():
        raise NoLongerWanted(gettext_noop("everybody has answered meanwhile"))


@kind(
    "followups_silent",
    template="programs/followups_silent",
    label=gettext_lazy("Graduates who do not answer"),
    wanted=_still_silent,
    variables=[
        Variable(
            "link",
            gettext_lazy("the follow-ups that wait for an answer"),
            lambda context: absolute_url(context["path"]),
            required=True,
            button=gettext_lazy("See who is silent"),
        ),
        Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
        Variable("count", gettext_lazy("how many are silent"), lambda context: len(context["followups"])),
        Variable("months", gettext_lazy("how many months ago it ended"), lambda context: context["months"]),
    ],
)
def followups_silent(mail):
    """To whoever leads the cohort, two weeks after the question: who has answered neither mail nor reminders."""
    rows = _silent(mail)
    return {
        "cohort": mail.about,
        "months": mail.context["months"],
        # An example of such a mail, for who words them, may be answered altogether.
        "followups": list(rows.unanswered()) or list(rows),
        "path": f"{reverse('participants:followup-list')}?state={FollowUp.State.OPEN}&due=late",
    }


def _may_be_told(mail):
    """The institution is told nothing that is not valid any more, or that the graduate does not want told."""
    still_valid(mail)
    if Consent.objects.refuses(mail.about.enrollment.trainee_id, Consent.Purpose.ABROAD):
        raise NoLongerWanted(gettext_noop("the graduate does not want the institution to be told"))


@kind(
    "certificate_home",
    template="programs/certificate_home",
    for_readers=True,
    label=gettext_lazy("Copy of a certificate to the home institution"),
    resend_if_uncertain=True,
    wanted=_may_be_told,
    variables=[
        *mail_words.CERTIFICATE,
        Variable(
            "name",
            gettext_lazy("the name as it is printed"),
            lambda context: context["certificate"].printed["name"],
        ),
    ],
)
def certificate_home(mail):
    """To a contact at the home institution: a copy of the certificate, where the program says so."""
    paper = mail.about
    return {
        "certificate": paper,
        "cohort": paper.enrollment.cohort,
        "path": reverse("public:verify-code", args=[paper.code]),
    }
