"""Calls for nominations: until when their link holds, what of it a contact sees, and what is missing for whom."""

from datetime import datetime, time, timedelta

from portal.accounts import links
from portal.records import clock

from .models import Call, Cohort, Enrollment

PURPOSE = "nominate"
RECOMMENDATION = ("recommended_by_organization", "recommended_by_person", "recommended_on", "letter")


def closes(cohort):
    """The last day on which a contact may nominate; None where none is set and the cohort alone decides."""
    return cohort.nominate_by


def is_open(call):
    """Whether the contact may nominate now: nominations are open, the deadline has not passed, nobody revoked it."""
    cohort = call.cohort
    day = closes(cohort)
    in_time = day is None or clock.today() <= day
    return call.revoked_at is None and cohort.state == Cohort.State.NOMINATING and in_time


def _until(call):
    """When the link ends: with the day of the deadline, else with the eve of the training."""
    day = closes(call.cohort) or call.cohort.first_day - timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), clock.SEOUL)


def token_for(call):
    """A token that lets whoever holds it nominate for this call until the deadline. Less than a minute is no time."""
    left = max(_until(call) - clock.now(), timedelta(minutes=1))
    return links.sign(PURPOSE, {"call": call.pk}, valid_for=left)


def call_for(token):
    """The call this link is for. Raises BadLink: too old, not ours, revoked, or the contact has left."""
    data = links.read(PURPOSE, token)
    call = Call.objects.holding().for_list().filter(pk=data["call"]).first()
    if call is None:
        raise links.BadLink
    return call


def nominees_of(call):
    """Whom the contact’s institution has put forward for the cohort, in the order of the nominations."""
    return (
        Enrollment.objects.filter(cohort=call.cohort, nominated_by=call.contact.institution)
        .select_related("trainee", "cohort__program")
        .order_by("nominated_at", "pk")
    )


def missing(enrollment):
    """What is not known of the nominee yet and will be asked for, by the names of the fields."""
    trainee = enrollment.trainee
    asked = [
        (trainee, name) for name in ("birth_date", "email", "specialty", "languages", "practicing_since")
    ]
    asked += [
        (enrollment, name)
        for name in ("recommended_by_organization", "recommended_by_person", "recommended_on", "letter")
    ]
    return [
        str(owner._meta.get_field(name).verbose_name)
        for owner, name in asked
        if not getattr(owner, f"{name}_id" if name in ("letter", "specialty") else name)
    ]
