"""That a trainee has looked at their schedule: kept, so that the next time what is otherwise can be marked."""

from portal.records import clock
from programs.models import ScheduleLook
from programs.my_reading import ONE_LOOK


def note(enrollment):
    """Keep this look. `enrollment` is as schedule_of has read it; within the time of one look nothing is written."""
    now = clock.now()
    if enrollment.looked_at is not None and now - enrollment.looked_at < ONE_LOOK:
        return
    ScheduleLook.objects.update_or_create(
        trainee_id=enrollment.trainee_id, defaults={"at": now, "before": enrollment.looked_at}
    )
