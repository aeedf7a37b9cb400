"""Staff's screens of the outbox."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail import delivery, kinds, states, workflow
from portal.mail.invitations import invite
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow, machine
from tests.programs.test_every_mail import CAUSES

pytestmark = pytest.mark.django_db
LIST = "/mail/outgoingmails/"


@pytest.fixture
def staff(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def mail_in(put, person, mail_server):
    """A mail in the state one asks for, brought there by what really leads there."""

    def mail_in(state, **details):
        mail = put(**details)
        if state == "sending":
            states.claim()
        elif state == "failed":
            mail_server.rcpt_answers = ["550 No such user"]
        elif state == "uncertain":
            mail_server.data_answers = ["take it and fall silent"]
        elif state == "cancelled":
            workflow.cancel(mail, by=PORTAL, reason="Not needed.")
        if state in {"sent", "failed", "uncertain"}:
            delivery.drain()
        mail.refresh_from_db()
        assert mail.state == state
        return mail

    return mail_in


def url(mail, verb=""):
    return f"{LIST}{mail.pk}/{verb.replace('_', '-') + '/' if verb else ''}"


# Guards ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["", "cancel", "retry", "settle", "send-now", "reword"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_others_may_not_read_mails(client, put, role, verb):
    client.force_login(create_user("other@example.org", name="Other", roles=[role], by=None))
    mail = put()
    assert client.get(url(mail, verb)).status_code == 403
    assert client.post(url(mail, verb), {"reason": "x"}).status_code == 403
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_others_may_not_list_mails_and_strangers_sign_in_first(client, person):
    assert client.get(LIST).status_code == 302
    client.force_login(person)
    assert client.get(LIST).status_code == 403


def test_a_queryset_shows_mails_to_staff_alone(put, officer, person):
    mail = put()
    assert list(OutgoingMail.objects.visible_to(officer)) == [mail]
    assert list(OutgoingMail.objects.visible_to(person)) == []


# List ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_at_any_length(staff, put, rows, django_assert_num_queries):
    staff.get(LIST)
    for number in range(rows):
        put(key=f"note:{number}")
    with django_assert_num_queries(
        6
    ):  # session, user, the cohorts to choose from, mails, how many need a person, held mailings
        response = staff.get(LIST)
    assert response.content.decode().count("Bat-Erdene</a>") == rows


def test_the_list_is_narrowed_by_state_kind_and_recipient(staff, put, officer, mail_in):
    failed = mail_in("failed")
    vital = put("vital", about=officer)

    def found(query):
        return list(staff.get(f"{LIST}?{query}").context["listing"].rows)

    assert found("") == [vital, failed]
    assert found("state=failed") == [failed]
    assert found("kind=vital") == [vital]
    assert found("recipient=bat-erd") == [failed]
    assert found("recipient=officer@gyeonggi") == [vital]
    assert found("recipient=nobody") == []


def test_the_list_says_how_many_need_a_person(staff, mail_in, put):
    assert "none needs a person" in staff.get(LIST).content.decode()
    mail_in("failed")
    put(key="fine")
    assert "1 mail failed or is uncertain and needs a person." in staff.get(LIST).content.decode()


# One mail --------------------------------------------------------------------------------------------


def test_a_sent_mail_shows_the_exact_text_even_if_the_record_has_changed(staff, mail_in, person):
    mail = mail_in("sent", context={"word": "as it was"})
    person.name = "Changed"
    person.save()
    page = staff.get(url(mail)).content.decode()
    assert "The exact text" in page
    assert "A note for Bat-Erdene" in page
    assert "Say &amp; do: as it was" in page
    assert reverse("mail:outgoingmail-cancel", args=[mail.pk]) not in page


def test_a_queued_mail_shows_what_it_would_say_now(staff, put, person):
    mail = put(due=clock.now() + timedelta(days=3))
    person.name = "Changed"
    person.save()
    page = staff.get(url(mail)).content.decode()
    assert "as it would read if it left now" in page
    assert "A note for Changed" in page
    assert url(mail, "cancel") in page
    mail.refresh_from_db()
    assert not mail.is_frozen


def test_a_queued_mail_that_is_not_wanted_any_more_says_so(staff, put, person):
    mail = put()
    person.phone = "withdrawn"
    person.save()
    assert "The trainee has withdrawn." in staff.get(url(mail)).content.decode()


def test_a_mail_that_cannot_be_written_says_why(staff, put):
    assert "absent.txt" in staff.get(url(put("broken"))).content.decode()


def test_a_failed_mail_says_why_and_what_to_do(staff, mail_in):
    page = staff.get(url(mail_in("failed"))).content.decode()
    assert "No such user" in page
    assert "Ask the recipient by phone for the right address" in page


def test_staff_cannot_come_in_by_somebody_elses_invitation(staff):
    user = invite("boss@gyeonggi.example", name="Boss", roles=[Role.ADMINISTRATOR], by=PORTAL)
    mail = OutgoingMail.objects.get(about_id=user.pk)
    queued = staff.get(url(mail)).content.decode()
    delivery.drain()
    mail.refresh_from_db()
    sent = staff.get(url(mail)).content.decode()
    token = mail.text.split("/accounts/invitations/")[1].split("/")[0]
    assert len(token) > 40
    for page in (queued, sent):
        assert "/accounts/invitations/•••/accept/" in page
        assert "You have been invited" in page
        assert token.split(":")[-1] not in page


def test_the_detail_page_takes_few_queries(staff, mail_in, django_assert_max_num_queries):
    mail = mail_in("uncertain")
    staff.get(url(mail))
    with django_assert_max_num_queries(12):
        staff.get(url(mail))


# What people do --------------------------------------------------------------------------------------

FROM_TO = {
    "send_now": ({"queued"}, "queued"),
    "cancel": ({"queued", "failed", "uncertain"}, "cancelled"),
    "retry": ({"failed", "uncertain"}, "queued"),
    "settle": ({"uncertain"}, "sent"),
}


def test_the_machine_is_the_table_of_the_tests():
    verbs = machine(OutgoingMail).values()
    assert {verb.name: (set(verb.sources), verb.target) for verb in verbs} == FROM_TO


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "failed", "uncertain", "cancelled"])
@pytest.mark.parametrize("verb", FROM_TO)
def test_every_verb_from_every_state(staff, mail_in, officer, verb, state):
    mail = mail_in(state)
    sources, target = FROM_TO[verb]
    fits = state in sources
    assert staff.get(url(mail, verb)).status_code == (200 if fits else 302)
    assert (url(mail, verb) in staff.get(url(mail)).content.decode()) == fits
    before = Event.objects.about(mail).count()

    response = staff.post(url(mail, verb), {"reason": "Because."})

    assert response.status_code == 302
    mail.refresh_from_db()
    assert mail.state == (target if fits else state)
    assert Event.objects.about(mail).count() == before + fits
    if fits:
        event = Event.objects.about(mail).first()
        assert (event.verb, event.actor) == (verb, officer)
        assert event.reason == ("" if verb == "send_now" else "Because.")


def test_cancelling_wants_a_reason(staff, put):
    mail = put()
    response = staff.post(url(mail, "cancel"), {"reason": " "})
    assert response.status_code == 422
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_sending_again_leaves_with_the_same_bytes(staff, mail_in, mail_server):
    mail = mail_in("failed")
    frozen = bytes(mail.raw)
    staff.post(url(mail, "retry"))
    delivery.drain()
    mail.refresh_from_db()
    assert (mail.state, bytes(mail.raw)) == ("sent", frozen)


def test_a_mail_without_address_is_sent_again_only_when_there_is_one(staff, put, person):
    person.email = ""
    mail = put(to=person)
    person.refresh_from_db()
    page = staff.post(url(mail, "retry"), follow=True).content.decode()
    assert "queued again" in page  # the person has an address by now
    mail.refresh_from_db()
    assert (mail.state, mail.address) == ("queued", "bat@example.mn")


def test_without_any_address_sending_again_is_refused_in_words(staff, put, person):
    class Nobody:
        email = name = ""
        language = "en"

    mail = put(to=Nobody())
    page = staff.post(url(mail, "retry"), follow=True).content.decode()
    assert "There is still no e-mail address" in page
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_a_mail_past_its_date_is_not_sent_again(mail_in, officer):
    mail = mail_in("failed", valid_until=clock.now() + timedelta(hours=1))
    with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(NotNow, match="has passed"):
        workflow.retry(mail, by=officer)


def test_a_settled_mail_counts_as_sent_when_it_left(mail_in, officer):
    mail = mail_in("uncertain")
    with clock.at(clock.now() + timedelta(days=1)):
        workflow.settle(mail, by=officer)
    mail.refresh_from_db()
    assert mail.sent_at == mail.last_attempt_at


def test_every_kind_of_mail_has_words_of_its_own():
    """A label made out of the name would be English for every reader."""
    ours = [kinds.get(name) for name, _label in kinds.choices()]
    ours = [kind for kind in ours if kind.context.__module__.endswith("mails")]
    assert {kind.name for kind in ours} == set(CAUSES)
    assert [kind.name for kind in ours if isinstance(kind.label, str)] == []
