"""The mails about placements and certificates: what each needs to know when it leaves, and when it need not."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.models import Hospital
from portal.mail.kinds import NoLongerWanted, kind

from .models import Certificate, Placement


@kind("placement_request", template="programs/placement_request")
def placement_request(mail):
    """One mail to a coordinator about everything their hospital is asked for in a cohort."""
    cohort = mail.about
    waiting = list(
        Placement.objects.for_board()
        .awaiting_answer()
        .filter(pk__in=mail.context["placements"])
        .order_by("first_day", "pk")
    )
    if not waiting:
        raise NoLongerWanted(_("everything asked for here is answered or cancelled"))
    return {
        "cohort": cohort,
        "hospital": Hospital.objects.get(pk=mail.context["hospital"]),
        "placements": waiting,
        "answer_due": min(placement.answer_due for placement in waiting),
        "path": reverse("programs:placement-to-answer"),
    }


@kind("placement_cancelled", template="programs/placement_cancelled")
def placement_cancelled(mail):
    """To a coordinator who had been asked: the trainee does not come."""
    return {"placement": mail.about, "reason": mail.context.get("reason", "")}


@kind("placement_answered", template="programs/placement_answered")
def placement_answered(mail):
    """A digest for the lead officer: what the hospitals answered on one day."""
    cohort = mail.about
    answered = list(
        Placement.objects.for_board()
        .filter(enrollment__cohort=cohort, answered_at__date=mail.context["day"])
        .order_by("department__hospital__name", "answered_at")
    )
    if not answered:
        raise NoLongerWanted(_("no answer of that day stands any more"))
    return {
        "cohort": cohort,
        "answered": answered,
        "path": reverse("programs:cohort-placements", args=[cohort.pk]),
    }


@kind("certificate", template="programs/certificate", resend_if_uncertain=True)
def certificate(mail):
    """The certificate itself, as PDF, and where anybody can check it."""
    paper = mail.about
    if paper.state != Certificate.State.ISSUED:
        raise NoLongerWanted(_("the certificate is not valid any more"))
    return {
        "certificate": paper,
        "trainee": paper.enrollment.trainee,
        "program": paper.enrollment.cohort.program,
        "path": reverse("public:verify-code", args=[paper.code]),
    }
