"""The mails about placements and certificates: what each needs to know when it leaves, and when it need not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator, Hospital
from portal.accounts.roles import Permission
from portal.mail.kinds import NoLongerWanted, kind
from portal.mail.scopes import scope

from . import checklists, mail_words, nomination_mail_words, paper_links
from .models import Certificate, Cohort, Enrollment, Placement
from .workspace import mails_of


def _hospital(mail):
    """The hospital a mail was put for, or the one it was merged into since."""
    hospital = Hospital.objects.select_related("merged_into").get(pk=mail.context["hospital"])
    return hospital.merged_into or hospital


def _require_serving(mail, hospital):
    """A mail may wait for hours: trainees' names go to nobody who has left the hospital meanwhile."""
    if not Coordinator.objects.serving().filter(hospital=hospital, user=mail.recipient_id).exists():
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))


def _asked(mail):
    return Placement.objects.for_board().filter(pk__in=mail.context["placements"]).order_by("first_day", "pk")


def _waits_for_an_answer(mail):
    _require_serving(mail, _hospital(mail))
    if not _asked(mail).awaiting_answer().exists():
        raise NoLongerWanted(_("everything asked for here is answered or cancelled"))


@kind(
    "placement_request",
    template="programs/placement_request",
    label=gettext_lazy("Request to a hospital"),
    wanted=_waits_for_an_answer,
    variables=mail_words.PLACEMENT_REQUEST,
)
def placement_request(mail):
    """One mail to a coordinator about everything their hospital is asked for in a cohort and has not answered."""
    # An example of such a mail, for who words them, may be answered altogether.
    waiting = list(_asked(mail).awaiting_answer()) or list(_asked(mail))
    return {
        "cohort": mail.about,
        "hospital": _hospital(mail),
        "placements": waiting,
        "answer_due": min(placement.answer_due for placement in waiting),
        "path": reverse("programs:placement-to-answer"),
    }


@kind(
    "placement_cancelled",
    template="programs/placement_cancelled",
    label=gettext_lazy("Cancellation to a hospital"),
    variables=mail_words.PLACEMENT_CANCELLED,
)
def placement_cancelled(mail):
    """To a coordinator who had been asked: who does not come. One mail for all that was cancelled together."""
    serves = Coordinator.objects.serving().filter(user=mail.recipient_id).values("hospital")
    cancelled = list(
        Placement.objects.for_board()
        .filter(pk__in=mail.context["placements"], department__hospital__in=serves)
        .order_by("first_day", "pk")
    )
    if not cancelled:
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))
    return {
        "placements": cancelled,
        "hospitals": list(dict.fromkeys(placement.department.hospital for placement in cancelled)),
        "reason": mail.context["reason"],
    }


@kind(
    "placement_answered",
    template="programs/placement_answered",
    label=gettext_lazy("Answers of hospitals, once a day"),
    variables=mail_words.PLACEMENT_ANSWERED,
)
def placement_answered(mail):
    """A digest for the lead officer: what the hospitals answered on one day."""
    cohort = mail.about
    if mail.recipient is None or not mail.recipient.has(Permission.SEE_COHORTS):
        raise NoLongerWanted(_("this person does not read about cohorts any more"))
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


def _still_valid(mail):
    if mail.about.state != Certificate.State.ISSUED:
        raise NoLongerWanted(_("the certificate is not valid any more"))


@kind(
    "certificate",
    template="programs/certificate",
    label=gettext_lazy("Certificate"),
    resend_if_uncertain=True,
    wanted=_still_valid,
    variables=mail_words.CERTIFICATE,
)
def certificate(mail):
    """The certificate itself, as PDF, and where anybody can check it."""
    paper = mail.about
    return {
        "certificate": paper,
        "trainee": paper.enrollment.trainee,
        "cohort": paper.enrollment.cohort,
        "path": reverse("public:verify-code", args=[paper.code]),
    }


NAMED_IN_A_MAIL = 50


@kind(
    "nominations_received",
    template="programs/nominations_received",
    label=gettext_lazy("Nominations have arrived"),
    variables=nomination_mail_words.ARRIVED,
)
def nominations_received(mail):
    """To a contact: whose names their institution's list has brought. One mail a list."""
    rows = Enrollment.objects.filter(pk__in=mail.context["enrollments"]).select_related("trainee")
    arrived = list(rows.order_by("trainee__passport_name", "pk"))
    if not arrived:
        raise NoLongerWanted(_("the list was taken back"))
    more = max(0, len(arrived) - NAMED_IN_A_MAIL)
    return {"cohort": mail.about, "enrollments": arrived[:NAMED_IN_A_MAIL], "more": more}


@kind(
    "papers_missing",
    template="programs/papers_missing",
    label=gettext_lazy("Papers asked for"),
    variables=nomination_mail_words.PAPERS,
)
def papers_missing(mail):
    """To somebody who is nominated or comes: exactly what they still owe when the mail leaves."""
    enrollment = mail.about
    if enrollment.state not in checklists.STILL_IN:
        raise NoLongerWanted(_("this person does not come any more"))
    items = checklists.owed(checklists.checklist(enrollment))
    if not items:
        raise NoLongerWanted(_("no paper is missing any more"))
    return {
        "cohort": enrollment.cohort,
        "items": items,
        "due": checklists.due_on(enrollment.cohort),
        # Not to a page behind the sign-in: who is nominated has no account yet.
        "path": reverse("programs:paper-upload", args=[paper_links.token_for(enrollment)]),
    }


def _cohorts():
    return [(str(cohort.pk), str(cohort)) for cohort in Cohort.objects.order_by("-starts", "name")]


@scope("cohort", label=gettext_lazy("Cohort"), choices=_cohorts)
def in_cohort(mails, key):
    """The mails about a cohort and everything in it."""
    return mails.filter(pk__in=mails_of(Cohort(pk=int(key))).order_by().values("pk"))
