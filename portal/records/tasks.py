"""Celery's hands for long work on records. They take ids, may run twice at once, and lose nothing if killed."""

from celery import shared_task

from .imports import checking


@shared_task(ignore_result=True)
def check_import(batch):
    """Check the rows of an uploaded file, unless somebody is at it."""
    checking.check(batch)
