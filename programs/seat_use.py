"""What became of the seats that an MOU agrees on, year by year."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from .models import Cohort, Enrollment, Placement


@dataclass(frozen=True)
class YearOfSeats:
    """One year: what the paper agrees on (None where it says nothing), and how many people came how far."""

    year: int
    agreed: int | None
    nominated: int
    placed: int
    completed: int


def use_by_year(mou, cohorts):
    """The years with cohorts under the MOU (`cohorts`), the latest first. One query.

    A cohort may run under the MOUs of several countries: counted are people from the country of a partner.
    """
    live = [cohort for cohort in cohorts if cohort.state != Cohort.State.CANCELLED]
    taken = Placement.objects.taking_seats().filter(enrollment=OuterRef("pk"))
    rows = Enrollment.objects.filter(_from_partners(mou), cohort__in=live).annotate(is_placed=Exists(taken))
    counts = {cohort.starts.year: Counter() for cohort in live}
    for starts, state, is_placed in rows.values_list("cohort__starts", "state", "is_placed"):
        completed = state == Enrollment.State.COMPLETED
        counts[starts.year].update(nominated=1, placed=int(is_placed), completed=int(completed))
    return [YearOfSeats(year, mou.seats_a_year, **_of(counts[year])) for year in sorted(counts, reverse=True)]


def _of(counter):
    return {name: counter[name] for name in ("nominated", "placed", "completed")}


def _from_partners(mou):
    countries = {
        party.region.country if party.region_id else party.institution.region.country
        for party in mou.partner_side
    }
    return Q(trainee__institution__region__country__in=countries) | Q(
        trainee__institution=None, trainee__nationality__in=countries
    )
