"""One session of a schedule: what it is, and what is done to it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from portal.records.transitions import NotNow
from programs import schedule
from programs.clashes import clashes_of
from programs.forms.reasons import ReasonForm
from programs.forms.sessions import CopyToForm, SessionForm
from programs.models import Session
from programs.session_changes import differences
from programs.workflow import sessions


def editable_or_404(request, pk):
    """A session that the user may change. Raises Http404."""
    rows = Session.objects.editable_by(request.user).for_list()
    return visible_or_404(rows, request.user, pk=pk)


def crumbs_to(user, cohort):
    """The way back: the cohort's schedule, for a coordinator that of their hospital."""
    if user.has(Permission.SEE_COHORTS):
        return [
            (_("Cohorts"), reverse("programs:cohort-list")),
            (str(cohort), reverse("programs:cohort-detail", args=[cohort.pk])),
            (_("Schedule"), reverse("programs:cohort-schedule", args=[cohort.pk])),
        ]
    return [(_("Schedule"), reverse("programs:session-list"))]


@requires(Permission.SEE_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_detail(request, pk):
    rows = Session.objects.visible_to(request.user).filter(pk=pk)
    visible_or_404(Session.objects.all(), request.user, pk=pk)
    [session] = schedule.read(rows, request.user)
    plan = session.plan
    known = plan.as_released() if session.may_edit else None
    page = {
        "session": session,
        "plan": plan,
        "may_edit": Session.objects.editable_by(request.user).filter(pk=pk).exists(),
        "crumbs": crumbs_to(request.user, plan.cohort),
        "clashes": clashes_of([plan], request.user) if session.may_edit else [],
        "differences": differences(known, plan) if known else [],
    }
    return render(request, "programs/session_detail.html", page)


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_create(request, cohort):
    cohort = get_object_or_404(schedule.planned_with(request.user).for_list(), pk=cohort)
    first = {"day": schedule.day_asked(request.GET.get("day"), schedule.first_shown(cohort))}
    form = SessionForm(request.POST or None, cohort=cohort, user=request.user, initial=first)
    session = kept(form, lambda: sessions.keep(form, by=request.user))
    if session:
        messages.success(
            request, _("The session is planned. Trainees hear of it when the schedule is released.")
        )
        return redirect("programs:session-detail", pk=session.pk)
    page = {"form": form, "cohort": cohort, "crumbs": crumbs_to(request.user, cohort)}
    return render(request, "programs/session_create.html", page, status=form_status(form))


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_edit(request, pk):
    session = editable_or_404(request, pk)
    form = SessionForm(request.POST or None, cohort=session.cohort, user=request.user, instance=session)
    if kept(form, lambda: sessions.keep(form, by=request.user)):
        messages.success(
            request, _("The changes are kept. Trainees hear of them when the schedule is released.")
        )
        return redirect("programs:session-detail", pk=pk)
    page = {"form": form, "session": session, "crumbs": crumbs_to(request.user, session.cohort)}
    return render(request, "programs/session_edit.html", page, status=form_status(form))


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_copy(request, pk):
    session = editable_or_404(request, pk)
    form = CopyToForm(request.POST or None, session=session, user=request.user)
    copies = kept(form, lambda: sessions.copy_to(session, form.cleaned_data["days"], by=request.user))
    if copies:
        words = ngettext("%(count)s copy is planned.", "%(count)s copies are planned.", len(copies))
        messages.success(request, words % {"count": len(copies)})
        return redirect(crumbs_to(request.user, session.cohort)[-1][1])
    page = {"form": form, "session": session, "crumbs": crumbs_to(request.user, session.cohort)}
    return render(request, "programs/session_copy.html", page, status=form_status(form))


# Really? ---------------------------------------------------------------------------------------------


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_cancel(request, pk):
    effects = [
        _("It stays in the schedule, struck out, with your reason."),
        _("Trainees and calendars hear of it when the schedule is released. No mail is sent now."),
    ]
    return ask(
        request,
        editable_or_404(request, pk),
        sessions.cancel,
        question=_("Cancel this session?"),
        button=_("Cancel the session"),
        done=_("The session is cancelled. Release the schedule, so that trainees hear of it."),
        effects=effects,
        form=ReasonForm,
    )


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_reinstate(request, pk):
    return ask(
        request,
        editable_or_404(request, pk),
        sessions.reinstate,
        question=_("Does it take place after all?"),
        button=_("It takes place"),
        done=_("The session takes place. Release the schedule, so that trainees hear of it."),
        effects=[_("Trainees and calendars hear of it when the schedule is released. No mail is sent now.")],
    )


@requires(Permission.RUN_COHORTS, Permission.EDIT_OWN_SESSIONS)
def session_remove(request, pk):
    return ask(
        request,
        editable_or_404(request, pk),
        sessions.remove,
        question=_("Remove this session?"),
        button=_("Remove the session"),
        done=_("The session is removed."),
        effects=[_("Nobody outside has heard of it. The cohort’s history keeps that it was planned.")],
        to_schedule=True,
    )


def ask(request, session, verb, *, question, button, done, effects, form=None, to_schedule=False):
    """Ask before the verb is used on the session, use it on POST, and say why where it cannot be done."""
    crumbs = crumbs_to(request.user, session.cohort)
    bound = form(request.POST if request.method == "POST" else None) if form else None
    here = reverse("programs:session-detail", args=[session.pk])
    refused, status = [], form_status(bound) if bound else 200
    if request.method == "POST" and (bound is None or bound.is_valid()):
        try:
            verb(session, by=request.user, **(bound.cleaned_data if bound else {}))
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, done)
            return redirect(crumbs[-1][1] if to_schedule else here)
    page = {
        "session": session, "crumbs": crumbs, "question": question, "button": button, "effects": effects,
        "form": bound, "refused": refused, "back": here,
    }  # fmt: skip
    return render(request, "programs/session_ask.html", page, status=status)
