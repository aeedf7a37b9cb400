"""What Today counts in several tables: one query for all of them."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, DateField, Exists, F, IntegerField, Max, Min, Q, Value
from django.db.models.functions import TruncDate

from participants.models import FollowUp
from portal.accounts.models import Grant
from portal.accounts.roles import Permission
from portal.mail import troubles
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.models import AccessRecord, AccessReview

COLUMNS = ("counted_in", "called", "number", "people", "latest")


@dataclass
class Counts:
    """How many there are of what somebody sees; nothing where there is none or it is not theirs to see."""

    mails: dict = field(default_factory=dict)  # by trouble: (how many, the day the oldest was due)
    missed: tuple = (0, 0, None)  # follow-ups, graduates, the day the latest was due
    silent: tuple = (0, 0, None)  # the same of those open whose last reminder has gone by
    followups: dict = field(default_factory=dict)  # by state: how many were due this year
    looks: int = 0  # access records and grants of last month that nobody has gone through


def counts_for(user):
    """The Counts of what `user` sees. One query."""
    first, *others = [*_followups(user), *_mails(user), *_looks(user)]
    found = Counts()
    for source, key, count, people, day in first.union(*others, all=True):
        if source == "mails":
            found.mails[key] = (count, day)
        elif source == "looks":
            found.looks += count
        elif source == "followups":
            found.followups[key] = count
        elif count:
            setattr(found, source, (count, people, day))
    return found


def _line(rows, source, called, *, day, people=None):
    """The counts of some rows by `called`, in the columns that all of them share."""
    return (
        rows.order_by()
        .annotate(counted_in=Value(source), called=called)
        .values("counted_in", "called")
        .annotate(
            number=Count("pk"),
            people=people or Value(0, IntegerField()),
            latest=day,
        )
        .values_list(*COLUMNS)
    )


def _followups(user):
    """Those missed, with their graduates; and those of this year by what became of them."""
    rows = FollowUp.objects.visible_to(user)
    this_year = Q(due__range=(date(clock.today().year, 1, 1), clock.today()))
    people = Count("graduation__trainee", distinct=True)
    missed = rows.filter(state=FollowUp.State.MISSED)
    due = rows.filter(this_year).exclude(state=FollowUp.State.WAIVED)
    yield _line(missed, "missed", F("state"), day=Max("due"), people=people)
    yield _line(rows.silent(), "silent", F("state"), day=Min("due"), people=people)
    yield _line(due, "followups", F("state"), day=Max("due"))


def _mails(user):
    """Those that wait for a person, by what is wrong with them."""
    if user.has(Permission.SEE_MAILS):
        rows = OutgoingMail.objects.visible_to(user).needing_a_person()
        yield _line(rows, "mails", troubles.named(), day=TruncDate(Min("due"), tzinfo=clock.SEOUL))


def _looks(user):
    """Looks and grants of last month, while nobody has gone through that month."""
    if user.has(Permission.SEE_PAPERS):
        month = clock.last_month()
        open_still = ~Exists(AccessReview.objects.filter(month=month))
        days = Q(at__gte=clock.start_of(month), at__lt=clock.start_of(clock.next_month(month)))
        for rows in (AccessRecord.objects.all(), Grant.objects.all()):
            yield _line(rows.filter(days, open_still), "looks", Value(""), day=Value(month, DateField()))
