"""Invented people: those who sign in, the departments that host, and the trainees. All are marked as invented."""

from functools import cache

import yaml
from django.utils.translation import gettext as _

from hospitals.models import Clinician, Coordinator, Department, Hospital, Specialty
from participants.models import Trainee
from partners.models import Contact, Institution
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user

from .record import DATA

MEETING_POINTS = [
    ("Main building, information desk", "본관 안내 데스크"),
    ("Main building, 7th floor, nurses’ station", "본관 7층 간호사실"),
    ("Outpatient building, 2nd floor, education office", "외래동 2층 교육실"),
]
LANGUAGE_OF = {"MN": "mn", "UZ": "ru", "KG": "ru"}
# Trainees who can sign in, with the zone they live in.
SIGNING_IN = {"nomin": "Asia/Ulaanbaatar", "dilshod": "Asia/Tashkent", "bolormaa": "Asia/Ulaanbaatar"}


@cache
def facts():
    return yaml.safe_load((DATA / "invented.yaml").read_text())


def load():
    """The departments and their coordinators, a partner's contact, and the trainees."""
    departments()
    closures()
    clinicians()
    coordinators()
    contact()
    trainees()


def _user(email, name, role, *, language="en", **fields):
    return create_user(email, name=name, roles=[role], by=None, language=language, is_invented=True, **fields)


def team():
    for person in facts()["team"]:
        _user(
            person["email"],
            person["name"],
            Role(person["role"]),
            language=person["language"],
            phone="031-000-0001",
        )


def departments():
    hospitals = {hospital.short_name: hospital for hospital in Hospital.objects.all()}
    for hospital in hospitals.values():
        city = hospital.city_ko
        hospital.address_ko = f"{hospital.short_name_ko} 정문\n경기도 {city}\n연수로 12" if city else ""
        hospital.phone = "031-000-0000" if city else ""
        hospital.address_is_invented = True
        hospital.save()
    specialties = {specialty.name: specialty for specialty in Specialty.objects.all()}
    for index, fact in enumerate(facts()["departments"]):
        place, place_ko = MEETING_POINTS[index % len(MEETING_POINTS)]
        Department.objects.create(
            hospital=hospitals[fact["hospital"]],
            specialty=specialties[fact["specialty"]],
            seats=fact["seats"],
            languages=fact["languages"],
            meeting_point=place,
            meeting_point_ko=place_ko,
            is_invented=True,
        )


def _department(fact):
    return Department.objects.get(hospital__short_name=fact["hospital"], specialty__name=fact["specialty"])


def closures():
    for fact in facts()["closures"]:
        _department(fact).closures.create(
            first_day=fact["from"], last_day=fact["to"], reason=fact["reason"], is_invented=True
        )


def clinicians():
    for fact in facts()["clinicians"]:
        Clinician.objects.create(
            hospital=Hospital.objects.get(short_name=fact["hospital"]),
            department=_department(fact) if "specialty" in fact else None,
            name=fact["name"],
            name_ko=fact["name_ko"],
            title=fact["title"],
            title_ko=fact["title_ko"],
            email=fact.get("email", ""),
            is_supervisor="supervisor" in fact["does"],
            is_lecturer="lecturer" in fact["does"],
            is_invented=True,
        )


def coordinators():
    for person in facts()["coordinators"]:
        user = _user(person["email"], person["name"], Role.COORDINATOR, language="ko", phone="031-000-0002")
        Coordinator.objects.create(
            hospital=Hospital.objects.get(short_name=person["hospital"]),
            user=user,
            title="International cooperation team",
        )


def contact():
    institution = Institution.objects.get(name="Health Development Center")
    user = _user(
        "contact@hdc.example", "Oyun Ganzorig", Role.CONTACT, language="en", time_zone="Asia/Ulaanbaatar"
    )
    Contact.objects.create(
        institution=institution,
        office="Human Resource Department",
        name=user.name,
        email=user.email,
        language=user.language,
        user=user,
    )


def trainees():
    institutions = {institution.name: institution for institution in Institution.objects.all()}
    specialties = {specialty.name: specialty for specialty in Specialty.objects.all()}
    for key, person in facts()["trainees"].items():
        email = f"{key}@trainee.example"
        user = None
        if key in SIGNING_IN:
            user = _user(email, person["name"], Role.TRAINEE, time_zone=SIGNING_IN[key])
        Trainee.objects.create(
            passport_name=person["name"],
            local_name=person["local"],
            korean_name=person["korean"],
            nationality=person["country"],
            institution=institutions[person["home"]],
            profession="nurse" if person["specialty"] == "nursing" else "physician",
            specialty=specialties[person["specialty"]],
            languages=person["languages"],
            language=LANGUAGE_OF[person["country"]],
            email=email,
            needs=person["needs"],
            user=user,
            is_invented=True,
        )


def trainee(key):
    return Trainee.objects.get(email=f"{key}@trainee.example")


def acting(email):
    return User.objects.get(email=f"{email}@gyeonggi.example")


def sign_ins():
    """(role, name, e-mail) of those who show the portal from each side."""
    known = facts()
    shown = [(str(Role(person["role"]).label), person["name"], person["email"]) for person in known["team"]]
    shown += [
        (
            _("Hospital coordinator, %(hospital)s") % {"hospital": person["hospital"]},
            person["name"],
            person["email"],
        )
        for person in known["coordinators"][:2]
    ]
    shown.append((_("Partner contact"), "Oyun Ganzorig", "contact@hdc.example"))
    words = {
        "nomin": _("Trainee, in training now"),
        "dilshod": _("Trainee, being placed"),
        "bolormaa": _("Graduate of 2022"),
    }
    return shown + [
        (words[key], known["trainees"][key]["name"], f"{key}@trainee.example") for key in SIGNING_IN
    ]
