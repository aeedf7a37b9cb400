"""What staff may put into their own words of the mails about placements and certificates."""

from django.utils.translation import gettext as _
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


def _changed(context):
    """One entry for each placement that was changed: who, how it was and how it is now."""
    return "\n".join(_change(**change) for change in context["changed"])


def _change(who, was, now):
    lines = [f"- {who.display_name}"]
    if was:
        lines.append(_("before: %(placement)s") % {"placement": _place(was)})
    lines += [_("now: %(placement)s") % {"placement": _place(placement)} for placement in now]
    return "\n  ".join(lines)


def _place(placement):
    return f"{placement.department}, {span_words(placement.first_day, placement.last_day)}"


def _told(context):
    """What a release changed, one entry each."""
    return "\n".join(f"- {told.words}" for told in context["changes"])


PLACEMENT_REQUEST = [
    Variable(
        "link",
        gettext_lazy("the page to answer on"),
        lambda context: absolute_url(context["path"]),
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
PLACEMENT_FORWARDED = [
    variable
    for variable in PLACEMENT_REQUEST
    if variable.name in ("link", "deadline", "placements", "hospital", "cohort", "count")
]
PLACEMENT_CHANGED = [
    Variable(
        "changes",
        gettext_lazy("who is concerned, how it was and how it is now"),
        _changed,
        required=True,
    ),
    Variable("reason", gettext_lazy("the reason staff gave"), lambda context: context["reason"]),
    Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
]
RELEASE_TRAINEE = [
    Variable("changes", gettext_lazy("what is new, different or gone, one by one"), _told, required=True),
    Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    Variable("reason", gettext_lazy("the reason or note staff gave"), lambda context: context["note"]),
    Variable(
        "link",
        gettext_lazy("the trainee’s own schedule"),
        lambda context: absolute_url(context["path"]),
        button=gettext_lazy("See my schedule"),
    ),
]
RELEASE_HOSPITAL = [
    *RELEASE_TRAINEE[:3],
    Variable("hospital", gettext_lazy("the hospital"), lambda context: context["hospital"].short),
    Variable(
        "link",
        gettext_lazy("the hospital’s own page"),
        lambda context: absolute_url(context["path"]),
        button=gettext_lazy("See who comes"),
    ),
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
