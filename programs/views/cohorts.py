"""The cohort's workspace: one page for each side of it, and one screen for each step of its life."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, OuterRef, Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import FollowUp
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.columns import MAILS
from portal.mail.rehearsal import rehearse
from portal.records import trail
from portal.records.lookup import visible_or_404
from portal.records.queries import counted
from portal.records.screens import verb_screen
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs import bulk, effects, roster
from programs.columns import CERTIFICATES, COHORTS, EVENTS, ROSTER
from programs.forms.cohorts import CertificateFilter, CohortFilter, EventFilter
from programs.forms.papers import RosterFilter
from programs.forms.reasons import ReasonForm
from programs.models import Cohort, Enrollment
from programs.numbers import published_of
from programs.overview import overview_of
from programs.workflow import cohorts, requests, wishes
from programs.workspace import events_of, mails_of, workspace

# The list ------------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS)
def cohort_list(request):
    rows = (
        Cohort.objects.visible_to(request.user)
        .for_list()
        .prefetch_related("head_counts")
        .annotate(
            named=counted(Enrollment.objects.taking_part().filter(cohort=OuterRef("pk"))),
            hosts=Count("hospitals", distinct=True),
        )
    )
    found = listing(
        request,
        rows,
        filterset=CohortFilter,
        sorts={"dates": ["starts", "name"], "name": ["name", "starts"], "state": ["state", "-starts"]},
        default_sort="-dates",
        export=COHORTS,
    )
    for cohort in found:
        cohort.published = published_of(cohort.head_counts.all())
    page = {"may_plan": request.user.has(Permission.RUN_COHORTS)}
    return render_listing(request, "programs/cohort_list.html", found, page)


# The workspace -------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS)
def cohort_detail(request, pk):
    page = workspace(request, pk, "detail")
    return render(request, "programs/cohort_detail.html", page | overview_of(page["cohort"], page["numbers"]))


@requires(Permission.SEE_COHORTS)
def cohort_trainees(request, pk):
    page = workspace(request, pk, "trainees")
    found = listing(
        request,
        roster.with_wishes(roster.with_stays(page["cohort"].enrollments.for_roster())),
        filterset=RosterFilter,
        sorts={
            "name": ["trainee__passport_name"],
            "home": ["trainee__institution__name", "trainee__passport_name"],
            "state": ["state", "reserve_rank", "trainee__passport_name"],
            "nominated": ["nominated_at", "trainee__passport_name"],
        },
        default_sort="name",
        per_page=50,
        export=ROSTER,
    )
    for enrollment in found:
        enrollment.cohort, enrollment.stays = page["cohort"], roster.stays_of(enrollment)
        enrollment.takes_wishes = wishes.are_open(enrollment)
    page["may_place"] = request.user.has(Permission.PLACE_TRAINEES)
    page["bulk_actions"] = bulk.offered(request.user)
    return render_listing(request, "programs/cohort_trainees.html", found, page)


@requires(Permission.SEE_COHORTS)
def cohort_certificates(request, pk):
    page = workspace(request, pk, "certificates")
    found = listing(
        request,
        page["cohort"]
        .enrollments.taking_part()
        .select_related("trainee")
        .prefetch_related("certificates__approved_by"),
        filterset=CertificateFilter,
        sorts={"name": ["trainee__passport_name"]},
        default_sort="name",
        per_page=100,
        export=CERTIFICATES,
    )
    numbers = page["numbers"].certificates
    page |= {
        "to_approve": numbers["eligible"] if request.user.has(Permission.APPROVE_CERTIFICATES) else 0,
        "to_issue": numbers["approved"] if request.user.has(Permission.ISSUE_CERTIFICATES) else 0,
        "to_hand_over": numbers["issued"] and request.user.has(Permission.ISSUE_CERTIFICATES),
    }
    return render_listing(request, "programs/cohort_certificates.html", found, page)


@requires(Permission.SEE_COHORTS)
def cohort_follow_up(request, pk):
    page = workspace(request, pk, "follow-up")
    found = listing(
        request,
        page["cohort"]
        .enrollments.filter(graduation__isnull=False)
        .select_related("trainee__institution")
        .prefetch_related(
            Prefetch("graduation__follow_ups", FollowUp.objects.order_by("months"), to_attr="asked")
        ),
        sorts={"name": ["trainee__passport_name"]},
        default_sort="name",
        per_page=50,
    )
    marks = sorted({followup.months for enrollment in found for followup in enrollment.graduation.asked})
    for enrollment in found:
        asked = {followup.months: followup for followup in enrollment.graduation.asked}
        enrollment.marks = [asked.get(months) for months in marks]
    return render_listing(request, "programs/cohort_follow_up.html", found, page | {"months": marks})


@requires(Permission.SEE_MAILS)
def cohort_mails(request, pk):
    page = workspace(request, pk, "mails")
    found = listing(
        request,
        mails_of(page["cohort"]).visible_to(request.user).for_list(),
        sorts={"due": ["due"], "recipient": ["recipient_name", "due"]},
        default_sort="-due",
        per_page=50,
        export=MAILS,
    )
    return render_listing(request, "programs/cohort_mails.html", found, page)


@requires(Permission.SEE_COHORTS)
def cohort_history(request, pk):
    page = workspace(request, pk, "history")
    found = listing(
        request,
        events_of(page["cohort"]).select_related("actor", "subject_type"),
        filterset=EventFilter,
        sorts={"time": ["at"]},
        default_sort="-time",
        per_page=50,
        export=EVENTS,
    )
    return render_listing(
        request, "programs/cohort_history.html", found, page | {"lines": trail.lines(found)}
    )


# Asking the hospitals ------------------------------------------------------------------------------


@requires(Permission.PLACE_TRAINEES)
def cohort_request_placements(request, pk):
    page, refused, status = workspace(request, pk, "placements"), [], 200
    board = reverse("programs:cohort-placements", args=[pk])
    if request.method == "POST":
        try:
            with outbox.hold(_("Requests to hospitals: %s") % page["cohort"], by=request.user) as held:
                asked = requests.request_all(page["cohort"], by=request.user)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            _say_requested(request, asked, held)
            return redirect(board)
    preview = requests.preview(page["cohort"])
    page |= {
        "preview": preview,
        "effects": effects.of_request_placements(preview),
        "refused": refused,
        "conflicts": sum(len(asked.conflicts) for asked in preview),
        "board_url": board,
        "rehearsed": rehearse(
            partial(requests.request_all, page["cohort"], by=request.user), by=request.user
        ),
    }
    return render(request, "programs/cohort_request_placements.html", page, status=status)


def _say_requested(request, asked, held):
    """What came of it; after a double click, that nothing was left to send."""
    count = sum(len(hospital_request.placements) for hospital_request in asked)
    if not count:
        messages.info(request, _("There is no draft left to send."))
        return
    words = ngettext("%(count)s placement is requested.", "%(count)s placements are requested.", count)
    messages.success(request, format_html("{}\n{}", words % {"count": count}, hold.in_words(held)))


# The steps of its life -----------------------------------------------------------------------------


def _step(request, pk, verb, *, question, done, told, form=None, danger=False):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    back = reverse("programs:cohort-detail", args=[pk])
    return verb_screen(
        request,
        cohort,
        verb,
        question=question,
        done=done,
        effects=partial(told, cohort),
        back=back,
        crumbs=[(_("Cohorts"), reverse("programs:cohort-list")), (str(cohort), back)],
        form=form,
        danger=danger,
    )


@requires(Permission.RUN_COHORTS)
def cohort_open_nominations(request, pk):
    return _step(
        request,
        pk,
        cohorts.open_nominations,
        question=_("Open nominations?"),
        told=effects.of_open_nominations,
        done=_("Nominations are open."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_close_nominations(request, pk):
    return _step(
        request,
        pk,
        cohorts.close_nominations,
        question=_("Close nominations?"),
        told=effects.of_close_nominations,
        done=_("Nominations are closed. Now decide on each."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_begin_placing(request, pk):
    return _step(
        request,
        pk,
        cohorts.begin_placing,
        question=_("Begin placing?"),
        told=effects.of_begin_placing,
        done=_("The accepted trainees can be placed now."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_start(request, pk):
    return _step(
        request,
        pk,
        cohorts.start,
        question=_("Has the training begun?"),
        told=effects.of_start,
        done=_("The training runs."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_complete(request, pk):
    return _step(
        request,
        pk,
        cohorts.complete,
        question=_("Complete the cohort?"),
        told=effects.of_complete,
        done=_("The cohort is completed. The certificates can be approved now."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_close(request, pk):
    return _step(
        request,
        pk,
        cohorts.close,
        question=_("Close the cohort?"),
        told=effects.of_close,
        done=_("The cohort is closed."),
    )


@requires(Permission.RUN_COHORTS)
def cohort_cancel(request, pk):
    return _step(
        request,
        pk,
        cohorts.cancel,
        question=_("Cancel the whole cohort?"),
        told=effects.of_cancel,
        done=_("The cohort is cancelled."),
        form=ReasonForm,
        danger=True,
    )
