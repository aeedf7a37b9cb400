"""Celery's hands for the outbox. They take no argument, may run twice at once, and lose nothing if killed."""

from celery import shared_task

from . import delivery


@shared_task(ignore_result=True)
def deliver():
    """Send what is due now. Published after commit by `nudge`."""
    delivery.drain()


@shared_task(ignore_result=True)
def sweep():
    """Every 30 seconds: take up what dead workers left, send what is due, and note the time for /health/."""
    delivery.sweep()
