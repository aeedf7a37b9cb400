"""The invented cohort whose nominees are being chosen, by scores, rules and a reserve list."""

from datetime import timedelta

import yaml

from hospitals.models import Specialty
from participants.models import Trainee
from participants.workflow import trainees
from partners.models import Institution
from portal.records import clock
from portal.records.actors import PORTAL
from programs.models import Program
from programs.workflow import cohorts, enrollments, programs, selection

from . import invented, scenes
from .record import DATA


def load():
    known = yaml.safe_load((DATA / "selecting.yaml").read_text())
    monday = clock.today() - timedelta(days=clock.today().weekday())
    with clock.at(monday - timedelta(days=21)):
        criteria = _judged_by(known)
        scene = scenes.plan(scenes.CLINICAL, "gmtp", monday + timedelta(weeks=26), 4, seats=6)
        cohorts.open_nominations(scene.cohort, by=scene.officer)
        for fact in known["nominees"]:
            _nominate(scene, fact)
        scenes.send()
    with clock.at(monday - timedelta(days=10)):
        cohorts.close_nominations(scene.cohort, by=scene.officer)
        _score(scene, known, criteria)
    with clock.at(monday - timedelta(days=4)):
        _decide(scene, known["nominees"])
    with clock.at(monday - timedelta(days=3)):
        scenes.send()
        _withdraw(scene, known["nominees"])


def _judged_by(known):
    """Give the program its rules and criteria; those who came before were taken without."""
    program = Program.objects.get(name=scenes.CLINICAL)
    for name, value in known["rules"].items():
        setattr(program, name, value)
    programs.change(program, by=invented.acting("admin"), fields=list(known["rules"]))
    return [
        program.criteria.create(position=place, **fact) for place, fact in enumerate(known["criteria"], 1)
    ]


def _nominate(scene, fact):
    person = _person(fact) if "name" in fact else invented.trainee(fact["key"])
    facts = {
        "nominated_by": person.institution,
        "recommended_by_organization": person.institution.name,
        "recommended_by_person": "Training department",
        "recommended_on": clock.today(),
    }
    scene.enrolled[fact["key"]] = enrollments.nominate(scene.cohort, person, by=scene.officer, **facts)


def _person(fact):
    person = Trainee(
        passport_name=fact["name"],
        local_name=fact["local"],
        korean_name=fact["korean"],
        nationality=fact["country"],
        birth_date=fact.get("born"),
        institution=Institution.objects.get(name=fact["home"]),
        profession="physician",
        specialty=Specialty.objects.get(name=fact["specialty"]),
        practicing_since=fact.get("since"),
        languages=fact["languages"],
        language=invented.LANGUAGE_OF[fact["country"]],
        email=f"{fact['key']}@trainee.example",
        is_invented=True,
    )
    return trainees.register(person, by=PORTAL)


def _score(scene, known, criteria):
    """Two of the team score; one has a conflict of interest, and neither is through."""
    reviewers = {name: invented.acting(name) for name in known["reviewers"]}
    selection.name_reviewers(scene.cohort, list(reviewers.values()), by=scene.officer)
    for fact in known["nominees"]:
        for name in reviewers.keys() & fact.keys():
            given = fact[name]
            points = (
                {"has_conflict": True}
                if given == "conflict"
                else {"points": dict(zip(criteria, given, strict=True))}
            )
            selection.review(scene.enrolled[fact["key"]], by=reviewers[name], **points)


def _decide(scene, nominees):
    for decision in ("accept", "put-on-reserve"):
        keys = [scene.enrolled[fact["key"]].pk for fact in nominees if fact.get("decision") == decision]
        selection.decide(scene.cohort, keys, decision, by=scene.officer)


def _withdraw(scene, nominees):
    """Who cannot come after all: the seat is offered to the first on the reserve list, and waits to be settled."""
    for fact in nominees:
        if "withdrawn" in fact:
            enrollments.withdraw(scene.enrolled[fact["key"]], by=scene.officer, reason=fact["withdrawn"])
