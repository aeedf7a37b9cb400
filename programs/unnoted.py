"""The days that are over and whose attendance somebody has not noted. One query, whatever there is.

All placements of a cohort over the same days are counted together: whoever is in one of them is expected on the same
days. So the database hands over a few lines a day, not a line for each person.
"""

from collections import Counter, defaultdict

from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast

from portal.records import clock

from .attending import ON_THE_LIST, working_days
from .models import Attendance, Cohort, Placement, Session

COLUMNS = ("counted_in", "of_cohort", "from_day", "to_day", "on_day", "number")
NO_DAY = Value(None, DateField())


def open_days(*, hospitals=None, cohort=None):
    """{key of a running cohort: {day: how many lines nobody has noted}}; of these hospitals, of this cohort."""
    today, only = clock.today(), {"state": Cohort.State.RUNNING}
    if cohort is not None:
        only["pk"] = cohort.pk
    sources = (_seated, _noted, _sessions)
    seated, noted, sessions = (source(today, hospitals, only) for source in sources)
    in_departments, at_sessions = Counter(), Counter()
    for source, pk, first, last, day, number in seated.union(noted, sessions, all=True):
        if source == "sessions":
            at_sessions[pk, day] += number
        elif source == "noted":
            in_departments[pk, day] -= number
        else:
            in_departments.update({(pk, one): number for one in working_days(first, last) if one < today})
    found = defaultdict(dict)
    # `+` leaves out what is noted of days that are none of the placement's.
    for (pk, day), count in sorted((+in_departments + at_sessions).items()):
        found[pk][day] = count
    return dict(found)


def _lines(rows, source, **columns):
    """The counts of some rows, in the columns that all sources share."""
    counted = rows.order_by().annotate(counted_in=Value(source), **columns).values(*COLUMNS[:-1])
    return counted.annotate(number=Count("pk")).values_list(*COLUMNS)


def _seated(today, hospitals, only):
    """How many are expected over which days."""
    rows = Placement.objects.taking_seats().filter(
        first_day__lt=today,
        enrollment__state__in=ON_THE_LIST,
        enrollment__cohort__in=Cohort.objects.filter(**only),
    )
    if hospitals is not None:
        rows = rows.filter(department__hospital__in=hospitals)
    columns = {"of_cohort": F("enrollment__cohort"), "from_day": F("first_day"), "to_day": F("last_day")}
    return _lines(rows, "expected", **columns, on_day=NO_DAY)


def _noted(today, hospitals, only):
    """How many of them are noted on each day."""
    rows = Attendance.objects.filter(
        day__lt=today,
        day__gte=F("placement__first_day"),
        day__lte=F("placement__last_day"),
        placement__state__in=Placement.SEATED,
        enrollment__state__in=ON_THE_LIST,
        enrollment__cohort__in=Cohort.objects.filter(**only),
    )
    if hospitals is not None:
        rows = rows.filter(placement__department__hospital__in=hospitals)
    cohort = F("enrollment__cohort")
    return _lines(rows, "noted", of_cohort=cohort, from_day=NO_DAY, to_day=NO_DAY, on_day=F("day"))


def _sessions(today, hospitals, only):
    """How many are expected at the sessions of each day, and not noted. The day is that of where it is held."""
    local = Func(F("sessions__time_zone"), F("sessions__starts_at"), function="timezone")
    asked = Session.trainees.through.objects.filter(
        session=OuterRef("sessions__pk"), trainee=OuterRef("enrollments__trainee")
    )
    noted = Attendance.objects.filter(
        session=OuterRef("sessions__pk"), enrollment=OuterRef("enrollments__pk")
    )
    # Within the one subquery: a second filter over `sessions` would be of other sessions than those counted.
    held = Session.objects.taking_place().filter(starts_at__lt=clock.start_of(today))
    if hospitals is not None:
        held = held.filter(hospital__in=hospitals)
    rows = Cohort.objects.filter(
        Q(sessions__whole_cohort=True) | Q(Exists(asked)),
        ~Exists(noted),
        **only,
        sessions__in=held,
        enrollments__state__in=ON_THE_LIST,
    )
    day = Cast(local, DateField())
    return _lines(rows, "sessions", of_cohort=F("pk"), from_day=NO_DAY, to_day=NO_DAY, on_day=day)
