"""Who may be chosen for a session: everybody who takes part, for a coordinator their own guests."""

from hospitals.models import served_by
from participants.models import Trainee
from portal.accounts.roles import Permission

from .models import Enrollment, Placement


def trainees_for(cohort, user):
    """Whom `user` may choose: who takes part; for a coordinator those placed at the hospitals they serve."""
    people = Trainee.objects.filter(
        enrollments__in=Enrollment.objects.taking_part().filter(cohort=cohort)
    ).order_by("passport_name", "pk")
    if user.has(Permission.RUN_COHORTS):
        return people
    return people.filter(pk__in=_stays(cohort, user).values("trainee"))


def _stays(cohort, user):
    return Placement.objects.taking_seats().filter(
        enrollment__cohort=cohort, department__hospital__in=served_by(user)
    )


def days_here(cohort, user):
    """{trainee: [(first day, last day), …]} of those placed at the hospitals that `user` serves. One query."""
    found = {}
    stays = _stays(cohort, user).order_by("first_day").values_list("trainee", "first_day", "last_day")
    for trainee, first_day, last_day in stays:
        found.setdefault(trainee, []).append((first_day, last_day))
    return found


def of_copies(session, user):
    """Whether copies by `user` are for the whole cohort, and else for whom: a coordinator's are for their guests."""
    chosen = list(session.trainees.all())
    if user.has(Permission.RUN_COHORTS):
        return session.whole_cohort, chosen
    own = list(trainees_for(session.cohort, user))
    return False, own if session.whole_cohort else [one for one in own if one in chosen]
