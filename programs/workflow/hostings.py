"""What hospitals offer to a cohort before anybody is asked for: asked by mail, said by a coordinator or for them.

The silent are reminded once, then staff call. Of two who change an offer at once, the second sees what the first said.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from hospitals.models import Coordinator
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record
from programs.models import Cohort, Hosting, HostingRequest, HostingSeats, Placement

REMINDED_AFTER = 4


class SaidMeanwhile(NotNow):
    """Somebody else has said something since the page was opened; nothing is overwritten unseen."""


def may_say(hospital, user):
    """Staff for every hospital, a coordinator for their own. Who came by a link was looked at before."""
    if user.has(Permission.PLACE_TRAINEES):
        return True
    serves = Coordinator.objects.serving().filter(user=user, hospital=hospital)
    return user.has(Permission.ANSWER_PLACEMENTS) and serves.exists()


def asked_of(user):
    """The cohorts to come that hospitals of the user host, as pairs of cohort and hospital. Two queries."""
    cohorts = Cohort.objects.filter(state__in=Hosting.TAKEN_IN, hospitals__isnull=False).distinct()
    served = set(Coordinator.objects.serving().filter(user=user).values_list("hospital", flat=True))
    return [
        (cohort, hospital)
        for cohort in cohorts.filter(hospitals__in=served).prefetch_related("hospitals").order_by("starts")
        for hospital in cohort.hospitals.all()
        if hospital.pk in served
    ]


def _lock(cohort):
    """The cohort as it stands now. Raises NotNow once it takes no offers any more."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if cohort.state not in Hosting.TAKEN_IN:
        words = _("Offers are not taken any more: the cohort is “%(state)s”.")
        raise NotNow(words % {"state": cohort.get_state_display()})
    return cohort


@transaction.atomic
def say(
    cohort,
    hospital,
    *,
    by,
    interest,
    note="",
    offered=None,
    channel=Placement.Channel.PORTAL,
    who="",
    seen=None,
):
    """Keep what the hospital says, in place of what it said before. `offered`: seats by (department, Monday).

    A hospital that does not host this time offers no seats. `seen` is the version the page showed (0: nothing said
    yet). Raises PermissionDenied, NotNow, or SaidMeanwhile where another version stands by now.
    """
    if not may_say(hospital, by):
        raise PermissionDenied
    cohort = _lock(cohort)
    hosting = Hosting.objects.filter(cohort=cohort, hospital=hospital).first() or Hosting(
        cohort=cohort, hospital=hospital
    )
    if hosting.pk and seen is not None and seen != hosting.version:
        raise SaidMeanwhile(_meanwhile(hosting))
    hosting.interest, hosting.note, hosting.version = interest, note, hosting.version + 1
    hosting.said_at, hosting.said_by = clock.now(), None if isinstance(by, System) else by
    hosting.said_name, hosting.channel = (who or str(by))[:120], channel
    hosting.save()
    hosting.seats.all().delete()
    if interest != Hosting.Interest.NO:
        HostingSeats.objects.bulk_create(
            HostingSeats(hosting=hosting, department=department, monday=monday, seats=seats)
            for (department, monday), seats in (offered or {}).items()
        )
    record(hosting, "say_hosting", by=by, data={"interest": interest, "seats": sum((offered or {}).values())})
    return hosting


def _meanwhile(hosting):
    words = _(
        "%(name)s has said something else on %(time)s, while this page was open. It stands below beside what you "
        "typed. Send again to put yours in its place."
    )
    time = date_format(localtime(hosting.said_at), "DATETIME_FORMAT")
    return words % {"name": hosting.said_name, "time": time}


# Asking for it -------------------------------------------------------------------------------------


def not_asked(cohort):
    """The hosts that may be asked now, with their coordinators: a list of pairs. Who was asked and is silent is not.

    Three queries.
    """
    silent = set(HostingRequest.objects.silent().filter(cohort=cohort).values_list("hospital", flat=True))
    hosts = [one for one in cohort.hospitals.order_by("name") if one.pk not in silent]
    people = {}
    for coordinator in Coordinator.objects.serving().filter(hospital__in=hosts).select_related("user"):
        people.setdefault(coordinator.hospital_id, []).append(coordinator)
    return [(hospital, people.get(hospital.pk, [])) for hospital in hosts]


@transaction.atomic
def ask(cohort, hospitals, *, by, answer_by):
    """Ask the hospitals what they offer: one mail a coordinator and hospital. Returns the hospitals that are asked.

    A hospital nobody answers for in the portal gets no mail and is called. Who was asked and has said nothing since
    is not asked twice, so a double click sends nothing. Raises PermissionDenied or NotNow.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    cohort = _lock(cohort)
    if not clock.today() < answer_by < cohort.first_day:
        raise NotNow({"answer_by": _("Choose a day from tomorrow until the training begins.")})
    chosen = {hospital.pk for hospital in hospitals}
    asked = [(hospital, people) for hospital, people in not_asked(cohort) if hospital.pk in chosen]
    if not asked:
        raise NotNow(_("The hospitals you chose have been asked already."))
    now, person = clock.now(), None if isinstance(by, System) else by
    for hospital, coordinators in asked:
        HostingRequest.objects.update_or_create(
            cohort=cohort,
            hospital=hospital,
            defaults={"asked_at": now, "asked_by": person, "answer_by": answer_by},
        )
        for coordinator in coordinators:
            _put("hosting_request", cohort, coordinator, now)
    names = ", ".join(str(hospital) for hospital, _people in asked)
    record(cohort, "ask_hostings", by=by, data={"hospitals": names})
    return [hospital for hospital, _people in asked]


def _put(kind, cohort, coordinator, asked_at, due=None):
    return outbox.put(
        kind,
        to=coordinator.user,
        about=cohort,
        key=_key(kind, cohort.pk, coordinator, asked_at),
        due=due,
        context={"hospital": coordinator.hospital_id},
    )


def _key(kind, cohort, coordinator, asked_at):
    return f"{kind}:{cohort}:{coordinator.hospital_id}:{coordinator.user_id}:{asked_at:%Y%m%dT%H%M%S%f}"


def due_work(*, say):
    """One round of reminders to hospitals that were asked and are silent. Returns how many mails it put."""
    last = clock.today() - timedelta(days=REMINDED_AFTER)
    due = [one for one in HostingRequest.objects.silent() if localdate(one.asked_at, clock.SEOUL) <= last]
    if not due:
        return 0
    houses = {one.hospital_id for one in due}
    serving = list(Coordinator.objects.serving().filter(hospital__in=houses).select_related("user"))
    mails = [(one, who) for one in due for who in serving if who.hospital_id == one.hospital_id]
    keys = [_key("hosting_reminder", one.cohort_id, who, one.asked_at) for one, who in mails]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(
        _remind(one, who, say=say) for key, (one, who) in zip(keys, mails, strict=True) if key not in put
    )


@transaction.atomic
def _remind(request, coordinator, *, say):
    day = localdate(request.asked_at, clock.SEOUL) + timedelta(days=REMINDED_AFTER)
    due = outbox.next_working_morning(day, coordinator.user.time_zone)
    cohort = Cohort.objects.get(pk=request.cohort_id)
    mail = _put("hosting_reminder", cohort, coordinator, request.asked_at, due)
    say(f"{mail.due:%Y-%m-%d %H:%M} hosting_reminder → {mail.address}: {cohort}")
    return 1
