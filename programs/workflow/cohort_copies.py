"""A cohort planned after an earlier one: its facts with the dates shifted, and the parts that are wanted."""

from django.db import transaction

from portal.records.changes import locked
from portal.records.transitions import record
from programs import copying, handouts
from programs.models import Quota, Session

from . import cohorts


@transaction.atomic
def copy(source, *, by, parts, **facts):
    """Plan a cohort after `source`. `facts` (name, code, starts …) go before those of the earlier one; `parts` are
    of copying.PARTS. People, placements, certificates and the published record stay with the earlier one.

    Raises PermissionDenied, or ValidationError where the facts do not fit together.
    """
    wanted = copying.facts_of(source, facts["starts"]) | facts
    for name in {"hospitals", "mous"} & set(parts):
        wanted[name] = list(getattr(source, name).all())
    cohort = cohorts.plan(source.program, by=by, copied_from=source, is_invented=source.is_invented, **wanted)
    if "quotas" in parts:
        Quota.objects.bulk_create(
            Quota(cohort=cohort, region_id=quota.region_id, seats=quota.seats)
            for quota in source.quotas.all()
        )
    if "sessions" in parts:
        locked(source)  # nobody plans in it, or takes out a file, while its sessions are copied
        shift = copying.Shift.between(source.starts, cohort.starts)
        made = Session.objects.bulk_create(copying.sessions_of(source, shift, cohort))
        handouts.share(zip(source.sessions.standing(), made, strict=True))
    record(cohort, "copy", by=by, data={"from": source.pk, "parts": sorted(parts)})
    return cohort
