"""Whether somebody has completed the training by the program's rules: met, not met or not known yet, in words.

Certificates go by exactly this: an enrollment completes, and a certificate is approved, where nothing is left unmet.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, TextChoices
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.records import clock

from .attendance_totals import Totals, totals_of
from .eligibility import Met
from .evaluating import feedback_due
from .models import Evaluation, Exemption, Placement, ProgramFeedback


class Rule(TextChoices):
    """A rule of a program about what counts as completed."""

    ATTENDANCE = "attendance", gettext_lazy("attendance")
    PLACEMENTS = "placements", gettext_lazy("placements")
    EVALUATIONS = "evaluations", gettext_lazy("supervisors’ evaluations")
    OWN_EVALUATION = "own_evaluation", gettext_lazy("the trainee’s own evaluation")


@dataclass(frozen=True)
class Verdict:
    """How one trainee stands by one rule, what that is based on, and where it is mended."""

    rule: Rule
    met: Met
    words: str
    url: str = ""
    excepted: bool = False

    @property
    def is_settled(self):
        """Met, or staff made an exception."""
        return self.met == Met.MET or self.excepted


@dataclass(frozen=True)
class Standing:
    """How one trainee stands by all rules of the program."""

    verdicts: tuple = ()
    exemption: object = None

    @property
    def unsettled(self):
        return [verdict for verdict in self.verdicts if not verdict.is_settled]

    @property
    def is_met(self):
        return not self.unsettled

    @property
    def met(self):
        """All in one word: not met where one rule is not, else not known where one is not."""
        left = [verdict.met for verdict in self.unsettled]
        return Met.NOT_MET if Met.NOT_MET in left else Met.UNKNOWN if left else Met.MET


def rules_of(program):
    """The rules that the program has, in the order of its page."""
    asked = (
        (program.min_attendance, Rule.ATTENDANCE),
        (program.needs_placements, Rule.PLACEMENTS),
        (program.needs_evaluations, Rule.EVALUATIONS),
        (program.needs_own_evaluation, Rule.OWN_EVALUATION),
    )
    return [rule for needed, rule in asked if needed]


def standings_of(cohort, enrollments=None):
    """The Standing of everybody who takes part (or of these), by the key of the enrollment. Six queries at most."""
    rules = rules_of(cohort.program)
    rows = (
        cohort.enrollments.taking_part()
        if enrollments is None
        else cohort.enrollments.filter(pk__in=enrollments)
    )
    facts = [Facts(*row) for row in _facts(rows)]
    totals = totals_of(cohort, None if enrollments is None else facts) if Rule.ATTENDANCE in rules else {}
    return {one.pk: _standing(one, cohort, rules, totals.get(one.pk, Totals())) for one in facts}


class Facts(NamedTuple):
    """What of an enrollment the rules are judged by; a cohort has hundreds, so they are no model instances."""

    pk: int
    excepted: list | None  # the rules of the exception, and why it was made
    why: str | None
    has_answered: bool
    stays: int  # confirmed placements, the last day of the last one, and how many evaluations of them are settled
    last_day: date | None
    settled: int
    missed: int

    @property
    def exemption(self):
        return None if self.excepted is None else Exemption(rules=self.excepted, reason=self.why)


def _facts(rows):
    """The columns of Facts. One query."""
    seated = Q(placements__state__in=Placement.SEATED)
    said, state = Evaluation.State, "placements__evaluation__state"
    return (
        rows.order_by()
        .annotate(
            excepted=F("exemption__rules"),
            why=F("exemption__reason"),
            has_answered=Exists(ProgramFeedback.objects.filter(enrollment=OuterRef("pk"))),
            stays=Count("placements", filter=seated),
            last_day=Max("placements__last_day", filter=seated),
            settled=Count("placements", filter=seated & Q(**{f"{state}__in": (said.ANSWERED, said.WAIVED)})),
            missed=Count("placements", filter=seated & Q(**{state: said.MISSED})),
        )
        .values_list(*Facts._fields)
    )


def standing_of(enrollment):
    """The same of one."""
    return standings_of(enrollment.cohort, [enrollment.pk])[enrollment.pk]


def against(enrollment):
    """Why the enrollment does not complete the training now, as sentences; none where it does."""
    if not rules_of(enrollment.cohort.program):
        return []
    words = _("%(rule)s: %(words)s")
    return [
        words % {"rule": str(verdict.rule.label).capitalize(), "words": verdict.words}
        for verdict in standing_of(enrollment).unsettled
    ]


def unready(cohort, enrollments):
    """Those of the enrollments (a queryset) that do not complete the training now, in the order of their names."""
    if not rules_of(cohort.program):
        return []
    standings = standings_of(cohort, list(enrollments.values_list("pk", flat=True)))
    left = [key for key, standing in standings.items() if not standing.is_met]
    return list(enrollments.filter(pk__in=left).select_related("trainee").order_by("trainee__passport_name"))


def _standing(row, cohort, rules, totals):
    excepted = row.excepted or ()
    judge = {
        Rule.ATTENDANCE: lambda: _attendance(cohort, totals),
        Rule.PLACEMENTS: lambda: _placements(row),
        Rule.EVALUATIONS: lambda: _evaluations(row),
        Rule.OWN_EVALUATION: lambda: _own(row, cohort),
    }
    verdicts = []
    for rule in rules:
        met, words = judge[rule]()
        verdicts.append(Verdict(rule, met, words, _where(rule, cohort), rule in excepted))
    return Standing(tuple(verdicts), row.exemption)


def _where(rule, cohort):
    """The page on which it is mended."""
    name = {
        Rule.ATTENDANCE: "attendance",
        Rule.PLACEMENTS: "placements",
        Rule.EVALUATIONS: "evaluations",
        Rule.OWN_EVALUATION: "evaluations",
    }[rule]
    return reverse(f"programs:cohort-{name}", args=[cohort.pk])


def _attendance(cohort, totals):
    wanted = cohort.program.min_attendance
    facts = {"wanted": wanted, "share": totals.share, "low": totals.at_least, "high": totals.at_most}
    facts |= {"attended": totals.attended, "counted": totals.counted, "missing": totals.missing}
    if totals.counted + totals.missing == 0:
        return Met.UNKNOWN, _("%(wanted)s%% asked. Nothing is noted yet.") % facts
    over = clock.today() >= cohort.last_day
    if over and totals.at_least >= wanted:
        met = Met.MET
    elif totals.at_most < wanted and over:
        met = Met.NOT_MET
    else:
        met = Met.UNKNOWN
    if totals.missing:
        words = ngettext(
            "%(wanted)s%% asked, %(low)s to %(high)s%% reached: %(missing)s line is not noted.",
            "%(wanted)s%% asked, %(low)s to %(high)s%% reached: %(missing)s lines are not noted.",
            totals.missing,
        )
    elif over:
        words = _("%(wanted)s%% asked, %(share)s%% reached: %(attended)s of %(counted)s.")
    else:
        words = _("%(wanted)s%% asked, %(share)s%% so far: %(attended)s of %(counted)s.")
    return met, words % facts


def _placements(row):
    if not row.stays:
        return Met.NOT_MET, _("No placement is confirmed.")
    if row.last_day > clock.today():
        words = _("The last placement ends on %(day)s.")
        return Met.UNKNOWN, words % {"day": date_format(row.last_day, "DATE_FORMAT")}
    words = ngettext("%(count)s placement is completed.", "%(count)s placements are completed.", row.stays)
    return Met.MET, words % {"count": row.stays}


def _evaluations(row):
    words = _("%(in)s of %(count)s are in.") % {"count": row.stays, "in": row.settled}
    if row.stays and row.settled == row.stays:
        return Met.MET, words
    return (Met.NOT_MET if row.missed else Met.UNKNOWN), words


def _own(row, cohort):
    if row.has_answered:
        return Met.MET, _("It is in.")
    if clock.today() > feedback_due(cohort):
        return Met.NOT_MET, _("It did not come in until %(day)s.") % {
            "day": date_format(feedback_due(cohort), "DATE_FORMAT")
        }
    return Met.UNKNOWN, _("It is not in yet.")
