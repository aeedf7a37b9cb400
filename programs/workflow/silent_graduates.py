"""Whoever leads a cohort is told which graduates have answered no reminder of a follow-up."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from participants.models import FollowUp
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from programs.models import Cohort

KIND = "followups_silent"


@dataclass(frozen=True)
class Silence:
    """The follow-ups of one month mark of a cohort, due on one day, of which some are not answered."""

    cohort: int
    months: int
    due: date

    @property
    def context(self):
        return {"months": self.months, "due": self.due.isoformat()}

    def key(self, user):
        """A date that moves makes new keys."""
        return f"{KIND}:{self.cohort}:{self.months}:{self.due.isoformat()}:{user.pk}"


def due_work(*, say):
    """One round. Returns how many mails it put; one query where nobody is silent.

    Arithmetic over the database: running it twice, or after a pause of days, puts nothing twice.
    """
    silences = _silences()
    if not silences:
        return 0
    cohorts = Cohort.objects.select_related("lead_officer").in_bulk({one.cohort for one in silences})
    officers = list(User.objects.who_may(Permission.FOLLOW_UP).order_by("pk"))
    mails = [(one, user) for one in silences for user in _readers(cohorts[one.cohort], officers)]
    keys = [one.key(user) for one, user in mails]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(
        _tell(one, cohorts[one.cohort], user, say=say) for one, user in mails if one.key(user) not in put
    )


def _silences():
    rows = FollowUp.objects.silent().filter(graduation__enrollment__isnull=False)
    found = rows.order_by().values_list("graduation__enrollment__cohort", "months", "due").distinct()
    return [Silence(*row) for row in sorted(found)]


def _readers(cohort, officers):
    """Whoever leads the cohort, while they may settle follow-ups; else everybody who may."""
    lead = [user for user in officers if user.pk == cohort.lead_officer_id]
    return lead or officers


@transaction.atomic
def _tell(silence, cohort, user, *, say):
    mail = outbox.put(
        KIND,
        to=user,
        about=cohort,
        key=silence.key(user),
        due=outbox.next_working_morning(clock.today(), user.time_zone),
        context=silence.context,
    )
    say(f"{mail.due:%Y-%m-%d %H:%M} {KIND} → {mail.address}: {cohort}")
    return 1
