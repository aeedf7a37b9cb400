"""What a monitor is told: whether mail leaves and the database answers, and nothing about people."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from portal.desk import tasks
from portal.desk.views import health
from portal.mail.models import Sweep
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_all_is_well_after_a_sweep(client, django_assert_num_queries):
    Sweep.objects.create(id=1, at=timezone.now() - timedelta(seconds=20))
    with django_assert_num_queries(2):
        response = client.get("/health/")
    assert response.status_code == 200
    answer = response.json()
    assert 20 <= answer.pop("last_sweep_seconds") < 30
    assert answer == {
        "status": "ok",
        "database": "ok",
        "outbox": {"oldest_due_seconds": 0, "due": 0, "queued": 0, "sending": 0, "failed": 0, "uncertain": 0},
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("age", [None, 600])
def test_mail_that_stands_still_is_degraded(client, age):
    if age:
        Sweep.objects.create(id=1, at=timezone.now() - timedelta(seconds=age))
    response = client.get(reverse("desk:health"))
    assert (response.status_code, response.json()["status"]) == (503, "degraded")


def test_dead_database_is_said_without_details(client, monkeypatch):
    def dead():
        raise OperationalError("connection to server at 10.0.0.1 failed: password authentication")

    monkeypatch.setattr(health, "outbox_health", dead)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "degraded", "database": "down"}


def test_due_work_of_the_queue_calls_the_round(monkeypatch):
    rounds = []
    monkeypatch.setattr(tasks.due, "run", lambda **options: rounds.append(options) or 0)
    assert tasks.due_work.name == "portal.desk.tasks.due_work"
    tasks.due_work()
    assert [list(options) for options in rounds] == [["say"]]


def test_page_needs_no_sign_in_and_tells_the_same_to_everybody(client):
    anonymous = client.get("/health/").json()
    client.force_login(make_user())
    assert client.get("/health/").json().keys() == anonymous.keys()
