"""The holder asks for a correction of the name on a certificate; staff issue it anew, or say why it stays."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.workflow import trainees
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow, transition
from programs.models import Certificate, Enrollment

from . import certificates, correction_answers

State = Certificate.State


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=Permission.OWN_TRAINING,
    label=gettext_lazy("Ask for a correction"),
)
def ask_correction(certificate, *, by, name, note=""):
    """The holder says how the name should read. The certificate stays valid while staff look at it."""
    if certificate.enrollment.trainee.user_id != getattr(by, "pk", None):
        raise PermissionDenied
    if certificate.correction_asked_at:
        raise NotNow(_("You have asked for a correction already; we are looking at it."))
    if name == certificate.printed.get("name"):
        raise NotNow(_("The certificate prints the name like this already."))
    certificate.correction_name = name
    certificate.correction_note = note
    certificate.correction_asked_at = clock.now()


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Enter a correction that was asked for"),
)
def enter_correction(certificate, *, by, name, note=""):
    """Staff take down what the holder asks for by phone or mail; the trail keeps who did."""
    if certificate.correction_asked_at:
        raise NotNow(_("A correction is asked for already. Settle that one first."))
    if name == certificate.printed.get("name"):
        raise NotNow(_("The certificate prints the name like this already."))
    certificate.correction_name = name
    certificate.correction_note = note
    certificate.correction_asked_at = clock.now()
    certificate.correction_entered_by = by


def _require_asked(certificate):
    if not certificate.correction_asked_at:
        raise NotNow(_("No correction is asked for, or somebody else has settled it."))


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Decline the correction"),
)
def decline_correction(certificate, *, by, reason):
    """The name stays as it is printed; the holder is told why."""
    _require_asked(certificate)
    stamp = certificate.correction_asked_at.isoformat()
    asked = correction_answers.clear(certificate)
    correction_answers.tell_not_corrected(certificate, asked=asked, stamp=stamp, reason=reason)


@transaction.atomic
def accept(certificate, *, by, name):
    """Put the name on record and issue the certificate anew with it; return the new one. All of it or nothing.

    `name` is what is printed: what the holder asked for, or as staff have tidied it. Raises NotNow.
    """
    enrollment = Enrollment.objects.select_for_update(no_key=True).get(pk=certificate.enrollment_id)
    certificate.refresh_from_db()
    _require_asked(certificate)
    trainees.confirm_certificate_name(enrollment.trainee, by=by, name=name)
    # The paper is made of the record as it stands now.
    certificate = Certificate.objects.get(pk=certificate.pk)
    reason = _("The holder asked for a correction of the name.")
    return certificates.reissue(certificate, by=by, reason=reason, corrects=True)
