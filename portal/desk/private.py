"""What Today says about protected data: papers that people still owe, and the review of who looked."""

from datetime import timedelta

from django.db.models import Exists
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import Grant
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.models import AccessRecord, AccessReview
from programs.checklists import STILL_IN, Status, checklists, due_on, owed
from programs.models import Cohort, Enrollment

from .items import Todo, full_name

# So long before the papers are due they are something to do.
WEEKS_AHEAD = 8
REVIEW_BY_DAY = 10


def papers_owed(user, cohorts):
    """Cohorts of whose people some owe a paper, or have one that expires too early. Three queries."""
    if not user.has(Permission.SEE_PAPERS):
        return []
    soon = clock.today() + timedelta(weeks=WEEKS_AHEAD)
    wanted = [c for c in cohorts if c.state != Cohort.State.PLANNING and due_on(c) <= soon]
    if not wanted:
        return []
    rows = Enrollment.objects.filter(cohort__in=wanted, state__in=STILL_IN)
    rows = list(rows.select_related("cohort__program"))
    items = checklists(rows)
    return [line for cohort in wanted if (line := _owed_in(cohort, rows, items))]


def _owed_in(cohort, rows, items):
    owing = [owed(items[row.pk]) for row in rows if row.cohort_id == cohort.pk and owed(items[row.pk])]
    if not owing:
        return None
    expiring = sum(any(item.status == Status.EXPIRING for item in found) for found in owing)
    facts = {"count": len(owing), "cohort": full_name(cohort.program, cohort), "expiring": expiring}
    title = ngettext("%(count)s person owes papers", "%(count)s people owe papers", len(owing)) % facts
    text = _("%(cohort)s. Passport, insurance and the other papers are needed before the stay.") % facts
    if expiring:
        words = ngettext(
            "%(cohort)s. Of %(expiring)s person a paper expires too early.",
            "%(cohort)s. Of %(expiring)s people a paper expires too early.",
            expiring,
        )
        text = words % facts
    return Todo(
        due=due_on(cohort),
        title=title,
        text=text,
        url=f"{reverse('programs:cohort-papers', args=[cohort.pk])}?owed=any",
        icon="document-text",
        action=_("Ask for the papers"),
        permission=Permission.CHECK_PAPERS,
    )


def access_to_review(user):
    """Last month's access records and role grants, while nobody has gone through them. One query."""
    if not user.has(Permission.SEE_PAPERS):
        return []
    month = clock.last_month()
    open_still = ~Exists(AccessReview.objects.filter(month=month))
    days = {"at__gte": clock.start_of(month), "at__lt": clock.start_of(clock.next_month(month))}
    looks = AccessRecord.objects.of_month(month).filter(open_still).order_by().values("pk")
    grants = Grant.objects.filter(open_still, **days).order_by().values("pk")
    count = looks.union(grants, all=True).count()
    if not count:
        return []
    facts = {"month": date_format(month, "YEAR_MONTH_FORMAT"), "count": count}
    words = ngettext(
        "%(count)s entry: looks at protected data, and roles given and taken.",
        "%(count)s entries: looks at protected data, and roles given and taken.",
        count,
    )
    return [
        Todo(
            due=clock.next_month(month).replace(day=REVIEW_BY_DAY),
            title=_("Review who looked at protected data in %(month)s") % facts,
            text=words % facts,
            url=f"{reverse('desk:access-list')}?month={month:%Y-%m}",
            icon="eye",
            action=_("Review the month"),
            permission=Permission.REVIEW_ACCESS,
            page=reverse("desk:today"),
        )
    ]
