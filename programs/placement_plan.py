"""The placements of a cohort as a plan that is given out in releases."""

from datetime import date

from django.urls import reverse

from hospitals.models import Clinician, Department
from participants.models import Trainee
from portal.records.approximate import span_words

from . import releasing
from .models import Placement, Release


def lines(cohort):
    """What is settled, line by line. One query."""
    return lines_of(standing(cohort))


def lines_of(rows):
    """The lines of placements that were read by key."""
    return [_line(row, key) for key, row in rows.items()]


def standing(cohort):
    """The placements that are settled, by the key of their line. One query."""
    rows = list(
        Placement.objects.filter(enrollment__cohort=cohort)
        .select_related("department")
        .order_by("first_day", "pk")
    )
    keys = _keys_of(rows)
    return {keys[row.pk]: row for row in rows if row.is_seated}


def _keys_of(rows):
    """The key of the line of each placement, by its pk. What took the place of one keeps that one's key; where one was
    interrupted, the first part does, and the second has its own for good: whatever becomes of the first, it is not
    taken for it.
    """
    keys, handed_on = {}, set()
    for row in sorted(rows, key=lambda row: row.pk):
        inherits = row.replaces_id in keys and row.replaces_id not in handed_on
        keys[row.pk] = keys[row.replaces_id] if inherits else _key(row.pk)
        handed_on.add(row.replaces_id)
    return keys


def key_of(placement):
    """The key of the line of a placement that took no other one's place."""
    return _key(placement.pk)


def _key(pk):
    return f"p{pk}"


def _line(placement, key):
    facts = {
        "trainee": placement.trainee_id,
        "department": placement.department_id,
        "first_day": placement.first_day.isoformat(),
        "last_day": placement.last_day.isoformat(),
        "half": placement.half,
        "supervisor": placement.supervisor_id,
        "bring": sorted(placement.condition_kinds),
        "conditions": placement.conditions,
    }
    return releasing.Line(key, facts, (placement.trainee_id,), (placement.department.hospital_id,))


def words(found, who):
    """How each line reads to its trainee, to its hospital, or to staff. Three queries."""
    facts = [line.facts for line in found]
    departments = Department.objects.with_names().in_bulk({fact["department"] for fact in facts})
    clinicians = Clinician.objects.in_bulk({fact["supervisor"] for fact in facts} - {None})
    people = Trainee.objects.in_bulk({fact["trainee"] for fact in facts}) if who != "trainees" else {}
    return {line.key: _words(line.facts, departments, clinicians, people) for line in found}


def _words(facts, departments, clinicians, people):
    placement = Placement(half=facts["half"], conditions=facts["conditions"], condition_kinds=facts["bring"])
    days = span_words(date.fromisoformat(facts["first_day"]), date.fromisoformat(facts["last_day"]))
    person = people.get(facts["trainee"])
    parts = [
        person.display_name if person else "",
        str(departments[facts["department"]]),
        days,
        placement.get_half_display() if placement.half != Placement.Half.WHOLE else "",
        str(clinicians.get(facts["supervisor"], "")),
        placement.conditions_in_words,
    ]
    return ", ".join(part for part in parts if part)


releasing.register(
    releasing.Plan(
        Release.Kind.PLACEMENTS,
        lines=lines,
        words=words,
        path=lambda cohort: reverse("programs:cohort-placements", args=[cohort]),
    )
)
