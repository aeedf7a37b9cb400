"""What somebody outside the team has asked for and waits to hear about, for Today."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import FollowUp
from participants.rules import MISSED_AFTER_DAYS, SILENT_AFTER_DAYS
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.approximate import span_words
from programs.models import Certificate, Placement

from .items import Todo, cohort_of, full_name, with_cohort

NAMED = 3


def name_corrections(user):
    """Holders of certificates who ask for another spelling of their name: due since they asked."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    rows = Certificate.objects.visible_to(user).to_be_corrected().select_related("enrollment__trainee")
    return [_correction(one) for one in with_cohort(rows)]


def _correction(certificate):
    facts = {
        "name": certificate.enrollment.trainee.display_name,
        "number": certificate.number,
        "cohort": full_name(cohort_of(certificate)),
        "wanted": certificate.correction_name,
    }
    return Todo(
        due=localdate(certificate.correction_asked_at, clock.SEOUL),
        title=_("%(name)s asks for a correction of the name on %(number)s") % facts,
        text=_("%(cohort)s. It should read “%(wanted)s”.") % facts,
        url=reverse("programs:certificate-detail", args=[certificate.pk]),
        icon="check-badge",
        action=_("Settle the correction"),
        permission=Permission.APPROVE_CERTIFICATES,
    )


def said_by_hospitals(user):
    """Other dates that a hospital proposes instead of an answer, and conditions that nobody has ticked off."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    proposed = Q(state=Placement.State.REQUESTED) & ~Q(proposal_at=None)
    conditions = Q(state=Placement.State.WITH_CONDITIONS, last_day__gte=clock.today())
    rows = Placement.objects.visible_to(user).filter(proposed | conditions)
    rows = rows.select_related("trainee", "department__hospital").order_by("proposal_at", "first_day", "pk")
    open_by_cohort, found = {}, []
    for placement in with_cohort(rows):
        if placement.is_proposed:
            found.append(_proposal(placement))
        elif placement.open_conditions:
            open_by_cohort.setdefault(cohort_of(placement), []).append(placement)
    return found + [_conditions(cohort, waiting) for cohort, waiting in open_by_cohort.items()]


def _conditions(cohort, waiting):
    """One line a cohort: due before the first of these trainees comes."""
    count = sum(len(placement.open_conditions) for placement in waiting)
    names = [placement.trainee.display_name for placement in waiting]
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    title = ngettext(
        "%(count)s condition of a hospital is open", "%(count)s conditions of hospitals are open", count
    )
    return Todo(
        due=min(placement.first_day for placement in waiting) - timedelta(days=1),
        title=title % {"count": count},
        text=_("%(cohort)s: %(names)s") % {"cohort": full_name(cohort), "names": shown},
        url=reverse("programs:cohort-conditions", args=[cohort.pk]),
        icon="chat-bubble-left-ellipsis",
        action=_("Tick off what has been shown"),
        permission=Permission.PLACE_TRAINEES,
    )


def _proposal(placement):
    facts = {
        "hospital": placement.department.hospital.short,
        "name": placement.trainee.display_name,
        "cohort": full_name(cohort_of(placement)),
        "days": span_words(placement.proposal_first_day, placement.proposal_last_day),
        "asked": span_words(placement.first_day, placement.last_day),
    }
    return Todo(
        due=localdate(placement.proposal_at, clock.SEOUL),
        title=_("%(hospital)s proposes other dates for %(name)s") % facts,
        text=_("%(cohort)s. Asked for: %(asked)s; proposed: %(days)s.") % facts,
        url=reverse("programs:placement-detail", args=[placement.pk]),
        icon="calendar",
        action=_("Decide on the proposal"),
        permission=Permission.PLACE_TRAINEES,
        blocks=True,
    )


def silent_graduates(counts):
    """Graduates who have answered neither the question nor its reminders: a call helps before it counts as missed."""
    count, people, due = counts.silent
    if not count:
        return []
    title = ngettext(
        "%(people)s graduate answers no reminder",
        "%(people)s graduates answer no reminder",
        people,
    )
    text = _("A call or a message often helps. What was due on %(due)s counts as missed on %(missed)s.")
    missed = due + timedelta(days=MISSED_AFTER_DAYS)
    return [
        Todo(
            due=due + timedelta(days=SILENT_AFTER_DAYS),
            title=title % {"people": people},
            text=text
            % {"due": date_format(due, "DATE_FORMAT"), "missed": date_format(missed, "DATE_FORMAT")},
            url=f"{reverse('participants:followup-list')}?state={FollowUp.State.OPEN}&due=late",
            icon="chat-bubble-left-right",
            action=_("See who is silent"),
            permission=Permission.FOLLOW_UP,
        )
    ]
