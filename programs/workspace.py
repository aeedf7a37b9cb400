"""What every page of a cohort's workspace shows: its life, its tabs, who it is about, and the next step.

`workspace` reads all of it in a fixed number of queries, whatever the size of the cohort.
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import FollowUp
from partners.models import joined
from portal.accounts.roles import Permission
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.transitions import available
from portal.ui.components import Step, StepStatus, Tab

from . import rules
from .models import Certificate, Cohort, Enrollment, Evaluation, Placement
from .numbers import Numbers, with_numbers
from .workflow.cohorts import LIFE

State = Cohort.State


@dataclass(frozen=True)
class Way:
    """A button or link: where something is done, and what it is called."""

    label: str
    url: str


@dataclass(frozen=True)
class Blocker:
    """What stands between the cohort and its next state, in words, and where it is settled."""

    text: str
    way: Way | None = None


def workspace(request, pk, tab):
    """The context that all pages of the cohort share. Raises Http404 for a cohort the user may not see."""
    user = request.user
    cohort = visible_or_404(with_numbers(Cohort.objects.for_list()), user, pk=pk)
    numbers = Numbers(cohort)
    mails = mails_of(cohort).queued().count() if user.has(Permission.SEE_MAILS) else 0
    blockers = blockers_of(cohort, numbers, user) if user.has(Permission.RUN_COHORTS) else []
    return {
        "cohort": cohort,
        "numbers": numbers,
        "lede": lede_of(cohort, numbers),
        "may_run": user.has(Permission.RUN_COHORTS),
        "steps": life(cohort, numbers),
        "tabs": tabs(cohort, numbers, user, tab, mails),
        "blockers": blockers,
        "is_overview": tab == "detail",
        "next_step": next_step(cohort, numbers, user, blockers),
    }


def lede_of(cohort, numbers):
    """When, how many and from where, in one line; it says whether the people are here by name or by the record."""
    count, names = numbers.taking_part, numbers.home_countries
    if count or not numbers.head_counts:
        facts = {"dates": cohort.dates, "count": count, "places": joined(names)}
        if not count:
            return cohort.dates
        if not names:
            return ngettext("%(dates)s · %(count)s trainee", "%(dates)s · %(count)s trainees", count) % facts
        words = ngettext(
            "%(dates)s · %(count)s trainee from %(places)s",
            "%(dates)s · %(count)s trainees from %(places)s",
            count,
        )
        return words % facts
    regions = (str(region) for line in numbers.head_counts for region in line.regions.all())
    places = joined(dict.fromkeys(regions))
    facts = {"dates": cohort.dates, "people": numbers.published.words(), "places": places}
    if not places:
        return _("%(dates)s · by the record %(people)s people, nobody by name") % facts
    return _("%(dates)s · by the record %(people)s people from %(places)s, nobody by name") % facts


# The life ------------------------------------------------------------------------------------------


def life(cohort, numbers):
    """The steps of the cohort's life; none for one that was called off."""
    if cohort.state == State.CANCELLED:
        return []
    now = LIFE.index(cohort.state)
    steps = []
    for index, state in enumerate(LIFE):
        status = StepStatus.DONE if index < now else StepStatus.TODO
        if index == now:
            status = StepStatus.DONE if state == State.CLOSED else StepStatus.CURRENT
        steps.append(Step(state.label, status, _step_note(state, status, cohort, numbers)))
    return steps


def _step_note(state, status, cohort, numbers):
    """A few words on how far a step is, or when it comes."""
    ahead = status == StepStatus.TODO
    count = {
        State.NOMINATING: (numbers.nominated, _("%(count)s nominated")),
        State.SELECTING: (numbers.taking_part, _("%(count)s accepted")),
    }.get(state)
    if count and count[0]:
        return count[1] % {"count": count[0]}
    if state == State.NOMINATING and cohort.nominate_by and status != StepStatus.DONE:
        return _("until %(date)s") % {"date": date_format(cohort.nominate_by, "MONTH_DAY_FORMAT")}
    if state == State.PLACING and numbers.weeks_to_place and (not ahead or numbers.weeks_placed):
        return _("%(placed)s of %(all)s weeks") % {
            "placed": numbers.weeks_placed,
            "all": numbers.weeks_to_place,
        }
    if state == State.RUNNING:
        return _running_note(status, cohort)
    if state == State.COMPLETED and ahead and cohort.ends.precision == "day":
        return date_format(cohort.last_day, "MONTH_DAY_FORMAT")
    return ""


def _running_note(status, cohort):
    if cohort.starts.precision != "day":
        return ""
    if status == StepStatus.TODO:
        return _("from %(date)s") % {"date": date_format(cohort.first_day, "MONTH_DAY_FORMAT")}
    if status == StepStatus.CURRENT and cohort.first_day <= clock.today() <= cohort.last_day:
        weeks = rules.weeks_of(cohort.first_day, cohort.last_day)
        week = sum(monday <= clock.today() for monday, _friday in weeks)
        return _("week %(week)s of %(weeks)s") % {"week": week, "weeks": len(weeks)}
    return ""


TAB_NEEDS = {"mails": Permission.SEE_MAILS, "papers": Permission.SEE_PAPERS}


def tabs(cohort, numbers, user, current, mails=0):
    """The pages of the workspace that the user may open."""
    open_placements = numbers.open_placements
    pages = [
        ("detail", _("Overview"), None),
        ("trainees", _("Trainees"), numbers.nominated or None),
        ("selection", _("Selection"), numbers.enrollments["nominated"] or None),
        (
            "placements",
            _("Placements"),
            _("%(count)s open") % {"count": open_placements} if open_placements else None,
        ),
        ("papers", _("Papers"), None),
        ("schedule", _("Schedule"), numbers.sessions or None),
        ("attendance", _("Attendance"), None),
        ("evaluations", _("Evaluations"), None),
        ("completion", _("Completion"), None),
        ("certificates", _("Certificates"), numbers.certificates.total() or None),
        ("follow-up", _("Follow-up"), None),
        ("mails", _("Mails"), _("%(count)s queued") % {"count": mails} if mails else None),
        ("history", _("History"), None),
    ]
    return [
        Tab(label, reverse(f"programs:cohort-{name}", args=[cohort.pk]), name == current, count)
        for name, label, count in pages
        if name not in TAB_NEEDS or user.has(TAB_NEEDS[name])
    ]


# The next step -------------------------------------------------------------------------------------


def blockers_of(cohort, numbers, user):
    """Why the cohort cannot take its next step now, each with the page that settles it; time settles itself."""
    ways = {
        "nobody": Way(_("Nominate a trainee"), reverse("programs:enrollment-create", args=[cohort.pk])),
        "undecided": Way(_("Decide on the nominations"), _page("selection", cohort)),
        "unanswered": Way(
            _("Record the answers"), f"{reverse('programs:placement-to-answer')}#h-cohort-{cohort.pk}"
        ),
        "unplaced": Way(_("Open the placements"), _page("placements", cohort)),
        "unissued": Way(_("Open the certificates"), _page("certificates", cohort)),
    }
    found = [Blocker(words, ways.get(code)) for code, words in rules.cohort_blockers(cohort, numbers)]
    waiting = numbers.certificates["eligible"]
    if cohort.state == State.COMPLETED and waiting and not user.has(Permission.APPROVE_CERTIFICATES):
        words = ngettext(
            "A manager’s approval is awaited for %(count)s certificate.",
            "A manager’s approval is awaited for %(count)s certificates.",
            waiting,
        )
        found.append(Blocker(words % {"count": waiting}, ways["unissued"]))
    return found


def next_step(cohort, numbers, user, blockers):
    """The one thing to do next with the cohort, as a Way; None for who may not, or while time has to pass."""
    if not user.has(Permission.RUN_COHORTS):
        return None
    first = _before_the_verb(cohort, numbers, user)
    if first or blockers:
        return first or blockers[0].way
    verbs = [verb for verb in available(cohort, user) if verb.name != "cancel"]
    return Way(verbs[0].label, reverse(verbs[0].url_name, args=[cohort.pk])) if verbs else None


def _before_the_verb(cohort, numbers, user):
    """What is to be done before the cohort goes on: requests sent, certificates approved and issued."""
    if cohort.state == State.PLACING and numbers.placements["draft"]:
        return Way(_("Send the requests"), _page("request-placements", cohort))
    if cohort.state == State.COMPLETED:
        if numbers.certificates["eligible"] and user.has(Permission.APPROVE_CERTIFICATES):
            return Way(_("Approve the certificates"), _page("approve-certificates", cohort))
        if numbers.certificates["approved"]:
            return Way(_("Issue the certificates"), _page("issue-certificates", cohort))
    return None


def _page(name, cohort):
    return reverse(f"programs:cohort-{name}", args=[cohort.pk])


# Everything about a cohort -------------------------------------------------------------------------


def _about(cohort, type_field, id_field):
    """A filter for rows that point at the cohort or anything of it by content type and key."""
    kinds = {
        Cohort: Cohort.objects.filter(pk=cohort.pk),
        Enrollment: Enrollment.objects.filter(cohort=cohort),
        Placement: Placement.objects.filter(enrollment__cohort=cohort),
        Evaluation: Evaluation.objects.filter(placement__enrollment__cohort=cohort),
        Certificate: Certificate.objects.filter(enrollment__cohort=cohort),
        FollowUp: FollowUp.objects.filter(graduation__enrollment__cohort=cohort),
    }
    wanted = Q()
    for model, rows in kinds.items():
        kind = ContentType.objects.get_for_model(model)
        wanted |= Q(**{type_field: kind, f"{id_field}__in": rows.order_by().values("pk")})
    return wanted


def mails_of(cohort):
    """The mails about the cohort, its placements, certificates and follow-ups."""
    return OutgoingMail.objects.filter(_about(cohort, "about_type", "about_id"))


def events_of(cohort):
    """The trail of the cohort and everything in it."""
    return Event.objects.filter(_about(cohort, "subject_type", "subject_id"))
