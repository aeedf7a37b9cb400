"""Answering without an account: one link to everything that waits at a hospital in a cohort, and to nothing else."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail as sent
from django.core.management import call_command
from django.urls import reverse

from hospitals.workflow import coordinators
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from programs import answer_links
from programs.models import Placement
from programs.workflow import placements, requests, waiting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", name_ko="명지병원", phone="031-111-2222")


@pytest.fixture
def department(hospital):
    return factories.make_department(hospital=hospital, seats=3)


@pytest.fixture
def cohort():
    return factories.make_cohort(
        state="nominating", lead_officer=factories.make_user(name="Kim Lead", phone="031-1")
    )


@pytest.fixture
def coordinator(hospital):
    return factories.make_coordinator(hospital, name="Park Ji-won")


@pytest.fixture
def supervisor(hospital, department):
    return factories.make_clinician(
        hospital, department=department, name="Lee Seung-min", email="lee@hospital.example"
    )


def drafted(cohort, department, name=None, **fields):
    person = factories.make_trainee(name, **fields)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    return factories.make_placement(enrollment=enrollment, department=department)


def asked(cohort, department, *names):
    found = [drafted(cohort, department, name) for name in names or [None]]
    for placement in found:
        placements.request(placement, by=PORTAL)
    return found


def page_of(coordinator, cohort):
    return reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])


def answer(placement, kind, **texts):
    prefix = f"p{placement.pk}"
    return {f"{prefix}-answer": kind} | {f"{prefix}-{name}": text for name, text in texts.items()}


def test_the_mail_has_one_link_for_hospital_and_cohort_and_it_opens_without_an_account(
    client, cohort, department, coordinator
):
    drafted(cohort, department, "Nomin-Erdene Tsogt")
    drafted(cohort, department, "Dilshod Rakhimov")
    requests.request_all(cohort, by=PORTAL)
    text = render.preview(OutgoingMail.objects.get(kind="placement_request"))["text"]
    (link,) = re.findall(r"http\S+/programs/placements/answer/\S+", text)
    page = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert "Nomin-Erdene Tsogt" in page.content.decode()
    assert "Dilshod Rakhimov" in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]


def test_reading_the_page_answers_nothing_and_leaves_no_trace(client, cohort, department, coordinator):
    (placement,) = asked(cohort, department)
    before = Event.objects.count()
    address = page_of(coordinator, cohort)
    query = f"?p{placement.pk}-answer=accept"
    for look in (client.get, client.head, client.options):
        look(address + query)
    placement.refresh_from_db()
    assert placement.state == "requested"
    assert Event.objects.count() == before


def test_everything_is_answered_at_once_and_the_trail_names_who_held_the_link(
    client, cohort, department, coordinator
):
    yes, conditions, no = asked(cohort, department, "One", "Two", "Three")
    data = (
        answer(yes, "accept")
        | answer(conditions, "conditions", conditions="Mornings only")
        | {f"p{conditions.pk}-condition_kinds": ["vaccination", "dress"]}
        | answer(no, "decline", reason="Theatre closed")
    )
    response = client.post(page_of(coordinator, cohort), data, follow=True)
    assert "3 answers are sent. Thank you." in response.content.decode()
    assert "Everything is answered" in response.content.decode()
    said = " ".join(response.content.decode().split("What you have answered")[1].split())
    assert [said.index("<strong>One<") < said.index("Confirmed"), "Declined" in said] == [True, True]
    assert 'call Kim Lead, <a class="text-nowrap" href="tel:031-1">031-1</a>.' in said
    assert [words in said for words in ("Mornings only", "Reason: Theatre closed")] == [True, True]
    for placement in (yes, conditions, no):
        placement.refresh_from_db()
        assert (placement.answered_name, placement.answer_channel) == ("Park Ji-won", "link")
    assert [yes.state, conditions.state, no.state] == ["confirmed", "with_conditions", "declined"]
    assert conditions.condition_kinds == ["vaccination", "dress"]
    event = Event.objects.about(yes).first()
    assert (event.verb, event.actor, event.actor_name) == ("confirm", None, "Park Ji-won")


def test_other_dates_and_another_department_are_proposed_and_the_request_stands(
    client, cohort, department, coordinator
):
    other = factories.make_department(hospital=department.hospital, specialty="cardiology")
    (placement,) = asked(cohort, department)
    data = answer(
        placement,
        "propose",
        first_day="2026-11-09",
        last_day="2026-11-20",
        department=other.pk,
        note="The theatre opens then",
    )
    client.post(page_of(coordinator, cohort), data)
    placement.refresh_from_db()
    assert (placement.state, placement.proposal_department, placement.proposal_name) == (
        "requested",
        other,
        "Park Ji-won",
    )
    assert (placement.proposal_first_day, placement.proposal_last_day) == (
        date(2026, 11, 9),
        date(2026, 11, 20),
    )
    assert not Placement.objects.silent().exists()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"first_day": "2026-11-20", "last_day": "2026-11-09"}, "The last day is before the first."),
        ({"first_day": "soon", "last_day": "2026-11-09"}, "Enter a valid date."),
        ({"first_day": "", "last_day": "2026-11-09"}, "Please name the day."),
        ({"first_day": "2026-12-07", "last_day": "2026-12-11"}, "outside the cohort’s dates"),
        ({"first_day": "2026-11-02", "last_day": "2026-11-27"}, "please accept them"),
    ],
)
def test_a_proposal_that_cannot_be_comes_back_with_what_was_typed(
    client, cohort, department, coordinator, texts, words
):
    (placement,) = asked(cohort, department)
    data = answer(placement, "propose", department=department.pk, note="A word <here>", **texts)
    response = client.post(page_of(coordinator, cohort), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "A word &lt;here&gt;" in response.content.decode()
    placement.refresh_from_db()
    assert placement.proposal_at is None


def test_a_request_handed_on_reaches_the_supervisor_by_one_mail_who_answers_by_its_link(
    client, cohort, department, coordinator, supervisor
):
    one, two, kept = asked(cohort, department, "One", "Two", "Kept Back")
    data = answer(one, "forward", forward_to=supervisor.pk) | answer(two, "forward", forward_to=supervisor.pk)
    client.post(page_of(coordinator, cohort), data)
    (mail,) = OutgoingMail.objects.filter(kind="placement_forwarded")
    assert (mail.address, mail.language, mail.context["items"]) == (
        "lee@hospital.example",
        "ko",
        [one.pk, two.pk],
    )
    address = reverse(
        "programs:placement-answer", args=[answer_links.token_for_supervisor(supervisor, cohort)]
    )
    page = client.get(address, headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "ko"
    assert "Kept Back" not in page.content.decode()
    client.post(address, answer(one, "accept", supervisor=supervisor.pk) | answer(kept, "accept"))
    one.refresh_from_db()
    kept.refresh_from_db()
    assert (one.state, one.answered_name, one.supervisor) == ("confirmed", "Lee Seung-min", supervisor)
    assert kept.state == "requested"


def test_who_needs_longer_names_a_day_and_is_not_reminded_before(client, cohort, department, coordinator):
    (placement,) = asked(cohort, department)
    client.post(page_of(coordinator, cohort), answer(placement, "later", until="2026-10-19"))
    placement.refresh_from_db()
    assert (placement.state, placement.answer_promised) == ("requested", date(2026, 10, 19))
    assert not Placement.objects.silent().exists()
    with clock.at(date(2026, 10, 20)):
        assert Placement.objects.silent().exists()


def test_a_link_opens_one_hospital_in_one_cohort(client, cohort, department, coordinator):
    asked(cohort, department, "Here")
    asked(cohort, factories.make_department(), "Other Hospital")
    asked(factories.make_cohort(state="nominating"), department, "Other Cohort")
    page = client.get(page_of(coordinator, cohort)).content.decode()
    assert "Here" in page
    assert "Other Hospital" not in page
    assert "Other Cohort" not in page


def test_answers_for_others_slipped_into_the_form_change_nothing(client, cohort, department, coordinator):
    (elsewhere,) = asked(cohort, factories.make_department())
    asked(cohort, department)
    client.post(page_of(coordinator, cohort), answer(elsewhere, "accept"))
    elsewhere.refresh_from_db()
    assert elsewhere.state == "requested"


@pytest.mark.parametrize("spoil", ["tampered", "over", "left", "put away"])
def test_a_link_that_has_ended_says_so_and_shows_nobody(client, cohort, department, supervisor, spoil):
    coordinator = factories.make_coordinator(department.hospital)
    (placement,) = asked(cohort, department, "Nomin-Erdene Tsogt")
    waiting.forward(placement, by=PORTAL, supervisor=supervisor)
    address = page_of(coordinator, cohort)
    if spoil == "tampered":
        address = address[:-2] + "x/"
    if spoil == "left":
        coordinators.end(coordinator, by=PORTAL, until=clock.today(), reason="left")
    if spoil == "put away":
        address = reverse(
            "programs:placement-answer", args=[answer_links.token_for_supervisor(supervisor, cohort)]
        )
        supervisor.archived_at = clock.now()
        supervisor.save()
    if spoil == "over":
        with clock.at(cohort.last_day + timedelta(days=30)):
            token = answer_links.links.sign(
                answer_links.PURPOSE,
                {"coordinator": coordinator.pk, "cohort": cohort.pk},
                valid_for=timedelta(seconds=-1),
            )
        address = reverse("programs:placement-answer", args=[token])
    for ask in (client.get, lambda where: client.post(where, answer(placement, "accept"))):
        response = ask(address)
        assert response.status_code == 410
        assert "Nomin-Erdene" not in response.content.decode()
    placement.refresh_from_db()
    assert placement.state == "requested"


def test_the_page_shows_nothing_that_is_the_province_s_to_know(client, cohort, department, coordinator):
    placement = drafted(
        cohort,
        department,
        "Nomin-Erdene Tsogt",
        email="nomin@secret.example",
        phone="+976-5555-1234",
        birth_date=date(1988, 3, 4),
        emergency_contact="Her brother, +976-7777",
    )
    factories.make_passport(placement.trainee, "E7654321", consent=True)
    placements.request(placement, by=PORTAL)
    page = client.get(page_of(coordinator, cohort)).content.decode()
    assert "Nomin-Erdene Tsogt" in page
    for secret in ("secret.example", "5555-1234", "7777", "1988", "Her brother", "E7654321", "321"):
        assert secret not in re.sub(r"(csrf|value|href)[^>]*", "", page)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_costs_the_same_for_one_trainee_and_for_thirty(
    client, cohort, department, coordinator, supervisor, django_assert_num_queries, count
):
    asked(cohort, department, *[f"Person {number}" for number in range(count)])
    address = page_of(coordinator, cohort)
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)


def test_the_link_is_shown_to_no_reader_of_the_mail(cohort, department, coordinator, client):
    drafted(cohort, department)
    requests.request_all(cohort, by=PORTAL)
    mail = OutgoingMail.objects.get(kind="placement_request")
    client.force_login(factories.make_user())
    page = client.get(reverse("mail:outgoingmail-detail", args=[mail.pk])).content.decode()
    assert "/programs/placements/answer/•••" in page


def test_the_mail_leaves_with_the_link(cohort, department, coordinator):
    drafted(cohort, department)
    requests.request_all(cohort, by=PORTAL)
    call_command("drain_outbox", "--once")
    assert any("/programs/placements/answer/" in mail.body for mail in sent.outbox)
