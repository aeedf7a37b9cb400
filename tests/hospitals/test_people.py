"""Clinicians and coordinators of a hospital."""

from datetime import date

import pytest
from django.urls import reverse

from hospitals.models import Clinician, Coordinator
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from tests import factories

pytestmark = pytest.mark.django_db

INVITE, END = "hospitals:coordinator-invite", "hospitals:coordinator-end"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def at(name, obj):
    return reverse(name, args=[obj.pk])


def person(**changes):
    return {
        "name": "Han So-ra",
        "email": "sora@example.org",
        "title": "Team head",
        "language": "ko",
        **changes,
    }


# Coordinators ---------------------------------------------------------------------------------------


def test_a_new_coordinator_gets_an_account_and_one_mail_in_their_language(client, officer):
    hospital = factories.make_hospital()
    assert client.post(at(INVITE, hospital), person()).status_code == 302
    user = User.objects.get(email="sora@example.org")
    (mail,) = OutgoingMail.objects.all()
    assert (user.roles, user.language) == ([Role.COORDINATOR], "ko")
    assert [(one.hospital, one.title) for one in user.coordinates.all()] == [(hospital, "Team head")]
    assert (mail.kind, mail.recipient) == ("invitation", user)


def test_somebody_with_an_account_is_added_without_a_mail_and_serves_two_hospitals(client, officer):
    first, second = factories.make_hospital(), factories.make_hospital()
    user = factories.make_coordinator(first).user
    user.last_login = clock.now()
    user.save()
    data = person(email=user.email.upper(), name="Somebody")
    page = client.post(at(INVITE, second), data, follow=True).content.decode()
    assert "has an account already and is a coordinator here now. No mail was sent." in page
    assert {one.hospital for one in user.coordinates.all()} == {first, second}
    assert not OutgoingMail.objects.exists()


def test_nobody_is_a_coordinator_of_one_hospital_twice(client, officer):
    hospital = factories.make_hospital()
    user = factories.make_coordinator(hospital).user
    response = client.post(at(INVITE, hospital), person(email=user.email))
    assert response.context["form"].errors == {"email": ["This person is a coordinator here already."]}
    assert 'value="Team head"' in response.content.decode()
    assert Coordinator.objects.count() == 1


def test_a_service_ends_on_a_day_and_the_hospital_is_seen_no_more(client, officer):
    hospital = factories.make_hospital()
    coordinator = factories.make_coordinator(hospital)
    page = client.get(at(END, coordinator)).content.decode()
    assert "Nobody answers for it in the portal then: requests go by phone." in page
    ahead = client.post(at(END, coordinator), {"until": "2026-10-14", "reason": "moves"})
    assert ahead.context["form"].errors == {"until": ["The day lies ahead. End their service on that day."]}
    assert client.post(at(END, coordinator), {"until": "2026-10-13", "reason": "moves"}).status_code == 302
    coordinator.refresh_from_db()
    assert coordinator.until == date(2026, 10, 13)
    assert client.post(at(END, coordinator), {"until": "2026-10-13", "reason": "again"}).status_code == 404
    client.force_login(coordinator.user)
    assert client.get(at("hospitals:hospital-detail", hospital)).status_code == 404


def test_a_coordinator_invites_nobody(client):
    coordinator = factories.make_coordinator(factories.make_hospital())
    client.force_login(coordinator.user)
    assert client.post(at(INVITE, coordinator.hospital), person()).status_code == 403
    assert client.post(at(END, coordinator), {"until": "2026-10-13", "reason": "x"}).status_code == 403


# Clinicians -----------------------------------------------------------------------------------------


def clinician_data(**changes):
    return {"name": "Prof. Bae", "name_ko": "배 교수", "title": "Professor", "is_supervisor": "on", **changes}


def test_a_clinician_is_entered_changed_archived_and_taken_out_again(client):
    department = factories.make_department()
    client.force_login(factories.make_coordinator(department.hospital).user)
    data = clinician_data(department=department.pk)
    assert client.post(at("hospitals:clinician-create", department.hospital), data).status_code == 302
    clinician = Clinician.objects.get()
    assert (clinician.hospital, clinician.department) == (department.hospital, department)
    client.post(at("hospitals:clinician-edit", clinician), clinician_data(is_lecturer="on"))
    clinician.refresh_from_db()
    assert (clinician.department, clinician.is_lecturer) == (None, True)
    client.post(at("hospitals:clinician-archive", clinician), {"reason": "retired"})
    assert list(Clinician.objects.in_use()) == []
    client.post(at("hospitals:clinician-unarchive", clinician))
    assert list(Clinician.objects.in_use()) == [clinician]


def test_a_clinician_does_something_and_in_a_department_of_this_hospital(client, officer):
    hospital, elsewhere = factories.make_hospital(), factories.make_department()
    data = clinician_data(is_supervisor="", department=elsewhere.pk)
    errors = client.post(at("hospitals:clinician-create", hospital), data).context["form"].errors
    assert sorted(errors) == ["department", "is_supervisor"]
    assert errors["is_supervisor"] == ["Say whether the person supervises trainees, lectures, or both."]


@pytest.mark.parametrize("name", ["clinician-edit", "clinician-archive"])
def test_a_coordinator_reaches_no_clinician_of_another_hospital(client, name):
    client.force_login(factories.make_coordinator(factories.make_hospital()).user)
    assert client.get(at(f"hospitals:{name}", factories.make_clinician())).status_code == 404
