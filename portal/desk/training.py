"""What of a training nobody has told, noted or answered, for Today: plans, days of attendance, silent supervisors."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission
from portal.records import clock
from programs.models import Cohort, Release
from programs.ticking import LATE_AFTER_DAYS
from programs.unnoted import open_days

from .items import Todo, day_words, full_name

TOLD_BEFORE_DAYS = 14
TOLD_WHILE = (Cohort.State.PLACING, Cohort.State.RUNNING)


def untold_plans(cohorts):
    """Cohorts with places at hospitals of which no release has told anybody: due two weeks before they begin."""
    return [
        Todo(
            due=cohort.first_day - timedelta(days=TOLD_BEFORE_DAYS),
            title=_("%(cohort)s: nobody has been told where they go") % {"cohort": full_name(cohort)},
            text=_(
                "Places are confirmed and not released. A release tells each trainee and each hospital by mail."
            ),
            url=reverse("programs:cohort-releases", args=[cohort.pk, Release.Kind.PLACEMENTS]),
            icon="megaphone",
            action=_("Release the placements"),
            permission=Permission.PLACE_TRAINEES,
            blocks=True,
        )
        for cohort in cohorts
        if cohort.is_untold and cohort.state in TOLD_WHILE and clock.today() <= cohort.last_day
    ]


def unnoted_attendance(user, cohorts):
    """Days that are over and not noted whole: a line a cohort, due before a late note needs a reason. One query."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    found = open_days()
    return [_unnoted(cohort, found[cohort.pk]) for cohort in cohorts if cohort.pk in found]


def _unnoted(cohort, days):
    oldest, count = min(days), sum(days.values())
    facts = {"days": len(days), "count": count, "cohort": full_name(cohort), "day": day_words(oldest)}
    title = ngettext(
        "The attendance of %(days)s day is not noted",
        "The attendance of %(days)s days is not noted",
        len(days),
    )
    text = ngettext(
        "%(cohort)s. %(count)s line is missing, on %(day)s.",
        "%(cohort)s. %(count)s lines are missing, the oldest on %(day)s.",
        count,
    )
    lists = reverse("programs:attendance-day")
    return Todo(
        due=oldest + timedelta(days=LATE_AFTER_DAYS),
        title=title % facts,
        text=text % facts,
        url=f"{lists}?cohort={cohort.pk}&day={oldest.isoformat()}",
        icon="clipboard-document-check",
        action=_("Note the oldest day"),
        permission=Permission.NOTE_ATTENDANCE,
        page=reverse("programs:cohort-attendance", args=[cohort.pk]),
    )


def missed_evaluations(waiting):
    """Supervisors who stayed silent through all reminders: somebody calls, and enters the answer."""
    return [_missed(row) for row in waiting["supervisors"]]


def _missed(row):
    facts = {"hospital": row.hospital, "count": row.count, "cohort": row.cohort, "due": day_words(row.due)}
    title = ngettext(
        "%(hospital)s has not evaluated %(count)s trainee",
        "%(hospital)s has not evaluated %(count)s trainees",
        row.count,
    )
    tab = reverse("programs:cohort-evaluations", args=[row.cohort_pk])
    url = f"{tab}?evaluation=missed&hospital={row.hospital_pk}"
    if row.count == 1:
        url = reverse("programs:evaluation-detail", args=[row.first])
    return Todo(
        due=row.due,
        title=title % facts,
        text=_("%(cohort)s. All reminders went out; the answer was due on %(due)s.") % facts,
        url=url,
        icon="phone",
        action=_("Call %(hospital)s") % facts,
        permission=Permission.RUN_COHORTS,
        page=tab,
        phone=row.phone,
    )
