"""What hospitals offer to a cohort before anybody is asked for: said by a coordinator, or recorded by staff."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import record
from programs.models import Cohort, Hosting, HostingSeats, Placement

BEFORE_THE_TRAINING = (
    Cohort.State.PLANNING,
    Cohort.State.NOMINATING,
    Cohort.State.SELECTING,
    Cohort.State.PLACING,
)


def may_say(hospital, user):
    """Staff for every hospital, a coordinator for their own."""
    if user.has(Permission.PLACE_TRAINEES):
        return True
    serves = Coordinator.objects.serving().filter(user=user, hospital=hospital)
    return user.has(Permission.ANSWER_PLACEMENTS) and serves.exists()


def asked_of(user):
    """The cohorts to come that hospitals of the user host, as pairs of cohort and hospital. Two queries."""
    cohorts = Cohort.objects.filter(state__in=BEFORE_THE_TRAINING, hospitals__isnull=False).distinct()
    served = set(Coordinator.objects.serving().filter(user=user).values_list("hospital", flat=True))
    return [
        (cohort, hospital)
        for cohort in cohorts.filter(hospitals__in=served).prefetch_related("hospitals").order_by("starts")
        for hospital in cohort.hospitals.all()
        if hospital.pk in served
    ]


@transaction.atomic
def say(cohort, hospital, *, by, interest, note="", offered=None, channel=Placement.Channel.PORTAL, who=""):
    """Keep what the hospital says, in place of what it said before. `offered`: seats by (department, Monday).

    A hospital that does not host this time offers no seats. Raises PermissionDenied.
    """
    if not may_say(hospital, by):
        raise PermissionDenied
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    hosting, _new = Hosting.objects.update_or_create(
        cohort=cohort,
        hospital=hospital,
        defaults={
            "interest": interest,
            "note": note,
            "said_at": clock.now(),
            "said_by": by,
            "said_name": (who or str(by))[:120],
            "channel": channel,
        },
    )
    hosting.seats.all().delete()
    if interest != Hosting.Interest.NO:
        HostingSeats.objects.bulk_create(
            HostingSeats(hosting=hosting, department=department, monday=monday, seats=seats)
            for (department, monday), seats in (offered or {}).items()
        )
    record(hosting, "say_hosting", by=by, data={"interest": interest, "seats": sum((offered or {}).values())})
    return hosting
