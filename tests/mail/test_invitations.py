from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.accounts import invitations, links
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.workflow import deactivate
from portal.mail import delivery
from portal.mail.invitations import invite
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow

pytestmark = pytest.mark.django_db


def test_inviting_makes_the_account_and_tells_the_person(officer):
    user = invite("Seo@hospital.example", name="Seo Coordinator", roles=[Role.COORDINATOR], by=officer)
    assert (user.email, user.roles, user.has_usable_password()) == (
        "seo@hospital.example",
        ["coordinator"],
        False,
    )
    event = Event.objects.about(user).get()
    assert (event.verb, event.actor, event.data) == ("invite", officer, {"roles": ["coordinator"]})

    delivery.drain()

    [message] = django_mail.outbox
    link = next(
        line for line in message.body.splitlines() if line.startswith("http://127.0.0.1:8000/accounts/")
    )
    assert invitations.user_for(link.split("/")[-3]) == user
    assert message.to == ["seo@hospital.example"]
    assert message.subject == "Your account on the Gyeonggi training portal"
    assert message.body == (
        "Dear Seo Coordinator,\n\n"
        "You have been invited to the training portal of Gyeonggi Province."
        " Open this link to set up how you sign in:\n\n"
        f"{link}\n\n"
        "The link works once, and for 14 days."
        " Later you sign in with your e-mail address, seo@hospital.example.\n\n"
        "If you do not know why you got this, you need not do anything: without the link nobody comes in.\n\n"
        "Medical Training, Gyeonggi Province\n\n--\n"
        "You get this mail because Kim Officer has invited you.\n"
        "The training portal sent this mail by itself. http://127.0.0.1:8000\n"
    )
    [html] = [body for body, kind in message.alternatives if kind == "text/html"]
    assert html.count(f'href="{link}"') == 2
    assert '<html lang="en">' in html


def test_inviting_twice_on_a_day_sends_one_mail_and_the_next_day_another(officer):
    details = {"name": "Seo", "roles": [Role.COORDINATOR], "by": officer}
    first = invite("seo@hospital.example", **details)
    assert invite("seo@hospital.example", **details) == first
    assert OutgoingMail.objects.count() == 1
    with clock.at(clock.now() + timedelta(days=1)):
        invite("seo@hospital.example", **details)
    assert OutgoingMail.objects.count() == 2


def test_an_existing_user_gets_the_role_and_no_mail_once_they_have_signed_in(officer, person):
    person.last_login = timezone.now()
    person.save()
    user = invite("BAT@example.mn", name="ignored", roles=[Role.TRAINEE], by=officer)
    assert (user.pk, user.name, user.roles) == (person.pk, "Bat-Erdene", ["trainee"])
    assert not OutgoingMail.objects.exists()


def test_an_officer_cannot_invite_into_the_team(officer):
    with pytest.raises(PermissionDenied):
        invite("new@gyeonggi.example", name="New", roles=[Role.MANAGER], by=officer)
    assert not User.objects.filter(email="new@gyeonggi.example").exists()
    assert not OutgoingMail.objects.exists()


def test_a_closed_account_is_not_invited(officer, person):
    deactivate(person, by=officer)
    with pytest.raises(NotNow, match="closed"):
        invite("bat@example.mn", name="Bat", roles=[Role.TRAINEE], by=officer)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_active": False}, "The account was closed."),
        ({"last_login": timezone.now()}, "The person has signed in already."),
    ],
)
def test_an_invitation_that_is_needless_by_now_is_cancelled(change, reason):
    user = invite("seo@hospital.example", name="Seo", roles=[Role.COORDINATOR], by=PORTAL)
    User.objects.filter(pk=user.pk).update(**change)
    delivery.drain()
    assert OutgoingMail.objects.get().cancelled_reason == reason
    assert django_mail.outbox == []


# The link --------------------------------------------------------------------------------------------


def test_the_link_opens_its_own_account(person):
    assert invitations.user_for(invitations.token_for(person)) == person


@pytest.mark.parametrize(
    "change",
    [
        {"last_login": timezone.now()},
        {"password": "another"},
        {"email": "new@example.mn"},
        {"is_active": False},
    ],
)
def test_the_link_is_dead_after_a_change_of_the_account(person, change):
    token = invitations.token_for(person)
    User.objects.filter(pk=person.pk).update(**change)
    with pytest.raises(links.BadLink):
        invitations.user_for(token)


def test_the_link_ends_after_two_weeks(person, time_machine):
    token = invitations.token_for(person)
    time_machine.move_to(timezone.now() + timedelta(days=13, hours=23))
    assert invitations.user_for(token) == person
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    with pytest.raises(links.BadLink):
        invitations.user_for(token)


def test_a_link_for_another_purpose_or_a_changed_one_opens_nothing(person):
    token = invitations.token_for(person)
    other = links.sign("answer", links.read("invitation", token), valid_for=timedelta(days=1))
    for bad in (other, token[:-1] + ("A" if token[-1] != "A" else "B"), "", "nonsense"):
        with pytest.raises(links.BadLink):
            invitations.user_for(bad)


@pytest.mark.parametrize("deadline", [date(2026, 10, 20), datetime(2026, 10, 20, 15, tzinfo=UTC)])
def test_a_link_can_end_at_a_deadline_and_is_good_again_and_again_until_then(time_machine, deadline):
    time_machine.move_to(datetime(2026, 10, 13, tzinfo=UTC))
    token = links.sign("answer", {"placement": 7}, deadline=deadline)
    time_machine.move_to(datetime(2026, 10, 20, 14, 59, tzinfo=UTC))  # the last minute of the 20th in Seoul
    assert [links.read("answer", token) for _again in range(2)] == [{"placement": 7}] * 2
    time_machine.move_to(datetime(2026, 10, 20, 15, 1, tzinfo=UTC))
    with pytest.raises(links.BadLink):
        links.read("answer", token)
