"""Issuing many certificates: asked for at once, done one by one, by whoever comes first.

What is asked for stands in the rows themselves, so that nothing is lost with a worker, a broker or a page, and
progress is a count. A certificate that cannot be printed keeps its reason and holds up nobody.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.models import Mailing
from portal.mail.nudge import nudge
from portal.records.transitions import NotNow, record
from programs.models import Certificate, Cohort

from . import certificates

State = Certificate.State
# So many are issued while the page is waited for; more are left to a worker, and the page shows how far it is.
IN_THE_REQUEST = 12


@dataclass(frozen=True)
class Progress:
    """How far the certificates of a cohort are that were asked for last."""

    asked: int
    issued: int
    refused: int

    @property
    def waiting(self):
        return self.asked - self.issued - self.refused


@transaction.atomic
def ask(cohort, *, by):
    """Ask for the approved certificates of a cohort to be issued; return how many. A second time finds none."""
    if not by.has(Permission.ISSUE_CERTIFICATES):
        raise PermissionDenied
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    approved = Certificate.objects.filter(enrollment__cohort=cohort, state=State.APPROVED)
    fresh = approved.exclude(pk__in=approved.waiting_to_be_issued().values("pk"))
    if not fresh.exists():
        return 0
    # Their mails leave together, however long the worker takes: one mailing, which can be called back.
    mailing = hold.Hold(_("Certificates: %s") % cohort, by).take()
    count = fresh.update(issue_asked_by=by, issue_asked_at=mailing.made_at, issue_problem="")
    record(cohort, "ask_to_issue", by=by, data={"certificates": count})
    transaction.on_commit(_nudge, robust=True)
    return count


def _nudge():
    from programs.tasks import issue_certificates  # tasks import this module

    nudge(issue_certificates)


def progress(cohort):
    """The Progress of what was asked for last; None where nothing was. One query."""
    rows = Certificate.objects.filter(enrollment__cohort=cohort, issue_asked_at__isnull=False)
    latest = (
        rows.values("issue_asked_at")
        .annotate(
            asked=Count("pk"),
            issued=Count("pk", filter=~Q(number="")),
            refused=Count("pk", filter=~Q(issue_problem="")),
        )
        .order_by("-issue_asked_at")
        .first()
    )
    return Progress(latest["asked"], latest["issued"], latest["refused"]) if latest else None


def work_off():
    """Issue whatever was asked for, in order, until nothing is left; return how many were issued."""
    done = 0
    while (issued := _issue_next()) is not None:
        done += issued
    return done


@transaction.atomic
def _issue_next():
    """Issue the next one: True; False where it cannot be, with the reason kept; None where none is left.

    Rows that somebody else works on are passed over. A worker that dies leaves the row as it was.
    """
    rows = Certificate.objects.waiting_to_be_issued().select_related("issue_asked_by")
    certificate = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if certificate is None:
        return None
    asker = certificate.issue_asked_by
    with translation.override(
        asker.reading_language
    ):  # a reason that is kept is in the words of whoever asked
        try:
            with outbox.hold("", by=asker, mailing=_mailing(certificate)):
                certificates.issue(certificate, by=asker)
        except NotNow as error:
            return _refused(certificate, " ".join(error.messages))
        except PermissionDenied:
            return _refused(certificate, _("Whoever asked for it may not issue certificates any more."))
    return True


def _mailing(certificate):
    """What `ask` has made for all that was asked for together."""
    return Mailing.objects.filter(
        made_by=certificate.issue_asked_by_id, made_at=certificate.issue_asked_at
    ).first()


def _refused(certificate, words):
    longest = Certificate._meta.get_field("issue_problem").max_length
    Certificate.objects.filter(pk=certificate.pk).update(issue_problem=words[:longest])
    return False
