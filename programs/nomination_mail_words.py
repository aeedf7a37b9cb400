"""What staff may put into their own words of the mails about nominations and papers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.mail.kinds import Variable
from portal.mail.links import absolute_url

from .templatetags.programs_days import day_words


def _listed(lines):
    return "\n".join(f"- {line}" for line in lines)


def _with(note, separator=": "):
    """One line for each person: the name, and where there is one the note about them."""

    def lines(context):
        noted = ((enrollment.trainee, note(enrollment)) for enrollment in context["enrollments"])
        return _listed(f"{name}{separator}{words}" if words else str(name) for name, words in noted)

    return lines


def _rank(enrollment):
    return _("number %(rank)s") % {"rank": enrollment.reserve_rank} if enrollment.reserve_rank else ""


def _arrived(context):
    names = _listed(enrollment.trainee.passport_name for enrollment in context["enrollments"])
    more = context["more"]
    if not more:
        return names
    return names + "\n" + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}


def _papers(context):
    items = ((item.label, item.note) for item in context["items"])
    return _listed(f"{label}: {note}" if note else str(label) for label, note in items)


def _people(lines):
    return Variable("people", gettext_lazy("the people, one by one"), lines, required=True)


def _link(context):
    return absolute_url(context["path"])


COHORT = Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"])
DATES = Variable("dates", gettext_lazy("the days of the cohort"), lambda context: context["cohort"].dates)
PROGRAM = Variable("program", gettext_lazy("the program"), lambda context: context["cohort"].program_name)
INSTITUTION = Variable(
    "institution", gettext_lazy("the institution that nominates"), lambda context: context["institution"]
)
REASON = Variable("reason", gettext_lazy("the reason staff gave"), lambda context: context["reason"])
PLACE = Variable(
    "place",
    gettext_lazy("the place on the reserve list"),
    lambda context: context["enrollment"].reserve_rank or "",
)
NOMINATED_BY = Variable(
    "institution",
    gettext_lazy("the institution that nominates"),
    lambda context: context["enrollment"].nominated_by or "",
)

TO_TRAINEE = {
    "nomination_received": [NOMINATED_BY, PROGRAM, COHORT, DATES],
    "nomination_accepted": [PROGRAM, COHORT, DATES],
    "nomination_reserve": [PLACE, PROGRAM, COHORT, DATES],
    "nomination_rejected": [REASON, PROGRAM, COHORT, DATES],
}
_OF_A_CONTACT = [PROGRAM, COHORT, DATES, INSTITUTION]
TO_CONTACT = {
    "nomination_received": [_people(_with(lambda enrollment: "")), *_OF_A_CONTACT],
    "nomination_accepted": [_people(_with(lambda enrollment: "")), *_OF_A_CONTACT],
    "nomination_reserve": [_people(_with(_rank, " ")), *_OF_A_CONTACT],
    "nomination_rejected": [_people(_with(lambda enrollment: enrollment.reason)), *_OF_A_CONTACT],
}
CALL = [
    Variable(
        "link",
        gettext_lazy("where they nominate, without an account"),
        _link,
        required=True,
        button=gettext_lazy("Nominate now"),
    ),
    Variable(
        "deadline",
        gettext_lazy("until when nominations are taken"),
        lambda context: day_words(context["nominate_by"]) if context["nominate_by"] else "",
    ),
    INSTITUTION,
    PROGRAM,
    COHORT,
    DATES,
]
ARRIVED = [_people(_arrived), PROGRAM, COHORT, DATES]
PAPERS = [
    Variable(
        "link",
        gettext_lazy("where the papers are handed in, without an account"),
        _link,
        required=True,
        button=gettext_lazy("Hand in the papers"),
    ),
    Variable("papers", gettext_lazy("the papers that are missing"), _papers, required=True),
    Variable(
        "deadline",
        gettext_lazy("until when they are needed"),
        lambda context: day_words(context["due"]),
        required=True,
    ),
    COHORT,
]
