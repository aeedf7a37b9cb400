"""The facts of a cohort, and its people by number: what was published and who is named here, never mixed."""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Hospital, Specialty, in_reader_language
from partners.models import Institution, joined

from . import quotas
from .models import Cohort


@dataclass(frozen=True)
class Published:
    """What the record says of people it does not name: one sentence, with notes and sources."""

    words: str
    notes: list = field(default_factory=list)
    pk: int | None = None


def overview_of(cohort, numbers):
    """The context of the overview page. A fixed number of queries, whatever there is of each."""
    return {
        "published": [_published(line) for line in numbers.head_counts],
        "published_total": numbers.published if len(numbers.head_counts) > 1 else None,
        "named": _named(numbers),
        "quotas": quotas.uses_of(cohort),
        "mous": list(cohort.mous.with_parties()),
        **_places(cohort),
        "sources": list(cohort.sources.all()),
        "topics": [topic for topic in cohort.topics.splitlines() if topic.strip()],
    }


def _places(cohort):
    """Hosts, home institutions and specialties by name. One query for the three of them."""
    named = {"name": "name", "name_ko": "name_ko", "pk": "pk"}
    kinds = {"hospitals": Hospital, "home_institutions": Institution, "specialties": Specialty}
    columns = {}
    for kind, model in kinds.items():
        mine = getattr(Cohort, kind).through.objects.filter(cohort=OuterRef(OuterRef("pk")))
        rows = model.objects.filter(pk__in=mine.values(model._meta.model_name)).order_by("name")
        columns[f"{kind}_here"] = ArraySubquery(rows.values(json=JSONObject(**named)))
    found = Cohort.objects.filter(pk=cohort.pk).values(**columns).get()
    return {
        kind: [(row["pk"], in_reader_language(row["name"], row["name_ko"])) for row in found[f"{kind}_here"]]
        for kind in kinds
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
    return Published(words % facts, [note for note in (line.profession, line.note) if note], line.pk)


def _named(numbers):
    """How many people of the cohort are in the portal by name, in words."""
    count, invented = numbers.taking_part, numbers.invented
    if not count:
        return _("nobody")
    facts = {"count": count, "invented": invented}
    if not invented:
        return str(count)
    if invented == count:
        return _("%(count)s (invented for the demo)") % facts
    return _("%(count)s, of whom %(invented)s are invented for the demo") % facts
