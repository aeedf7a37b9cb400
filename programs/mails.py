"""The mails about certificates, papers and lists: what each needs to know when it leaves, and when it need not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.mail.kinds import NoLongerWanted, kind
from portal.mail.scopes import scope

from . import checklists, mail_words, nomination_mail_words, paper_links
from .models import Certificate, Cohort, Enrollment
from .workspace import mails_of


def still_valid(mail):
    """Refuses a mail about a certificate that was revoked or has a successor."""
    if mail.about.state != Certificate.State.ISSUED:
        raise NoLongerWanted(_("the certificate is not valid any more"))


@kind(
    "certificate",
    template="programs/certificate",
    for_readers=True,
    label=gettext_lazy("Certificate"),
    resend_if_uncertain=True,
    wanted=still_valid,
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
    for_readers=True,
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
