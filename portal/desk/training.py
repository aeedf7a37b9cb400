"""What of a training nobody has told, noted or answered, for Today: plans, days of attendance, silent supervisors."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission
from portal.records import clock
from programs.models import Cohort, Evaluation, Release
from programs.models.cohorts import brand_of
from programs.ticking import LATE_AFTER_DAYS
from programs.unnoted import open_days

from .items import Todo, day_words, full_name, hospital_fields, hospital_name, name_fields, row_name

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


def missed_evaluations(user):
    """Supervisors who stayed silent through all reminders: somebody calls, and enters the answer. One query."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    hospital, cohort = "placement__department__hospital__", "placement__enrollment__cohort__"
    silent = Q(state=Evaluation.State.MISSED) | Q(state=Evaluation.State.OPEN, due__lt=clock.today())
    rows = (
        Evaluation.objects.visible_to(user)
        .filter(silent)
        .filter(**{cohort + "state__in": (Cohort.State.RUNNING, Cohort.State.COMPLETED)})
        .order_by(hospital + "name", cohort + "pk")
        .annotate(brand=brand_of(cohort))
        .values(*hospital_fields(hospital), *name_fields(cohort), "brand")
        .annotate(count=Count("pk"), oldest=Min("due"), first=Min("pk"))
    )
    return [_missed(row, hospital, cohort) for row in rows]


def _missed(row, hospital, cohort):
    facts = {
        "hospital": hospital_name(row, hospital),
        "count": row["count"],
        "cohort": row_name(row, cohort),
        "due": day_words(row["oldest"]),
    }
    title = ngettext(
        "%(hospital)s has not evaluated %(count)s trainee",
        "%(hospital)s has not evaluated %(count)s trainees",
        row["count"],
    )
    tab = reverse("programs:cohort-evaluations", args=[row[cohort + "pk"]])
    url = f"{tab}?evaluation=missed&hospital={row[hospital + 'pk']}"
    if row["count"] == 1:
        url = reverse("programs:evaluation-detail", args=[row["first"]])
    return Todo(
        due=row["oldest"],
        title=title % facts,
        text=_("%(cohort)s. All reminders went out; the answer was due on %(due)s.") % facts,
        url=url,
        icon="phone",
        action=_("Call %(hospital)s") % facts,
        permission=Permission.RUN_COHORTS,
        page=tab,
        phone=row[hospital + "phone"],
    )
