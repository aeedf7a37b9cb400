"""Asking hospitals, and their answers."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records.actors import PORTAL
from programs import rules, seats, workflow
from programs.models import Placement
from programs.workflow import placements
from tests import factories

pytestmark = pytest.mark.django_db

TO_ANSWER = "programs:placement-to-answer"


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", name_ko="명지병원", phone="031-111-2222")


@pytest.fixture
def department(hospital):
    return factories.make_department(hospital=hospital, seats=3)


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating", lead_officer=factories.make_user(name="Kim Lead"))


@pytest.fixture
def coordinator(hospital):
    return factories.make_coordinator(hospital, name="Park Ji-won").user


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Lee Officer")


def signed_in(client, user):
    client.force_login(user)
    return client


def requested(cohort, department, name=None, **fields):
    dates = {key: fields.pop(key) for key in ("first_day", "last_day", "half") if key in fields}
    trainee = factories.make_trainee(name, **fields)
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=trainee, state="accepted", wishes="Liver resection"
    )
    return factories.make_placement(enrollment=enrollment, department=department, state="requested", **dates)


def answered(placement, answer, **texts):
    prefix = f"p{placement.pk}"
    return {f"{prefix}-answer": answer} | {f"{prefix}-{name}": text for name, text in texts.items()}


# The coordinator's page -----------------------------------------------------------------------------


def test_coordinator_sees_who_is_asked_for_until_when_and_the_seats_left(
    client, cohort, department, coordinator
):
    asked = requested(
        cohort, department, "Nomin-Erdene Tsogt", korean_name="노민에르데네 촉트", needs="no pork"
    )
    factories.make_placement(
        enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
        department=department,
        state="confirmed",
    )
    page = signed_in(client, coordinator).get(reverse(TO_ANSWER)).content.decode()
    text = " ".join(page.split())
    assert text.index("Nomin-Erdene Tsogt") < text.index('lang="ko">노민에르데네 촉트</span>')
    assert "2 of 3 free" in text
    assert "2–27 November 2026, 4 weeks" in text
    assert "no pork" in text
    assert "Liver resection" in text
    assert "First National Hospital" in text
    assert "by <strong>Tuesday, 20 October 2026</strong>" in text
    assert f'name="p{asked.pk}-answer"' in text


def test_coordinator_never_sees_what_is_the_province_s_to_know(client, cohort, department, coordinator):
    placement = requested(
        cohort,
        department,
        "Nomin-Erdene Tsogt",
        email="nomin@secret.example",
        phone="+976-5555-1234",
        birth_date=date(1988, 3, 4),
        emergency_contact="Her brother, +976-7777",
        nationality="MN",
    )
    client = signed_in(client, coordinator)
    for address in (
        reverse(TO_ANSWER),
        reverse("programs:placement-detail", args=[placement.pk]),
        reverse("programs:placement-confirm", args=[placement.pk]),
    ):
        page = client.get(address).content.decode()
        assert "Nomin-Erdene Tsogt" in page
        for secret in ("secret.example", "5555-1234", "7777", "1988", "Her brother"):
            assert secret not in page


def test_coordinator_sees_nothing_of_another_hospital(client, cohort, coordinator):
    elsewhere = requested(cohort, factories.make_department(), "Someone Elsewhere")
    client = signed_in(client, coordinator)
    assert "Someone Elsewhere" not in client.get(reverse(TO_ANSWER)).content.decode()
    assert client.get(reverse("programs:placement-detail", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("verb", ["confirm", "confirm-with-conditions", "decline"])
def test_coordinator_of_another_hospital_gets_404(client, cohort, department, verb):
    placement = requested(cohort, department)
    stranger = factories.make_coordinator(factories.make_hospital()).user
    address = reverse(f"programs:placement-{verb}", args=[placement.pk])
    assert signed_in(client, stranger).get(address).status_code == 404
    assert client.post(address, {"conditions": "x", "reason": "x"}).status_code == 404
    placement.refresh_from_db()
    assert placement.state == "requested"


def test_answers_for_another_hospital_slipped_into_the_form_change_nothing(
    client, cohort, department, coordinator
):
    elsewhere = requested(cohort, factories.make_department())
    signed_in(client, coordinator).post(reverse(TO_ANSWER), answered(elsewhere, "accept"))
    elsewhere.refresh_from_db()
    assert elsewhere.state == "requested"


def test_one_button_sends_every_answer_that_was_chosen(client, cohort, department, coordinator):
    taken, conditional, refused, later, untouched = (requested(cohort, department) for _ in range(5))
    data = (
        answered(taken, "accept")
        | answered(conditional, "conditions", conditions="Mornings only")
        | answered(refused, "decline", reason="Theatre closed")
        | answered(later, "later")
    )
    response = signed_in(client, coordinator).post(reverse(TO_ANSWER), data, follow=True)
    assert [p.state for p in Placement.objects.order_by("pk")] == [
        "confirmed",
        "with_conditions",
        "declined",
        "requested",
        "requested",
    ]
    conditional.refresh_from_db()
    assert conditional.conditions == "Mornings only"
    assert conditional.answered_name == "Park Ji-won"
    assert conditional.answer_channel == "portal"
    assert "3 answers are sent. Thank you." in response.content.decode()
    assert "Placement requests for 2 trainees" in response.content.decode()
    assert untouched.trainee.passport_name in response.content.decode()


def test_an_answer_that_finds_no_seat_comes_back_and_the_others_are_done(
    client, cohort, hospital, coordinator
):
    single = factories.make_department(hospital=hospital, specialty="cardiology", seats=1)
    first, second = requested(cohort, single, "First Comer"), requested(cohort, single, "Second Comer")
    data = answered(first, "conditions", conditions="With a mask") | answered(
        second, "conditions", conditions="Only if nobody else comes"
    )
    response = signed_in(client, coordinator).post(reverse(TO_ANSWER), data)
    first.refresh_from_db()
    second.refresh_from_db()
    page = response.content.decode()
    assert response.status_code == 422
    assert (first.state, second.state) == ("with_conditions", "requested")
    assert "No seat is free: the department has 1 seat in these days" in page
    assert "Only if nobody else comes" in page
    assert f'href="#ask-{second.pk}">Second Comer' in page
    assert "1 answer is sent" in page


def test_conditions_and_reasons_must_be_written(client, cohort, department, coordinator):
    one, two = requested(cohort, department), requested(cohort, department)
    data = answered(one, "conditions", conditions=" ") | answered(two, "decline")
    response = signed_in(client, coordinator).post(reverse(TO_ANSWER), data)
    assert response.status_code == 422
    assert "Please choose or write the conditions" in response.content.decode()
    assert "Please write why" in response.content.decode()
    assert set(Placement.objects.values_list("state", flat=True)) == {"requested"}


def test_sending_the_same_answers_twice_is_harmless(client, cohort, department, coordinator):
    placement = requested(cohort, department)
    client = signed_in(client, coordinator)
    client.post(reverse(TO_ANSWER), answered(placement, "accept"))
    again = client.post(
        reverse(TO_ANSWER), answered(placement, "decline", reason="changed my mind"), follow=True
    )
    placement.refresh_from_db()
    assert placement.state == "confirmed"
    assert "had been answered before" in again.content.decode()


def test_sending_nothing_says_that_nothing_was_chosen(client, cohort, department, coordinator):
    requested(cohort, department)
    page = signed_in(client, coordinator).post(reverse(TO_ANSWER), {}, follow=True).content.decode()
    assert "No answer was chosen" in page


def test_who_is_here_and_who_comes_next_stand_below(client, cohort, department, coordinator):
    with factories.clock.at(factories.MONDAY):
        here = requested(cohort, department, "Here Today", needs="vegetarian", last_day=date(2026, 11, 6))
        next_week = factories.week(3)
        coming = requested(cohort, department, "Coming Later", first_day=next_week[0], last_day=next_week[1])
        placements.confirm(here, by=PORTAL)
        placements.confirm(coming, by=PORTAL)
        text = " ".join(signed_in(client, coordinator).get(reverse(TO_ANSWER)).content.decode().split())
    now, later = text.split("Here now")[1].split("Coming next")
    assert "Here Today" in now
    assert "vegetarian" in now
    assert "Coming Later" not in now
    assert "Coming Later" in later


def test_the_page_is_in_the_coordinator_s_language(client, hospital):
    reader = factories.make_coordinator(
        hospital, user=factories.make_user(Role.COORDINATOR, language="ko")
    ).user
    response = signed_in(client, reader).get(reverse(TO_ANSWER))
    assert response.headers["Content-Language"] == "ko"
    assert "명지병원" in response.content.decode()


def test_staff_see_whom_to_call_and_cannot_answer_as_if_they_were_the_hospital(
    client, cohort, department, officer
):
    placement = requested(cohort, department)
    client = signed_in(client, officer)
    page = client.get(reverse(TO_ANSWER)).content.decode()
    assert "031-111-2222" in page
    assert reverse("programs:placement-decline", args=[placement.pk]) in page
    client.post(reverse(TO_ANSWER), answered(placement, "accept"))
    placement.refresh_from_db()
    assert placement.state == "requested"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_trainee_and_for_three(
    client, cohort, department, coordinator, django_assert_num_queries, count
):
    other = factories.make_department(hospital=department.hospital, specialty="cardiology", seats=9)
    for _ in range(count):
        requested(cohort, department)
        placements.confirm(requested(cohort, other), by=PORTAL)
    client = signed_in(client, coordinator)
    client.get(reverse(TO_ANSWER))
    with django_assert_num_queries(10):
        client.get(reverse(TO_ANSWER))


# One placement --------------------------------------------------------------------------------------


def test_coordinator_confirms_on_the_placement_s_own_screen(client, cohort, department, coordinator):
    placement = requested(cohort, department)
    address = reverse("programs:placement-confirm", args=[placement.pk])
    client = signed_in(client, coordinator)
    assert "One seat in" in client.get(address).content.decode()
    assert client.post(address).url == reverse("programs:placement-detail", args=[placement.pk])
    placement.refresh_from_db()
    assert (placement.state, placement.answered_by, placement.answer_channel) == (
        "confirmed",
        coordinator,
        "portal",
    )


def test_staff_record_an_answer_by_phone_with_the_name_of_who_gave_it(client, cohort, department, officer):
    placement = requested(cohort, department)
    client = signed_in(client, officer)
    address = reverse("programs:placement-confirm-with-conditions", args=[placement.pk])
    assert client.post(address, {"conditions": "Afternoons only"}).status_code == 422
    client.post(address, {"conditions": "Afternoons only", "channel": "phone", "who": "Dr. Choi"})
    placement.refresh_from_db()
    assert placement.state == "with_conditions"
    assert (placement.answer_channel, placement.answered_name, placement.answered_by) == (
        "phone",
        "Dr. Choi",
        officer,
    )
    page = client.get(reverse("programs:placement-detail", args=[placement.pk])).content.decode()
    assert "Dr. Choi" in page
    assert "Afternoons only" in page


def test_staff_decline_in_the_hospital_s_name_with_its_reason(client, cohort, department, officer):
    placement = requested(cohort, department)
    address = reverse("programs:placement-decline", args=[placement.pk])
    signed_in(client, officer).post(address, {"reason": "Renovation", "channel": "paper", "who": "Dr. Choi"})
    placement.refresh_from_db()
    assert (placement.state, placement.decline_reason) == ("declined", "Renovation")


def test_beyond_the_seats_staff_give_a_reason_and_a_coordinator_is_not_asked_for_one(
    client, cohort, hospital, coordinator, officer
):
    single = factories.make_department(hospital=hospital, specialty="cardiology", seats=1)
    placements.confirm(requested(cohort, single), by=PORTAL)
    placement = requested(cohort, single)
    address = reverse("programs:placement-confirm", args=[placement.pk])
    page = signed_in(client, coordinator).get(address).content.decode()
    assert "overbook_reason" not in page
    assert client.post(address, {"overbook_reason": "please"}).status_code == 409
    client = signed_in(client, officer)
    assert "overbook_reason" in client.get(address).content.decode()
    data = {
        "channel": "phone",
        "who": "Dr. Choi",
        "overbook_reason": "The professor agreed to a second place",
    }
    client.post(address, data)
    placement.refresh_from_db()
    assert (placement.state, placement.overbook_reason) == (
        "confirmed",
        "The professor agreed to a second place",
    )


def test_cancelling_says_who_gets_a_mail_and_needs_a_reason(client, cohort, department, coordinator, officer):
    placement = requested(cohort, department)
    address = reverse("programs:placement-cancel", args=[placement.pk])
    client = signed_in(client, officer)
    assert "1 mail will be sent, to Park Ji-won." in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    done = client.post(address, {"reason": "The trainee is ill"})
    assert done.url == reverse("programs:cohort-placements", args=[placement.enrollment.cohort_id])
    placement.refresh_from_db()
    assert placement.state == "cancelled"
    assert OutgoingMail.objects.get(kind="placement_cancelled").address == coordinator.email


def test_coordinator_may_not_cancel(client, cohort, department, coordinator):
    placement = requested(cohort, department)
    address = reverse("programs:placement-cancel", args=[placement.pk])
    assert signed_in(client, coordinator).post(address, {"reason": "x"}).status_code == 403


def test_a_viewer_reads_a_placement_and_may_not_answer(client, cohort, department):
    placement = requested(cohort, department)
    client = signed_in(client, factories.make_user(Role.VIEWER))
    page = client.get(reverse("programs:placement-detail", args=[placement.pk]))
    assert page.status_code == 200
    assert "/confirm/" not in page.content.decode()
    assert client.get(reverse("programs:placement-confirm", args=[placement.pk])).status_code == 403


def test_coordinator_sees_no_draft(client, cohort, department, coordinator):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    draft = factories.make_placement(enrollment=enrollment, department=department)
    address = reverse("programs:placement-detail", args=[draft.pk])
    assert signed_in(client, coordinator).get(address).status_code == 404


def test_the_placement_tells_its_history(client, cohort, department, officer, coordinator):
    placement = requested(cohort, department)
    placements.decline(placement, by=coordinator, reason="Theatre closed")
    page = (
        signed_in(client, officer)
        .get(reverse("programs:placement-detail", args=[placement.pk]))
        .content.decode()
    )
    history = page.split('id="h-history"')[1]
    assert history.index("Decline") < history.index("Send the request") < history.index("Drafted")
    assert "Theatre closed" in history


@pytest.mark.parametrize("who", ["officer", "coordinator"])
def test_the_placement_s_page_costs_at_most_twelve_queries(
    client, cohort, department, who, request, django_assert_max_num_queries
):
    placement = requested(cohort, department)
    client = signed_in(client, request.getfixturevalue(who))
    address = reverse("programs:placement-detail", args=[placement.pk])
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)


# A new one ------------------------------------------------------------------------------------------


def test_staff_draft_a_placement_and_see_the_seats_left(client, cohort, department, officer):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    placements.confirm(requested(cohort, department), by=PORTAL)
    address = reverse("programs:placement-create", args=[enrollment.pk])
    client = signed_in(client, officer)
    page = client.get(address, {"first_day": "2026-11-09", "last_day": "2026-11-13"}).content.decode()
    assert 'label="Myongji Hospital"' in page
    assert "Myongji Hospital, Surgery: 2 of 3 free" in page
    assert 'value="2026-11-09"' in page
    data = {
        "department": department.pk,
        "first_day": "2026-11-09",
        "last_day": "2026-11-13",
        "half": "morning",
    }
    assert client.post(address, data).status_code == 302
    drafted = Placement.objects.get(enrollment=enrollment)
    assert (drafted.state, drafted.half, drafted.first_day) == ("draft", "morning", date(2026, 11, 9))


def test_broken_rules_come_back_in_words(client, cohort, department, officer):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    address = reverse("programs:placement-create", args=[enrollment.pk])
    data = {"department": department.pk, "first_day": "2026-12-07", "last_day": "2026-12-11", "half": "whole"}
    response = signed_in(client, officer).post(address, data)
    assert response.status_code == 422
    assert "outside the cohort’s dates" in response.content.decode()
    assert not Placement.objects.exists()


def test_days_in_the_wrong_order_are_said_beside_the_field(client, cohort, department, officer):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    address = reverse("programs:placement-create", args=[enrollment.pk])
    data = {"department": department.pk, "first_day": "2026-11-13", "last_day": "2026-11-09", "half": "whole"}
    assert (
        "The last day is before the first." in signed_in(client, officer).post(address, data).content.decode()
    )


def test_nonsense_in_the_query_string_does_no_harm(client, cohort, officer):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    address = reverse("programs:placement-create", args=[enrollment.pk])
    assert (
        signed_in(client, officer).get(address, {"first_day": "soon", "department": "x"}).status_code == 200
    )


def test_a_coordinator_drafts_nothing(client, cohort, coordinator):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    assert (
        signed_in(client, coordinator)
        .get(reverse("programs:placement-create", args=[enrollment.pk]))
        .status_code
        == 403
    )


# What must hold however somebody gets there -----------------------------------------------------------


@pytest.mark.parametrize("verb", ["withdraw", "reject"])
def test_somebody_who_does_not_come_is_not_placed(client, verb):
    enrollment = factories.make_enrollment()
    getattr(workflow.enrollments, verb)(enrollment, by=PORTAL, reason="ill")
    client.force_login(factories.make_user())
    department = factories.make_department()
    answer = client.post(
        f"/programs/placements/create/{enrollment.pk}/",
        {"department": department.pk, "first_day": "2026-11-02", "last_day": "2026-11-06", "half": "whole"},
    )
    assert answer.status_code in (404, 409, 422)
    assert not Placement.objects.exists()


def test_a_request_of_somebody_withdrawn_meanwhile_cannot_be_confirmed():
    placement = factories.make_placement(state="requested")
    placement.enrollment.__dict__["state"] = "withdrawn"
    assert "The trainee is not accepted into the cohort, or not any more." in rules.broken(placement)


def test_a_coordinator_never_sees_a_draft_that_was_cancelled_before_anybody_asked(client):
    placement = factories.make_placement()
    workflow.placements.cancel(placement, by=PORTAL, reason="failed the check")
    coordinator = factories.make_coordinator(placement.department.hospital)
    client.force_login(coordinator.user)
    assert client.get(f"/programs/placements/{placement.pk}/").status_code == 404


def test_a_coordinator_who_once_trained_here_still_answers(client):
    placement = factories.make_placement(state="requested")
    user = factories.make_user([Role.COORDINATOR, Role.TRAINEE])
    factories.make_coordinator(placement.department.hospital, user=user)
    client.force_login(user)
    assert client.get(f"/programs/placements/{placement.pk}/").status_code == 200


@pytest.mark.parametrize("digits", ["1" * 25, "1" * 5000, "٣", "²", "x", ""])
def test_a_forged_number_among_the_answers_is_no_error(client, coordinator, digits):
    sent = urlencode({f"p{digits}-answer": "accept"})
    response = signed_in(client, coordinator).post(
        reverse(TO_ANSWER), sent, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 302


def test_seats_are_counted_within_the_cohort_whatever_days_are_asked_for(
    client, officer, cohort, department, monkeypatch
):
    counted = []
    monkeypatch.setattr(seats, "left_in", lambda departments, *days, instead_of: counted.append(days) or {})
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    address = reverse("programs:placement-create", args=[enrollment.pk])
    days = {"first_day": "0001-01-01", "last_day": "9999-12-31"}
    assert signed_in(client, officer).get(address, days).status_code == 200
    assert client.post(address, {"half": "whole", **days}).status_code == 422
    assert counted == [(factories.MONDAY, factories.FRIDAY)] * 2
