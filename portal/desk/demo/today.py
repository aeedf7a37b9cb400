"""What of the running cohort's schedule is not as it was planned, and a session that is on while the demo is loaded."""

from datetime import timedelta

from django.db import transaction

from hospitals.models import Hospital
from portal.records import clock
from programs.models import Session
from programs.workflow import check_ins, schedule_releases, sessions

HERE = "Myongji"


def goes_otherwise(scene):
    """The last case talk is called off and the ceremony begins an hour later; both are released."""
    with clock.at(clock.now() - timedelta(hours=20)):
        talk = scene.cohort.sessions.filter(kind=Session.Kind.ONLINE).latest("starts_at")
        sessions.cancel(talk, by=scene.officer, reason="The lecturer is at a congress.")
        _an_hour_later(scene.cohort.sessions.get(kind=Session.Kind.CEREMONY), by=scene.officer)
        schedule_releases.release(scene.cohort, by=scene.officer, note="The governor comes to the ceremony.")


@transaction.atomic
def _an_hour_later(session, *, by):
    session = sessions.for_change(session, by=by)
    session.starts_at += timedelta(hours=1)
    session.ends_at += timedelta(hours=1)
    session.save()


def is_on_now(scene, keys):
    """A question hour for those at one hospital, and the code on its wall: anew as long as the session lasts."""
    starts_at = clock.now().replace(minute=0, second=0, microsecond=0)
    session = Session.objects.create(
        cohort=scene.cohort,
        kind=Session.Kind.LECTURE,
        title="Question hour",
        title_ko="질의응답 시간",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        hospital=Hospital.objects.get(short_name=HERE),
        place="Myongji Hospital, education hall",
        lecturer="Hong Gil-dong",
        whole_cohort=False,
        is_invented=True,
    )
    session.trainees.set([scene.enrolled[key].trainee for key in keys])
    schedule_releases.release(scene.cohort, by=scene.officer)
    check_ins.open_check_in(session, by=scene.officer, minutes=240)
