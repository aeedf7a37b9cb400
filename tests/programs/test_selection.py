"""Choosing among the nominees: scores that nobody copies, rules in words, decisions on many, the reserve list."""

import re
from html import unescape

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import Mailing, OutgoingMail
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from portal.records.models import Event
from programs import eligibility, selection
from programs.models import Criterion, Enrollment, Offer, Quota, Review
from programs.workflow import enrollments, offers
from programs.workflow import selection as verbs
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


def criteria(program):
    return [
        Criterion.objects.create(program=program, name="Experience", weight=3, position=1),
        Criterion.objects.create(program=program, name="Motivation", weight=1, position=2),
    ]


def decide(client, cohort, decision, people, **facts):
    data = {"decision": decision, "chosen": [person.pk for person in people], **facts}
    return client.post(reverse("programs:cohort-decide", args=[cohort.pk]), data)


def states(cohort):
    return sorted(cohort.enrollments.values_list("state", flat=True))


# Scores --------------------------------------------------------------------------------------------


@pytest.fixture
def scored(cohort):
    """A nominee with two criteria and two reviewers, of whom the first has given 5 and 1."""
    enrollment = factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"))
    first, second = (
        factories.make_user(Role.OFFICER, name="First"),
        factories.make_user(Role.VIEWER, name="Second"),
    )
    verbs.name_reviewers(cohort, [first, second], by=PORTAL)
    experience, motivation = criteria(cohort.program)
    verbs.review(enrollment, by=first, points={experience: 5, motivation: 1}, comment="Very experienced.")
    return enrollment, first, second


def test_a_reviewer_sees_nothing_of_the_others_before_having_given_their_own(client, scored):
    enrollment, _first, second = scored
    client.force_login(second)
    page = reverse("programs:enrollment-review", args=[enrollment.pk])
    for address in (page, reverse("programs:cohort-selection", args=[enrollment.cohort_id])):
        text = text_of(client.get(address))
        assert "Very experienced." not in text
        assert "4.0" not in text
    assert "1 reviewer has scored; you see it after your own scores." in text_of(client.get(page))
    names = [f"criterion_{criterion.pk}" for criterion in Criterion.objects.all()]
    assert client.post(page, {names[0]: "2", names[1]: "2", "comment": "Fair."}).status_code == 302
    assert "Very experienced." in text_of(client.get(page))


def test_the_average_is_weighted_and_the_spread_is_shown(scored):
    enrollment, first, second = scored
    experience, motivation = Criterion.objects.all()
    verbs.review(enrollment, by=second, points={experience: 2, motivation: 2})
    standing = selection.standings([enrollment], first)[enrollment.pk]
    assert (standing.average_words, standing.spread_words, standing.given) == ("3.0", "2.0–4.0", 2)


def test_a_conflict_of_interest_gives_no_score_and_shows_none(client, scored):
    enrollment, first, second = scored
    client.force_login(second)
    page = reverse("programs:enrollment-review", args=[enrollment.pk])
    assert client.post(page, {"has_conflict": "on"}).status_code == 302
    assert "Very experienced." not in text_of(client.get(page))
    assert selection.standings([enrollment], first)[enrollment.pk].average_words == "4.0"
    assert Event.objects.about(enrollment).first().verb == "declare_conflict"


def test_a_score_is_given_for_every_criterion_and_once(client, scored):
    enrollment, _first, second = scored
    client.force_login(second)
    page = reverse("programs:enrollment-review", args=[enrollment.pk])
    experience, motivation = Criterion.objects.all()
    response = client.post(page, {f"criterion_{experience.pk}": "2"})
    assert response.status_code == 422
    assert "Give a score from 1 to 5, or declare a conflict of interest." in text_of(response)
    whole = {f"criterion_{criterion.pk}": "2" for criterion in (experience, motivation)}
    client.post(page, whole)
    client.post(page, whole)
    assert Review.objects.filter(reviewer=second).count() == 1


def test_who_was_not_asked_gives_no_score(client, officer, scored):
    enrollment, _first, _second = scored
    page = reverse("programs:enrollment-review", args=[enrollment.pk])
    client.post(page, {"has_conflict": "on"})
    assert not Review.objects.filter(reviewer=officer).exists()


def test_who_becomes_a_reviewer_after_the_first_score_does_so_with_a_reason_that_all_read(
    client, officer, scored
):
    enrollment, first, _second = scored
    address = reverse("programs:cohort-reviewers", args=[enrollment.cohort_id])
    people = {"reviewers": [first.pk, officer.pk]}  # in the place of the second, who has not scored
    response = client.post(address, people)
    assert response.status_code == 422
    assert f"Scores are given already, and these may have read them: {officer}." in text_of(response)
    assert not enrollment.cohort.reviewers.filter(user=officer).exists()
    assert (
        client.post(address, people | {"reason": "Second is ill; was abroad until today."}).status_code == 302
    )
    assert {reviewer.user for reviewer in enrollment.cohort.reviewers.all()} == {first, officer}
    page = text_of(client.get(reverse("programs:cohort-selection", args=[enrollment.cohort_id])))
    assert "named after the first score: Second is ill; was abroad until today." in page
    event = Event.objects.about(enrollment.cohort).filter(verb="name_reviewers").first()
    assert event.reason == "Second is ill; was abroad until today."
    # Until they have scored they read nothing of the others.
    assert "Very experienced." not in text_of(
        client.get(reverse("programs:enrollment-review", args=[enrollment.pk]))
    )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_scores_are_read_by_the_team_only(client, scored, role):
    user = factories.make_user(role)
    assert not Review.objects.visible_to(user).exists()
    client.force_login(user)
    assert client.get(reverse("programs:enrollment-review", args=[scored[0].pk])).status_code == 403


def test_reviewers_are_named_and_who_has_scored_stays(client, officer, scored):
    enrollment, first, second = scored
    address = reverse("programs:cohort-reviewers", args=[enrollment.cohort_id])
    response = client.post(address, {"reviewers": [second.pk]})
    assert response.status_code == 422
    assert "These have given scores already and stay reviewers: First." in text_of(response)
    assert client.post(address, {"reviewers": [first.pk]}).status_code == 302
    assert [reviewer.user for reviewer in enrollment.cohort.reviewers.all()] == [first]


# Rules ---------------------------------------------------------------------------------------------


@pytest.fixture
def strict(cohort):
    program = cohort.program
    program.min_years_of_practice, program.repeat_ban_years, program.required_languages = 5, 3, ["en", "ru"]
    program.save()
    return cohort


def stand(enrollment):
    fresh = eligibility.with_facts(Enrollment.objects.filter(pk=enrollment.pk)).get()
    return {str(verdict.rule): str(verdict.met) for verdict in eligibility.verdicts(fresh)}


def test_rules_are_met_not_met_or_unknown(strict):
    nobody_knows = factories.make_enrollment(cohort=strict)
    assert stand(nobody_knows) == {"practice": "unknown", "repeat": "met", "language": "unknown"}
    able = factories.make_trainee(practicing_since=2021, languages=["ru"])
    assert stand(factories.make_enrollment(cohort=strict, trainee=able)) == {
        "practice": "met", "repeat": "met", "language": "met"
    }  # fmt: skip
    unable = factories.make_trainee(practicing_since=2022, languages=["mn"])
    factories.make_graduation(trainee=unable, completed="2024-05")
    assert stand(factories.make_enrollment(cohort=strict, trainee=unable)) == {
        "practice": "not_met", "repeat": "not_met", "language": "not_met"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("completed", "met"),
    [("2023", "unknown"), ("2023-11-01", "met"), ("2023-11-03", "not_met"), ("2022", "met")],
)
def test_a_date_known_roughly_leaves_the_ban_open_only_where_it_matters(strict, completed, met):
    trainee = factories.make_trainee()
    factories.make_graduation(trainee=trainee, completed=completed)
    assert stand(factories.make_enrollment(cohort=strict, trainee=trainee))["repeat"] == met


def test_who_does_not_meet_a_rule_is_accepted_after_an_exception_with_its_reason(client, officer, strict):
    trainee = factories.make_trainee(practicing_since=2025)
    enrollment = factories.make_enrollment(cohort=strict, trainee=trainee)
    accept = reverse("programs:enrollment-accept", args=[enrollment.pk])
    response = client.post(accept, {"note": ""})
    assert response.status_code == 409
    assert "A rule is not met, and no exception is made: Asked: 5 years of practice." in text_of(response)
    waive = reverse("programs:enrollment-waive-rules", args=[enrollment.pk])
    assert client.post(waive, {"reason": ""}).status_code == 422
    assert client.post(waive, {"reason": "Head of a new unit."}).status_code == 302
    event = Event.objects.about(enrollment).first()
    assert (event.verb, event.reason, event.data) == (
        "waive_rules",
        "Head of a new unit.",
        {"rules": ["practice"]},
    )
    assert client.post(accept, {"note": ""}).status_code == 302
    enrollment.refresh_from_db()
    assert enrollment.state == "accepted"


def test_an_exception_for_one_rule_is_none_for_another(strict):
    trainee = factories.make_trainee(practicing_since=2025)
    enrollment = factories.make_enrollment(cohort=strict, trainee=trainee)
    verbs.waive_rules(enrollment, by=PORTAL, reason="Head of a new unit.")
    factories.make_graduation(trainee=trainee, completed="2026-05")
    fresh = Enrollment.objects.get(pk=enrollment.pk)
    assert [str(verdict.rule) for verdict in eligibility.unmet(fresh)] == ["repeat"]


def test_a_used_up_quota_stands_against_accepting_in_words(cohort):
    Quota.objects.create(cohort=cohort, region=factories.make_region("Mongolia"), seats=1)
    factories.make_enrollment(cohort=cohort, state="accepted")
    another = factories.make_enrollment(cohort=cohort)
    assert eligibility.against(another) == ["The quota of Mongolia, 1 seat, is used up."]


# Decisions on many ---------------------------------------------------------------------------------


def test_the_preview_shows_the_letters_and_decides_nothing(client, officer, cohort):
    contact = factories.make_contact()
    trainee = factories.make_trainee("Bolormaa Dorj", institution=contact.institution)
    person = factories.make_enrollment(cohort=cohort, trainee=trainee, nominated_by=contact.institution)
    before = OutgoingMail.objects.count()
    response = decide(client, cohort, "accept", [person])
    text = text_of(response)
    assert "Accept 1 nominee?" in text
    assert "1 mail is sent to a trainee." in text
    assert "1 mail is sent to a nominating contact." in text
    assert "We are glad to tell you that you are accepted for Clinical training" in text
    assert (states(cohort), OutgoingMail.objects.count()) == (["nominated"], before)


def test_confirmed_it_is_done_for_all_and_the_mails_wait_ten_minutes(client, officer, cohort):
    contact = factories.make_contact()
    people = [factories.make_enrollment(cohort=cohort, nominated_by=contact.institution) for _ in range(3)]
    response = decide(client, cohort, "accept", people, confirmed="1", note="")
    assert response.url == reverse("programs:cohort-selection", args=[cohort.pk])
    assert states(cohort) == ["accepted"] * 3
    mails = Mailing.objects.get().mails.order_by("kind")
    assert [mail.kind for mail in mails] == ["nomination_accepted"] * 3 + ["nomination_accepted_contact"]
    assert [item["enrollment"] for item in mails.last().context["items"]] == [person.pk for person in people]


def test_all_of_the_list_are_chosen_with_one_tick(client, officer, cohort):
    for _ in range(3):
        factories.make_enrollment(cohort=cohort)
    factories.make_enrollment(cohort=cohort, state="reserve")
    accepted = factories.make_enrollment(cohort=cohort, state="accepted")
    page = reverse("programs:cohort-decide", args=[cohort.pk])
    text = text_of(client.post(page, {"decision": "put-on-reserve", "all": "1"}))
    assert "Put 3 nominees on the reserve list?" in text  # who is on it already is left as they are
    text = text_of(client.post(page, {"decision": "accept", "all": "1"}))
    assert "Accept 4 nominees?" in text
    assert str(accepted.trainee) not in text
    assert states(cohort) == ["accepted", *["nominated"] * 3, "reserve"]


def test_all_or_nobody_with_the_reason_for_each(client, officer):
    cohort = factories.make_cohort(state="nominating", seats=1)
    people = [factories.make_enrollment(cohort=cohort) for _ in range(2)]
    for confirmed in ({}, {"confirmed": "1", "note": ""}):
        text = text_of(decide(client, cohort, "accept", people, **confirmed))
        assert f"{people[1].trainee}: All 1 seats of the cohort are taken." in text
        assert "nothing is done" in text
    assert states(cohort) == ["nominated"] * 2
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("data", [{}, {"decision": "accept"}, {"decision": "explode", "chosen": ["1"]}])
def test_nobody_chosen_means_nobody(client, officer, cohort, data):
    factories.make_enrollment(cohort=cohort)
    response = client.post(
        reverse("programs:cohort-decide", args=[cohort.pk]), data | {"confirmed": "1"}, follow=True
    )
    assert "Nobody is chosen, so nobody is decided on." in text_of(response)
    assert states(cohort) == ["nominated"]


def test_somebody_of_another_cohort_is_not_decided_on(client, officer, cohort):
    stranger = factories.make_enrollment()
    decide(client, cohort, "accept", [stranger], confirmed="1", note="")
    stranger.refresh_from_db()
    assert stranger.state == "nominated"


def test_a_rejection_asks_for_its_reason_and_tells_it(client, officer, cohort):
    person = factories.make_enrollment(cohort=cohort)
    assert decide(client, cohort, "reject", [person], confirmed="1", reason="").status_code == 422
    decide(client, cohort, "reject", [person], confirmed="1", reason="No license yet.")
    mail = OutgoingMail.objects.get(kind="nomination_rejected")
    assert mail.context == {"reason": "No license yet."}


# The reserve list ----------------------------------------------------------------------------------


def waiting(cohort, count=3):
    return [factories.make_enrollment(cohort=cohort, state="reserve") for _ in range(count)]


def ranks(rows):
    return [
        row.reserve_rank for row in Enrollment.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    ]


def test_the_order_is_changed_by_writing_places(client, officer, cohort):
    one, two, three = waiting(cohort)
    data = {
        "chosen": [one.pk, two.pk, three.pk],
        f"place_{one.pk}": "3",
        f"place_{two.pk}": "1",
        f"place_{three.pk}": "2",
    }
    assert client.post(reverse("programs:cohort-reserve", args=[cohort.pk]), data).status_code == 302
    assert ranks([one, two, three]) == [3, 1, 2]
    assert Event.objects.about(cohort).first().data["order"] == [two.pk, three.pk, one.pk]


def test_an_order_of_a_list_that_has_changed_is_refused(client, officer, cohort):
    one, two = waiting(cohort, 2)
    response = client.post(reverse("programs:cohort-reserve", args=[cohort.pk]), {"chosen": [one.pk]})
    assert response.status_code == 409
    assert "The reserve list has changed since you opened the page." in text_of(response)
    assert ranks([one, two]) == [1, 2]


def test_who_leaves_the_list_lets_the_others_move_up(cohort):
    one, two, three = waiting(cohort)
    enrollments.accept(one, by=PORTAL)
    assert ranks([one, two, three]) == [None, 1, 2]
    two.refresh_from_db()
    enrollments.reject(two, by=PORTAL, reason="too late")
    assert ranks([one, two, three]) == [None, None, 1]


def test_a_withdrawal_offers_the_seat_to_the_first_and_accepting_takes_it(client, officer):
    cohort = factories.make_cohort(state="nominating", seats=1)
    leaving = factories.make_enrollment(cohort=cohort, state="accepted")
    one, two = waiting(cohort, 2)
    enrollments.withdraw(leaving, by=PORTAL, reason="ill")
    offer = Offer.objects.get()
    assert (offer.enrollment, offer.freed_by) == (one, leaving)
    page = text_of(client.get(reverse("programs:cohort-selection", args=[cohort.pk])))
    assert (
        f"The seat of {leaving.trainee} is offered to {one.trainee}, the first on the reserve list." in page
    )
    assert client.post(reverse("programs:enrollment-accept", args=[one.pk]), {"note": ""}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == "taken"
    assert not Offer.objects.waiting().exists()
    assert ranks([two]) == [1]


def test_who_is_passed_over_stays_on_the_list_and_the_next_is_offered_the_seat(client, officer, cohort):
    leaving = factories.make_enrollment(cohort=cohort, state="accepted")
    one, two = waiting(cohort, 2)
    enrollments.withdraw(leaving, by=PORTAL, reason="ill")
    address = reverse("programs:offer-pass-over", args=[Offer.objects.get().pk])
    assert client.post(address, {"reason": "No visa in time."}).status_code == 302
    assert [offer.enrollment for offer in Offer.objects.waiting()] == [two]
    assert ranks([one, two]) == [1, 2]
    enrollments.withdraw(Enrollment.objects.get(pk=two.pk), by=PORTAL, reason="ill")
    assert not Offer.objects.waiting().exists()  # one was passed over for this very seat


def test_no_seat_is_offered_where_none_became_free(cohort):
    waiting(cohort, 1)
    enrollments.withdraw(factories.make_enrollment(cohort=cohort), by=PORTAL, reason="ill")
    assert not Offer.objects.exists()
    assert offers.offer_next(factories.make_cohort(), factories.make_enrollment(), by=PORTAL) is None


# The page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_nominee_and_for_three(
    client, officer, strict, count, django_assert_num_queries
):
    experience, motivation = criteria(strict.program)
    verbs.name_reviewers(strict, [officer], by=PORTAL)
    for _number in range(count):
        enrollment = factories.make_enrollment(cohort=strict)
        factories.make_graduation(trainee=enrollment.trainee, completed=ApproximateDate(2016))
        verbs.review(enrollment, by=officer, points={experience: 5, motivation: 1})
    address = reverse("programs:cohort-selection", args=[strict.pk])
    client.get(address)
    with django_assert_num_queries(14):
        response = client.get(address)
    assert len(response.context["rows"]) == count


def test_an_empty_selection_says_what_comes_next(client, officer, cohort):
    text = text_of(client.get(reverse("programs:cohort-selection", args=[cohort.pk])))
    assert "Nobody is to be decided on" in text
