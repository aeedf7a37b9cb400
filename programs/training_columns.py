"""What the files of a cohort's training hold: who was there, what supervisors said, who has completed it.

Attendance is counted when the first line is written, not for who only looks at the page.
"""

from functools import cache

from django.utils.translation import gettext_lazy as _

from participants.columns import home, invented, names
from portal.records.exports import Column, DateColumn, Export

from .attendance_totals import Presence, Totals, presence_of, totals_of
from .completion import rules_of
from .models import Evaluation


def attendance_file(cohort):
    """Everybody with what is noted, the share and the hours."""
    totals, presence = cache(lambda: totals_of(cohort)), cache(lambda: presence_of(cohort))

    def noted(name):
        return lambda row: getattr(totals().get(row.pk, Totals()), name)

    def there(name):
        return lambda row: getattr(presence().get(row.pk, Presence()), name)

    columns = [
        *names("trainee."),
        *home("trainee."),
        Column(_("Attendance in percent"), noted("share"), 12),
        Column(_("At least, in percent"), noted("at_least"), 12),
        Column(_("At most, in percent"), noted("at_most"), 12),
        Column(_("Present"), noted("present"), 10),
        Column(_("Late, in the attendance list"), noted("late"), 10),
        Column(_("Excused"), noted("excused"), 10),
        Column(_("Elsewhere for the program"), noted("elsewhere"), 12),
        Column(_("Absent"), noted("absent"), 10),
        Column(_("Not noted"), noted("missing"), 10),
        Column(_("Days in departments"), there("days"), 12),
        Column(_("Hours in all"), there("hours"), 12),
        invented("trainee."),
    ]
    return Export(_("Attendance of the cohort"), columns, personal=True)


def _said(name):
    """A fact of the evaluation, empty where nobody was asked."""

    def read(placement):
        value = getattr(getattr(placement, "evaluation", None), name, None)
        return value() if callable(value) else value

    return read


EVALUATIONS = Export(
    _("Evaluations of the cohort"),
    [
        *names("trainee."),
        Column(_("Hospital"), "department.hospital", 32),
        Column(_("Department"), "department.label"),
        DateColumn(_("First day"), "first_day"),
        DateColumn(_("Last day"), "last_day"),
        Column(_("State"), _said("get_state_display"), 18),
        DateColumn(_("Answer due"), _said("due")),
        *(
            Column(Evaluation._meta.get_field(name).verbose_name, _said(name), 12)
            for name in Evaluation.MARKS
        ),
        Column(_("Average"), _said("average"), 10),
        Column(_("Particular strengths"), _said("strengths"), 48),
        Column(_("What to work on next"), _said("advice"), 48),
        DateColumn(_("Answered"), _said("answered_at")),
        Column(_("Who answered"), _said("answered_name"), 28),
        Column(_("Answered how"), _said("get_answer_channel_display"), 16),
        invented("trainee."),
    ],
    personal=True,
)


def completion_file(cohort, standings):
    """Everybody with how they stand by each rule of the program, and why; the Standings are computed already."""

    def verdict(rule, read):
        def find(row):
            return next((read(one) for one in standings[row.pk].verdicts if one.rule == rule), None)

        return find

    columns = [*names("trainee."), Column(_("All in all"), lambda row: standings[row.pk].met.label, 14)]
    for rule in rules_of(cohort.program):
        columns += [
            Column(
                rule.label, verdict(rule, lambda one: _("excepted") if one.excepted else one.met.label), 14
            ),
            Column(_("Why"), verdict(rule, lambda one: one.words), 40),
        ]
    columns += [
        Column(
            _("Reason for the exception"), lambda row: getattr(standings[row.pk].exemption, "reason", ""), 40
        ),
        Column(_("Objectives"), "objective_count", 10),
        invented("trainee."),
    ]
    return Export(_("Completion of the cohort"), columns, personal=True)
