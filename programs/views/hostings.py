"""Offers of hospitals: all of a cohort for staff, who ask for them; a coordinator's own, signed in or by link."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Department, Hospital
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.mail import hold, outbox
from portal.mail.rehearsal import rehearse
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from programs.forms.hostings import AskForOffersForm, HostingForm
from programs.models import Cohort, Hosting, HostingRequest, Placement
from programs.workflow import hostings
from programs.workspace import workspace

from .by_link import by_link, ended

KEPT_AN_HOUR = 60

# Staff ---------------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS)
def cohort_hostings(request, pk):
    page = workspace(request, pk, "placements")
    cohort = page["cohort"]
    said = {one.hospital_id: one for one in cohort.hostings.prefetch_related("seats")}
    silent = {one.hospital_id: one for one in HostingRequest.objects.silent().filter(cohort=cohort)}
    page["rows"] = [
        (hospital, said.get(hospital.pk), _by_week(said.get(hospital.pk)), silent.get(hospital.pk))
        for hospital in cohort.hospitals.order_by("name")
    ]
    page["may_place"] = request.user.has(Permission.PLACE_TRAINEES) and cohort.state in Hosting.TAKEN_IN
    return render(request, "programs/cohort_hostings.html", page)


@requires(Permission.PLACE_TRAINEES)
def cohort_ask_hostings(request, pk):
    """Choose whom to ask; nothing leaves before that is sent."""
    page = workspace(request, pk, "placements")
    cohort, back = page["cohort"], reverse("programs:cohort-hostings", args=[pk])
    hosts = hostings.not_asked(cohort)
    form = AskForOffersForm(request.POST if request.method == "POST" else None, cohort=cohort, hosts=hosts)
    ask = partial(hostings.ask, cohort, by=request.user)
    if kept(form, lambda: _ask(request, cohort, partial(ask, **form.cleaned_data))):
        return redirect(back)
    everybody = partial(ask, [one for one, _people in hosts], answer_by=form.initial["answer_by"])
    page |= {
        "form": form,
        "hosts": hosts,
        "back": back,
        "is_open": cohort.state in Hosting.TAKEN_IN,
        "rehearsed": rehearse(everybody, by=request.user) if hosts else [],
    }
    return render(request, "programs/cohort_ask_hostings.html", page, status=form_status(form))


def _ask(request, cohort, ask):
    with outbox.hold(_("Requests for offers: %s") % cohort, by=request.user) as held:
        asked = ask()
    words = ngettext("%(count)s hospital is asked.", "%(count)s hospitals are asked.", len(asked))
    messages.success(request, format_html("{}\n{}", words % {"count": len(asked)}, hold.in_words(held)))
    return asked


# Hospitals -----------------------------------------------------------------------------------------


@requires(Permission.ANSWER_PLACEMENTS)
def hosting_list(request):
    asked = hostings.asked_of(request.user)
    said = {
        (one.cohort_id, one.hospital_id): one
        for one in Hosting.objects.visible_to(request.user).prefetch_related("seats")
    }
    rows = [
        (cohort, hospital, one := said.get((cohort.pk, hospital.pk)), _by_week(one))
        for cohort, hospital in asked
    ]
    return render(request, "programs/hosting_list.html", {"rows": rows})


@requires(Permission.ANSWER_PLACEMENTS)
def hosting_edit(request, cohort, hospital):
    hospital = visible_or_404(Hospital.objects.all(), request.user, pk=hospital)
    cohort = Cohort.objects.filter(pk=cohort, hospitals=hospital).first()
    if cohort is None:
        raise Http404
    form, hosting = _form_of(request, cohort, hospital, user=request.user)
    back = reverse("programs:hosting-list")
    if request.user.is_team:
        back = reverse("programs:cohort-hostings", args=[cohort.pk])
    if _said(form, cohort, hospital, by=request.user):
        thanks = _("The offer is kept.") if request.user.is_team else _("Thank you. The offer is kept.")
        messages.success(request, thanks)
        return redirect(back)
    page = {"form": form, "cohort": cohort, "hospital": hospital, "hosting": hosting, "back": back}
    return render(request, "programs/hosting_edit.html", page, status=form_status(form))


@by_link
def hosting_answer(request, desk):
    """The offer of the hospital whose coordinator holds the link, without an account. GET shows, POST keeps."""
    cohort, hospital = desk.cohort, desk.hospital
    if desk.supervisor or not cohort.hospitals.filter(pk=hospital.pk).exists():
        return ended(request)
    form, hosting = _form_of(request, cohort, hospital, user=None)
    status = form_status(form)
    if form.is_bound and too_often_for(f"desk:{desk.holder}", "offers", limit=KEPT_AN_HOUR, seconds=3600):
        messages.error(request, _("That was too often. Wait an hour, then try again."))
        status = 429
    elif _said(form, cohort, hospital, by=desk.who, channel=Placement.Channel.LINK, who=desk.name):
        messages.success(request, _("Thank you. The offer is kept."))
        return redirect("programs:hosting-answer", token=desk.token)
    page = {"form": form, "cohort": cohort, "hospital": hospital, "hosting": hosting, "desk": desk}
    page["is_open"] = cohort.state in Hosting.TAKEN_IN
    return render(request, "programs/hosting_answer.html", page, status=status)


def _form_of(request, cohort, hospital, *, user):
    """The form with what the hospital has said so far, and that."""
    hosting = _standing(cohort, hospital)
    departments = list(Department.objects.placeable().with_names().filter(hospital=hospital))
    data = request.POST if request.method == "POST" else None
    return HostingForm(data, cohort=cohort, hosting=hosting, user=user, departments=departments), hosting


def _standing(cohort, hospital):
    return Hosting.objects.filter(cohort=cohort, hospital=hospital).prefetch_related("seats").first()


def _said(form, cohort, hospital, **how):
    """Keep a valid form. Where somebody else was quicker, the form shows what stands beside what was typed."""

    def say():
        try:
            return hostings.say(cohort, hospital, **form.facts, **how)
        except hostings.SaidMeanwhile:
            form.show_what_stands(_standing(cohort, hospital))
            raise

    return kept(form, say)


def _by_week(hosting):
    """The seats offered in each week, over all departments: pairs of Monday and number."""
    weeks = {}
    for row in hosting.seats.all() if hosting else ():
        weeks[row.monday] = weeks.get(row.monday, 0) + row.seats
    return sorted(weeks.items())
