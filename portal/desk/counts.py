"""What Today counts in several tables: one query for all of them. By hospital and cohort see `waiting`."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import (
    Aggregate,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast, TruncDate

from participants.models import FollowUp
from portal.accounts.models import Grant
from portal.accounts.roles import Permission
from portal.mail import troubles
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.models import AccessRecord, AccessReview
from programs.checklists import owing_marked
from programs.models import Cohort, Placement

COLUMNS = ("counted_in", "called", "number", "people", "latest")
NO_DAY = Value(None, DateField())


class MedianSeconds(Aggregate):
    """PostgreSQL's median of an interval."""

    function = "PERCENTILE_CONT"
    template = "EXTRACT(EPOCH FROM %(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s))::integer"
    output_field = IntegerField()


@dataclass
class Counts:
    """How many there are of what somebody sees; nothing where there is none or it is not theirs to see."""

    mails: dict = field(default_factory=dict)  # by trouble: (how many, the day the oldest was due)
    missed: tuple = (0, 0, None)  # follow-ups, graduates, the day the latest was due
    silent: tuple = (0, 0, None)  # the same of those open whose last reminder has gone by
    followups: dict = field(default_factory=dict)  # by state: how many were due this year
    looks: int = 0  # access records and grants of last month that nobody has gone through
    owing: dict = field(
        default_factory=dict
    )  # by cohort: people who owe a paper, those of whom one expires early
    asked: int = 0  # placements of cohorts under way that a hospital was asked for
    seated: int = 0  # those of them that it has confirmed
    seconds_to_answer: int | None = None  # what a hospital took in the last year, as the median


def counts_for(user, papers_of=()):
    """The Counts of what `user` sees; of the papers, in these cohorts. One query."""
    own = [*_followups(user), *_mails(user), *_looks(user), *_placements(user)]
    first, *others = [*own, *_papers(papers_of)]
    found = Counts()
    for source, key, count, people, day in first.union(*others, all=True):
        if source == "mails":
            found.mails[key] = (count, day)
        elif source == "looks":
            found.looks += count
        elif source == "followups":
            found.followups[key] = count
        elif source == "owing" and count:
            found.owing[int(key)] = (count, people)
        elif source == "asked":
            found.asked, found.seated = count, people
        elif source == "took":
            found.seconds_to_answer = count
        elif source in ("missed", "silent") and count:
            setattr(found, source, (count, people, day))
    return found


def _line(rows, source, called, *, day=NO_DAY, number=None, people=None):
    """The counts of some rows by `called`, in the columns that all of them share."""
    return (
        rows.order_by()
        .annotate(counted_in=Value(source), called=called)
        .values("counted_in", "called")
        .annotate(
            number=number or Count("pk"),
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


def _papers(cohorts):
    """Who owes a paper in each of these cohorts."""
    if cohorts:
        cohort = Cast("cohort", TextField())
        owing, early = (Count("pk", filter=Q(**{mark: True})) for mark in ("owes", "is_early"))
        yield _line(owing_marked(cohorts), "owing", cohort, number=owing, people=early)


def _placements(user):
    """How many were asked for and given, and how long an answer takes."""
    state, over = Placement.State, [Cohort.State.COMPLETED, Cohort.State.CLOSED, Cohort.State.CANCELLED]
    rows = Placement.objects.visible_to(user).filter(requested_at__isnull=False)
    rows = rows.exclude(state__in=[state.CANCELLED, state.RESCHEDULED])
    seated = Count("pk", filter=Q(state__in=Placement.SEATED))
    yield _line(rows.exclude(enrollment__cohort__state__in=over), "asked", Value(""), people=seated)
    answered = rows.filter(answered_at__gte=clock.now() - timedelta(days=365))
    took = MedianSeconds(F("answered_at") - F("requested_at"))
    yield _line(answered, "took", Value(""), number=took)
