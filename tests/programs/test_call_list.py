"""Staff call the silent hospitals: what the list offers at once, what it folds away, what a call left behind."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.models import Event
from programs.models import Placement
from programs.workflow import waiting
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "programs:placement-to-answer"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


@pytest.fixture
def placement():
    hospital = factories.make_hospital("Myongji Hospital", phone="031-111-2222")
    department = factories.make_department(hospital=hospital)
    return factories.make_placement(department=department, state="requested", last_day=factories.week(2)[1])


def called(client):
    """The list ten days later, when the hospital has to be called."""
    with clock.at(clock.today() + timedelta(days=10)):
        return " ".join(client.get(reverse(LIST)).content.decode().split())


def test_the_list_offers_what_a_call_brings_and_folds_the_rest_away(client, officer, placement):
    page = called(client)
    folded = [part.split("</details>")[0] for part in page.split("<details")[1:]]
    answers, more = (part for part in folded if placement.trainee.display_name in part)
    assert ["Confirm<" in answers, "Decline<" in answers, "Shorten<" in answers] == [True, True, False]
    assert ["Cancel the placement<" in more, "Shorten<" in more, "Confirm<" in more] == [True, True, False]
    open_to_all = page.split("</details>")[1].split("<details")[0]
    assert ("Answer by a later day" in open_to_all, "Nobody reached" in open_to_all) == (True, True)
    assert (
        page.count('class="phone" href="tel:031-111-2222"') == 2
    )  # among those to call, and beside the request


def test_a_call_that_brought_nothing_is_noted_and_the_hospital_stays_on_the_list(client, officer, placement):
    address = reverse("programs:placement-note-call", args=[placement.pk])
    assert "Was nobody reached at Myongji Hospital?" in client.get(address).content.decode()
    answer = client.post(address, {"note": "in a meeting until three"})
    assert answer.url == reverse(LIST)
    event = Event.objects.get(verb="note_call")
    assert (event.actor, event.reason) == (officer, "in a meeting until three")
    page = called(client)
    to_call = page.split("To call")[1].split("<table")[0]
    assert "Nobody reached:" in to_call
    assert "Kim Seo-yeon. “in a meeting until three”" in to_call
    assert Placement.objects.get().state == "requested"


def test_what_staff_note_of_a_call_is_not_the_hospital_s_to_read(client, placement):
    waiting.note_call(placement, by=factories.make_user(Role.OFFICER), note="a rude porter")
    coordinator = factories.make_coordinator(placement.department.hospital)
    detail = reverse("programs:placement-detail", args=[placement.pk])
    client.force_login(coordinator.user)
    assert client.get(reverse("programs:placement-note-call", args=[placement.pk])).status_code == 403
    for address in (detail, reverse(LIST)):
        assert "a rude porter" not in client.get(address).content.decode()
    client.force_login(factories.make_user(Role.VIEWER))
    assert "a rude porter" in client.get(detail).content.decode()


def test_two_requests_about_one_person_are_one_trainee_to_call_about(client, officer, placement):
    factories.make_placement(
        enrollment=placement.enrollment,
        department=placement.department,
        state="requested",
        first_day=factories.week(3)[0],
    )
    page = called(client)
    assert "1 trainee, asked on" in page
    assert "2 placement requests without an answer" in page


def test_while_the_hospital_owes_another_answer_staff_come_back_to_the_list(client, officer, placement):
    cohort = placement.enrollment.cohort
    other = factories.make_placement(
        enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
        department=placement.department,
        state="requested",
    )
    said = {"channel": "phone", "who": "Dr. Choi", "reason": "full"}
    landed = [
        client.post(reverse(f"programs:placement-{verb}", args=[one.pk]), said).url
        for one, verb in ((placement, "confirm"), (other, "decline"))
    ]
    assert landed == [
        f"{reverse(LIST)}#h-cohort-{cohort.pk}",
        reverse("programs:placement-detail", args=[other.pk]),
    ]


def test_half_days_are_said_on_the_list(client, officer, placement):
    factories.make_placement(department=placement.department, state="requested", half="morning")
    assert called(client).count(", mornings") == 1
