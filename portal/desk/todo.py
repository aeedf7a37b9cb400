"""What needs a person now: a function for each source; each item leads to the screen that settles it.

A source lists its work for everybody who may see it. Who may also do it finds it among their own things to do, the
others as information.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import FollowUp
from participants.rules import MISSED_AFTER_DAYS
from partners.models import EXPIRING_DAYS, Mou
from portal.accounts.roles import Permission
from portal.mail import troubles
from portal.records import clock
from programs.models import Certificate, Cohort, Offer
from programs.rules import ANSWER_WITHIN_DAYS

from . import asked, private, training
from .items import Todo, cohort_of, day_words, full_name, with_cohort
from .waiting import waiting_for

SHOWN_MOUS = 20


def todos(user, cohorts, counts):
    """The open work by due date: what `user` may do, and what others do. Two lists.

    `cohorts` are the desk's (see cohorts.desk_cohorts), `counts` the Counts: they are not asked for again.
    """
    waiting = waiting_for(user)
    items = [
        *silent_hospitals(waiting),
        *unplaced_trainees(user, cohorts),
        *free_seats(user),
        *cohorts_over(user, cohorts),
        *certificates(waiting),
        *asked.name_corrections(user),
        *asked.said_by_hospitals(user),
        *training.untold_plans(cohorts),
        *training.unnoted_attendance(user, cohorts),
        *training.missed_evaluations(waiting),
        *asked.silent_graduates(counts),
        *missed_followups(counts),
        *expiring_mous(user),
        *stuck_mails(counts),
        *private.papers_owed(cohorts, counts),
        *private.access_to_review(counts),
    ]
    items.sort(key=lambda item: (item.due, item.title))
    mine = [item for item in items if user.has(item.permission)]
    return mine, [item for item in items if not user.has(item.permission)]


def silent_hospitals(waiting):
    """Hospitals whose answer is overdue: somebody calls them."""
    return [_silent(row) for row in waiting["hospitals"]]


def _silent(row):
    facts = {
        "hospital": row.hospital,
        "count": row.count,
        "cohort": row.cohort,
        "asked": day_words(localdate(row.asked, clock.SEOUL)),
        "due": day_words(row.due),
    }
    return Todo(
        due=row.due,
        title=ngettext(
            "%(hospital)s has not answered for %(count)s trainee",
            "%(hospital)s has not answered for %(count)s trainees",
            row.count,
        )
        % facts,
        text=_("%(cohort)s. Asked on %(asked)s, answer due on %(due)s.") % facts,
        # The page to hold in front of oneself while calling: who is asked for, and the answers to record.
        url=f"{reverse('programs:placement-to-answer')}#h-cohort-{row.cohort_pk}",
        icon="phone",
        action=_("Call %(hospital)s") % facts,
        permission=Permission.ANSWER_PLACEMENTS,
        page=reverse("programs:cohort-placements", args=[row.cohort_pk]),
        phone=row.phone,
        blocks=True,
    )


def unplaced_trainees(user, cohorts):
    """Accepted trainees of placing cohorts without a confirmed place; due while a hospital still has time to answer."""
    return [
        Todo(
            due=cohort.first_day - timedelta(days=ANSWER_WITHIN_DAYS),
            title=ngettext(
                "%(count)s trainee has no hospital yet",
                "%(count)s trainees have no hospital yet",
                cohort.unplaced,
            )
            % {"count": cohort.unplaced},
            text=_("%(cohort)s begins on %(day)s, and a hospital has %(days)s days to answer.")
            % {
                "cohort": full_name(cohort),
                "day": cohort.starts.words(),
                "days": ANSWER_WITHIN_DAYS,
            },
            url=reverse("programs:cohort-placements", args=[cohort.pk]),
            icon="user",
            action=_("Place the trainees"),
            permission=Permission.PLACE_TRAINEES,
        )
        for cohort in cohorts
        if cohort.state == Cohort.State.PLACING and cohort.unplaced
    ]


def free_seats(user):
    """Seats that somebody gave up, each offered to the first on the reserve list: to be settled today."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    offers = Offer.objects.visible_to(user).waiting()
    offers = with_cohort(offers.select_related("enrollment__trainee", "freed_by__trainee"))
    return [
        Todo(
            due=localdate(offer.offered_at, clock.SEOUL),
            title=_("A seat is free for %(name)s") % {"name": offer.enrollment.trainee.display_name},
            text=_("%(cohort)s. %(gone)s does not come; %(name)s is first on the reserve list.")
            % {
                "cohort": full_name(cohort_of(offer)),
                "gone": offer.freed_by.trainee.display_name,
                "name": offer.enrollment.trainee.display_name,
            },
            url=reverse("programs:cohort-selection", args=[offer.enrollment.cohort_id]),
            icon="hand-raised",
            action=_("Settle the seat"),
            permission=Permission.RUN_COHORTS,
            blocks=True,
        )
        for offer in offers
    ]


def cohorts_over(user, cohorts):
    """Cohorts whose last day has passed while they still count as running: no certificate and no follow-up before."""
    return [
        Todo(
            due=cohort.last_day,
            title=_("%(cohort)s is over and not completed") % {"cohort": full_name(cohort)},
            text=_("Its last day was %(day)s. Certificates and follow-ups begin when it is completed.")
            % {"day": cohort.ends.words()},
            url=reverse("programs:cohort-complete", args=[cohort.pk]),
            icon="flag",
            action=_("Complete the cohort"),
            permission=Permission.RUN_COHORTS,
            page=reverse("programs:cohort-detail", args=[cohort.pk]),
            blocks=True,
        )
        for cohort in cohorts
        if cohort.state == Cohort.State.RUNNING and cohort.last_day < clock.today()
    ]


def certificates(waiting):
    """Certificates that wait: for a manager's approval, or for being issued. They are for today."""
    return [_to_settle(row) for row in waiting["certificates"]]


def _to_settle(row):
    count, name = {"count": row.count}, {"cohort": row.cohort}
    if row.of_state == Certificate.State.ELIGIBLE:
        title = ngettext("Approve %(count)s certificate", "Approve %(count)s certificates", row.count) % count
        text = _("%(cohort)s. A manager stands for each by name.") % name
        action, permission = _("Approve certificates"), Permission.APPROVE_CERTIFICATES
    else:
        title = ngettext("Issue %(count)s certificate", "Issue %(count)s certificates", row.count) % count
        text = _("%(cohort)s. Issuing gives each its number and mails it.") % name
        action, permission = _("Issue certificates"), Permission.ISSUE_CERTIFICATES
    url = reverse("programs:cohort-certificates", args=[row.cohort_pk])
    return Todo(clock.today(), title, text, url, "check-badge", action, permission)


def missed_followups(counts):
    """Graduates who stayed silent through all reminders: somebody writes or calls, or waives the question."""
    count, people, due = counts.missed
    if not count:
        return []
    title = ngettext(
        "%(people)s graduate has not answered a follow-up",
        "%(people)s graduates have not answered a follow-up",
        people,
    )
    text = ngettext(
        "All reminders went out. %(count)s form stays open; it was due on %(due)s.",
        "All reminders went out. %(count)s forms stay open; the latest was due on %(due)s.",
        count,
    )
    return [
        Todo(
            due=due + timedelta(days=MISSED_AFTER_DAYS),
            title=title % {"people": people},
            text=text % {"count": count, "due": day_words(due)},
            url=f"{reverse('participants:followup-list')}?state={FollowUp.State.MISSED}",
            icon="chat-bubble-left-right",
            action=_("Settle the follow-ups"),
            permission=Permission.FOLLOW_UP,
        )
    ]


def expiring_mous(user):
    """MOUs that end within half a year and are not renewed: the first of them."""
    if not user.has(Permission.SEE_PARTNERS):
        return []
    day = clock.today()
    mous = (
        Mou.objects.visible_to(user)
        .filter(signed__isnull=False, superseded_by=None, terminated=None)
        .filter(expires__latest__gte=day, expires__earliest__lte=day + timedelta(days=EXPIRING_DAYS))
        .order_by("expires", "pk")[:SHOWN_MOUS]
    )
    return [
        Todo(
            due=mou.expires.latest,
            title=_("%(mou)s is about to expire") % {"mou": mou},
            text=_("It expires in %(time)s; renewing takes a signature on both sides.")
            % {"time": mou.expires.words()}
            if mou.expires.precision != "day"
            else _("It expires on %(day)s; renewing takes a signature on both sides.")
            % {"day": mou.expires.words()},
            url=reverse("partners:mou-detail", args=[mou.pk]),
            icon="document-text",
            action=_("See the MOU"),
            permission=Permission.EDIT_PARTNERS,
        )
        for mou in mous
    ]


def stuck_mails(counts):
    """Mails to which nothing happens until somebody settles them: a line for each thing that can be wrong."""
    return [_stuck(troubles.BY_NAME[name], *counts.mails[name]) for name in sorted(counts.mails)]


def _stuck(trouble, count, day):
    return Todo(
        due=day,
        title=trouble.counted % {"count": count},
        text=_("%(to_do)s The oldest was due on %(day)s.") % {"to_do": trouble.to_do, "day": day_words(day)},
        url=f"{reverse('mail:outgoingmail-list')}?trouble={trouble.name}",
        icon="exclamation-triangle",
        action=_("Settle the mails"),
        permission=Permission.MANAGE_MAILS,
    )
