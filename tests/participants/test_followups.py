"""Following graduates up: the team's screens, and the graduate's own form."""

from datetime import date

import pytest
from django.urls import reverse

from participants.models import FollowUp
from participants.workflow import followups
from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def graduate():
    return factories.make_trainee("Nomin-Erdene Tsogt", user=True)


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Lee Officer")


def planned(trainee, *, ended_on=date(2026, 9, 10), months=(1,)):
    graduation = factories.make_graduation(
        trainee=trainee, completed=ended_on.isoformat(), program_name="Autumn training"
    )
    followups.plan(graduation, ended_on, months)
    return list(FollowUp.objects.filter(graduation=graduation).order_by("months"))


def opened(trainee, **fields):
    (followup,) = planned(trainee, **fields)
    return followups.open_followup(followup, by=PORTAL)


def as_(client, user):
    client.force_login(user)
    return client


def mine(followup):
    return reverse("participants:my-followup", args=[followup.pk])


ANSWER = "participants:followup-answer"
MISS = "participants:followup-miss"
WAIVE = "participants:followup-waive"
OPEN = "participants:followup-open-followup"


def verb(followup, name):
    return reverse(name, args=[followup.pk])


# The graduate ---------------------------------------------------------------------------------------


def test_a_graduate_answers_and_then_reads_what_was_said(client, graduate):
    followup = opened(graduate)
    client = as_(client, graduate.user)
    assert "What of the training do you use at work?" in client.get(mine(followup)).content.decode()
    data = {"applied": "The new suture", "obstacles": "No instruments", "wishes": "Robotics"}
    page = client.post(mine(followup), data, follow=True).content.decode()
    followup.refresh_from_db()
    assert followup.state == "answered"
    assert "this is what you wrote" in page
    for words in data.values():
        assert words in page
    assert "<textarea" not in page


def test_a_late_answer_counts(client, graduate):
    followup = followups.miss(opened(graduate), by=PORTAL)
    client = as_(client, graduate.user)
    assert "your answer still counts" in client.get(mine(followup)).content.decode()
    client.post(mine(followup), {"applied": "Every day"})
    followup.refresh_from_db()
    assert followup.state == "answered"


def test_an_answer_without_its_first_question_comes_back_with_what_was_typed(client, graduate):
    followup = opened(graduate)
    response = as_(client, graduate.user).post(mine(followup), {"applied": "", "wishes": "Robotics"})
    assert response.status_code == 422
    assert "Robotics" in response.content.decode()
    followup.refresh_from_db()
    assert (followup.state, followup.wishes) == ("open", "")


def test_an_answer_is_given_once(client, graduate):
    followup = opened(graduate)
    client = as_(client, graduate.user)
    client.post(mine(followup), {"applied": "First words"})
    assert client.post(mine(followup), {"applied": "Second words"}).status_code == 422
    followup.refresh_from_db()
    assert followup.applied == "First words"


def test_a_follow_up_whose_day_has_not_come_cannot_be_answered(client, graduate):
    (followup,) = planned(graduate, months=(6,))
    client = as_(client, graduate.user)
    assert "You will be asked on 10 March 2027." in client.get(mine(followup)).content.decode()
    assert client.post(mine(followup), {"applied": "Early"}).status_code == 422
    followup.refresh_from_db()
    assert followup.state == "scheduled"


def test_a_graduate_sees_their_own_follow_ups_and_nobody_else_s(client, graduate):
    own, (others,) = opened(graduate), planned(factories.make_trainee("Other Person"))
    client = as_(client, graduate.user)
    page = client.get(reverse("participants:my-followups")).content.decode()
    assert mine(own) in page
    assert mine(others) not in page
    assert client.get(mine(others)).status_code == 404
    assert client.post(mine(others), {"applied": "x"}).status_code == 404


def test_somebody_with_nothing_to_answer_is_told_so(client, graduate):
    assert (
        "There is nothing to answer"
        in as_(client, graduate.user).get(reverse("participants:my-followups")).content.decode()
    )


# The team -------------------------------------------------------------------------------------------


def test_staff_read_the_answer_the_mails_and_the_history(client, graduate, officer):
    followup = opened(graduate)
    with clock.at(date(2026, 10, 12)):
        followups.due_work(say=lambda line: None)
    followups.answer(followup, by=graduate.user, applied="The new suture")
    page = (
        as_(client, officer).get(reverse("participants:followup-detail", args=[followup.pk])).content.decode()
    )
    assert "The new suture" in page
    assert graduate.email in page.split('id="h-mails"')[1]
    assert "Nomin-Erdene Tsogt" in page.split('id="h-history"')[1]


def test_staff_record_an_answer_that_came_another_way(client, graduate, officer):
    followup = opened(graduate)
    as_(client, officer).post(verb(followup, ANSWER), {"applied": "Told on the phone"})
    followup.refresh_from_db()
    assert (followup.state, followup.applied) == ("answered", "Told on the phone")
    assert Event.objects.about(followup).order_by("-pk").first().actor == officer


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [(MISS, {}, "missed"), (WAIVE, {"reason": "On parental leave"}, "waived")],
)
def test_staff_settle_what_is_open(client, graduate, officer, name, data, state):
    followup = opened(graduate)
    assert as_(client, officer).get(verb(followup, name)).status_code == 200
    client.post(verb(followup, name), data)
    followup.refresh_from_db()
    assert followup.state == state


def test_staff_open_one_before_its_day(client, graduate, officer):
    (followup,) = planned(graduate, months=(6,))
    as_(client, officer).post(verb(followup, OPEN))
    followup.refresh_from_db()
    assert followup.state == "open"


def test_waiving_needs_a_reason(client, graduate, officer):
    followup = opened(graduate)
    assert as_(client, officer).post(verb(followup, WAIVE), {}).status_code == 422
    followup.refresh_from_db()
    assert followup.state == "open"


@pytest.mark.parametrize("name", [ANSWER, MISS, WAIVE, OPEN])
def test_a_viewer_settles_nothing(client, graduate, name):
    followup = opened(graduate)
    client = as_(client, factories.make_user(Role.VIEWER))
    assert client.get(reverse("participants:followup-detail", args=[followup.pk])).status_code == 200
    assert client.post(verb(followup, name), {"applied": "x", "reason": "x"}).status_code == 403


def test_the_list_shows_what_is_late_and_what_comes_soon(client, officer):
    late = opened(factories.make_trainee("Late One"))
    planned(factories.make_trainee("Soon One"), ended_on=date(2026, 10, 1))
    planned(factories.make_trainee("Far One"), months=(12,))
    followups.waive(
        planned(factories.make_trainee("Settled One"), ended_on=date(2020, 1, 1))[0],
        by=PORTAL,
        reason="retired",
    )
    client = as_(client, officer)
    address = reverse("participants:followup-list")
    assert "1 follow-up is due and not answered." in client.get(address).content.decode()

    def names(**query):
        return [str(row.graduation.trainee) for row in client.get(address, query).context["listing"].rows]

    assert names() == ["Late One", "Soon One", "Far One", "Settled One"]
    assert names(due="late") == ["Late One"]
    assert names(due="month") == ["Late One", "Soon One"]
    assert names(state="scheduled") == ["Soon One", "Far One"]
    assert names(name="late") == [str(late.graduation.trainee)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_follow_up_and_for_three(
    client, officer, django_assert_num_queries, count
):
    for _ in range(count):
        opened(factories.make_trainee())
    client = as_(client, officer)
    client.get(reverse("participants:followup-list"))
    with django_assert_num_queries(4):
        client.get(reverse("participants:followup-list"))


def test_a_follow_up_s_page_costs_at_most_twelve_queries(
    client, graduate, officer, django_assert_max_num_queries
):
    address = reverse("participants:followup-detail", args=[opened(graduate).pk])
    as_(client, officer).get(address)
    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_portal_s_own_lines_in_the_history_are_in_the_reader_s_words(client, officer):
    followup = planned(factories.make_trainee("Nomin-Erdene Tsogt"))[0]
    with clock.at(date(2026, 10, 12)):
        followups.due_work(say=lambda line: None)
    assert Event.objects.about(followup).get().actor_name == "due work"
    page = (
        as_(client, officer).get(reverse("participants:followup-detail", args=[followup.pk])).content.decode()
    )
    assert "the portal, on its day" in page.split('id="h-history"')[1]
    assert "due work" not in page


@pytest.mark.parametrize(
    ("ended_on", "months", "due"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_the_day_is_clamped_at_the_end_of_its_month(graduate, ended_on, months, due):
    (followup,) = planned(graduate, ended_on=ended_on, months=(months,))
    assert followup.due == due
