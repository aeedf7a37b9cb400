"""How far the quotas of a cohort are used: whom each region has put forward, and who of them takes part."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from partners.models import Institution, Region

from .models import Enrollment

# Who counts against a quota that is not decided yet: everybody who may still come.
IN_PLAY = (
    Enrollment.State.NOMINATED,
    Enrollment.State.RESERVE,
    Enrollment.State.ACCEPTED,
    Enrollment.State.IN_TRAINING,
    Enrollment.State.COMPLETED,
    Enrollment.State.NOT_COMPLETED,
)
TAKING_PART = IN_PLAY[2:]


@dataclass(frozen=True)
class Use:
    """One quota, and how many of the region's people are in play and take part."""

    region: Region
    seats: int
    in_play: int
    taking_part: int

    @property
    def words(self):
        facts = {"part": self.taking_part, "seats": self.seats, "play": self.in_play}
        return _("%(part)s of %(seats)s seats given, %(play)s in play") % facts

    @property
    def is_over(self):
        """More take part than the region has seats."""
        return self.taking_part > self.seats

    @property
    def is_short(self):
        """More may come than the region has seats: somebody is to be chosen."""
        return self.in_play > self.seats


def uses_of(cohort, more=None):
    """Every quota of the cohort with its use. Two queries; one where there is no quota.

    `more` counts people to come by their institution's key, who are not in the cohort yet. One query more.
    """
    quotas = list(cohort.quotas.select_related("region"))
    if not quotas:
        return []
    in_play, taking_part = _people(cohort)
    if more:
        homes = Institution.objects.filter(pk__in=more).values_list(
            "pk", "region__country", "region", "region__parent"
        )
        for pk, *keys in homes:
            in_play.update(dict.fromkeys(set(keys) - {None}, more[pk]))
    return [
        Use(quota.region, quota.seats, in_play[key], taking_part[key])
        for quota in quotas
        for key in [_key(quota.region)]
    ]


def _key(region):
    """How people of a region are counted: a country by its code, as some have no institution, a place by its row."""
    return region.country if region.level == Region.Level.COUNTRY else region.pk


def _people(cohort):
    """Counters of the people in play and of those taking part, by country code and by every region they belong to."""
    in_play, taking_part = Counter(), Counter()
    home = "trainee__institution__region"
    for state, country, nationality, place, above, count in (
        cohort.enrollments.filter(state__in=IN_PLAY)
        .order_by()
        .values_list("state", f"{home}__country", "trainee__nationality", home, f"{home}__parent")
        .annotate(Count("pk"))
    ):
        keys = {country or nationality, place, above} - {None, ""}
        in_play.update(dict.fromkeys(keys, count))
        if state in TAKING_PART:
            taking_part.update(dict.fromkeys(keys, count))
    return in_play, taking_part
