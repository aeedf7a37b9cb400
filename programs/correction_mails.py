"""The mails about a name that its holder wants corrected: it is, or it stays, and why."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.mail.kinds import Variable, kind
from portal.mail.links import absolute_url

from .mails import still_valid

SHARED = [
    Variable(
        "link",
        gettext_lazy("the holder’s certificates"),
        lambda context: absolute_url(context["path"]),
        required=True,
        button=gettext_lazy("See my certificates"),
    ),
    Variable(
        "number", gettext_lazy("the number of the certificate"), lambda context: context["certificate"].number
    ),
    Variable(
        "printed",
        gettext_lazy("the name as it is printed"),
        lambda context: context["certificate"].printed["name"],
    ),
    Variable("program", gettext_lazy("the program"), lambda context: context["cohort"].program_name),
]
BEFORE = Variable(
    "before", gettext_lazy("the number of the certificate before"), lambda context: context["before"]
)
NAME = Variable("name", gettext_lazy("the name that was asked for"), lambda context: context["name"])
REASON = Variable("reason", gettext_lazy("why it stays"), lambda context: context["reason"])


def _about(mail):
    return {
        "certificate": mail.about,
        "cohort": mail.about.enrollment.cohort,
        "path": reverse("programs:my-certificates"),
        **mail.context,
    }


@kind(
    "certificate_corrected",
    template="programs/certificate_corrected",
    for_readers=True,
    label=gettext_lazy("Name on the certificate corrected"),
    wanted=still_valid,
    variables=[*SHARED, BEFORE],
)
def certificate_corrected(mail):
    """To the holder: the new certificate, and what became of the one before."""
    return _about(mail)


@kind(
    "certificate_not_corrected",
    template="programs/certificate_not_corrected",
    for_readers=True,
    label=gettext_lazy("Name on the certificate not corrected"),
    variables=[*SHARED, NAME, REASON],
)
def certificate_not_corrected(mail):
    """To the holder: the name stays, and why."""
    return _about(mail)
