"""The demo's cohorts, brought to where they stand by the workflow verbs, each on the day it would have happened.

Two are the record's (2014 and 2022). Three are invented, around the day of loading, so that every role has
something to do: one in training, one whose last day has passed, one being placed; and one takes nominations.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings

from hospitals.models import Department, Hospital
from participants.models import FollowUp
from participants.workflow import followups
from partners.models import Contact, Mou
from portal.mail import delivery
from portal.records import clock
from portal.records.approximate import ApproximateDate
from programs.models import Certificate, Placement, Program, Release, Session
from programs.workflow import (
    calls,
    certificates,
    cohorts,
    enrollments,
    placements,
    releases,
    requests,
    results,
    schedule_releases,
)

from . import answering, attending, invented, record, today

CLINICAL = "Gyeonggi Province Medical Training Program"
NURSING = "Nursing staff short-term training"
SEASONS = {12: "Winter", 3: "Spring", 6: "Summer", 9: "Autumn"}
SEASONS_KO = {"Winter": "겨울", "Spring": "봄", "Summer": "여름", "Autumn": "가을"}

# trainee: [(first week, last week, hospital, specialty), …]
ROTATIONS_2022 = {
    "bolormaa": [(1, 2, "Wiltse Memorial", "neurosurgery"), (3, 4, "Soonchunhyang Bucheon", "neurosurgery")],
    "temuulen": [(1, 2, "Myongji", "surgery"), (3, 4, "Ansan", "robotic surgery")],
    "oyunaa": [(1, 4, "NHIS Ilsan", "oncology")],
    "enkhtuya": [(1, 2, "Soonchunhyang Bucheon", "neurosurgery"), (3, 4, "Wiltse Memorial", "neurosurgery")],
    "gulnora": [
        (1, 2, "Bucheon St. Mary’s", "obstetrics and gynecology"),
        (3, 4, "Ansan", "obstetrics and gynecology"),
    ],
    "otabek": [(1, 2, "Bundang Jesaeng", "urology"), (3, 4, "NHIS Ilsan", "urology")],
    "shahnoza": [(1, 4, "NHIS Ilsan", "oncology")],
    "jasur": [
        (1, 2, "Bucheon St. Mary’s", "cardiovascular surgery"),
        (3, 4, "Soonchunhyang Bucheon", "cardiovascular surgery"),
    ],
    "aizada": [(1, 2, "Ansan", "robotic surgery"), (3, 4, "Myongji", "surgery")],
    "nurlan": [
        (1, 2, "Soonchunhyang Bucheon", "cardiovascular surgery"),
        (3, 4, "Bucheon St. Mary’s", "cardiovascular surgery"),
    ],
    "cholpon": [
        (1, 3, "Myongji", "surgery"),
        (4, 4, "NHIS Ilsan", "urology"),
    ],  # five at Ilsan: its results show
    "bekzat": [(1, 2, "NHIS Ilsan", "urology"), (3, 4, "Bundang Jesaeng", "urology")],
}
ROTATIONS_RUNNING = {
    "nomin": [(1, 3, "Myongji", "hepato-biliary-pancreatic surgery"), (4, 4, "Myongji", "surgery")],
    "saruul": [(1, 4, "Myongji", "surgery")],
    "gantulga": [(1, 4, "Lee Chun Tek", "orthopedics")],
    "tuvshin": [(1, 2, "Bundang Jesaeng", "urology"), (3, 4, "NHIS Ilsan", "urology")],
    "azamat": [(1, 2, "Wiltse Memorial", "neurosurgery"), (3, 4, "St. Vincent’s", "neurosurgery")],
    "nilufar": [
        (1, 2, "Bucheon St. Mary’s", "obstetrics and gynecology"),
        (3, 4, "Ansan", "obstetrics and gynecology"),
    ],
}
ROTATIONS_ENDED = {
    "munkh": [(1, 2, "Bundang Jesaeng", "nursing")],
    "tsetseg": [(1, 2, "Bundang Jesaeng", "nursing")],
    "malika": [(1, 1, "Bundang Jesaeng", "nursing"), (2, 2, "Myongji", "nursing")],
    "ainura": [(1, 1, "Myongji", "nursing"), (2, 2, "Bundang Jesaeng", "nursing")],
}
ROTATIONS_PLACING = {
    "dilshod": [
        (1, 2, "Bucheon St. Mary’s", "cardiovascular surgery"),
        (3, 3, "Sejong General", "cardiovascular surgery"),
    ],
    "temuulen": [(1, 2, "Myongji", "surgery"), (3, 4, "St. Vincent’s", "surgery")],
    "aizada": [(1, 3, "Myongji", "surgery")],
    "bolormaa": [(1, 2, "Wiltse Memorial", "neurosurgery")],
    "enkhtuya": [(2, 3, "Wiltse Memorial", "neurosurgery")],
}
DRAFTED_LATER = {
    "azamat": [(1, 2, "Wiltse Memorial", "neurosurgery"), (3, 4, "St. Vincent’s", "neurosurgery")],
    "shahnoza": [(1, 2, "NHIS Ilsan", "oncology")],
}


@dataclass
class Scene:
    """One cohort on its way, and who leads it."""

    cohort: object
    monday: date  # of its first week of training
    enrolled: dict = field(default_factory=dict)

    def __post_init__(self):
        self.officer = invented.acting("officer")
        self.manager = invented.acting("manager")

    def take(self, keys):
        """Nominated in the week before, now selected and accepted; the cohort stands at placing afterwards."""
        with clock.at(clock.now() - timedelta(days=6)):
            cohorts.open_nominations(self.cohort, by=self.officer)
            for key in keys:
                person = invented.trainee(key)
                self.enrolled[key] = enrollments.nominate(
                    self.cohort, person, by=self.officer, nominated_by=person.institution
                )
            send_next_day()
        cohorts.close_nominations(self.cohort, by=self.officer)
        for enrollment in self.enrolled.values():
            enrollments.accept(enrollment, by=self.officer)
        send_next_day()
        cohorts.begin_placing(self.cohort, by=self.officer)

    def draft(self, rotations):
        for key, stays in rotations.items():
            for first_week, last_week, hospital, specialty in stays:
                placements.draft(
                    self.enrolled[key],
                    Department.objects.get(hospital__short_name=hospital, specialty__name=specialty),
                    self.monday + timedelta(weeks=first_week - 1),
                    self.monday + timedelta(weeks=last_week - 1, days=4),
                    by=self.officer,
                )

    def confirm(self, requested):
        """The hospitals' answers: by their coordinator, or by phone where a hospital has none in the portal."""
        for placement in requested:
            coordinator = placement.department.hospital.coordinators.first()
            if coordinator:
                placements.confirm(placement, by=coordinator.user)
            else:
                placements.confirm(
                    placement, by=self.officer, channel=Placement.Channel.PHONE, who="Education office"
                )

    def tells_where(self, day):
        """The plan of the placements is given out: trainees and hospitals read who goes where."""
        with clock.at(day):
            releases.release(self.cohort, Release.Kind.PLACEMENTS, by=self.officer)
            send()

    def requested(self):
        return Placement.objects.for_board().awaiting_answer().filter(enrollment__cohort=self.cohort)


def load(say):
    """All scenes, oldest first; what is due between them goes out on its day."""
    of_2014()
    say("  the cohort of 2014, as published")
    of_2022()
    say("  the cohort of 2022, with twelve invented trainees, to their last follow-up")
    monday = clock.today() - timedelta(days=clock.today().weekday())
    ended(monday)
    running(monday)
    placing(monday)
    nominating(monday)
    results.publish_due(say=lambda line: None)
    say("  four invented cohorts: ended, in training, being placed, taking nominations")


def send():
    """Let what is due leave at once; only into the demo's own folder, never through somebody's mail server."""
    if settings.EMAIL_BACKEND.endswith("FolderBackend"):
        delivery.drain()


def send_next_day():
    """What is due on the morning after leaves then."""
    with clock.at(clock.now() + timedelta(days=1)):
        send()


def of_2014():
    officer = invented.acting("officer")
    with clock.at(date(2014, 1, 20)):
        cohort = record.plan_cohort(2014, by=officer)
        cohorts.open_nominations(cohort, by=officer)
        cohorts.close_nominations(cohort, by=officer)
        cohorts.begin_placing(cohort, by=officer)
    with clock.at(date(2014, 5, 26)):
        cohorts.start(cohort, by=officer)
    with clock.at(date(2014, 6, 21)):
        cohorts.complete(cohort, by=officer)
        cohorts.close(cohort, by=officer)


def of_2022():
    with clock.at(date(2022, 7, 18)):
        cohort = record.plan_cohort(
            2022, by=invented.acting("officer"), lead_officer=invented.acting("officer")
        )
    with clock.at(date(2022, 8, 1)):
        # The record's last day is that of the completion ceremony.
        cohort.ceremony_on = cohort.ends.earliest
        cohort.save()
        scene = Scene(cohort, date(2022, 10, 31))
        scene.take(ROTATIONS_2022)
        scene.draft(ROTATIONS_2022)
    with clock.at(date(2022, 9, 5)):
        requests.request_all(cohort, by=scene.officer)
        send()
    with clock.at(date(2022, 9, 8)):
        scene.confirm(scene.requested())
    with clock.at(date(2022, 10, 31)):
        cohorts.start(cohort, by=scene.officer)
        send()
    attending.to_the_end(scene, date(2022, 11, 25))
    with clock.at(date(2022, 11, 25)):
        finish(scene)
    with clock.at(date(2022, 11, 28)):
        cohorts.close(cohort, by=scene.officer)
        send()
    year_of_follow_ups(cohort)


def finish(scene):
    """Complete the cohort; approve and issue every certificate."""
    cohorts.complete(scene.cohort, by=scene.officer)
    for certificate in Certificate.objects.filter(enrollment__cohort=scene.cohort).order_by("pk"):
        certificates.approve(certificate, by=scene.manager)
        certificates.issue(certificate, by=scene.officer)
    send()


# What the invented graduates say they have introduced, one a line.
TECHNIQUES = ("UBE discectomy", "Robotic suture\nUBE discectomy", "Early walking after surgery", "")


def year_of_follow_ups(cohort):
    """A year of due work. Most answer soon, some after a reminder, one never."""
    rows = FollowUp.objects.filter(graduation__enrollment__cohort=cohort)
    silent = invented.trainee("nurlan")
    for due in sorted(set(rows.values_list("due", flat=True))):
        for days in (4, 11, 31):
            with clock.at(due + timedelta(days=days)):
                followups.due_work(say=lambda line: None)
                send()
                waiting = rows.filter(state=FollowUp.State.OPEN).exclude(graduation__trainee=silent)
                for followup in waiting.order_by("pk")[:8] if days < 31 else []:
                    followups.answer(
                        followup,
                        by=followup.graduation.trainee.user or invented.acting("officer"),
                        applied="The technique from the second week is in use on our ward.",
                        procedures=TECHNIQUES[followup.pk % len(TECHNIQUES)],
                        taught=followup.pk % 5 + 1,
                        patients=followup.months * 3,
                        post="same",
                        wishes="A week in robotic surgery.",
                    )


def _name(starts):
    season = SEASONS[(starts.month % 12) // 3 * 3 or 12]
    return f"{season} {starts.year}", f"{starts.year}년 {SEASONS_KO[season]}"


def plan(program, code, monday, weeks, **more):
    friday = monday + timedelta(weeks=weeks - 1, days=4)
    name, name_ko = _name(monday)
    with clock.at(clock.now() - timedelta(days=14)):
        cohort = cohorts.plan(
            Program.objects.get(name=program),
            by=invented.acting("officer"),
            code=f"{code}-{monday:%Y-%m}",
            name=name,
            name_ko=name_ko,
            starts=ApproximateDate.of(monday),
            ends=ApproximateDate.of(friday),
            ceremony_on=friday,
            lead_officer=invented.acting("officer"),
            is_invented=True,
            **more,
        )
    return Scene(cohort, monday)


def _host(scene, rotations):
    """The hospitals of the rotations, and an MOU to run under: the record names none for its own cohorts."""
    scene.cohort.mous.set(Mou.objects.filter(parties__institution__name="Health Development Center"))
    names = {stay[2] for stays in rotations.values() for stay in stays}
    scene.cohort.hospitals.set(Hospital.objects.filter(short_name__in=names))


def ended(this_monday):
    """A two-week cohort whose last day was last Friday: staff complete it, certificates wait."""
    monday = this_monday - timedelta(weeks=2)
    with clock.at(monday - timedelta(days=60)):
        scene = plan(NURSING, "nursing", monday, 2, seats=6)
        _host(scene, ROTATIONS_ENDED)
        scene.take(ROTATIONS_ENDED)
        scene.draft(ROTATIONS_ENDED)
        requests.request_all(scene.cohort, by=scene.officer)
        send()
    with clock.at(monday - timedelta(days=55)):
        scene.confirm(scene.requested())
    scene.tells_where(monday - timedelta(days=21))
    with clock.at(monday):
        cohorts.start(scene.cohort, by=scene.officer)
        send()
    attending.to_the_end(scene, monday + timedelta(days=11), silent=1, said=False)


def running(this_monday):
    """A four-week cohort in its third week: a trainee sees today, a hospital who is there."""
    monday = this_monday - timedelta(weeks=2)
    with clock.at(monday - timedelta(days=80)):
        scene = plan(CLINICAL, "gmtp", monday, 4, seats=10)
        _host(scene, ROTATIONS_RUNNING)
        scene.take(ROTATIONS_RUNNING)
        scene.draft(ROTATIONS_RUNNING)
        requests.request_all(scene.cohort, by=scene.officer)
        send()
    with clock.at(monday - timedelta(days=76)):
        scene.confirm(scene.requested())
    scene.tells_where(monday - timedelta(days=21))
    with clock.at(monday):
        cohorts.start(scene.cohort, by=scene.officer)
        send()
    _sessions(scene)
    today.goes_otherwise(scene)
    today.is_on_now(scene, ["nomin", "saruul"])
    send()
    attending.so_far(scene)


def _sessions(scene):
    for fact in invented.facts()["sessions"]:
        details = dict(fact)
        day = scene.monday + timedelta(weeks=details.pop("week") - 1, days=details.pop("weekday"))
        starts_at = datetime.combine(day, time(details.pop("hour")), clock.SEOUL)
        hospital = details.pop("hospital", None)
        Session.objects.create(
            cohort=scene.cohort,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=details.pop("hours")),
            hospital=Hospital.objects.get(short_name=hospital) if hospital else None,
            is_invented=True,
            **details,
        )
    with clock.at(scene.monday - timedelta(days=5)):
        schedule_releases.release(scene.cohort, by=scene.officer)
        send()


def placing(this_monday):
    """A cohort to come: some hospitals have answered, one is silent past its day, some drafts are not sent.

    What was confirmed first is released, what came later is not; a proposal for the rest waits to be read.
    """
    monday = this_monday + timedelta(weeks=12)
    with clock.at(this_monday - timedelta(days=40)):
        scene = plan(CLINICAL, "gmtp", monday, 4, seats=8)
        rotations = {**ROTATIONS_PLACING, **DRAFTED_LATER}
        _host(scene, rotations)
        scene.take(rotations)
        scene.draft(ROTATIONS_PLACING)
    with clock.at(this_monday - timedelta(days=12)):
        requests.request_all(scene.cohort, by=scene.officer)
        send()
    with clock.at(this_monday - timedelta(days=9)):
        answering.first_answers(scene)
    scene.tells_where(this_monday - timedelta(days=8))
    with clock.at(this_monday - timedelta(days=7)):
        answering.later_answers(scene)
        send()
    with clock.at(this_monday - timedelta(days=2)):
        scene.draft(DRAFTED_LATER)
        answering.propose_the_rest(scene)


def nominating(this_monday):
    monday = this_monday + timedelta(weeks=20)
    with clock.at(this_monday - timedelta(days=5)):
        scene = plan(NURSING, "nursing", monday, 2, seats=8, nominate_by=this_monday + timedelta(weeks=8))
        cohorts.open_nominations(scene.cohort, by=scene.officer)
        calls.invite(scene.cohort, Contact.objects.filter(email="contact@hdc.example"), by=scene.officer)
        answering.ask_for_offers(scene)
    with clock.at(this_monday - timedelta(days=4)):
        send()
