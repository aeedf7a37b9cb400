"""The facts of a cohort, and its people by number: what was published and who is named here, never mixed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import joined


@dataclass(frozen=True)
class Published:
    """What the record says of people it does not name: one sentence, with notes and sources."""

    words: str
    notes: list = field(default_factory=list)


def overview_of(cohort, numbers):
    """The context of the overview page. A fixed number of queries, whatever there is of each."""
    return {
        "published": [_published(line) for line in numbers.head_counts],
        "published_total": numbers.published if len(numbers.head_counts) > 1 else None,
        "named": _named(cohort, numbers),
        "mous": list(cohort.mous.with_parties()),
        "hospitals": list(cohort.hospitals.all()),
        "home_institutions": list(cohort.home_institutions.select_related("region")),
        "specialties": list(cohort.specialties.all()),
        "sources": list(cohort.sources.all()),
        "topics": [topic for topic in cohort.topics.splitlines() if topic.strip()],
    }


def _published(line):
    """One head-count in words. A line with several regions says that the split between them is not known."""
    places = [str(region) for region in line.regions.all()]
    facts = {"people": line.count.words(), "places": joined(places)}
    number = line.count.number
    if len(places) > 1:
        words = ngettext(
            "%(people)s person from %(places)s; the split is not stated",
            "%(people)s people from %(places)s; the split is not stated",
            number,
        )
    elif places:
        words = ngettext("%(people)s person from %(places)s", "%(people)s people from %(places)s", number)
    else:
        words = ngettext(
            "%(people)s person; from where is not stated",
            "%(people)s people; from where is not stated",
            number,
        )
    return Published(words % facts, [note for note in (line.profession, line.note) if note])


def _named(cohort, numbers):
    """How many people of the cohort are in the portal by name, in words."""
    count = numbers.taking_part
    if not count:
        return _("nobody")
    invented = cohort.enrollments.taking_part().filter(trainee__is_invented=True).count()
    facts = {"count": count, "invented": invented}
    if not invented:
        return str(count)
    if invented == count:
        return _("%(count)s (invented for the demo)") % facts
    return _("%(count)s, of whom %(invented)s are invented for the demo") % facts
