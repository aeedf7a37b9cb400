"""All certificates of a cohort at once: approve, issue, print, hand over."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.rehearsal import rehearse
from portal.records.screens import use_on_each
from portal.records.transitions import record
from programs import certificate_effects, paper
from programs.forms.certificates import HandOverForm
from programs.models import Certificate
from programs.workflow import certificates, issuing
from programs.workspace import workspace

State = Certificate.State
EXAMPLES = 3


def _certificates(request, cohort, state):
    """The cohort's certificates at a state, in the order in which they will be numbered."""
    return list(
        Certificate.objects.visible_to(request.user)
        .for_list()
        .filter(enrollment__cohort=cohort, state=state)
        .order_by("enrollment__trainee__passport_name", "pk")
    )


def _say_settled(request, rows, words):
    """What came of it; after a double click, that nothing was left."""
    if words:
        messages.success(request, words)
    elif not rows:
        messages.info(request, _("There was nothing left to do."))


@requires(Permission.APPROVE_CERTIFICATES)
def cohort_approve_certificates(request, pk):
    page = workspace(request, pk, "certificates")
    rows = _certificates(request, page["cohort"], State.ELIGIBLE)
    if request.method == "POST":
        count = use_on_each(request, rows, certificates.approve)
        words = ngettext("%(count)s certificate is approved.", "%(count)s certificates are approved.", count)
        _say_settled(request, rows, words % {"count": count} if count else "")
        return redirect("programs:cohort-certificates", pk=pk)
    page |= {"rows": rows, "effects": certificate_effects.of_approve_certificates(rows, request.user)}
    return render(request, "programs/cohort_approve_certificates.html", page)


@requires(Permission.ISSUE_CERTIFICATES)
def cohort_issue_certificates(request, pk):
    """Issue them all: a few while the page is waited for, many by a worker, with how far it is."""
    page = workspace(request, pk, "certificates")
    cohort = page["cohort"]
    if request.method == "POST":
        rows = _certificates(request, cohort, State.APPROVED)
        if len(rows) > issuing.IN_THE_REQUEST:
            issuing.ask(cohort, by=request.user)
            return redirect("programs:cohort-issue-certificates", pk=pk)
        with outbox.hold(_("Certificates: %s") % cohort, by=request.user) as held:
            count = use_on_each(request, rows, certificates.issue)
        words = ngettext("%(count)s certificate is issued.", "%(count)s certificates are issued.", count)
        words = format_html("{}\n{}", words % {"count": count}, hold.in_words(held)) if count else ""
        _say_settled(request, rows, words)
        return redirect("programs:cohort-certificates", pk=pk)
    page["progress"] = issuing.progress(cohort)
    if request.htmx and request.htmx.target == "issuing":
        return render(request, "programs/cohort_issue_certificates.html#issuing", page)
    rows = [row for row in _certificates(request, cohort, State.APPROVED) if not row.is_being_issued]
    page |= {
        "rows": rows,
        "effects": certificate_effects.of_issue_certificates(rows),
        "rehearsed": _rehearsed(request, rows) if rows else [],
    }
    return render(request, "programs/cohort_issue_certificates.html", page)


def _rehearsed(request, rows):
    """The mails as they will read; of many only a few, because each has to be printed for it."""
    shown = rows if len(rows) <= issuing.IN_THE_REQUEST else rows[:EXAMPLES]
    again = Certificate.objects.for_list().filter(pk__in=[row.pk for row in shown]).order_by("pk")
    return rehearse(lambda: [certificates.issue(row, by=request.user) for row in again], by=request.user)


@requires(Permission.ISSUE_CERTIFICATES)
def cohort_print_certificates(request, pk):
    """The valid certificates as one file for the printer, by number: the order in which they are handed over."""
    cohort = workspace(request, pk, "certificates")["cohort"]
    valid = Certificate.objects.visible_to(request.user).filter(enrollment__cohort=cohort, state=State.ISSUED)
    valid = valid.filter(file__size__gt=0)  # of who is erased only the digest is kept
    files = [certificate.file for certificate in valid.select_related("file").order_by("year", "serial")]
    if not files:
        messages.info(
            request, _("No certificate of this cohort is issued yet, so there is nothing to print.")
        )
        return redirect("programs:cohort-certificates", pk=pk)
    record(cohort, "print_certificates", by=request.user, data={"certificates": len(files)})
    response = FileResponse(
        paper.together(files),
        as_attachment=True,
        filename=f"{cohort.code}.pdf",
        content_type="application/pdf",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.ISSUE_CERTIFICATES)
def cohort_hand_over_certificates(request, pk):
    """Tick who has been given the paper; who did not come is left for later."""
    page = workspace(request, pk, "certificates")
    issued = Certificate.objects.visible_to(request.user).filter(
        enrollment__cohort=page["cohort"], state=State.ISSUED
    )
    waiting = issued.filter(handed_over_at=None).order_by("year", "serial")
    form = HandOverForm(request.POST or None, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        count = use_on_each(request, form.cleaned_data["certificates"], certificates.hand_over)
        words = ngettext(
            "%(count)s certificate is noted as handed over.",
            "%(count)s certificates are noted as handed over.",
            count,
        )
        _say_settled(request, [], words % {"count": count} if count else "")
        return redirect("programs:cohort-certificates", pk=pk)
    page |= {"form": form, "waiting": waiting.exists()}
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/cohort_hand_over_certificates.html", page, status=status)
