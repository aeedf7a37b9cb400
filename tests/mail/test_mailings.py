"""What one act sends waits ten minutes, and can be called back together."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail as django_mail
from django.db import transaction
from django.urls import reverse

from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.mail import delivery, hold, outbox, workflow
from portal.mail.models import Mailing, OutgoingMail
from portal.mail.rehearsal import rehearse
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event, PrivateFile
from portal.records.transitions import NotNow

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def mailing(put, officer):
    """Three mails of one act."""
    return send_together(put, officer, 3)


def send_together(put, officer, count):
    with outbox.hold("Decisions, Autumn", by=officer) as held:
        for number in range(count):
            put(key=f"note:{number}")
    return held.mailing


def page(client, mailing, verb=""):
    return reverse(f"mail:mailing-{verb or 'detail'}", args=[mailing.pk])


def states():
    return sorted(OutgoingMail.objects.values_list("state", flat=True))


def in_minutes(minutes):
    return clock.at(clock.now() + timedelta(minutes=minutes))


# Holding ---------------------------------------------------------------------------------------------


def test_held_mails_leave_after_ten_minutes_and_not_before(mailing, officer):
    assert (mailing.label, mailing.made_by) == ("Decisions, Autumn", officer)
    with in_minutes(9):
        delivery.drain()
        assert django_mail.outbox == []
    with in_minutes(10):
        delivery.drain()
    assert len(django_mail.outbox) == 3


def test_a_mail_that_is_due_later_anyway_keeps_its_time(put, officer):
    later = clock.now() + timedelta(days=1)
    with outbox.hold("Later", by=officer):
        mail = put(due=later)
    assert mail.next_attempt == later


def test_an_act_that_sends_nothing_leaves_no_mailing(put, officer):
    put(key="there already")
    with outbox.hold("Nothing", by=officer) as held:
        put(key="there already")
    assert (held.mailing, held.count, hold.in_words(held)) == (None, 0, "")
    assert not Mailing.objects.exists()
    assert OutgoingMail.objects.get().mailing is None


def test_an_act_inside_another_joins_it(put, officer):
    with outbox.hold("Outer", by=officer) as outer:
        put(key="1")
        with outbox.hold("Inner", by=officer):
            put(key="2")
    assert Mailing.objects.get().label == "Outer"
    assert (outer.count, outer.mailing.mails.count()) == (2, 2)


def test_what_fails_takes_its_mailing_along(put, officer):
    def fails():
        with outbox.hold("Fails", by=officer):
            put()
            raise NotNow("No.")

    with pytest.raises(NotNow):
        fails()
    assert not Mailing.objects.exists()
    assert not OutgoingMail.objects.exists()
    put(key="afterwards")
    assert OutgoingMail.objects.get().mailing is None


def test_the_words_say_how_many_until_when_and_where(mailing, officer, put):
    with outbox.hold("Two", by=officer) as held:
        put(key="a")
        put(key="b")
    words = hold.in_words(held)
    assert words == (
        "2 mails leave at 10:10. Until then they can be called back. "
        f'<a href="/mail/mailings/{held.mailing.pk}/">See them</a>'
    )


def test_who_may_not_call_mails_back_is_told_when_they_leave_and_no_more(mailing, put):
    coordinator = create_user("c@h.example", name="C", roles=[Role.COORDINATOR], by=None)
    with outbox.hold("One", by=coordinator) as held:
        put(key="a")
    assert hold.in_words(held) == "1 mail leaves at 10:10."


# Calling back ----------------------------------------------------------------------------------------


def test_staff_call_all_of_them_back_with_a_reason(staff, mailing, officer, put):
    other = put(key="other")
    asked = staff.get(page(staff, mailing, "call-back")).content.decode()
    assert "3 mails will not be sent." in asked
    answer = staff.post(page(staff, mailing, "call-back"), {"reason": "The wrong list."}, follow=True)
    assert "3 mails were called back." in answer.content.decode()
    assert "The wrong list." in answer.content.decode()
    assert states() == ["cancelled"] * 3 + ["queued"]
    other.refresh_from_db()
    assert other.state == "queued"
    event = Event.objects.about(mailing).get()
    assert (event.verb, event.actor, event.data) == ("call_back", officer, {"mails": 3})
    with in_minutes(11):
        delivery.drain()
    assert len(django_mail.outbox) == 1


def test_calling_back_wants_a_reason(staff, mailing):
    assert staff.post(page(staff, mailing, "call-back"), {"reason": ""}).status_code == 422
    assert states() == ["queued"] * 3


def test_after_the_ten_minutes_nothing_can_be_called_back(staff, mailing, officer):
    with in_minutes(10), pytest.raises(NotNow, match="leaving already"):
        workflow.call_back(mailing, by=officer, reason="Late.")
    with in_minutes(10):
        answer = staff.get(page(staff, mailing, "call-back"))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "None of these mails waits any more."
    ]


def test_a_mail_that_was_cancelled_alone_is_not_counted(staff, mailing, officer):
    workflow.cancel(mailing.mails.first(), by=officer, reason="Not her.")
    workflow.call_back(mailing, by=officer, reason="Nobody.")
    assert Event.objects.about(mailing).get().data == {"mails": 2}


def test_staff_let_them_go_before_the_time(staff, mailing):
    staff.post(page(staff, mailing, "release"))
    delivery.drain()
    assert states() == ["sent"] * 3
    again = staff.post(page(staff, mailing, "release"), follow=True).content.decode()
    assert "These mails are leaving already." in again


def test_what_is_due_later_stays_when_the_others_are_let_go(put, officer):
    with outbox.hold("Both", by=officer) as held:
        put(key="now")
        later = put(key="later", due=clock.now() + timedelta(days=1))
    assert workflow.release(held.mailing, by=officer) == 2
    delivery.drain()
    later.refresh_from_db()
    assert (later.state, later.next_attempt) == ("queued", later.due)


# Screens ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["", "call-back", "release"])
def test_others_see_no_mailing(client, mailing, verb):
    client.force_login(create_user("v@gyeonggi.example", name="V", roles=[Role.VIEWER], by=None))
    assert client.get(page(client, mailing, verb)).status_code == 403
    assert client.post(page(client, mailing, verb), {"reason": "x"}).status_code == 403
    assert states() == ["queued"] * 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_at_any_length(staff, put, officer, rows, django_assert_num_queries):
    mailing = send_together(put, officer, rows)
    staff.get(page(staff, mailing))
    with django_assert_num_queries(5):
        html = staff.get(page(staff, mailing)).content.decode()
    assert html.count("bat@example.mn") == rows


def test_the_list_of_mails_says_what_is_held(staff, mailing):
    html = staff.get("/mail/outgoingmails/").content.decode()
    assert "3 mails are held back until 10:10." in html
    assert f'href="/mail/mailings/{mailing.pk}/"' in html
    with in_minutes(10):
        assert "held back" not in staff.get("/mail/outgoingmails/").content.decode()


# Rehearsal -------------------------------------------------------------------------------------------


def test_a_rehearsal_shows_every_mail_and_leaves_nothing(put, officer, person, private_files):
    def act():
        paper = PrivateFile.objects.store(b"%PDF", name="a.pdf", content_type="application/pdf")
        put(context={"word": "wait"}, attachments=[paper])
        officer.phone = "changed"
        officer.save()

    [mail] = rehearse(act, by=officer)
    assert (mail.name, mail.address, mail.subject) == (
        "Bat-Erdene",
        "bat@example.mn",
        "A note for Bat-Erdene",
    )
    assert "Say & do: wait" in mail.text
    assert not OutgoingMail.objects.exists()
    assert not Mailing.objects.exists()
    assert not PrivateFile.objects.exists()
    assert [path for path in private_files.rglob("*") if path.is_file()] == []
    assert type(officer).objects.get(pk=officer.pk).phone == ""


def test_an_act_that_is_refused_would_send_nothing(put, officer):
    def act():
        put()
        raise NotNow("Not today.")

    assert rehearse(act, by=PORTAL) == []
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_nudges_nobody(put, officer, monkeypatch):
    nudged = []
    monkeypatch.setattr("portal.mail.nudge._publish", lambda _task: nudged.append(1))
    rehearse(put, by=officer)
    with transaction.atomic():
        put()
    assert nudged == [1]
