"""What came of the trainings: rates, techniques and numbers, by cohort, hospital, region and year."""

import re
from datetime import date

import pytest
from django.urls import reverse

from participants.models import FollowUp
from participants.workflow import followups
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "programs:outcome-list"


@pytest.fixture(autouse=True)
def officer(client):
    client.force_login(factories.make_user(Role.OFFICER))


def asked(name, *, answers=None, completed="2026-09-10", hospital=None, months=(1,), **fields):
    """A graduate whose follow-ups are open, and answered with each of `answers`."""
    graduation = factories.make_graduation(
        trainee=factories.make_trainee(name, **fields), completed=completed, program_name="Autumn"
    )
    if hospital:
        graduation.hospitals.add(hospital)
    followups.plan(graduation, date(2026, 9, 10), months)
    for number, followup in enumerate(FollowUp.objects.filter(graduation=graduation).order_by("months")):
        followups.open_followup(followup, by=PORTAL)
        if answers and number < len(answers):
            followups.answer(followup, by=PORTAL, applied=f"{name} uses it", **answers[number])
    return graduation


def page(client, **query):
    return " ".join(client.get(reverse(LIST), query).content.decode().split())


def lines(client, **query):
    found = client.get(reverse(LIST), query).context["outcomes"]
    return {line.name: (line.asked, line.answered, line.percent) for line in found.lines}


def test_nothing_yet_says_what_will_stand_here(client):
    assert "No answer yet" in page(client)


def test_the_rate_counts_who_was_asked_and_not_who_will_be(client):
    asked("One", answers=[{"taught": 3}])
    asked("Two")
    graduation = factories.make_graduation()
    followups.plan(graduation, date(2026, 10, 1), [6])
    text = page(client)
    assert "50% (1 of 2)" in text
    assert "One uses it" in text
    assert lines(client) == {"1 month": (2, 1, 50)}


def test_of_each_graduate_the_highest_number_counts(client):
    asked("One", answers=[{"taught": 3, "patients": 10}, {"taught": 5}], months=(1, 3))
    asked("Two", answers=[{"taught": 2}])
    total = client.get(reverse(LIST)).context["outcomes"].total
    assert (total.asked, total.answered, total.taught, total.patients) == (3, 3, 7, 10)


def test_techniques_are_counted_by_graduates_however_they_are_written(client):
    asked("One", answers=[{"procedures": "UBE\nRobotic suture"}, {"procedures": "ube"}], months=(1, 3))
    asked("Two", answers=[{"procedures": "- Ube"}])
    assert client.get(reverse(LIST)).context["outcomes"].techniques == [("UBE", 2), ("Robotic suture", 1)]
    assert "by 2 graduates" in page(client)


def test_the_table_is_made_by_hospital_region_and_year(client):
    wiltse = factories.make_hospital("Wiltse Memorial Hospital")
    far = factories.make_region("Uzbekistan", country="UZ", time_zone="Asia/Tashkent")
    clinic = factories.make_institution("Tashkent Clinic", region=far)
    asked("One", answers=[{}], hospital=wiltse)
    asked("Two", completed="2025", institution=clinic)
    assert lines(client, by="hospital") == {"Wiltse Memorial Hospital": (1, 1, 100), "not known": (1, 0, 0)}
    assert lines(client, by="region") == {"Mongolia": (1, 1, 100), "Uzbekistan": (1, 0, 0)}
    assert lines(client, by="year") == {"2025": (1, 0, 0), "2026": (1, 1, 100)}
    assert lines(client, by="region", year="2025") == {"Uzbekistan": (1, 0, 0)}
    assert lines(client, by="year", region=far.pk) == {"2025": (1, 0, 0)}
    assert lines(client, by="year", hospital=wiltse.pk) == {"2026": (1, 1, 100)}


def test_a_cohort_has_its_own_line(client):
    enrollment = factories.make_enrollment(state="completed")
    followup = enrollment.graduation.follow_ups.order_by("months").first()
    followups.open_followup(followup, by=PORTAL)
    followups.answer(followup, by=PORTAL, applied="Daily")
    asked("Outsider")
    assert lines(client, by="cohort") == {enrollment.cohort.name: (1, 1, 100), "not known": (1, 0, 0)}
    assert lines(client, by="cohort", cohort=enrollment.cohort_id) == {enrollment.cohort.name: (1, 1, 100)}


def test_the_picture_has_no_style_and_the_table_says_the_same(client):
    asked("One", answers=[{}])
    text = page(client)
    chart = re.search(r'<svg class="chart".*?</svg>', text).group(0)
    assert "100%" in chart
    assert ("style=" in chart, "<script" in chart, 'aria-hidden="true"' in chart) == (False, False, True)
    assert '<td role="cell" class="n" data-label="Response rate">100%</td>' in text


def test_the_file_holds_the_answers_without_names_after_a_reason(client):
    asked("Nomin Graduate", answers=[{"procedures": "UBE", "taught": 4}])
    assert "The file holds 1 entry with personal data." in page(client, export="csv")
    answer = client.post(f"{reverse(LIST)}?export=csv", {"reason": "yearly report"})
    text = b"".join(answer.streaming_content).decode()
    assert "UBE" in text
    assert "Wuxi" not in text
    assert "Nomin Graduate," not in text
    answer = client.post(f"{reverse(LIST)}?export=xlsx", {"reason": "yearly report"})
    assert b"".join(answer.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("count", [1, 3])
def test_results_cost_the_same_for_one_answer_and_for_three(client, django_assert_num_queries, count):
    for number in range(count):
        asked(f"Person {number}", answers=[{"procedures": "UBE"}], hospital=factories.make_hospital())
    client.get(reverse(LIST))
    with django_assert_num_queries(12):
        client.get(reverse(LIST))


@pytest.mark.parametrize("query", [{"year": "x"}, {"by": "nonsense"}, {"cohort": "x"}, {"hospital": "99999"}])
def test_what_is_no_filter_is_no_error(client, query):
    asked("One", answers=[{}])
    assert client.get(reverse(LIST), query).status_code == 200
