"""Certificates: one by one, and all of a cohort at once."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock, files, trail
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.screens import verb_screen
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs import certificate_effects, paper
from programs.columns import REGISTER
from programs.forms.certificates import RegisterFilter
from programs.forms.reasons import NoteForm, ReasonForm
from programs.models import Certificate
from programs.workflow import certificate_corrections, certificates


@requires(Permission.SEE_COHORTS)
def certificate_detail(request, pk):
    certificate = visible_or_404(
        Certificate.objects.for_list().select_related(
            "superseded_by", "supersedes", "handed_over_by", "revocation_asked_by", "correction_entered_by"
        ),
        request.user,
        pk=pk,
    )
    page = {
        "certificate": certificate,
        "cohort": certificate.enrollment.cohort,
        "verify_url": reverse("public:verify-code", args=[certificate.code]) if certificate.number else "",
        "lines": trail.lines(Event.objects.about(certificate).for_history()),
        "may_reissue": request.user.has(Permission.APPROVE_CERTIFICATES),
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
        told=lambda certificate: certificate_effects.of_approve_certificates([certificate], request.user),
    )


@requires(Permission.ISSUE_CERTIFICATES)
def certificate_issue(request, pk):
    return _settle(
        request,
        pk,
        certificates.issue,
        question=_("Issue the certificate of %(name)s?"),
        done=_("The certificate of %(name)s is issued."),
        told=lambda certificate: certificate_effects.of_issue_certificates([certificate]),
    )


# Taking one back, or issuing it anew -----------------------------------------------------------------


@requires(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES)
def certificate_ask_revocation(request, pk):
    return _settle(
        request,
        pk,
        certificates.ask_revocation,
        question=_("Ask for the revocation of certificate %(number)s?"),
        done=_("The revocation of %(number)s is asked for. Another person has to revoke it."),
        told=certificate_effects.of_ask_revocation,
        form=ReasonForm,
        danger=True,
    )


@requires(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES)
def certificate_keep_valid(request, pk):
    return _settle(
        request,
        pk,
        certificates.keep_valid,
        question=_("Leave certificate %(number)s valid?"),
        done=_("Certificate %(number)s stays valid."),
        told=certificate_effects.of_keep_valid,
        form=NoteForm,
    )


@requires(Permission.APPROVE_CERTIFICATES)
def certificate_revoke(request, pk):
    return _settle(
        request,
        pk,
        certificates.revoke,
        question=_("Revoke certificate %(number)s?"),
        done=_("Certificate %(number)s is revoked."),
        told=certificate_effects.of_revoke,
        form=NoteForm,
        danger=True,
    )


@requires(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES)
def certificate_decline_correction(request, pk):
    return _settle(
        request,
        pk,
        certificate_corrections.decline_correction,
        question=_("Leave the name on %(number)s as it is?"),
        done=_("The name on %(number)s stays; %(name)s is told why."),
        told=certificate_effects.of_decline_correction,
        form=ReasonForm,
    )


@requires(Permission.APPROVE_CERTIFICATES)
def certificate_reissue(request, pk):
    """Another certificate in the place of this one, as the record stands now."""
    certificate = visible_or_404(Certificate.objects.for_list(), request.user, pk=pk)
    form, refused, status = ReasonForm(request.POST or None), [], 200
    if request.method == "POST" and form.is_valid():
        try:
            fresh = certificates.reissue(certificate, by=request.user, reason=form.cleaned_data["reason"])
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(
                request, _("Certificate %(number)s is issued in its place.") % {"number": fresh.number}
            )
            return redirect("programs:certificate-detail", pk=fresh.pk)
    certificate.refresh_from_db(fields=["state"])
    page = {
        "certificate": certificate,
        "cohort": certificate.enrollment.cohort,
        "changes": _changes(certificate),
        "form": form,
        "effects": certificate_effects.of_reissue(certificate),
        "refused": refused,
        "fits": certificate.state == Certificate.State.ISSUED,
    }
    status = 422 if form.is_bound and not form.is_valid() else status
    return render(request, "programs/certificate_reissue.html", page, status=status)


def _changes(certificate):
    """What the paper says, and what a new one would say: (label, printed, now) for each thing a reader looks at."""
    now = paper.words_of(certificate, certificate.number, clock.today())
    labels = {
        "name": _("Name"),
        "local_name": _("In the local script"),
        "korean_name": _("In Korean"),
        "program_en": _("Program"),
        "period_en": _("Dates"),
        "home_institution": _("Home institution"),
    }
    return [(label, certificate.printed.get(name, ""), now[name]) for name, label in labels.items()]


# The register ----------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS)
def certificate_list(request):
    """The register of numbers: every number that was given, and what became of it. It prints as it stands."""
    found = listing(
        request,
        Certificate.objects.visible_to(request.user)
        .numbered()
        .for_list()
        .select_related("superseded_by", "handed_over_by"),
        filterset=RegisterFilter,
        sorts={
            "number": ["year", "serial"],
            "name": ["enrollment__trainee__passport_name", "year", "serial"],
            "issued": ["issued_on", "year", "serial"],
        },
        default_sort="-number",
        per_page=50,
        export=REGISTER,
    )
    page = {"may_keep_signatories": request.user.has(Permission.KEEP_SIGNATORIES)}
    return render_listing(request, "programs/certificate_list.html", found, page)
