"""Certificates: one by one, and all of a cohort at once."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import files, trail
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.screens import verb_screen
from programs import effects
from programs.forms.reasons import ReasonForm
from programs.models import Certificate
from programs.workflow import certificates


@requires(Permission.SEE_COHORTS)
def certificate_detail(request, pk):
    certificate = visible_or_404(
        Certificate.objects.for_list().select_related("superseded_by"), request.user, pk=pk
    )
    page = {
        "certificate": certificate,
        "cohort": certificate.enrollment.cohort,
        "verify_url": reverse("public:verify-code", args=[certificate.code]) if certificate.number else "",
        "lines": trail.lines(Event.objects.about(certificate).for_history()),
    }
    return render(request, "programs/certificate_detail.html", page)


@requires(Permission.SEE_COHORTS, Permission.OWN_TRAINING)
def certificate_download(request, pk):
    certificate = visible_or_404(Certificate.objects.select_related("file"), request.user, pk=pk)
    if certificate.file is None:
        raise Http404
    return files.serve(certificate.file)


def _settle(request, pk, verb, *, question, done, told, form=None, danger=False):
    certificate = visible_or_404(Certificate.objects.for_list(), request.user, pk=pk)
    cohort = certificate.enrollment.cohort
    name = {"name": certificate.enrollment.trainee, "number": certificate.number}
    back = reverse("programs:certificate-detail", args=[pk])
    return verb_screen(
        request,
        certificate,
        verb,
        question=question % name,
        done=done % name,
        effects=partial(told, certificate),
        back=back,
        crumbs=[
            (_("Cohorts"), reverse("programs:cohort-list")),
            (str(cohort), reverse("programs:cohort-certificates", args=[cohort.pk])),
            (str(certificate), back),
        ],
        form=form,
        danger=danger,
    )


@requires(Permission.APPROVE_CERTIFICATES)
def certificate_approve(request, pk):
    return _settle(
        request,
        pk,
        certificates.approve,
        question=_("Approve the certificate of %(name)s?"),
        done=_("The certificate of %(name)s is approved."),
        told=lambda certificate: effects.of_approve_certificates([certificate], request.user),
    )


@requires(Permission.ISSUE_CERTIFICATES)
def certificate_issue(request, pk):
    return _settle(
        request,
        pk,
        certificates.issue,
        question=_("Issue the certificate of %(name)s?"),
        done=_("The certificate of %(name)s is issued."),
        told=lambda certificate: effects.of_issue_certificates([certificate]),
    )


@requires(Permission.APPROVE_CERTIFICATES)
def certificate_revoke(request, pk):
    return _settle(
        request,
        pk,
        certificates.revoke,
        question=_("Revoke certificate %(number)s?"),
        done=_("Certificate %(number)s is revoked."),
        told=effects.of_revoke,
        form=ReasonForm,
        danger=True,
    )
