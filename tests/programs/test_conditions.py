"""What hospitals ask trainees to show: ticked off by staff, open for everybody it concerns until then."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import effects
from programs.models import Placement
from programs.workflow import answers, changes, conditions, placements
from tests import factories

pytestmark = pytest.mark.django_db
OPEN = "Proof of vaccination"


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


@pytest.fixture
def department():
    return factories.make_department(hospital=factories.make_hospital("Myongji Hospital"), seats=5)


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Kim Officer")


@pytest.fixture
def page(client, cohort, officer):
    client.force_login(officer)
    return reverse("programs:cohort-conditions", args=[cohort.pk])


def accepted(cohort, department, name="Dilshod Rakhimov", kinds=("vaccination",), words="", **fields):
    person = factories.make_trainee(name, **fields)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    placement = factories.make_placement(enrollment=enrollment, department=department, state="requested")
    placements.confirm_with_conditions(placement, by=PORTAL, conditions=words, condition_kinds=kinds)
    return placement


def fresh(placement):
    return Placement.objects.get(pk=placement.pk)


def text(response):
    return " ".join(response.content.decode().split())


def test_staff_tick_off_each_condition_and_the_page_says_who_saw_it_and_when(
    client, page, cohort, department
):
    placement = accepted(cohort, department, kinds=["vaccination", "dress"], words="A letter <of the dean>")
    assert fresh(placement).open_conditions == [
        "proof of vaccination", "clothing, such as a white coat", "A letter <of the dean>",
    ]  # fmt: skip

    for kind in ("vaccination", "words"):
        answer = client.post(page, {"placement": placement.pk, "kind": kind}, follow=True)

    assert "Dilshod Rakhimov: “A letter &lt;of the dean&gt;” is ticked off." in text(answer)
    assert text(answer).count("seen by Kim Officer on 13 October 2026") == 2
    assert fresh(placement).open_conditions == ["clothing, such as a white coat"]
    client.post(page, {"placement": placement.pk, "kind": "words", "open": "1"})
    assert fresh(placement).open_conditions == ["clothing, such as a white coat", "A letter <of the dean>"]
    trail = Event.objects.about(placement).filter(verb__endswith="_condition").order_by("pk")
    assert list(trail.values_list("verb", "reason", "actor_name")) == [
        ("meet_condition", "proof of vaccination", "Kim Officer"),
        ("meet_condition", "A letter <of the dean>", "Kim Officer"),
        ("reopen_condition", "A letter <of the dean>", "Kim Officer"),
    ]


def test_a_double_click_ticks_once_and_keeps_who_was_first(cohort, department, officer):
    placement = accepted(cohort, department)
    conditions.tick(placement, "vaccination", by=officer)
    conditions.tick(placement, "vaccination", by=factories.make_user(Role.OFFICER, name="Later"))
    assert fresh(placement).conditions_met["vaccination"]["by"] == "Kim Officer"
    assert Event.objects.about(placement).filter(verb="meet_condition").count() == 1


def test_what_no_hospital_asks_for_is_not_ticked_off(client, page, cohort, department):
    placement = accepted(cohort, department)
    answer = client.post(page, {"placement": placement.pk, "kind": "dress"}, follow=True)
    assert "The hospital does not ask for this, or not any more." in text(answer)
    assert client.post(page, {"placement": "x", "kind": "dress"}).status_code == 404
    other = accepted(factories.make_cohort(state="nominating"), factories.make_department())
    assert client.post(page, {"placement": other.pk, "kind": "vaccination"}).status_code == 404
    with pytest.raises(NotNow):
        conditions.tick(factories.make_placement(state="confirmed"), "dress", by=PORTAL)


def test_a_viewer_reads_and_a_coordinator_does_not_tick(client, page, cohort, department):
    placement = accepted(cohort, department)
    client.force_login(factories.make_user(Role.VIEWER))
    assert "proof of vaccination" in text(client.get(page))
    board = reverse("programs:cohort-placements", args=[cohort.pk])
    detail = reverse("programs:placement-detail", args=[placement.pk])
    assert ["Tick off" in text(client.get(address)) for address in (page, board, detail)] == [False] * 3
    assert 'name="kind"' not in text(client.get(page))
    client.post(page, {"placement": placement.pk, "kind": "vaccination"})
    assert fresh(placement).conditions_met == {}
    coordinator = factories.make_coordinator(department.hospital).user
    with pytest.raises(PermissionDenied):
        conditions.tick(placement, "vaccination", by=coordinator)


def test_board_today_and_the_trainee_s_page_show_what_is_open_until_it_is_done(
    client, page, cohort, department, officer
):
    placement = accepted(cohort, department)
    places = [
        (reverse("programs:cohort-placements", args=[cohort.pk]), "Still to be shown."),
        (reverse("desk:today"), "1 condition of a hospital is open"),
        (reverse("participants:trainee-detail", args=[placement.trainee_id]), "Still to be shown:"),
        (reverse("programs:placement-detail", args=[placement.pk]), "still open"),
    ]
    for address, words in places:
        assert words in text(client.get(address)), address
    conditions.tick(placement, "vaccination", by=officer)
    for address, words in places:
        assert words not in text(client.get(address)), address


def test_the_hospital_and_the_trainee_see_what_is_still_to_be_shown(client, cohort, department):
    placement = accepted(cohort, department, user=True)
    coordinator = factories.make_coordinator(department.hospital).user
    places = [
        (coordinator, reverse("programs:placement-to-answer"), "Still to be shown:"),
        (placement.trainee.user, reverse("programs:my-schedule"), "What the hospital wants to see"),
    ]
    for reader, address, words in places:
        client.force_login(reader)
        assert words in text(client.get(address))
        assert "proof of vaccination" in text(client.get(address))
    conditions.tick(placement, "vaccination", by=PORTAL)
    for reader, address, words in places:
        client.force_login(reader)
        assert words not in text(client.get(address))


def test_who_starts_the_training_with_open_conditions_is_warned_in_words(cohort, department):
    placement = accepted(cohort, department)
    words = "Still open: Dilshod Rakhimov has to show Myongji Hospital: proof of vaccination"
    assert words in effects.of_start(cohort)
    assert words in effects.of_start_training(placement.enrollment)
    conditions.tick(placement, "vaccination", by=PORTAL)
    assert words not in effects.of_start(cohort)
    assert words not in effects.of_start_training(placement.enrollment)


def test_what_was_shown_counts_for_the_days_that_are_left_of_a_shortened_placement(cohort, department):
    placement = accepted(cohort, department, kinds=["vaccination", "dress"])
    conditions.tick(placement, "vaccination", by=PORTAL)
    last_day = placement.last_day.replace(day=placement.last_day.day - 1)
    changes.shorten(
        fresh(placement), by=PORTAL, reason="ill", first_day=placement.first_day, last_day=last_day
    )
    (now,) = placement.replaced_by.all()
    assert now.open_conditions == ["clothing, such as a white coat"]


def test_an_answer_that_is_taken_back_leaves_no_ticks(cohort, department):
    placement = accepted(cohort, department)
    conditions.tick(placement, "vaccination", by=PORTAL)
    answers.take_back(fresh(placement), by=PORTAL)
    assert fresh(placement).conditions_met == {}


def test_what_is_over_is_not_open_on_today(client, page, cohort, department):
    placement = accepted(cohort, department)
    with clock.at(placement.last_day.replace(day=30)):
        assert "condition of a hospital is open" not in text(client.get(reverse("desk:today")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    client, page, cohort, department, django_assert_num_queries, count
):
    for number in range(count):
        accepted(cohort, department, f"Person {number}", kinds=["vaccination", "dress"])
    OutgoingMail.objects.all().delete()
    client.get(page)
    with django_assert_num_queries(5):
        client.get(page)
