"""The list of a cohort's trainees: each with the places they were given, read in the same query as the person."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from hospitals.models import in_reader_language

from .models import Placement, Wish


@dataclass(frozen=True)
class Stay:
    """A place of a trainee as the list prints it."""

    pk: int
    hospital: str
    first_day: date
    last_day: date
    state: str

    def get_state_display(self):
        return Placement.State(self.state).label


def with_stays(enrollments):
    """Enrollments with `stay_facts`: what is drafted, asked for or settled for each, in the order of the days."""
    at = "department__hospital__"
    rows = Placement.objects.filter(enrollment=OuterRef("pk")).exclude(state=Placement.State.CANCELLED)
    facts = JSONObject(
        pk="pk", first_day="first_day", last_day="last_day", state="state",
        short=f"{at}short_name", name=f"{at}name", short_ko=f"{at}short_name_ko", name_ko=f"{at}name_ko",
    )  # fmt: skip
    return enrollments.annotate(stay_facts=ArraySubquery(rows.order_by("first_day", "pk").values(json=facts)))


def with_wishes(enrollments):
    """Enrollments with `wishes_told`: how many places the trainee wishes for."""
    told = Wish.objects.filter(enrollment=OuterRef("pk")).order_by().values("enrollment")
    return enrollments.annotate(
        wishes_told=Coalesce(Subquery(told.annotate(number=Count("pk")).values("number")), 0)
    )


def stays_of(enrollment):
    """The places of an enrollment that `with_stays` has read."""
    return [
        Stay(
            fact["pk"],
            in_reader_language(fact["short"] or fact["name"], fact["short_ko"] or fact["name_ko"]),
            date.fromisoformat(fact["first_day"]),
            date.fromisoformat(fact["last_day"]),
            fact["state"],
        )
        for fact in enrollment.stay_facts
    ]
