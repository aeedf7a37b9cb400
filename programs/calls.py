"""Calls for nominations: until when one nominates, how long the link holds, and what is missing for whom."""

from datetime import datetime, time, timedelta

from participants.models import Consent
from participants.models.consents import refused
from portal.accounts import links
from portal.records import clock

from .checklists import STILL_IN, asked_of, checklists, owed
from .models import Call, Cohort, Enrollment

PURPOSE = "nominate"
# What is asked about a nominee, and about who recommends them.
PERSON = ("birth_date", "email", "specialty", "languages", "practicing_since")
RECOMMENDATION = ("recommended_by_organization", "recommended_by_person", "recommended_on")


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
    """When the link ends: with the eve of the training. Nominating by it closes earlier; papers may still come."""
    return datetime.combine(call.cohort.first_day, time(), clock.SEOUL)


def token_for(call):
    """A token that lets whoever holds it nominate until the deadline and hand in papers until the training begins.

    Less than a minute is no time.
    """
    left = max(_until(call) - clock.now(), timedelta(minutes=1))
    return links.sign(PURPOSE, {"call": call.pk}, valid_for=left)


def call_for(token):
    """The call this link is for. Raises BadLink: not ours, revoked, the contact has left, the training begun."""
    data = links.read(PURPOSE, token)
    call = Call.objects.holding().for_list().filter(pk=data["call"]).first()
    if call is None or clock.now() >= _until(call):
        raise links.BadLink
    return call


def nominees_of(call):
    """Whom the contact’s institution has put forward for the cohort, in the order of the nominations."""
    return with_silence(
        Enrollment.objects.filter(cohort=call.cohort, nominated_by=call.contact.institution)
        .select_related("trainee", "cohort__program")
        .order_by("nominated_at", "pk")
    )


def with_silence(enrollments):
    """Each with whether the person wants their institution to be told nothing of what became of it."""
    return enrollments.annotate(is_silent=refused(Consent.Purpose.ABROAD, "trainee"))


def missing_of(enrollments):
    """What is not known or not there yet of each nominee who may still come, in words, by key. Two queries."""
    rows = [row for row in enrollments if row.state in STILL_IN]
    papers = checklists(rows, kinds_of=asked_of)
    return {row.pk: [*_unknown(row), *(item.label for item in owed(papers[row.pk]))] for row in rows}


def _unknown(enrollment):
    """What is not known of the nominee yet and will be asked for, by the names of the fields."""
    trainee = enrollment.trainee
    asked = [(trainee, name) for name in PERSON] + [(enrollment, name) for name in RECOMMENDATION]
    return [
        str(owner._meta.get_field(name).verbose_name)
        for owner, name in asked
        if not getattr(owner, f"{name}_id" if name == "specialty" else name)
    ]
