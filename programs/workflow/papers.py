"""Asking for papers: a mail to each person with exactly what they still owe, once a day at most."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.transitions import record
from programs.checklists import STILL_IN, checklists, owed
from programs.models import Cohort, Enrollment


@dataclass
class Round:
    """Who would be asked now, and who not: asked today already, or without an address."""

    asked: list = field(default_factory=list)
    today_already: list = field(default_factory=list)
    without_address: list = field(default_factory=list)


def _key(enrollment):
    return f"papers_missing:{enrollment.pk}:{clock.today().isoformat()}"


def round_of(cohort):
    """Who of the cohort owes a paper, sorted by whether they would be asked now."""
    rows = cohort.enrollments.filter(state__in=STILL_IN).select_related("cohort__program")
    rows = list(rows.select_related("cohort__program", "trainee__institution__region"))
    items = checklists(rows)
    owing = [row for row in rows if owed(items[row.pk])]
    keys = [_key(row) for row in owing]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    found = Round()
    for row in owing:
        if not row.trainee.email:
            found.without_address.append(row)
        elif _key(row) in put:
            found.today_already.append(row)
        else:
            found.asked.append(row)
    return found


@transaction.atomic
def ask(cohort, *, by):
    """Put a mail to everybody who owes a paper and was not asked today. Returns how many."""
    if not by.has(Permission.CHECK_PAPERS):
        raise PermissionDenied
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # two who click at once ask once
    asked = round_of(cohort).asked
    for enrollment in asked:
        outbox.put("papers_missing", to=enrollment.trainee, about=enrollment, key=_key(enrollment))
    if asked:
        record(cohort, "ask_papers", by=by, data={"count": len(asked)})
    return len(asked)


def open_enrollment(trainee):
    """The enrollment whose papers a person hands in now: of those that are still on, the next to begin."""
    rows = Enrollment.objects.filter(trainee=trainee, state__in=STILL_IN)
    return rows.select_related("cohort__program", "trainee").order_by("cohort__starts", "pk").first()
