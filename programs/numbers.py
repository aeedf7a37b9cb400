"""What is counted of a cohort, read in one query with the cohort itself, however many people are in it.

Head, steps, tabs, blockers and the verbs' own checks all look at the same numbers. People known by number only
(`head_counts`) are kept apart: nothing here adds the two up.
"""

from collections import Counter
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from hospitals.models import in_reader_language
from partners.models import Region
from portal.records.approximate import ApproximateCount
from portal.records.queries import counted

from . import rules
from .models import Certificate, Cohort, Enrollment, Placement, Session

TAKING_PART = (
    Enrollment.State.ACCEPTED,
    Enrollment.State.IN_TRAINING,
    Enrollment.State.COMPLETED,
    Enrollment.State.NOT_COMPLETED,
)
# Each week once, in which a trainee has a seat somewhere: two half-day placements in one week are one week placed.
WEEKS_PLACED = """
    SELECT count(DISTINCT (placement.enrollment_id, week))
    FROM programs_placement placement
    JOIN programs_enrollment enrollment ON enrollment.id = placement.enrollment_id
    CROSS JOIN generate_series(date_trunc('week', placement.first_day::timestamp), placement.last_day, '1 week') week
    WHERE enrollment.cohort_id = programs_cohort.id AND placement.state = ANY(%s) AND enrollment.state = ANY(%s)
"""


def with_numbers(cohorts):
    """The cohorts with everything that `Numbers` reads, in the query that reads them."""
    home = "trainee__institution__region__country"
    here = {"cohort": OuterRef("pk")}
    people = Enrollment.objects.filter(**here).order_by().values("state", home, "trainee__is_invented")
    placements = Placement.objects.filter(enrollment__cohort=OuterRef("pk")).order_by()
    certificates = Certificate.objects.filter(enrollment__cohort=OuterRef("pk")).order_by().values("state")
    seated = Placement.objects.taking_seats().filter(enrollment=OuterRef("pk"))
    accepted = Enrollment.objects.filter(**here, state=Enrollment.State.ACCEPTED)
    return cohorts.annotate(
        people=_grouped(people, state="state", country=home, invented="trainee__is_invented"),
        stays=_grouped(
            placements.values("state", "enrollment__state"), state="state", of="enrollment__state"
        ),
        papers=_grouped(certificates, state="state"),
        session_count=counted(Session.objects.filter(**here)),
        unplaced=counted(accepted.filter(~Exists(seated))),
        weeks_placed=RawSQL(  # noqa: S611  (no part of it comes from outside)
            f"({WEEKS_PLACED})",
            [list(Placement.SEATED), list(TAKING_PART)],
            output_field=IntegerField(),
        ),
        countries=ArraySubquery(
            Region.objects.countries()
            .order_by()
            .values(json=JSONObject(code="country", name="name", name_ko="name_ko"))
        ),
    )


def _grouped(rows, **keys):
    """The groups of a subquery as a column: a list of objects with the keys and `n`, how many rows there are."""
    return ArraySubquery(rows.annotate(n=Count("pk")).values(json=JSONObject(n="n", **keys)))


class Numbers:
    """The counts of one cohort, out of a row that `with_numbers` has read."""

    def __init__(self, cohort):
        self.cohort = cohort
        self.enrollments, self.countries, self.invented = Counter(), Counter(), 0
        for group in cohort.people:
            self.enrollments[group["state"]] += group["n"]
            if group["state"] in TAKING_PART:
                self.countries.update({group["country"]: group["n"]} if group["country"] else {})
                self.invented += group["n"] if group["invented"] else 0
        self.placements, self.unanswered = Counter(), 0
        for group in cohort.stays:
            if group["of"] in TAKING_PART:
                self.placements[group["state"]] += group["n"]
            if group["state"] == Placement.State.REQUESTED:
                self.unanswered += group["n"]
        self.certificates = Counter({group["state"]: group["n"] for group in cohort.papers})
        self.sessions, self.weeks_placed = cohort.session_count, cohort.weeks_placed
        self.unplaced = cohort.unplaced
        self.open_placements = self.placements["draft"] + self.placements["requested"]

    @cached_property
    def head_counts(self):
        """The lines of people known by number only. A query, and one for their regions."""
        return list(self.cohort.head_counts.prefetch_related("regions"))

    @property
    def published(self):
        return published_of(self.head_counts)

    @property
    def nominated(self):
        """Everybody whose name was put forward, whatever became of it."""
        return self.enrollments.total()

    @property
    def taking_part(self):
        return sum(self.enrollments[state] for state in TAKING_PART)

    @property
    def home_countries(self):
        """The countries of those who take part, the one with most people first, in the reader's language."""
        names = {
            one["code"]: in_reader_language(one["name"], one["name_ko"]) for one in self.cohort.countries
        }
        found = sorted((-number, names.get(code, code)) for code, number in self.countries.items())
        return [name for _number, name in found]

    @property
    def weeks_to_place(self):
        """How many weeks there are to place, all trainees together; None where the days are not known."""
        if not self.cohort.starts.precision == self.cohort.ends.precision == "day":
            return None
        return len(rules.weeks_of(self.cohort.first_day, self.cohort.last_day)) * self.taking_part


def numbers_of(cohort):
    """The numbers as they stand now: for a verb that holds the cohort's lock. One query."""
    return Numbers(with_numbers(Cohort.objects.filter(pk=cohort.pk)).get())


def published_of(head_counts):
    """The people the record counts without naming them, all lines together; None where it tells of none."""
    return ApproximateCount.total(line.count for line in head_counts) if head_counts else None
