"""A certificate's way: eligible → approved → issued → revoked or superseded. Issued bytes never change."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, transition
from programs import completion, paper
from programs.models import Certificate, CertificateCounter, Enrollment

State = Certificate.State
PREFIX = "GG"


@transition(
    Certificate,
    source=[State.ELIGIBLE],
    target=State.APPROVED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Approve"),
)
def approve(certificate, *, by, note=""):
    """A named manager stands for it, while the rules of completion are met: what was corrected since counts."""
    refused = completion.against(certificate.enrollment)
    if refused:
        raise NotNow(refused)
    certificate.approved_by = by
    certificate.approved_at = clock.now()


@transition(
    Certificate,
    source=[State.APPROVED],
    target=State.ISSUED,
    permission=Permission.ISSUE_CERTIFICATES,
    label=gettext_lazy("Issue"),
)
def issue(certificate, *, by):
    """Give the number, render and seal the paper, keep it, and put the mail; all of it or nothing: no number is lost.

    Raises NotNow naming the letter when the fonts cannot print the name.
    """
    day = clock.today()
    certificate.year = day.year
    certificate.serial = CertificateCounter.take(day.year)
    certificate.number = f"{PREFIX}-{day.year}-{certificate.serial:04d}"
    certificate.issued_on = day
    certificate.printed = paper.words_of(certificate, certificate.number, day)
    certificate.issue_problem = ""
    certificate.file = PrivateFile.objects.store(
        paper.sealed(certificate.printed),
        name=f"{certificate.number}.pdf",
        content_type="application/pdf",
    )
    outbox.put(
        "certificate",
        to=certificate.enrollment.trainee,
        about=certificate,
        key=f"certificate:{certificate.pk}",
        attachments=[certificate.file],
    )


# Taking one back -----------------------------------------------------------------------------------
# A certificate is taken back by two people: one asks and says why, another one does it. Nothing is deleted.


def _require_asked(certificate):
    if certificate.revocation_asked_by_id is None:
        raise NotNow(_("Nobody has asked for its revocation."))


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Ask for its revocation"),
)
def ask_revocation(certificate, *, by, reason):
    """Somebody says why the certificate should not be valid. It stays valid until another person revokes it."""
    if certificate.revocation_asked_by_id:
        raise NotNow(_("Its revocation has been asked for already."))
    certificate.revocation_asked_by = by
    certificate.revocation_asked_at = clock.now()
    certificate.revocation_reason = reason


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Leave it valid"),
)
def keep_valid(certificate, *, by, note=""):
    """The revocation that was asked for does not happen; the trail keeps who had asked, and why."""
    _require_asked(certificate)
    certificate.revocation_asked_by = certificate.revocation_asked_at = None
    certificate.revocation_reason = ""


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.REVOKED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Revoke"),
)
def revoke(certificate, *, by, note=""):
    """The certificate is not valid any more; verification says so. Whoever asked for it cannot do it."""
    _require_asked(certificate)
    if certificate.revocation_asked_by_id == getattr(by, "pk", None):
        raise NotNow(_("You asked for it, so another person has to revoke it."))
    certificate.revoked_reason = certificate.revocation_reason
    outbox.cancel_about(certificate, reason=_("revoked"), by=by)


# Issuing another in its place ------------------------------------------------------------------------


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.SUPERSEDED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Supersede"),
)
def supersede(certificate, *, by, reason, successor):
    """Another certificate takes its place; verification sends its readers there."""
    certificate.superseded_by = successor
    certificate.revocation_asked_by = certificate.revocation_asked_at = None
    certificate.revocation_reason = ""
    outbox.cancel_about(certificate, reason=_("superseded"), by=by)


@transaction.atomic
def reissue(certificate, *, by, reason):
    """Issue the certificate anew, with a number of its own, as the record stands now; return the new one.

    The manager who does it stands for the new one by name. All of it or nothing: when the new one cannot be printed
    the old one stays valid. Raises NotNow.
    """
    Enrollment.objects.select_for_update(no_key=True).get(pk=certificate.enrollment_id)
    certificate.refresh_from_db()
    if certificate.state != State.ISSUED:
        raise NotNow(_("Only a valid certificate can be issued anew."))
    fresh = Certificate.objects.create(enrollment=certificate.enrollment)
    approve(fresh, by=by, note=reason)
    supersede(certificate, by=by, reason=reason, successor=fresh)
    return issue(fresh, by=by)


# Giving it into a hand -------------------------------------------------------------------------------


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=Permission.ISSUE_CERTIFICATES,
    label=gettext_lazy("Note that it was handed over"),
)
def hand_over(certificate, *, by, note=""):
    """The paper was given to its holder, at the ceremony or later."""
    if certificate.handed_over_at:
        raise NotNow(_("It is noted already that this certificate was handed over."))
    certificate.handed_over_by = by
    certificate.handed_over_at = clock.now()
