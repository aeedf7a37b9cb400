"""Screens of who answers for a hospital."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals import workflow
from hospitals.forms import CoordinatorEndForm, CoordinatorInviteForm
from hospitals.models import Coordinator, Hospital
from hospitals.screens import form_screen
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.keeping_screens import page_of
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow

from .hospitals import crumbs


@requires(Permission.EDIT_HOSPITALS)
def coordinator_invite(request, hospital):
    hospital = visible_or_404(Hospital.objects.in_use(), request.user, pk=hospital)
    form = CoordinatorInviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            coordinator = workflow.coordinators.invite(hospital, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _said(coordinator.user))
            return redirect(page_of(hospital))
    words = {"title": _("Invite a coordinator"), "submit": _("Invite")}
    return form_screen(request, form, **words, lede=hospital, back=page_of(hospital), crumbs=crumbs(hospital))


def _said(user):
    """What the invitation did: a mail, or none to somebody who signs in already."""
    if user.last_login is None:
        words = _("The invitation to %(name)s is on its way to %(email)s.")
    else:
        words = _("%(name)s has an account already and is a coordinator here now. No mail was sent.")
    return words % {"name": user, "email": user.email}


@requires(Permission.EDIT_HOSPITALS)
def coordinator_end(request, pk):
    hospitals = Hospital.objects.visible_to(request.user)
    serving = Coordinator.objects.filter(until=None, hospital__in=hospitals)
    coordinator = get_object_or_404(serving.select_related("user", "hospital"), pk=pk)
    hospital = coordinator.hospital
    form = CoordinatorEndForm(request.POST or None, initial={"until": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            workflow.coordinators.end(coordinator, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The service of %(name)s has ended.") % {"name": coordinator.user})
            return redirect(page_of(hospital))
    page = {"form": form, "coordinator": coordinator, "crumbs": crumbs(hospital)}
    page |= {"effects": _ending(coordinator), "back": page_of(hospital)}
    return render(request, "hospitals/coordinator_end.html", page, status=422 if form.is_bound else 200)


def _ending(coordinator):
    others = (
        Coordinator.objects.serving().filter(hospital=coordinator.hospital).exclude(pk=coordinator.pk).count()
    )
    effects = [_("%(name)s sees nothing of this hospital any more.") % {"name": coordinator.user}]
    if others:
        words = ngettext(
            "%(number)s other coordinator answers for it.",
            "%(number)s other coordinators answer for it.",
            others,
        )
        effects.append(words % {"number": others})
    else:
        effects.append(_("Nobody answers for it in the portal then: requests go by phone."))
    return [*effects, _("The account stays open, and what they answered stays under their name.")]
