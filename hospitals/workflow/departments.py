"""Departments: their seats are a promise to those who are confirmed, and are not taken back without a word."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.records.changes import locked
from portal.records.objections import objections
from portal.records.transitions import NotNow

from . import entries


@transaction.atomic
def enter(department, *, by):
    """A new department. Raises NotNow where the hospital has it by now."""
    try:
        with transaction.atomic():
            return entries.enter(department, by=by)
    except IntegrityError as error:
        raise NotNow({"specialty": _("The hospital has this department already.")}) from error


@transaction.atomic
def change(department, *, by, fields, seen=None, reason=""):
    """Keep what a form has changed. Fewer seats than are confirmed need a reason, which the trail keeps.

    Raises NotNow with what speaks against it where no reason is given.
    """
    against = []
    if "seats" in fields:
        # Confirming locks the department too: nobody is confirmed between the question and the answer.
        locked(department)
        against = objections(department, "seats", seats=department.seats)
    if against and not reason:
        raise NotNow(against)
    try:
        with transaction.atomic():
            return entries.change(
                department, by=by, fields=fields, seen=seen, reason=reason, data=_decided(against)
            )
    except IntegrityError as error:
        raise NotNow({"specialty": _("The hospital has this department already.")}) from error


def _decided(against):
    """What the trail keeps of a decision: what spoke against it."""
    return {"against": against} if against else {}
