"""What is expected of whom on which day: sessions, and the working days of settled placements.

Days in a department are not rows: they follow from the placement. What was noted is `Attendance`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch

from participants.models import Trainee
from portal.mail.mornings import is_working_day
from portal.records.clock import SEOUL

from .models import Enrollment, Placement, Session

KOREA = "KR"
# Who is on the lists. Who left keeps what was noted until then.
ON_THE_LIST = (Enrollment.State.ACCEPTED, Enrollment.State.IN_TRAINING, Enrollment.State.COMPLETED)


def working_days(first_day, last_day):
    """The days from Monday to Friday that are no holiday in Korea; all of them where there is none."""
    length = (last_day - first_day).days + 1
    days = [first_day + timedelta(days=number) for number in range(length)]
    return [day for day in days if is_working_day(day, KOREA)] or days


def days_there(placement):
    """The days of a placement on which somebody is expected."""
    return working_days(placement.first_day, placement.last_day)


def day_of(session):
    """The day of a session where it is held."""
    return session.starts_at.astimezone(session.zone).date()


@dataclass(frozen=True)
class Unit:
    """One thing that one person is expected at: a session, or a day in a department."""

    enrollment: Enrollment
    day: date
    session: Session | None = None
    placement: Placement | None = None

    @property
    def key(self):
        """Names the unit among those of its day."""
        if self.placement:
            return f"p{self.placement.pk}"
        return f"s{self.session.pk}-{self.enrollment.pk}"


def sessions_on(day):
    """The sessions planned to begin on `day` where they are held, with what a list shows. Two queries.

    Nobody is expected at those that are not released.
    """
    noon = datetime.combine(day, time(12), SEOUL)
    around = Session.objects.standing().filter(
        starts_at__gte=noon - timedelta(hours=40), starts_at__lte=noon + timedelta(hours=40)
    )
    some = Prefetch("trainees", Trainee.objects.only("pk"))
    found = around.select_related("hospital", "cohort").prefetch_related(some).order_by("starts_at", "pk")
    return [session for session in found if day_of(session) == day]


def placements_on(day):
    """The placements in which somebody is expected on `day`, with what a list shows. One query."""
    there = Placement.objects.taking_seats().overlapping(day, day)
    return there.filter(enrollment__state__in=ON_THE_LIST).select_related(
        "enrollment__trainee", "department__hospital", "department__specialty"
    )


def is_expected(enrollment, session):
    """Whether the session is for this person of its cohort; `trainees` are prefetched."""
    if session.whole_cohort:
        return True
    return enrollment.trainee_id in {trainee.pk for trainee in session.trainees.all()}
