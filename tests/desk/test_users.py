"""Who may sign in, and as what: staff's screens."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hospitals.models import Coordinator
from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.desk.workflow import take_off_second_factor
from portal.mail.models import OutgoingMail
from portal.records.models import Event
from tests.factories import make_hospital, make_trainee, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


def invite(client, **answer):
    person = {"name": "Choi Eun-ji", "email": "choi@example.org", "language": "ko"}
    return client.post(reverse("desk:user-invite"), {**person, **answer})


SCREENS = [
    ("desk:user-list", False),
    ("desk:user-invite", False),
    ("desk:user-detail", True),
    ("desk:user-invite-again", True),
    ("desk:user-give-role", True),
    ("desk:user-take-role", True),
    ("desk:user-deactivate", True),
    ("desk:user-reactivate", True),
]


@pytest.mark.parametrize(("name", "has_pk"), SCREENS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_users_are_not_shown_to_those_who_do_not_invite(client, name, has_pk, role):
    user = make_user(role)
    client.force_login(user)
    assert client.get(reverse(name, args=[user.pk] if has_pk else [])).status_code == 403


def test_coordinator_is_invited_for_their_hospitals_in_their_language(client, officer):
    one, two = make_hospital(), make_hospital()
    make_hospital()
    response = invite(client, role="coordinator", hospitals=[one.pk, two.pk])
    user = User.objects.get(email="choi@example.org")
    assert response.url == reverse("desk:user-detail", args=[user.pk])
    assert (user.name, user.roles, user.language) == ("Choi Eun-ji", ["coordinator"], "ko")
    assert set(Coordinator.objects.serving().values_list("hospital", "user")) == {
        (one.pk, user.pk),
        (two.pk, user.pk),
    }
    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.address, letter.language) == ("invitation", "choi@example.org", "ko")
    assert Grant.objects.get(user=user).by == officer


def test_trainee_is_invited_as_one_in_the_register(client, officer):
    trainee = make_trainee()
    invite(client, role="trainee", trainee=trainee.pk)
    trainee.refresh_from_db()
    assert trainee.user.email == "choi@example.org"


def test_trainee_with_a_login_is_not_offered(client, officer):
    trainee = make_trainee(user=True)
    assert invite(client, role="trainee", trainee=trainee.pk).status_code == 422
    assert not User.objects.filter(email="choi@example.org").exists()


@pytest.mark.parametrize(
    ("role", "field"), [("coordinator", "hospitals"), ("trainee", "trainee"), ("contact", "contact")]
)
def test_role_needs_what_it_is_for(client, officer, role, field):
    response = invite(client, role=role)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: ["This role needs it."]}
    assert not OutgoingMail.objects.exists()


def test_what_belongs_to_another_role_is_refused(client, officer):
    response = invite(client, role="coordinator", hospitals=[make_hospital().pk], trainee=make_trainee().pk)
    assert list(response.context["form"].errors) == ["trainee"]


def test_officer_makes_nobody_one_of_the_team(client, officer):
    assert invite(client, role="manager").status_code == 422
    assert not User.objects.filter(email="choi@example.org").exists()


def test_administrator_invites_the_team(client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    invite(client, role="manager")
    assert User.objects.get(email="choi@example.org").roles == ["manager"]


def test_closed_account_is_not_invited(client, officer):
    make_user(Role.TRAINEE, email="choi@example.org", is_active=False)
    response = invite(client, role="coordinator", hospitals=[make_hospital().pk])
    assert response.status_code == 422
    assert "This account is closed." in response.content.decode()
    assert not Coordinator.objects.exists()


def test_invitation_is_sent_again_until_the_first_sign_in(client, officer):
    user = make_user(Role.TRAINEE)
    url = reverse("desk:user-invite-again", args=[user.pk])
    assert "1 mail will be sent to" in client.get(url).content.decode()
    assert not OutgoingMail.objects.exists()
    client.post(url)
    assert OutgoingMail.objects.get().address == user.email
    client.force_login(user)
    client.force_login(officer)
    assert client.get(url).status_code == 404


def test_page_of_a_user_shows_the_register_and_the_trail(client, officer):
    client.force_login(make_user(Role.ADMINISTRATOR, name="Han Ji-won"))
    user = make_user(Role.COORDINATOR)
    answer = {"role": "viewer", "reason": "helps in the spring"}
    assert client.post(reverse("desk:user-give-role", args=[user.pk]), answer).status_code == 302
    page = client.get(reverse("desk:user-detail", args=[user.pk])).content.decode()
    assert "Province viewer" in page
    assert "helps in the spring" in page
    assert "Han Ji-won" in page


def test_role_is_taken_with_a_reason(client, officer):
    user = make_user([Role.COORDINATOR, Role.TRAINEE])
    url = reverse("desk:user-take-role", args=[user.pk])
    assert client.post(url, {"role": "coordinator"}).status_code == 422
    client.post(url, {"role": "coordinator", "reason": "left the hospital"})
    user.refresh_from_db()
    assert user.roles == ["trainee"]
    event = Event.objects.about(user).get(verb="take role")
    assert (event.actor, event.reason, event.data) == (officer, "left the hospital", {"role": "coordinator"})


def test_nobody_changes_their_own_roles_or_account(client, officer):
    for name in ("desk:user-give-role", "desk:user-take-role", "desk:user-deactivate"):
        assert client.get(reverse(name, args=[officer.pk])).status_code == 403


def test_officer_gives_no_team_role_even_by_a_forged_form(client, officer):
    user = make_user(Role.TRAINEE)
    url = reverse("desk:user-give-role", args=[user.pk])
    assert client.post(url, {"role": "administrator", "reason": "me"}).status_code == 422
    user.refresh_from_db()
    assert user.roles == ["trainee"]


def test_officer_closes_no_account_of_the_team(client, officer):
    manager = make_user(Role.MANAGER)
    url = reverse("desk:user-deactivate", args=[manager.pk])
    assert client.post(url, {"reason": "me"}).status_code == 403
    manager.refresh_from_db()
    assert manager.is_active


def test_account_is_closed_and_opened_with_a_reason_in_the_trail(client, officer):
    user = make_user(Role.COORDINATOR)
    close, reopen = (reverse(f"desk:user-{verb}", args=[user.pk]) for verb in ("deactivate", "reactivate"))
    assert "is out at their next click." in client.get(close).content.decode()
    client.post(close, {"reason": "left"})
    user.refresh_from_db()
    assert not user.is_active
    assert client.get(close).status_code == 404
    client.post(reopen, {"reason": "is back"})
    user.refresh_from_db()
    assert user.is_active
    trail = Event.objects.about(user).order_by("pk").values_list("verb", "reason")
    assert list(trail) == [("deactivate", "left"), ("reactivate", "is back")]


def test_list_is_searched_and_narrowed(client, officer):
    make_user(Role.TRAINEE, name="Nomin Bat", email="nomin@example.org")
    make_user(Role.COORDINATOR, name="Choi Eun-ji", is_active=False)

    def names(**query):
        return [user.name for user in client.get(reverse("desk:user-list"), query).context["listing"].rows]

    assert names() == ["Choi Eun-ji", "Kim Seo-yeon", "Nomin Bat"]
    assert names(name="NOMIN@") == ["Nomin Bat"]
    assert names(role="coordinator") == ["Choi Eun-ji"]
    assert names(state="closed") == ["Choi Eun-ji"]
    assert names(state="invited") == ["Nomin Bat"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries_for_any_number(client, officer, count, django_assert_num_queries):
    for _ in range(count):
        make_user([Role.TRAINEE, Role.COORDINATOR])
    with django_assert_num_queries(3):
        client.get(reverse("desk:user-list"))


def test_no_role_is_chosen_before_somebody_chooses_one(client, officer):
    page = client.get(reverse("desk:user-invite")).content.decode()
    assert '<option value="" selected>Choose a role</option>' in page
    response = invite(client)
    assert list(response.context["form"].errors) == ["role"]


def test_address_with_an_account_is_refused_and_leads_to_its_page(client, officer):
    known = make_user(Role.TRAINEE, email="choi@example.org", name="Choi Eun-ji")
    response = invite(client, role="coordinator", hospitals=[make_hospital().pk], email="Choi@Example.org")
    assert response.status_code == 422
    page = response.content.decode()
    assert "This address has an account already. Give the role on that person’s page." in page
    assert f'<a href="{reverse("desk:user-detail", args=[known.pk])}">Choi Eun-ji</a>' in page
    known.refresh_from_db()
    assert known.roles == ["trainee"]
    assert not Coordinator.objects.exists()


def test_role_given_later_is_given_with_what_it_is_for(client, officer):
    user, hospital = make_user(Role.TRAINEE), make_hospital()
    url = reverse("desk:user-give-role", args=[user.pk])
    answer = {"role": "coordinator", "reason": "changed the department"}
    response = client.post(url, answer)
    assert response.context["form"].errors == {"hospitals": ["This role needs it."]}
    client.post(url, {**answer, "hospitals": [hospital.pk]})
    user.refresh_from_db()
    assert user.roles == ["coordinator", "trainee"]
    assert Coordinator.objects.serving().get().hospital == hospital


def test_somebody_who_is_another_trainee_already_gets_no_second_register_entry(client, officer):
    user = make_trainee(user=True).user
    user.roles = []
    user.save()
    other = make_trainee()
    answer = {"role": "trainee", "trainee": other.pk, "reason": "came back"}
    response = client.post(reverse("desk:user-give-role", args=[user.pk]), answer)
    assert response.status_code == 422
    assert "This account belongs to another trainee." in response.content.decode()
    user.refresh_from_db()
    assert user.roles == []


def test_history_of_a_user_is_told_in_words(client, officer):
    user = make_user([Role.COORDINATOR, Role.TRAINEE])
    client.post(reverse("desk:user-invite-again", args=[user.pk]))
    client.post(reverse("desk:user-take-role", args=[user.pk]), {"role": "trainee", "reason": "by mistake"})
    history = (
        client.get(reverse("desk:user-detail", args=[user.pk])).content.decode().split('id="h-events"')[1]
    )
    assert "<li>Invited<span" in history
    assert "<li>Role taken<span" in history
    assert "Kim Seo-yeon" in history


def take_off(client, *users):
    answer = {"action": "take_off_second_factor", "_selected_action": [user.pk for user in users]}
    return client.post(reverse("admin:accounts_user_changelist"), answer, follow=True).content.decode()


def test_second_factor_is_taken_off_by_an_administrator_with_a_line_in_the_trail(client):
    administrator, user = make_user(Role.ADMINISTRATOR), make_user(Role.OFFICER)
    TOTP.activate(user, generate_totp_secret())
    client.force_login(administrator)
    assert "Done for 1 person." in take_off(client, user)
    assert not is_mfa_enabled(user)
    event = Event.objects.about(user).get(verb="take off second factor")
    assert event.actor == administrator


def test_nobody_takes_off_their_own_second_factor_by_that_way(client):
    administrator = make_user(Role.ADMINISTRATOR)
    TOTP.activate(administrator, generate_totp_secret())
    client.force_login(administrator)
    assert "Nobody takes off their own second factor here" in take_off(client, administrator)
    assert is_mfa_enabled(administrator)


def test_officer_takes_off_no_second_factor():
    officer, user = make_user(Role.OFFICER), make_user(Role.VIEWER)
    TOTP.activate(user, generate_totp_secret())
    with pytest.raises(PermissionDenied):
        take_off_second_factor(user, by=officer)
    assert is_mfa_enabled(user)


@pytest.mark.parametrize(
    "email",
    ["a" * 250 + "@example.org", "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org", "İ@example.org"],
)
def test_address_that_no_account_can_keep_is_refused_in_words(client, officer, email):
    response = invite(client, email=email, role="coordinator", hospitals=[make_hospital().pk])
    assert response.status_code == 422
    assert response.context["form"].errors["email"]
    assert User.objects.count() == 1
