"""The rules of a program in sentences, as its page and the selection tell them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import Document
from partners.models import joined
from portal.accounts.models import READING_LANGUAGES


def rules_of(program):
    """Pairs of a heading and its sentences; a heading without a rule says so."""
    return [
        (_("Who may come"), eligibility_in_words(program) or [_("Nothing is asked.")]),
        (_("Papers required"), [_papers(program)]),
        (_("What counts as completed"), completion_in_words(program) or [_("Nothing is asked.")]),
        (_("Follow-ups"), [_follow_ups(program)]),
    ]


def eligibility_in_words(program):
    """What a nominee has to bring along, a sentence each."""
    found = []
    if program.min_years_of_practice:
        words = ngettext(
            "%(count)s year of practice at least.",
            "%(count)s years of practice at least.",
            program.min_years_of_practice,
        )
        found.append(words % {"count": program.min_years_of_practice})
    if program.repeat_ban_years:
        words = ngettext(
            "Who completed a training here comes again after %(count)s year at the earliest.",
            "Who completed a training here comes again after %(count)s years at the earliest.",
            program.repeat_ban_years,
        )
        found.append(words % {"count": program.repeat_ban_years})
    if program.required_languages:
        names = dict(READING_LANGUAGES)
        languages = joined(str(names[code]) for code in program.required_languages)
        found.append(_("Speaks one of these: %(languages)s.") % {"languages": languages})
    return found


def completion_in_words(program):
    """What has to be there at the end, a sentence each."""
    found = []
    if program.min_attendance:
        found.append(_("Attendance of %(share)s%% at least.") % {"share": program.min_attendance})
        if program.lates_per_absence:
            words = ngettext(
                "%(count)s time late is one absence.",
                "%(count)s times late are one absence.",
                program.lates_per_absence,
            )
            found.append(words % {"count": program.lates_per_absence})
        if program.excused_counts:
            found.append(_("Excused absences count as attended."))
    asked = [
        (program.needs_placements, _("Every confirmed placement is completed.")),
        (program.needs_evaluations, _("The supervisors’ evaluations of every placement are in.")),
        (program.needs_own_evaluation, _("The trainee’s own evaluation is in.")),
    ]
    return found + [words for needed, words in asked if needed]


def _papers(program):
    if not program.papers:
        return _("No papers are asked for.")
    return joined(str(Document.Kind(kind).label) for kind in program.papers)


def _follow_ups(program):
    if not program.follow_up_months:
        return _("Nobody is asked afterwards.")
    months = joined(str(month) for month in program.follow_up_months)
    return _("Asked after %(months)s months.") % {"months": months}
