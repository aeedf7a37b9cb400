"""What staff may put into their own words of the mails about placements and certificates."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.mail.kinds import Variable
from portal.mail.links import absolute_url
from portal.records.approximate import span_words

from .templatetags.programs_days import day_words


def _lines(placements):
    """One entry of a list for each placement: who, where, when."""
    return "\n".join(
        f"- {placement.trainee.display_name}\n  {placement.department}, "
        f"{span_words(placement.first_day, placement.last_day)}"
        for placement in placements
    )


def _answers(context):
    return "\n".join(
        f"- {placement.trainee.display_name}: {placement.get_state_display()}\n  {placement.department}"
        for placement in context["answered"]
    )


def _hospitals(context):
    return ", ".join(str(hospital) for hospital in context["hospitals"])


def _to(name):
    """The address of a page about the cohort, or about nothing."""
    return lambda context: absolute_url(reverse(name))


PLACEMENT_REQUEST = [
    Variable(
        "link",
        gettext_lazy("the page to answer on"),
        _to("programs:placement-to-answer"),
        required=True,
        button=gettext_lazy("Answer for all on one page"),
    ),
    Variable(
        "deadline",
        gettext_lazy("until when the hospital is to answer"),
        lambda context: day_words(context["answer_due"]),
        required=True,
    ),
    Variable(
        "placements",
        gettext_lazy("the trainees, each with department and days"),
        lambda context: _lines(context["placements"]),
        required=True,
    ),
    Variable("hospital", gettext_lazy("the hospital"), lambda context: context["hospital"].short),
    Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    Variable("dates", gettext_lazy("the days of the cohort"), lambda context: context["cohort"].dates),
    Variable("count", gettext_lazy("how many trainees"), lambda context: len(context["placements"])),
]
PLACEMENT_CANCELLED = [
    Variable(
        "placements",
        gettext_lazy("who does not come, where and when"),
        lambda context: _lines(context["placements"]),
        required=True,
    ),
    Variable("hospital", gettext_lazy("the hospital"), _hospitals),
    Variable("reason", gettext_lazy("the reason staff gave"), lambda context: context["reason"]),
]
PLACEMENT_ANSWERED = [
    Variable("answers", gettext_lazy("the answers, one by one"), _answers, required=True),
    Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    Variable(
        "link",
        gettext_lazy("the page of the cohort’s placements"),
        lambda context: absolute_url(context["path"]),
        button=gettext_lazy("Open the cohort’s placements"),
    ),
]
CERTIFICATE = [
    Variable(
        "link",
        gettext_lazy("where anybody can check the certificate"),
        lambda context: absolute_url(context["path"]),
        required=True,
        button=gettext_lazy("Check the certificate"),
    ),
    Variable(
        "number", gettext_lazy("the number of the certificate"), lambda context: context["certificate"].number
    ),
    Variable(
        "program",
        gettext_lazy("the program"),
        lambda context: context["cohort"].program_name,
    ),
]
