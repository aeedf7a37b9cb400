"""Issuing many certificates: asked for at once, done some at a time, by whoever comes first.

What is asked for stands in the rows themselves, so that nothing is lost with a worker, a broker or a page, and
progress is a count. A certificate that cannot be printed keeps its reason and holds up nobody.
"""

import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.models import Mailing
from portal.mail.nudge import nudge
from portal.records.transitions import record
from programs.models import Certificate, Cohort

from . import certificates

State = Certificate.State
# So many are issued while the page is waited for; more are left to a worker, and the page shows how far it is.
IN_THE_REQUEST = 12
# So many in one transaction: all they say is read at once, and a worker that dies has lost the work of a second.
TOGETHER = 25
logger = logging.getLogger(__name__)


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


def _issue_next():
    """Issue the next ones in one transaction; return how many, None where nothing is left.

    A worker that dies leaves them as they were. What nobody has foreseen must not hold up the others: then each of
    them is tried alone, and the one that fails keeps that it did.
    """
    taken = []
    try:
        with transaction.atomic():
            taken += _take()
            return _issue(taken) if taken else None
    except OperationalError:  # the database is away or busy: the next round finds all as it was
        raise
    except Exception:
        if not taken:  # it is not about any of them, and would only be the same again
            raise
        logger.exception("%s certificates could not be issued together", len(taken))
        _discard_files(taken)
        return sum(_issue_alone(certificate) for certificate in taken)


def _take():
    """The next ones that the same person has asked for at once, locked; rows somebody else works on are passed over."""
    rows = Certificate.objects.waiting_to_be_issued().select_related(
        "issue_asked_by", *Certificate.verbs_read
    )
    found = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:TOGETHER])
    return [one for one in found if _asked(one) == _asked(found[0])]


def _asked(certificate):
    return certificate.enrollment.cohort_id, certificate.issue_asked_by_id, certificate.issue_asked_at


def _issue(taken):
    """Issue these; return how many. Of those that cannot be, the reason is kept in the words of whoever asked."""
    asker = taken[0].issue_asked_by
    with translation.override(asker.reading_language):
        try:
            with outbox.hold("", by=asker, mailing=_mailing(taken[0])):
                refused = certificates.issue_together(taken, by=asker)
        except PermissionDenied:
            words = _("Whoever asked for it may not issue certificates any more.")
            refused = dict.fromkeys(taken, words)
        for certificate, words in refused.items():
            _refused(certificate, words)
    return len(taken) - len(refused)


def _issue_alone(certificate):
    """The same of one that a batch has failed with."""
    own = Certificate.objects.waiting_to_be_issued().filter(pk=certificate.pk)
    try:
        with transaction.atomic():
            taken = list(
                own.select_related("issue_asked_by", *Certificate.verbs_read).select_for_update(
                    of=("self",), no_key=True, skip_locked=True
                )
            )
            return _issue(taken) if taken else 0
    except OperationalError:
        raise
    except Exception:
        logger.exception("Certificate %s could not be issued", certificate.pk)
        _discard_files(taken)
        with translation.override(certificate.issue_asked_by.reading_language):
            _refused(certificate, _("It could not be printed. An administrator finds the cause in the log."))
        return 0


def _discard_files(taken):
    """What was stored in a transaction that is undone: nobody would find it any more."""
    for certificate in taken:
        if certificate.file:
            certificate.file.discard_content_unless_kept()


def _mailing(certificate):
    """What `ask` has made for all that was asked for together."""
    return Mailing.objects.filter(
        made_by=certificate.issue_asked_by_id, made_at=certificate.issue_asked_at
    ).first()


def _refused(certificate, words):
    longest = Certificate._meta.get_field("issue_problem").max_length
    Certificate.objects.filter(pk=certificate.pk).update(issue_problem=words[:longest])
