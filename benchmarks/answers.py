"""`./dev bench answers`: the page a hospital answers on by its link, and its home, at 1 and 30 placements."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from measure import page

from hospitals.models import Clinician, Coordinator, Department, Hospital, Specialty
from participants.models import Trainee
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.records.approximate import ApproximateDate
from programs import answer_links
from programs.models import Cohort, Enrollment, Placement, Program

FACTS = {"answered_name": "Park", "answer_channel": "phone"}


def main():
    for number in (1, 30):
        coordinator, cohort = _house(number)
        address = reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])
        page(Client(HTTP_HOST="127.0.0.1"), "placement-answer (by the link)", address, number)
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(coordinator.user)
        page(client, "placement-to-answer (home)", reverse("programs:placement-to-answer"), number)
        sheet = reverse("programs:placement-sheet", args=[cohort.pk])
        page(client, "placement-sheet (one-pager)", sheet, number)


def _house(number):
    """A hospital of four departments that is asked for so many trainees, and expects as many."""
    program, _new = Program.objects.get_or_create(name="Answers", defaults={"kind": Program.Kind.INVITATION})
    first_day = timezone.localdate() + timedelta(days=30)
    days = {"first_day": first_day, "last_day": first_day + timedelta(days=25)}
    cohort = Cohort.objects.bulk_create([Cohort(
        program=program, code=f"answers-{number}", name=f"Answers {number}", state="placing",
        starts=ApproximateDate.of(days["first_day"]), ends=ApproximateDate.of(days["last_day"]),
    )])[0]  # fmt: skip
    hospital = Hospital.objects.create(name=f"Hospital of {number}")
    departments = [
        Department.objects.create(
            hospital=hospital, specialty=Specialty.objects.get_or_create(name=f"specialty {n}")[0], seats=60
        )
        for n in range(4)
    ]
    for n, department in enumerate(departments):
        Clinician.objects.create(
            hospital=hospital,
            department=department,
            name=f"Dr. {n}",
            email=f"d{n}@b.example",
            is_supervisor=True,
        )
    now, due = timezone.now(), date.today() + timedelta(days=7)
    for state, facts in (("requested", {}), ("confirmed", FACTS | {"answered_at": now})):
        people = Trainee.objects.bulk_create(
            Trainee(passport_name=f"{state} {number} {n:02d}", email=f"{state}{number}-{n}@b.example")
            for n in range(number)
        )
        enrollments = Enrollment.objects.bulk_create(
            Enrollment(cohort=cohort, trainee=person, state="accepted") for person in people
        )
        Placement.objects.bulk_create(
            Placement(
                enrollment=one, trainee_id=one.trainee_id, department=departments[n % 4], state=state,
                requested_at=now, answer_due=due, **days, **facts,
            )
            for n, one in enumerate(enrollments)
        )  # fmt: skip
    user = create_user(f"coordinator{number}@b.example", name="Park", roles=[Role.COORDINATOR], by=None)
    return Coordinator.objects.create(hospital=hospital, user=user), cohort
