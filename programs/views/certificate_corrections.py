"""The name on a certificate is wrong: its holder asks for another spelling, and a manager issues it anew."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from portal.records.transitions import NotNow
from programs import certificate_effects, workflow
from programs.forms.my import CorrectedNameForm, CorrectionForm, TakenDownForm
from programs.models import Certificate

# Asked and declined more often than this in a day, somebody should write a mail instead.
ASKED_A_DAY = 5


@requires(Permission.OWN_TRAINING)
def my_certificate_correction(request, pk):
    own = Certificate.objects.for_owner().filter(enrollment__trainee__user=request.user)
    certificate = visible_or_404(own, request.user, pk=pk)
    form = CorrectionForm(request.POST or None)
    if kept(form, lambda: _ask(certificate, by=request.user, **form.cleaned_data)):
        messages.success(request, _("Thank you. We look at it, and you hear of it by mail."))
        return redirect("programs:my-certificates")
    page = {
        "certificate": certificate,
        "form": form,
        "may_ask": certificate.state == Certificate.State.ISSUED and not certificate.correction_asked_at,
    }
    return render(request, "programs/my_certificate_correction.html", page, status=form_status(form))


def _ask(certificate, *, by, **asked):
    if too_often_for(f"certificate:{certificate.pk}", "correction", limit=ASKED_A_DAY, seconds=86400):
        raise NotNow(_("You have asked several times today. Write to your program officer, please."))
    return workflow.certificate_corrections.ask_correction(certificate, by=by, **asked)


@requires(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES)
def certificate_enter_correction(request, pk):
    """What a holder has asked for by phone, taken down by staff."""
    certificate = visible_or_404(Certificate.objects.for_list(), request.user, pk=pk)
    form = TakenDownForm(request.POST or None)
    enter = workflow.certificate_corrections.enter_correction
    if kept(form, lambda: enter(certificate, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The correction is entered. A manager accepts it, or it is declined."))
        return redirect("programs:certificate-detail", pk=pk)
    page = {
        "certificate": certificate,
        "cohort": certificate.enrollment.cohort,
        "form": form,
        "fits": certificate.state == Certificate.State.ISSUED and not certificate.correction_asked_at,
    }
    return render(request, "programs/certificate_enter_correction.html", page, status=form_status(form))


@requires(Permission.APPROVE_CERTIFICATES)
def certificate_accept_correction(request, pk):
    certificate = visible_or_404(Certificate.objects.for_list(), request.user, pk=pk)
    form = CorrectedNameForm(request.POST or None, initial={"name": certificate.correction_name})
    accept = workflow.certificate_corrections.accept
    fresh = kept(form, lambda: accept(certificate, by=request.user, name=form.cleaned_data["name"]))
    if fresh:
        facts = {"number": fresh.number}
        messages.success(request, _("Certificate %(number)s is issued in its place.") % facts)
        return redirect("programs:certificate-detail", pk=fresh.pk)
    page = {
        "certificate": certificate,
        "cohort": certificate.enrollment.cohort,
        "form": form,
        "effects": certificate_effects.of_accept_correction(certificate),
        "fits": certificate.state == Certificate.State.ISSUED and bool(certificate.correction_asked_at),
    }
    return render(request, "programs/certificate_accept_correction.html", page, status=form_status(form))
