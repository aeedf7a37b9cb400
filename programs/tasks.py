"""Celery's hands for programs. They take no argument, may run twice at once, and lose nothing if killed."""

from celery import shared_task

from .workflow import issuing, proposals


@shared_task(ignore_result=True)
def issue_certificates():
    """Issue the certificates that were asked for. Nudged after the click, and by beat every minute."""
    issuing.work_off()


@shared_task(ignore_result=True, time_limit=2400, soft_time_limit=2300)
def propose_placements():
    """Work out the proposals that were asked for. Nudged after the click, and by beat every minute."""
    proposals.work_off()
