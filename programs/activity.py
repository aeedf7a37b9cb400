"""When something last happened under an MOU or with its partners, as far as programs know."""

from collections import defaultdict
from datetime import date

from partners.workflow import reminders

from .models import Cohort, HeadCount


@reminders.counts_as_activity
def last_activity(mous):
    """A dict from the key of each MOU (read by `with_parties()`) to the last day of its latest cohort. Three queries.

    A cohort counts for the MOUs it runs under, and for those with a partner whose people it names.
    """
    parties = [party for mou in mous for party in mou.partner_side]
    homes = {party.institution_id for party in parties if party.institution_id}
    regions = {party.region_id for party in parties if party.region_id}
    live = Cohort.objects.exclude(state=Cohort.State.CANCELLED)
    lines = HeadCount.objects.filter(cohort__in=live, regions__in=regions)
    found = [
        ("mou", live.filter(mous__in=mous).values_list("mous", "ends")),
        ("institution", live.filter(home_institutions__in=homes).values_list("home_institutions", "ends")),
        ("region", lines.values_list("regions", "cohort__ends")),
    ]
    latest = defaultdict(lambda: date.min)
    for kind, rows in found:
        for key, ends in rows:
            latest[kind, key] = max(latest[kind, key], ends.latest)
    return {mou.pk: day for mou in mous if (day := _latest_of(mou, latest)) != date.min}


def _latest_of(mou, latest):
    keys = [("mou", mou.pk)]
    for party in mou.partner_side:
        keys.append(("region", party.region_id) if party.region_id else ("institution", party.institution_id))
    return max(latest[key] for key in keys)
