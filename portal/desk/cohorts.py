"""The cohorts as the desk looks at them: those under way, counted once, and laid on twelve weeks."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.records import clock
from programs.models import Cohort, Enrollment, Placement, Release

WEEKS, WEEKS_BEFORE, WEEKS_FOR_WORDS = 12, 3, 3
SHOWN = 30


def _enrollments(**filters):
    """How many enrollments of the outer cohort; a subquery, so that counts do not multiply each other."""
    rows = Enrollment.objects.filter(cohort=OuterRef("pk"), **filters).order_by().values("cohort")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def desk_cohorts(user):
    """Cohorts under way that `user` may see, each with trainees, in_training, unplaced and hosts counted. One query.

    `is_untold`: it has places at hospitals, and no release has told anybody.
    """
    seated = Placement.objects.taking_seats().filter(enrollment=OuterRef("pk"))
    taking_part = Enrollment.objects.taking_part().filter(cohort=OuterRef("pk")).order_by().values("cohort")
    unplaced = (
        Enrollment.objects.filter(cohort=OuterRef("pk"), state=Enrollment.State.ACCEPTED)
        .filter(~Exists(seated))
        .order_by()
        .values("cohort")
    )
    placed = Placement.objects.taking_seats().filter(enrollment__cohort=OuterRef("pk"))
    told = Release.objects.filter(cohort=OuterRef("pk"), kind=Release.Kind.PLACEMENTS)
    counted = {"output_field": IntegerField()}
    return list(
        Cohort.objects.visible_to(user)
        .under_way()
        .select_related("program")
        .with_brand()
        .annotate(
            trainees=Coalesce(Subquery(taking_part.annotate(n=Count("pk")).values("n"), **counted), 0),
            unplaced=Coalesce(Subquery(unplaced.annotate(n=Count("pk")).values("n"), **counted), 0),
            in_training=_enrollments(state=Enrollment.State.IN_TRAINING),
            is_untold=ExpressionWrapper(Exists(placed) & ~Exists(told), output_field=BooleanField()),
            hosts=Count("hospitals", filter=Q(hospitals__isnull=False)),
        )
        .order_by("starts", "pk")[:SHOWN]
    )


@dataclass(frozen=True)
class Cell:
    """Some weeks of a row: empty, or the cohort's bar."""

    weeks: int = 1
    label: str = ""
    css: str = ""
    now: bool = False


@dataclass(frozen=True)
class Row:
    """A cohort on the time line."""

    cohort: Cohort
    sub: str
    url: str
    cells: list


def time_line(cohorts):
    """The heads and rows of the twelve weeks around today; cohorts wholly outside them are left out."""
    today = clock.today()
    first = today - timedelta(weeks=WEEKS_BEFORE, days=today.weekday())
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    heads = [
        {"label": _head(monday, mondays), "now": week == WEEKS_BEFORE} for week, monday in enumerate(mondays)
    ]
    end = first + timedelta(weeks=WEEKS)
    rows = [_row(cohort, first) for cohort in cohorts if cohort.first_day < end and cohort.last_day >= first]
    return {"heads": heads, "rows": rows, "first": first, "last": end - timedelta(days=1)}


def _head(monday, mondays):
    """The day, with its month where that is new; this week says so."""
    new_month = monday == mondays[0] or monday.day <= 7
    # Translators: a date format of day and short month, see Django's date filter.
    day = date_format(monday, pgettext("date format", "j M") if new_month else "DAY_FORMAT")
    return _("%(day)s, now") % {"day": day} if monday == mondays[WEEKS_BEFORE] else day


def _row(cohort, first):
    begin = max((cohort.first_day - first).days // 7, 0)
    end = min((cohort.last_day - first).days // 7, WEEKS - 1)
    before = [Cell(now=week == WEEKS_BEFORE) for week in range(begin)]
    after = [Cell(now=week == WEEKS_BEFORE) for week in range(end + 1, WEEKS)]
    weeks = end - begin + 1
    # A narrow bar has room for the state alone, and for what is wrong with it.
    wide = weeks >= WEEKS_FOR_WORDS or _is_over(cohort)
    bar = Cell(weeks, _bar(cohort) if wide else cohort.get_state_display(), _css(cohort))
    return Row(
        cohort, _sub(cohort), reverse("programs:cohort-detail", args=[cohort.pk]), [*before, bar, *after]
    )


def _is_over(cohort):
    return cohort.state == Cohort.State.RUNNING and clock.today() > cohort.last_day


def _css(cohort):
    if cohort.state == Cohort.State.RUNNING:
        return ""
    return "draft" if cohort.state == Cohort.State.PLANNING else "soon"


def _bar(cohort):
    """The state, and how far along it is."""
    facts = {"state": cohort.get_state_display()}
    days = (cohort.first_day - clock.today()).days
    if _is_over(cohort):
        return _("over, not completed")
    if cohort.state == Cohort.State.RUNNING and cohort.starts.precision == "day" and days <= 0:
        facts["week"] = -days // 7 + 1
        facts["weeks"] = (cohort.last_day - cohort.first_day).days // 7 + 1
        return _("%(state)s · week %(week)s of %(weeks)s") % facts
    if days > 0 and cohort.starts.precision == "day" and cohort.state != Cohort.State.PLANNING:
        words = ngettext("%(state)s · starts in %(days)s day", "%(state)s · starts in %(days)s days", days)
        return words % {**facts, "days": days}
    return facts["state"]


def _sub(cohort):
    """How many trainees and hospitals, as far as there are any."""
    parts = []
    if cohort.trainees:
        parts.append(
            ngettext("%(count)s trainee", "%(count)s trainees", cohort.trainees) % {"count": cohort.trainees}
        )
    if cohort.hosts:
        parts.append(
            ngettext("%(count)s hospital", "%(count)s hospitals", cohort.hosts) % {"count": cohort.hosts}
        )
    return " · ".join(parts)
