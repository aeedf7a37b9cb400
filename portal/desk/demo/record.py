"""The public record of 2011-2024 as rows: regions, institutions, hospitals, MOUs, programs, and the two cohorts.

Nothing here is more precise than data/record.yaml, which says for each fact which article it is from.
"""

from functools import cache
from pathlib import Path

import yaml

from hospitals.cities import both_names
from hospitals.models import Hospital, Specialty
from participants.models import Graduation, Trainee
from partners.models import Institution, Mou, MouParty, Region
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.models import Source
from programs.models import HeadCount, Program
from programs.workflow import cohorts

DATA = Path(__file__).parent / "data"
INSTITUTION_KINDS = {
    "ministry": Institution.Kind.MINISTRY,
    "government agency": Institution.Kind.AGENCY,
    "health department": Institution.Kind.HEALTH_DEPARTMENT,
    "hospital": Institution.Kind.HOSPITAL,
}
# In which language mails go there; English where we do not know better.
LANGUAGES = {"MN": "mn", "RU": "ru"}
# A joint conference in June 2022 (A2022-06), and the MOU only in August 2023: the cooperation is older than the paper.
COOPERATION = {"Health Development Center": ApproximateDate(2022, 6)}
PROGRAM_KINDS = {
    "invitation clinical training": Program.Kind.INVITATION,
    "short-term training": Program.Kind.SHORT_TERM,
    "online training": Program.Kind.ONLINE,
    "visiting training": Program.Kind.VISITING,
    "master class": Program.Kind.MASTER_CLASS,
    "conference": Program.Kind.CONFERENCE,
}


@cache
def record():
    return yaml.safe_load((DATA / "record.yaml").read_text())


@cache
def korean():
    return yaml.safe_load((DATA / "korean.yaml").read_text())


def load():
    """Everything but the cohorts, which need somebody who acts."""
    sources()
    regions()
    institutions()
    hospitals()
    mous()
    programs()
    graduate_of_2016()


def sources():
    for key, article in record()["articles"].items():
        Source.objects.create(
            key=key,
            title=article["title"],
            publisher=article["publisher"],
            published=ApproximateDate.of(article["published"]),
            views=article["views"],
        )


def _from(row, keys):
    row.sources.set(Source.objects.filter(key__in=keys))


def regions():
    countries = {}
    for fact in record()["regions"]:
        name_ko, name_local = korean()["regions"][fact["name"]]
        region = Region.objects.create(
            name=fact["name"],
            name_ko=name_ko,
            name_local=name_local,
            level=fact["level"],
            country=fact["country"],
            parent=None if fact["level"] == "country" else countries[fact["country"]],
            time_zone=fact.get("time_zone", ""),
            language=LANGUAGES.get(fact["country"], "en"),
            note=fact.get("note", ""),
        )
        if fact["level"] == "country":
            countries[fact["country"]] = region


def institutions():
    for fact in record()["institutions"]:
        parent = fact.get("parent")
        name_ko, name_local = korean()["institutions"].get(fact["name"], ["", ""])
        institution = Institution.objects.create(
            name=fact["name"],
            name_ko=name_ko,
            name_local=name_local,
            cooperation_since=COOPERATION.get(fact["name"]),
            short_name=fact.get("short", ""),
            kind=INSTITUTION_KINDS[fact["kind"]],
            region=Region.objects.get(name=fact["region"]),
            parent=Institution.objects.get(name=parent) if parent else None,
            note=fact.get("note", ""),
        )
        _from(institution, fact.get("source", []))


def hospitals():
    for name in record()["specialties"]:
        Specialty.objects.create(name=name, name_ko=korean()["specialties"][name])
    for fact in record()["host_hospitals"]:
        short_name, short_name_ko, aliases = korean()["hospitals"][fact["name"]]
        hospital = Hospital.objects.create(
            name=fact["name"],
            name_ko=fact["name_ko"],
            short_name=short_name,
            short_name_ko=short_name_ko,
            aliases=aliases,
            city=fact.get("city", ""),
            city_ko=both_names(fact.get("city", ""), "")[1],
        )
        _from(hospital, _articles_naming(fact["name"]))


def _articles_naming(hospital):
    """The articles that name the hospital: as a host of a cohort, or as a party of an MOU."""
    facts = [*record()["cohorts"], *record()["mous"]]
    return {
        key
        for fact in facts
        if hospital in [*fact.get("hosts", []), *fact.get("parties", [])]
        for key in fact["source"]
    }


def _party(mou, name):
    hospital = Hospital.objects.filter(name=name).first()
    region = Region.objects.filter(name=name).first()
    institution = Institution.objects.filter(name=name).first()
    ours = name == "Gyeonggi Province" or hospital
    MouParty.objects.create(
        mou=mou,
        side=MouParty.Side.GYEONGGI if ours else MouParty.Side.PARTNER,
        is_province=name == "Gyeonggi Province",
        hospital=hospital,
        region=region,
        institution=institution,
    )


def mous():
    for fact in record()["mous"]:
        mou = Mou.objects.create(signed=ApproximateDate.of(fact["signed"]))
        for name in fact["parties"]:
            _party(mou, name)
        _from(mou, fact["source"])


def programs():
    for fact in record()["programs"]:
        part_of = fact.get("part_of")
        since = fact.get("since") or fact.get("from")
        program = Program.objects.create(
            name=fact["name"],
            name_ko=korean()["programs"][fact["name"]],
            aliases=[fact["also"]] if "also" in fact else [],
            kind=PROGRAM_KINDS[fact["kind"]],
            part_of=Program.objects.get(name=part_of) if part_of else None,
            since=ApproximateDate.of(since) if since else None,
            until=ApproximateDate.of(fact["to"]) if "to" in fact else None,
            usual_weeks=fact.get("usual_length_weeks"),
        )
        _from(program, fact["source"])


def graduate_of_2016():
    """The one graduate the record names: trained at Wiltse Memorial Hospital in 2016, spoke at a conference in 2022."""
    activity = record()["exchange_activities"][0]
    speaker = next(
        talk for part in activity["parts"] for talk in part.get("talks", []) if "alumnus_of" in talk
    )
    graduation = Graduation.objects.create(
        trainee=Trainee.objects.create(passport_name=speaker["speaker"]),
        completed=ApproximateDate.of(speaker["alumnus_of"]["year"]),
    )
    graduation.hospitals.set(Hospital.objects.filter(name=speaker["alumnus_of"]["host"]))
    _from(graduation, activity["source"])


def plan_cohort(year, *, by, **more):
    """The record's cohort of that year, in planning, with its head-counts; it names nobody the record does not."""
    fact = next(cohort for cohort in record()["cohorts"] if str(cohort["starts"]).startswith(str(year)))
    cohort = cohorts.plan(
        Program.objects.get(name=fact["program"]),
        by=by,
        code=f"gmtp-{year}",
        name=str(year),
        name_ko=f"{year}년",
        starts=ApproximateDate.of(fact["starts"]),
        ends=ApproximateDate.of(fact["ends"]),
        topics="\n".join(fact.get("topics", [])),
        **more,
    )
    cohort.hospitals.set(Hospital.objects.filter(name__in=fact["hosts"]))
    cohort.home_institutions.set(Institution.objects.filter(name__in=fact["home_institutions"]))
    cohort.specialties.set(Specialty.objects.filter(name__in=fact.get("specialties", [])))
    _from(cohort, fact["source"])
    for count, names in _head_counts(fact):
        line = HeadCount.objects.create(
            cohort=cohort,
            count=ApproximateCount(count),
            note=f"recommended by {fact['recommended_by']}" if "recommended_by" in fact else "",
        )
        line.regions.set(Region.objects.filter(name__in=names))
        _from(line, fact["source"])
    return cohort


def _head_counts(fact):
    """(people, regions) by line: 6 and 4 in 2014; 12 from three countries, the split unknown, in 2022."""
    if "by_region" in fact:
        return [(count, [name]) for name, count in fact["by_region"].items()]
    return [(fact["trainees"], fact["by_country"])]
