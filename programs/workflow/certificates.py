"""A certificate's way: eligible → approved → issued → revoked or superseded. Issued bytes never change."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, transition
from programs import completion, home_copies, paper
from programs.models import Certificate, CertificateCounter, Enrollment

from . import correction_answers, letters

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
    _tell_home(certificate)


def _tell_home(certificate):
    """A copy for the contacts at home, where the program says so and the graduate has not said no to it."""
    enrollment = certificate.enrollment
    if not home_copies.are_wanted(enrollment):
        return
    for contact in letters.contacts_at([enrollment.trainee.institution_id]):
        outbox.put(
            "certificate_home",
            to=contact,
            about=certificate,
            key=f"certificate_home:{certificate.pk}:{contact.pk}",
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
    if certificate.correction_asked_at:
        stamp, reason = certificate.correction_asked_at.isoformat(), certificate.revoked_reason
        asked = correction_answers.clear(certificate)
        correction_answers.tell_not_corrected(certificate, asked=asked, stamp=stamp, reason=reason)


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
    correction_answers.clear(certificate)  # answered with the new one, see `reissue`
    certificate.revocation_asked_by = certificate.revocation_asked_at = None
    certificate.revocation_reason = ""
    outbox.cancel_about(certificate, reason=_("superseded"), by=by)


@transaction.atomic
def reissue(certificate, *, by, reason, corrects=False):
    """Issue the certificate anew, with a number of its own, as the record stands now; return the new one.

    The manager who does it stands for the new one by name. All of it or nothing: when the new one cannot be printed
    the old one stays valid. Whoever has asked for a correction of the name is told what became of it; `corrects`
    says that it is what they asked for, perhaps tidied. Raises NotNow.
    """
    Enrollment.objects.select_for_update(no_key=True).get(pk=certificate.enrollment_id)
    certificate.refresh_from_db()
    if certificate.state != State.ISSUED:
        raise NotNow(_("Only a valid certificate can be issued anew."))
    asked, asked_at = certificate.correction_name, certificate.correction_asked_at
    fresh = Certificate.objects.create(enrollment=certificate.enrollment)
    approve(fresh, by=by, note=reason)
    supersede(certificate, by=by, reason=reason, successor=fresh)
    fresh = issue(fresh, by=by)
    if asked and (corrects or fresh.printed["name"] == asked):
        correction_answers.tell_corrected(fresh, before=certificate.number)
    elif asked:
        stamp = asked_at.isoformat()
        correction_answers.tell_not_corrected(fresh, asked=asked, stamp=stamp, reason=reason)
    return fresh


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
