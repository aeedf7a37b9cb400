"""Deciding on a trainee in a cohort, one screen a decision."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from participants.models import Graduation, Trainee
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import workflow
from programs.models import Certificate, Enrollment, Placement
from tests import factories

pytestmark = pytest.mark.django_db

VERBS = ["accept", "put-on-reserve", "reject", "start-training", "complete", "fail", "withdraw"]


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def screen(enrollment, verb):
    return reverse(f"programs:enrollment-{verb}", args=[enrollment.pk])


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRAINEE, Role.COORDINATOR, Role.CONTACT])
def test_only_who_runs_cohorts_may_decide(client, role, verb):
    enrollment = factories.make_enrollment(trainee=factories.make_trainee("Bolormaa Dorj"))
    client.force_login(factories.make_user(role))

    response = client.post(screen(enrollment, verb), {"reason": "because"})

    assert response.status_code == 403
    assert "Bolormaa Dorj" not in text_of(response)
    assert Enrollment.objects.get().state == "nominated"


@pytest.mark.parametrize(
    ("verb", "before", "answers", "after"),
    [
        ("accept", "nominated", {"note": ""}, "accepted"),
        ("accept", "reserve", {"note": "somebody left"}, "accepted"),
        ("put-on-reserve", "nominated", {"note": ""}, "reserve"),
        ("reject", "nominated", {"reason": "no license"}, "rejected"),
        ("start-training", "accepted", {}, "in_training"),
        ("fail", "in_training", {"reason": "left early"}, "not_completed"),
        ("withdraw", "accepted", {"reason": "no visa"}, "withdrawn"),
    ],
)
def test_a_decision_is_asked_on_get_and_made_on_post(client, officer, verb, before, answers, after):
    enrollment = factories.make_enrollment(state=before, trainee=factories.make_trainee("Bolormaa Dorj"))
    url = screen(enrollment, verb)

    asked = client.get(url)
    assert asked.status_code == 200
    assert "Bolormaa Dorj" in text_of(asked)
    assert Enrollment.objects.get().state == before

    with factories.not_before(enrollment.cohort.first_day):
        done = client.post(url, answers)
    assert (done.status_code, done.url) == (302, f"/programs/cohorts/{enrollment.cohort_id}/trainees/")
    assert Enrollment.objects.get().state == after
    event = Event.objects.about(enrollment).first()
    assert (event.actor, event.reason) == (officer, answers.get("reason") or answers.get("note") or "")


def test_completing_one_trainee_makes_a_graduate_with_an_eligible_certificate(client, officer):
    enrollment = factories.make_enrollment(state="in_training")

    with clock.at(enrollment.cohort.last_day):
        client.post(screen(enrollment, "complete"), {"ended_on": "2026-11-20"})

    graduation = Graduation.objects.get()
    assert (graduation.trainee, str(graduation.completed)) == (enrollment.trainee, "2026-11-20")
    assert Certificate.objects.get().state == "eligible"


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_a_refusal_without_a_reason_is_asked_again(client, officer, verb):
    enrollment = factories.make_enrollment()

    response = client.post(screen(enrollment, verb), {"reason": " "})

    assert response.status_code == 422
    assert "Reason: This field is required." in text_of(response)
    assert Enrollment.objects.get().state == "nominated"


def test_a_full_cohort_refuses_in_words_and_keeps_what_was_typed(client, officer):
    cohort = factories.make_cohort(state="nominating", seats=1)
    factories.make_enrollment(cohort=cohort, state="accepted")
    late = factories.make_enrollment(cohort=cohort)

    response = client.post(screen(late, "accept"), {"note": "the professor asked"})

    assert response.status_code == 409
    assert "All 1 seats of the cohort are taken." in text_of(response)
    assert "the professor asked" in text_of(response)
    late.refresh_from_db()
    assert late.state == "nominated"


def test_a_decision_that_was_made_already_is_explained(client, officer):
    enrollment = factories.make_enrollment(state="accepted")

    response = client.get(screen(enrollment, "reject"))

    assert response.status_code == 409
    assert "It cannot be done any more: the state is now “Accepted”." in text_of(response)


def test_withdrawing_says_which_seats_become_free_and_how_many_mails_leave(client, officer):
    department = factories.make_department()
    for _number in range(2):
        factories.make_coordinator(department.hospital)
    enrollment = factories.make_enrollment(state="accepted")
    factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    url = screen(enrollment, "withdraw")

    text = text_of(client.get(url))
    assert "1 placement is cancelled and its seat is free." in text
    assert "2 mails are sent to hospitals." in text

    client.post(url, {"reason": "no visa"})
    assert Placement.objects.get().state == "cancelled"
    assert OutgoingMail.objects.filter(kind="placement_cancelled").count() == 2


def test_the_buttons_of_a_trainee_are_the_decisions_possible_now(client, officer):
    enrollment = factories.make_enrollment()

    html = client.get(reverse("programs:cohort-trainees", args=[enrollment.cohort_id])).content.decode()

    offered = re.findall(rf"/programs/enrollments/{enrollment.pk}/([a-z-]+)/", html)
    assert offered == ["wishes", "accept", "put-on-reserve", "reject", "withdraw"]


def test_trainees_are_filtered_by_state(client, officer):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Aizada Mambetova"), state="accepted"
    )
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"))

    text = text_of(client.get(reverse("programs:cohort-trainees", args=[cohort.pk]), {"state": "nominated"}))

    assert "Bolormaa Dorj" in text
    assert "Aizada Mambetova" not in text


# A new one -----------------------------------------------------------------------------------------


def candidates(client, cohort, **query):
    return client.get(reverse("programs:enrollment-create", args=[cohort.pk]), query)


def nominate(client, cohort, trainee, **typed):
    url = reverse("programs:enrollment-create", args=[cohort.pk], query={"trainee": trainee.pk})
    return client.post(url, {"nominated_by": "", "wishes": "", **typed}, follow=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_candidates_cost_the_same_for_one_person_and_for_three(
    client, officer, django_assert_num_queries, rows
):
    cohort = factories.make_cohort(state="nominating")
    for number in range(rows):
        factories.make_trainee(specialty=factories.make_specialty(f"specialty {number}"))

    with django_assert_num_queries(6):
        response = candidates(client, cohort)

    assert len(response.context["listing"].rows) == rows


def test_the_candidates_are_those_who_are_not_in_the_cohort_and_can_be_searched(client, officer):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Already Here"))
    factories.make_enrollment(trainee=factories.make_trainee("Bolormaa Elsewhere", local_name="Болормаа"))
    factories.make_trainee("Nobody Yet")

    def names(**query):
        return [str(trainee) for trainee in candidates(client, cohort, **query).context["listing"].rows]

    assert names() == ["Bolormaa Elsewhere", "Nobody Yet"]
    assert names(name="болор") == ["Bolormaa Elsewhere"]
    assert "Nothing matches" in text_of(candidates(client, cohort, name="nobody of this name"))


def test_a_trainee_is_nominated_by_the_home_institution_unless_another_is_chosen(client, officer):
    cohort = factories.make_cohort(state="selecting")
    home, ministry = factories.make_institution("Home"), factories.make_institution("Ministry of Health")
    trainee = factories.make_trainee("Bolormaa Dorj", institution=home)

    asked = candidates(client, cohort, trainee=trainee.pk)
    assert f'<option value="{home.pk}" selected>' in asked.content.decode()
    assert not Enrollment.objects.exists()

    done = nominate(client, cohort, trainee, nominated_by=ministry.pk, wishes="robotic surgery")

    assert done.redirect_chain == [(f"/programs/cohorts/{cohort.pk}/trainees/", 302)]
    assert "Bolormaa Dorj is nominated." in text_of(done)
    enrollment = Enrollment.objects.get()
    assert (enrollment.cohort, enrollment.trainee, enrollment.state) == (cohort, trainee, "nominated")
    assert (enrollment.nominated_by, enrollment.wishes) == (ministry, "robotic surgery")
    assert Event.objects.about(enrollment).get().actor == officer


def test_a_double_click_nominates_once_and_says_so(client, officer):
    cohort, trainee = factories.make_cohort(state="nominating"), factories.make_trainee("Bolormaa Dorj")

    nominate(client, cohort, trainee)
    second = nominate(client, cohort, trainee, wishes="typed again")

    assert second.status_code == 422
    assert "Bolormaa Dorj is in this cohort already." in text_of(second)
    assert "typed again" in second.content.decode()
    assert Enrollment.objects.count() == 1


@pytest.mark.parametrize("state", ["planning", "running", "completed"])
def test_a_cohort_that_takes_no_nominations_says_so(client, officer, state):
    cohort, trainee = factories.make_cohort(state=state), factories.make_trainee("Bolormaa Dorj")

    listed, refused = candidates(client, cohort), nominate(client, cohort, trainee)

    assert "The cohort takes no nominations now." in text_of(listed)
    assert "Bolormaa Dorj" not in text_of(listed)
    assert refused.status_code == 422
    assert "The cohort takes no nominations now." in text_of(refused)
    assert not Enrollment.objects.exists()
    trainees = client.get(reverse("programs:cohort-trainees", args=[cohort.pk])).content.decode()
    assert "/programs/enrollments/create/" not in trainees


def test_wrong_input_is_asked_again(client, officer):
    cohort, trainee = factories.make_cohort(state="nominating"), factories.make_trainee()

    response = nominate(client, cohort, trainee, nominated_by="999", wishes="x" * 301)

    assert response.status_code == 422
    assert "Nominated by: Select a valid choice." in text_of(response)
    assert "Wishes: Ensure this value has at most 300 characters (it has 301)." in text_of(response)
    assert not Enrollment.objects.exists()


def test_nobody_who_is_not_there_can_be_nominated(client, officer):
    cohort = factories.make_cohort(state="nominating")

    assert candidates(client, cohort, trainee=99).status_code == 404
    assert candidates(client, cohort, trainee="somebody").status_code == 200


def test_somebody_new_is_entered_and_comes_back_to_be_nominated(client, officer):
    cohort = factories.make_cohort(state="nominating")
    url = reverse("programs:enrollment-create", args=[cohort.pk])
    way = reverse("participants:trainee-create", query={"next": url})
    assert f'href="{way}"' in candidates(client, cohort).content.decode()
    assert f'href="{url}"' in client.get(way).content.decode()

    response = client.post(way, {"passport_name": "Bolormaa Dorj", "language": "en"}, follow=True)

    trainee = Trainee.objects.get()
    assert response.redirect_chain == [(f"{url}?trainee={trainee.pk}", 302)]
    assert "Nominate Bolormaa Dorj" in text_of(response)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(client, officer, elsewhere):
    way = reverse("participants:trainee-create", query={"next": elsewhere})

    response = client.post(way, {"passport_name": "Bolormaa Dorj", "language": "en"})

    assert response.url == f"/participants/trainees/{Trainee.objects.get().pk}/"


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 28), date(9999, 12, 31)])
def test_a_training_does_not_end_outside_the_cohorts_dates(day):
    enrollment = factories.make_enrollment(state="in_training")
    with clock.at(factories.FRIDAY), pytest.raises(NotNow, match="The actual end lies in the cohort’s dates"):
        workflow.enrollments.complete(enrollment, by=PORTAL, ended_on=day)
    assert not Certificate.objects.exists()


def test_a_training_is_not_completed_before_it_begins():
    enrollment = factories.make_enrollment(state="in_training")
    with pytest.raises(NotNow, match="The actual end lies in the cohort’s dates"):
        workflow.enrollments.complete(enrollment, by=PORTAL)


def test_with_the_training_its_unanswered_placements_end():
    enrollment = factories.make_enrollment(state="in_training")
    first, last = factories.week(1)
    done = factories.make_placement(enrollment=enrollment, state="confirmed", first_day=first, last_day=last)
    first, last = factories.week(2)
    asked = factories.make_placement(enrollment=enrollment, state="requested", first_day=first, last_day=last)
    with clock.at(factories.FRIDAY):
        workflow.enrollments.complete(enrollment, by=PORTAL)
    states = {placement.pk: placement.state for placement in Placement.objects.all()}
    assert states == {done.pk: "completed", asked.pk: "cancelled"}


@pytest.mark.parametrize("digits", ["1" * 25, "1" * 5000, "٣", "²", "x"])
def test_a_forged_number_of_a_trainee_is_no_error(client, digits):
    client.force_login(factories.make_user())
    cohort = factories.make_cohort(state="nominating")
    url = reverse("programs:enrollment-create", args=[cohort.pk])
    assert client.get(url, {"trainee": digits}).status_code in (200, 404)


@pytest.mark.parametrize("day", ["2026-11-11", "9999-12-31", "0001-01-01"])
def test_a_training_does_not_end_on_a_day_to_come_or_before_the_record(client, day):
    client.force_login(factories.make_user())
    enrollment = factories.make_enrollment(state="in_training")
    with clock.at(date(2026, 11, 10)):
        response = client.post(
            reverse("programs:enrollment-complete", args=[enrollment.pk]), {"ended_on": day}
        )
    assert response.status_code == 422
    assert response.context["form"].errors["ended_on"]
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.graduation) == ("in_training", None)
