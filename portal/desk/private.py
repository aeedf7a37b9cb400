"""What Today says about protected data: papers that people still owe, and the review of who looked."""

from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission
from portal.records import clock
from programs.checklists import due_on
from programs.models import Cohort

from .items import Todo, full_name

# So long before the papers are due they are something to do.
WEEKS_AHEAD = 8
REVIEW_BY_DAY = 10


def with_papers_due(user, cohorts):
    """Those of the cohorts in which papers are to be there by now, or soon; none where `user` does not see papers."""
    if not user.has(Permission.SEE_PAPERS):
        return []
    soon = clock.today() + timedelta(weeks=WEEKS_AHEAD)
    return [c for c in cohorts if c.state != Cohort.State.PLANNING and due_on(c) <= soon]


def papers_owed(cohorts, counts):
    """Cohorts of whose people some owe a paper, or have one that expires too early."""
    owing = counts.owing
    return [_owed_in(cohort, *owing[cohort.pk]) for cohort in cohorts if cohort.pk in owing]


def _owed_in(cohort, owing, expiring):
    facts = {"count": owing, "cohort": full_name(cohort), "expiring": expiring}
    title = ngettext("%(count)s person owes papers", "%(count)s people owe papers", owing) % facts
    text = _("%(cohort)s. Passport, insurance and the other papers are needed before the stay.") % facts
    if expiring:
        words = ngettext(
            "%(cohort)s. A paper of %(expiring)s person expires too early.",
            "%(cohort)s. Papers of %(expiring)s people expire too early.",
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


def access_to_review(counts):
    """Last month's access records and role grants, while nobody has gone through them."""
    month, count = clock.last_month(), counts.looks
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
