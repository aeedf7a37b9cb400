"""A coordinator's home, the sheet to print, staff's view of who waits for whom; and what none of them ever shows."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import PrivateFile
from programs import answer_links
from programs.models import Review, Reviewer
from programs.workflow import conditions, placements, reminders, waiting
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "programs:placement-to-answer"
NUMBERS = {"requested": "E7654321", "confirmed": "E7654322"}
SECRETS = (
    *NUMBERS.values(),
    "secret.example",
    "5555-1234",
    "Her brother",
    "Home street 9",
    "1988",
    "scored low",
)


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", name_ko="명지병원", phone="031-111-2222")


@pytest.fixture
def department(hospital):
    return factories.make_department(hospital=hospital, seats=3)


@pytest.fixture
def cohort():
    return factories.make_cohort(
        state="nominating", name_ko="2026년 가을 연수", lead_officer=factories.make_user(phone="031-999-0000")
    )


@pytest.fixture
def coordinator(hospital):
    return factories.make_coordinator(hospital, name="Park Ji-won")


def asked(cohort, department, name, state="requested", **fields):
    person = factories.make_trainee(name, **fields)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    return factories.make_placement(enrollment=enrollment, department=department, state=state)


def secret_person(cohort, department, state):
    """Somebody of whom the province knows what no hospital may see."""
    placement = asked(
        cohort,
        department,
        f"Nomin-Erdene {state}",
        state=state,
        email=f"{state}@secret.example",
        phone="+976-5555-1234",
        birth_date=date(1988, 3, 4),
        emergency_contact="Her brother, Home street 9",
        languages=["mn", "en"],
        needs="no pork",
    )
    factories.make_passport(placement.trainee, NUMBERS[state], consent=True)
    reviewer = factories.make_user()
    Reviewer.objects.create(cohort=cohort, user=reviewer)
    Review.objects.create(enrollment=placement.enrollment, reviewer=reviewer, comment="scored low")
    return placement


def test_home_tells_who_is_here_and_comes_with_what_the_ward_needs(client, cohort, department, coordinator):
    doctor = factories.make_clinician(department.hospital, name="Lee Seung-min")
    placement = asked(
        cohort,
        department,
        "Nomin-Erdene Tsogt",
        korean_name="노민에르데네",
        languages=["mn"],
        needs="no pork",
    )
    placements.confirm(placement, by=PORTAL, supervisor=doctor)
    placement.trainee.photo = PrivateFile.objects.store(b"x", name="n.png", content_type="image/png")
    placement.trainee.save()
    department.closures.create(first_day=date(2026, 12, 24), last_day=date(2026, 12, 31), reason="Year’s end")
    factories.make_coordinator(department.hospital, name="Second Person", phone="031-5")
    client.force_login(coordinator.user)
    page = " ".join(client.get(reverse(HOME)).content.decode().split())
    later = page.split("Coming next")[1]
    for words in (
        "Nomin-Erdene Tsogt",
        "노민에르데네",
        "Mongolian",
        "no pork",
        "Lee Seung-min",
        "2–27 November",
    ):
        assert words in later
    assert reverse("programs:placement-photo", args=[placement.pk]) in later
    assert "2 of 3 free" in later
    assert "Year’s end" in later
    assert "Second Person" in later
    assert reverse("programs:placement-sheet", args=[cohort.pk]) in later


def test_no_page_of_a_hospital_shows_what_is_the_province_s_to_know(client, cohort, department, coordinator):
    waits, comes = (secret_person(cohort, department, state) for state in ("requested", "confirmed"))
    waiting.propose(waits, by=PORTAL, first_day=date(2026, 11, 9), last_day=date(2026, 11, 20), who="Park")
    token = answer_links.token_for(coordinator, cohort)
    signed_in = [
        reverse(HOME),
        reverse("programs:placement-sheet", args=[cohort.pk]),
        *(
            reverse(f"programs:placement-{name}", args=[placement.pk])
            for placement in (waits, comes)
            for name in ("detail", "confirm", "propose", "forward", "promise", "choose-supervisor")
        ),
    ]
    by_link = [reverse(f"programs:placement-answer{part}", args=[token]) for part in ("", "-sheet")]
    pages = [client.get(address).content.decode() for address in by_link]
    client.force_login(coordinator.user)
    pages += [client.get(address).content.decode() for address in signed_in]
    for page in pages:
        assert "Nomin-Erdene" in page
        assert [secret for secret in SECRETS if secret in page] == []


def test_the_link_serves_the_photos_of_those_it_asks_for_and_no_others(
    client, cohort, department, coordinator
):
    placement = asked(cohort, department, "Somebody")
    bare = asked(cohort, department, "Without Photo")
    placement.trainee.photo = PrivateFile.objects.store(b"photo", name="n.png", content_type="image/png")
    placement.trainee.save()
    token = answer_links.token_for(coordinator, cohort)
    by_link = reverse("programs:placement-answer-photo", args=[token, placement.pk])
    assert b"".join(client.get(by_link).streaming_content) == b"photo"
    assert client.get(by_link.replace(token, token[:-2])).status_code == 404
    assert client.get(by_link.replace(f"/{placement.pk}/", f"/{bare.pk}/")).status_code == 404
    elsewhere = asked(cohort, factories.make_department(), "Elsewhere")
    assert client.get(by_link.replace(f"/{placement.pk}/", f"/{elsewhere.pk}/")).status_code == 404


def test_the_sheet_is_in_korean_for_every_reader_and_has_the_hospital_s_own_people_only(
    client, cohort, department, coordinator
):
    asked(cohort, department, "Here", korean_name="여기", state="confirmed")
    asked(cohort, department, "Cancelled One", state="cancelled")
    asked(cohort, factories.make_department(), "Elsewhere", state="confirmed")
    client.force_login(coordinator.user)
    response = client.get(reverse("programs:placement-sheet", args=[cohort.pk]))
    page = response.content.decode()
    assert response.headers["Content-Language"] == "ko"
    for words in ("여기", "Here", "명지병원", "2026년 가을 연수", "031-999-0000"):
        assert words in page
    assert "Elsewhere" not in page
    assert "Cancelled One" not in page
    client.force_login(factories.make_user(Role.VIEWER))
    assert "Elsewhere" in client.get(reverse("programs:placement-sheet", args=[cohort.pk])).content.decode()


def test_the_sheet_says_which_conditions_are_still_open_and_who_has_seen_the_others(
    client, cohort, department, coordinator
):
    placement = asked(cohort, department, "Here")
    placements.confirm_with_conditions(
        placement, by=PORTAL, condition_kinds=["vaccination"], conditions="편지"
    )
    conditions.tick(placement, "vaccination", by=factories.make_user(name="Kim Officer"))
    client.force_login(coordinator.user)
    page = client.get(reverse("programs:placement-sheet", args=[cohort.pk])).content.decode()
    assert page.count("아직 확인되지 않음:</strong> 편지") == page.count("아직 확인되지 않음") == 1
    assert page.count("Kim Officer") == 1


@pytest.mark.parametrize("count", [1, 3, 30])
def test_home_costs_the_same_for_one_and_for_thirty(
    client, cohort, department, coordinator, django_assert_num_queries, count
):
    department.seats = count
    department.save()
    for number in range(count):
        asked(cohort, department, f"Asked {number}")
        placements.confirm(asked(cohort, department, f"Comes {number}"), by=PORTAL)
        factories.make_coordinator(department.hospital)
    client.force_login(coordinator.user)
    client.get(reverse(HOME))
    with django_assert_num_queries(10):
        client.get(reverse(HOME))


# Staff ---------------------------------------------------------------------------------------------------


def test_staff_see_at_a_glance_who_waits_for_whom_since_when_and_whom_to_call(
    client, cohort, department, coordinator, hospital
):
    coordinator.user.phone = "031-777-8888"
    coordinator.user.save()
    doctor = factories.make_clinician(hospital, name="Lee Seung-min", email="lee@hospital.example")
    silent, proposes, forwarded, promised = (
        asked(cohort, department, name) for name in ("Silent", "Proposes", "Forwarded", "Promised")
    )
    waiting.propose(
        proposes, by=PORTAL, first_day=date(2026, 11, 9), last_day=date(2026, 11, 20), who="Park Ji-won"
    )
    waiting.forward(forwarded, by=PORTAL, supervisor=doctor)
    waiting.promise(promised, by=PORTAL, until=date(2026, 10, 30))
    client.force_login(factories.make_user(Role.OFFICER))
    page = " ".join(client.get(reverse(HOME)).content.decode().split())
    ours = page.split("Hospitals wait for us")[1]
    assert "Park Ji-won proposes Myongji Hospital, Surgery, 9–20 November 2026." in ours
    assert "us: decide on the proposal" in page
    assert "Myongji Hospital, which answers by Friday, 30 October 2026" in page
    assert "To call" not in page
    with clock.at(clock.today() + timedelta(days=9)):
        page = " ".join(client.get(reverse(HOME)).content.decode().split())
    to_call = page.split("To call")[1].split("<table")[0]
    for words in ("031-111-2222", "031-777-8888", "Lee Seung-min", "2 trainees, asked on"):
        assert words in to_call
    assert silent.trainee.passport_name in page


@pytest.mark.parametrize("count", [1, 3])
def test_staff_s_page_costs_the_same_for_one_and_for_three(client, cohort, django_assert_num_queries, count):
    for number in range(count):
        house = factories.make_department(specialty=f"s{number}")
        factories.make_coordinator(house.hospital)
        asked(cohort, house, f"Asked {number}")
    client.force_login(factories.make_user(Role.OFFICER))
    with clock.at(clock.today() + timedelta(days=9)):
        client.get(reverse(HOME))
        with django_assert_num_queries(8):
            client.get(reverse(HOME))


# Reminders -----------------------------------------------------------------------------------------------


def remind(days):
    with clock.at(clock.now() + timedelta(days=days)):
        return reminders.due_work(say=lambda line: None)


def test_the_silent_are_reminded_on_the_third_and_the_sixth_day_and_called_afterwards(
    cohort, department, coordinator
):
    asked(cohort, department, "Silent")
    assert [remind(days) for days in (0, 2, 3, 3, 4, 5, 6, 6, 7, 9)] == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    mail = OutgoingMail.objects.filter(kind="placement_reminder").earliest("pk")
    text = render.preview(mail)["text"]
    assert "We have not heard from Myongji Hospital yet. Please answer by Tuesday, 20 October 2026." in text
    assert "/programs/placements/answer/" in text


def test_who_has_said_anything_is_not_reminded(cohort, department, coordinator, hospital):
    doctor = factories.make_clinician(hospital, email="lee@hospital.example")
    proposes, forwarded, promised, confirmed = (
        asked(cohort, department, name) for name in ("A", "B", "C", "D")
    )
    waiting.propose(proposes, by=PORTAL, first_day=date(2026, 11, 9), last_day=date(2026, 11, 20))
    waiting.forward(forwarded, by=PORTAL, supervisor=doctor)
    waiting.promise(promised, by=PORTAL, until=date(2026, 10, 25))
    placements.confirm(confirmed, by=PORTAL)
    assert remind(3) == 0


def test_a_reminder_put_before_the_answer_does_not_leave(cohort, department, coordinator):
    placement = asked(cohort, department, "Silent")
    remind(3)
    placements.confirm(placement, by=PORTAL)
    mail = OutgoingMail.objects.get(kind="placement_reminder")
    with pytest.raises(Exception, match="has said something"):
        render.kinds.get(mail.kind).wanted(mail)


def test_after_a_pause_only_the_latest_reminder_is_sent(cohort, department, coordinator):
    asked(cohort, department, "Silent")
    assert remind(6) == 1
