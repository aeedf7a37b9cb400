"""What hospitals have said in the demo: conditions, a request handed on, an offer; and a proposal that waits."""

from datetime import timedelta

from hospitals.models import Clinician, Department, Hospital
from portal.records import clock
from programs.models import Hosting, Placement
from programs.workflow import conditions, hostings, placements, proposals, waiting

# Those that are asked for their offers to the cohort that takes nominations; the first one has answered.
HOSTS = ("Bundang Jesaeng", "Myongji", "NHIS Ilsan")


def first_answers(scene):
    """Bucheon St. Mary's takes one with conditions, Sejong declines by phone; Myongji hands one on, and is silent."""
    for placement in scene.requested():
        hospital, name = placement.department.hospital.short_name, placement.trainee.passport_name
        if hospital == "Bucheon St. Mary’s":
            placements.confirm_with_conditions(
                placement,
                by=_coordinator(placement),
                conditions="수술 참관은 월·수·금 오전에만 가능합니다.",
                condition_kinds=[Placement.Condition.VACCINATION, Placement.Condition.DRESS],
            )
            conditions.tick(placement, Placement.Condition.VACCINATION, by=scene.officer)
        elif hospital == "Sejong General":
            placements.decline(
                placement,
                by=scene.officer,
                reason="No elective surgery in that week.",
                channel=Placement.Channel.PHONE,
                who="Education office",
            )
        elif hospital == "Myongji" and name.startswith("Aizada"):
            supervisor = Clinician.objects.get(email="kwon@myongji.example")
            waiting.forward(placement, by=_coordinator(placement), supervisor=supervisor)


def later_answers(scene):
    """Wiltse confirms one, after the plan was given out."""
    scene.confirm(
        placement
        for placement in scene.requested()
        if placement.department.hospital.short_name == "Wiltse Memorial"
        and placement.trainee.passport_name.startswith("Bolormaa")
    )


def _coordinator(placement):
    return placement.department.hospital.coordinators.first().user


def propose_the_rest(scene):
    """The weeks that are still free, worked out and not kept yet."""
    proposals.ask(scene.cohort, by=scene.officer, stay_weeks=2)
    proposals.work_off()


def ask_for_offers(scene):
    """Three hospitals are asked what they offer; one has said so, two have some days left."""
    cohort, hosts = scene.cohort, list(Hospital.objects.filter(short_name__in=HOSTS).order_by("short_name"))
    cohort.hospitals.set(hosts)
    hostings.ask(cohort, hosts, by=scene.officer, answer_by=clock.today() + timedelta(days=14))
    first = hosts[0]
    nursing = Department.objects.get(hospital=first, specialty__name="nursing")
    weeks = [scene.monday, scene.monday + timedelta(weeks=1)]
    hostings.say(
        cohort, first, by=first.coordinators.first().user, interest=Hosting.Interest.YES,
        note="간호 실습은 3병동에서 진행합니다.", offered={(nursing, monday): 2 for monday in weeks},
    )  # fmt: skip
