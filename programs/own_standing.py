"""How a trainee stands by the program's rules, said to themselves: what is asked, and what is reached."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .completion import Rule
from .eligibility import Met


def own_verdicts(standing, cohort, totals):
    """Pairs of each verdict and what the trainee reads of it."""
    said = {
        Rule.ATTENDANCE: lambda verdict: _attendance(cohort.program.min_attendance, totals),
        Rule.PLACEMENTS: lambda verdict: verdict.words,
        Rule.EVALUATIONS: _evaluations,
        Rule.OWN_EVALUATION: _own,
    }
    return [(verdict, said[verdict.rule](verdict)) for verdict in standing.verdicts]


def _attendance(wanted, totals):
    facts = {"wanted": wanted, "share": totals.share, "low": totals.at_least, "high": totals.at_most}
    facts |= {"attended": totals.attended, "counted": totals.counted, "missing": totals.missing}
    if totals.counted + totals.missing == 0:
        return _("You need %(wanted)s%%. Nothing is entered yet.") % facts
    if not totals.missing:
        return _("You need %(wanted)s%%. So far you have %(share)s%%: %(attended)s of %(counted)s.") % facts
    words = ngettext(
        "You need %(wanted)s%%. So far you have %(low)s to %(high)s%%: %(missing)s day or session is not entered "
        "yet. Your hospital enters it; you need not do anything.",
        "You need %(wanted)s%%. So far you have %(low)s to %(high)s%%: %(missing)s days and sessions are not entered "
        "yet. Your hospital enters them; you need not do anything.",
        totals.missing,
    )
    return words % facts


def _evaluations(verdict):
    if verdict.met == Met.MET:
        return verdict.words
    return _("Your supervisors write them at the end of each placement. %(words)s") % {"words": verdict.words}


def _own(verdict):
    words = {
        Met.MET: _("Thank you, we have it."),
        Met.UNKNOWN: _("At the end of the training we ask you how it was."),
    }
    return words.get(verdict.met, verdict.words)
