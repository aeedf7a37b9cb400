import pytest

from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail import delivery
from portal.mail.invitations import invite
from portal.mail.models import OutgoingMail
from portal.records.actors import PORTAL
from portal.records.models import Event

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/outgoingmail/"


@pytest.fixture
def administrator(client):
    user = create_user("admin@gyeonggi.example", name="Admin", roles=[Role.ADMINISTRATOR], by=None)
    client.force_login(user)
    return user


def test_a_mail_is_read_only_and_shows_no_link_that_opens_an_account(client, administrator):
    invite("seo@hospital.example", name="Seo", roles=[Role.COORDINATOR], by=PORTAL)
    delivery.drain()
    mail = OutgoingMail.objects.get()
    page = client.get(f"{LIST}{mail.pk}/change/").content.decode()
    token = mail.text.split("/accounts/invitations/")[1].split("/")[0]
    assert "/accounts/invitations/•••/accept/" in page
    assert token.split(":")[-1] not in page
    client.post(f"{LIST}{mail.pk}/change/", {"state": "cancelled", "address": "thief@example.org"})
    mail.refresh_from_db()
    assert (mail.state, mail.address) == ("sent", "seo@hospital.example")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{mail.pk}/delete/").status_code == 403


def test_the_actions_use_the_verbs_and_name_what_they_do_not_fit(client, administrator, put):
    sent = put(key="sent")
    delivery.drain()
    queued = put(key="queued")
    data = {"action": "cancel_selected", "_selected_action": [sent.pk, queued.pk]}
    page = client.post(LIST, data, follow=True).content.decode()
    assert "1 mail changed." in page
    assert "It cannot be done any more: the state is now “sent”." in page
    queued.refresh_from_db()
    assert (queued.state, queued.cancelled_reason) == ("cancelled", "Cancelled in the admin.")
    assert Event.objects.about(queued).get().actor == administrator


@pytest.mark.parametrize("rows", [1, 3])
def test_the_admins_list_takes_the_same_queries_at_any_length(
    client, administrator, put, rows, django_assert_num_queries
):
    client.get(LIST)
    for number in range(rows):
        put(key=f"note:{number}")
    with django_assert_num_queries(8):
        assert client.get(LIST).status_code == 200
