"""What the province has published about its participants, and what is recorded here, each as precise as it is."""

from dataclasses import dataclass
from datetime import date

from participants.models import Graduation
from portal.records.approximate import ApproximateCount
from portal.records.models import Source
from programs.models import Cohort, HeadCount

# Published by the province; the ledger of all such figures comes with the reports.
PUBLISHED_IN = "A2022-11"  # records.Source.key of the article
PUBLISHED_ON = date(2022, 11, 28)
PUBLISHED = 743
PUBLISHED_COUNTRIES = 10
PUBLISHED_ONLINE = 155


@dataclass(frozen=True)
class Participants:
    """The published number, the recorded people, and what lies between them."""

    published: int
    recorded: ApproximateCount
    gap: ApproximateCount
    source: Source | None


def participants():
    """People with a record here until the day the figure was published, beside the figure.

    People are those in the register of graduates, each once, and the head-counts of cohorts that have no names.
    Invented people and cohorts of the demo are not counted: the figure beside them is a real one. Three queries.
    """
    day = PUBLISHED_ON
    named = (
        Graduation.objects.filter(completed__earliest__lte=day, trainee__is_invented=False)
        .values("trainee")
        .distinct()
        .count()
    )
    unnamed = HeadCount.objects.filter(cohort__is_invented=False, cohort__ends__latest__lte=day).exclude(
        cohort__state=Cohort.State.CANCELLED
    )
    recorded = ApproximateCount.total([ApproximateCount(named), *unnamed.values_list("count", flat=True)])
    source = Source.objects.filter(key=PUBLISHED_IN).first()
    return Participants(PUBLISHED, recorded, ApproximateCount(PUBLISHED) - recorded, source)
