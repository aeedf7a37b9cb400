"""The schedule of a cohort and of a hospital: list, week and month; a day moved; the plan released."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Hospital
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.rehearsal import rehearse
from portal.records import clock
from portal.records.imports import sheets
from portal.records.imports.uploading import upload
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import form_status, kept
from portal.ui.components import Tab
from programs import schedule
from programs.clashes import clashes_of
from programs.forms.sessions import MoveDayForm, ReleaseForm
from programs.models import Cohort, Session
from programs.session_imports import SessionImport
from programs.workflow import schedule_releases, sessions
from programs.workspace import workspace

from .sessions import crumbs_to

VIEWS = ("list", "week", "month")
MOST_LISTED = 100  # sessions of a cohort on one page; of more a week is listed at a time


def _view_tabs(url, current, more=""):
    """The three faces of a schedule, at the same day."""
    labels = {"list": _("List"), "week": _("Week"), "month": _("Month")}
    return [Tab(labels[name], f"{url}?view={name}{more}", name == current) for name in VIEWS]


def _asked(request, usual_view, usual_day):
    """Which face the address asks for, and the days it shows (the list of a cohort shows all of them)."""
    view = request.GET.get("view")
    view = view if view in VIEWS else usual_view
    day = schedule.day_asked(request.GET.get("on"), usual_day)
    return view, day, schedule.span_of("month" if view == "month" else "week", day)


@requires(Permission.SEE_COHORTS)
def cohort_schedule(request, pk):
    page = workspace(request, pk, "schedule")
    cohort, user = page["cohort"], request.user
    view, day, span = _asked(request, "list", schedule.first_shown(cohort))
    rows = schedule.sessions_of(cohort, user)
    in_span = view != "list" or page["numbers"].sessions > MOST_LISTED
    if in_span:
        rows = schedule.within(rows, span.first, span.last)
    found = schedule.read(rows, user)
    placements = schedule.placements_in(user, span.first, span.last, enrollment__cohort=cohort)
    page |= {
        "view": view,
        "span": span,
        "in_span": in_span,
        "sessions": found,
        "days": schedule.days_of(found) if view == "list" else [],
        "weeks": schedule.calendar_of(found, placements, span) if view == "month" else [],
        "week": view == "week" and schedule.week_of(found, schedule.people_of(cohort), placements, span),
        "view_tabs": _view_tabs(request.path, view, f"&on={day.isoformat()}"),
        "unreleased": len([one for one in found if one.plan.state in ("draft", "changed")]),
        "clashes": clashes_of([one.plan for one in found], user),
    }
    return render(request, "programs/cohort_schedule.html", page)


@requires(Permission.SEE_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_list(request):
    user = request.user
    view, day, span = _asked(request, "week", clock.today())
    hospitals = Hospital.objects.visible_to(user).unmerged().order_by("name")
    hospital = hospitals.filter(pk=key_in(request.GET.get("hospital"))).first()
    rows = schedule.within(Session.objects.visible_to(user), span.first, span.last)
    wanted = {"department__hospital": hospital} if hospital else {}
    found = schedule.read_across(rows.filter(hospital=hospital) if hospital else rows, user)
    placements = schedule.placements_in(user, span.first, span.last, **wanted)
    more = f"&on={day.isoformat()}" + (f"&hospital={hospital.pk}" if hospital else "")
    page = {
        "view": view,
        "in_span": True,
        "day": day,
        "span": span,
        "sessions": found,
        "placements": placements,
        "hospital": hospital,
        "hospitals": hospitals if user.is_team else [],
        "weeks": schedule.calendar_of(found, placements, span) if view != "list" else [],
        "days": schedule.days_of(found) if view == "list" else [],
        "view_tabs": _view_tabs(request.path, view, more),
        "cohorts": [] if user.is_team else _planned_with(user),
    }
    return render(request, "programs/session_list.html", page)


def _planned_with(user):
    return schedule.planned_with(user).for_list().under_way().order_by("starts")


@requires(Permission.RUN_COHORTS)
def cohort_sessions(request, pk):
    """The sessions of the cohort by spreadsheet."""
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    template = reverse("programs:cohort-sessions-template", args=[pk])
    return upload(request, SessionImport, parent=cohort, template_url=template)


@requires(Permission.RUN_COHORTS)
def cohort_sessions_template(request, pk):
    return sheets.template(SessionImport(visible_or_404(Cohort.objects.all(), request.user, pk=pk)))


@requires(Permission.RUN_COHORTS)
def cohort_sessions_plan(request, pk):
    """The sessions as they are planned, as a spreadsheet that can be brought in again."""
    cohort = visible_or_404(Cohort.objects.all(), request.user, pk=pk)
    importer = SessionImport(cohort)
    name = _("Schedule of %(cohort)s") % {"cohort": cohort.code}
    return sheets.filled(importer, importer.planned(), name)


@requires(Permission.RUN_COHORTS)
def cohort_move_day(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    first = {"day": schedule.day_asked(request.GET.get("day"), None)}
    form = MoveDayForm(request.POST or None, cohort=cohort, user=request.user, initial=first)
    moved = kept(
        form,
        lambda: sessions.move_day(
            cohort, by=request.user, day=form.cleaned_data["day"], to=form.cleaned_data["to"]
        ),
    )
    if moved:
        words = ngettext("%(count)s session is moved.", "%(count)s sessions are moved.", len(moved))
        messages.success(request, words % {"count": len(moved)})
        return redirect("programs:cohort-schedule", pk=pk)
    page = {"cohort": cohort, "form": form, "crumbs": crumbs_to(request.user, cohort)}
    return render(request, "programs/cohort_move_day.html", page, status=form_status(form))


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def cohort_release_schedule(request, pk):
    cohort = get_object_or_404(schedule.planned_with(request.user).for_list(), pk=pk)
    crumbs = crumbs_to(request.user, cohort)
    back = crumbs[-1][1]
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with outbox.hold(_("Schedule: %s") % cohort, by=request.user) as held:
            made = schedule_releases.release(cohort, by=request.user, note=form.cleaned_data["note"])
        _say_released(request, made, held)
        return redirect(back)
    found = schedule_releases.outgoing(cohort, request.user)
    page = {
        "cohort": cohort,
        "form": form,
        "crumbs": crumbs,
        "back": back,
        "outgoing": found,
        "effects": _release_effects(cohort, found, request.user),
        "clashes": clashes_of(found.sessions, request.user),
        "rehearsed": rehearse(
            partial(schedule_releases.release, cohort, by=request.user), by=request.user
        ) if request.user.has(Permission.SEE_MAILS) else [],
    }  # fmt: skip
    return render(request, "programs/cohort_release_schedule.html", page, status=form_status(form))


def _release_effects(cohort, found, user):
    """What a release by `user` will do, as sentences with the mails counted; they get none themselves."""
    count, people = len(found.sessions), len(found.trainees)
    handed_out = ngettext(
        "%(count)s session is handed out to trainees, hospitals and calendars as it is planned now.",
        "%(count)s sessions are handed out to trainees, hospitals and calendars as they are planned now.",
        count,
    ) % {"count": count}
    if not schedule_releases.tells_of(cohort):
        return [handed_out, _("The cohort is over: nobody gets a mail.")]
    hosts = sum(
        one.user != user for _hospital, _changes, people_there in found.hospitals for one in people_there
    )
    words = [
        handed_out,
        ngettext("%(count)s trainee gets a mail that says what changes for them.",
                 "%(count)s trainees get a mail that says what changes for them.", people) % {"count": people},
    ]  # fmt: skip
    if hosts:
        mails = ngettext(
            "%(count)s coordinator gets a mail about their hospital.",
            "%(count)s coordinators get a mail about their hospital.",
            hosts,
        )
        words.append(mails % {"count": hosts})
    return words


def _say_released(request, made, held):
    if made is None:
        messages.info(request, _("Nothing is left to release."))
        return
    words = _("Release %(number)s of the schedule is out.") % {"number": made.number}
    messages.success(request, format_html("{}\n{}", words, hold.in_words(held)))
