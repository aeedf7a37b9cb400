import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail as django_mail
from django.db import InternalError, OperationalError, transaction
from django.utils import timezone

from portal.mail import delivery, states
from portal.mail.models import BouncedAddress, OutgoingMail, Sweep
from portal.records import clock
from portal.records.models import Event, PrivateFile

pytestmark = pytest.mark.django_db


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def make_due(mail):
    states._rows().filter(pk=mail.pk).update(next_attempt=clock.now())


def end_lease(mail):
    states._rows().filter(pk=mail.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def received(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)


# What arrives ----------------------------------------------------------------------------------------


def test_the_message_arrives_whole_with_its_own_message_id(mail_server, put, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    paper = PrivateFile.objects.store(
        b"%PDF-1.7 \r\n.\r\n", name="수료증.pdf", content_type="application/pdf"
    )
    mail = put(context={"word": "be brief & kind"}, attachments=[paper])

    assert delivery.drain() == 1

    [envelope] = mail_server.envelopes
    message = received(envelope)
    assert envelope.rcpt_tos == ["bat@example.mn"]
    assert message["Message-ID"] == f"<{mail.uuid}@gyeonggi.example>" == mail.message_id
    assert message["Subject"] == "A note for Bat-Erdene"
    assert message["To"] == "Bat-Erdene <bat@example.mn>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(["plain"]).get_content()
    assert text.replace("\r\n", "\n") == (
        "Dear Bat-Erdene,\n\nSay & do: be brief & kind\n\nMedical Training, Gyeonggi Province\n\n--\n"
        "You asked for it.\nThe training portal sent this mail by itself. http://127.0.0.1:8000\n"
    )
    assert "Say &amp; do: be brief &amp; kind" in message.get_body(["html"]).get_content()
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("수료증.pdf", b"%PDF-1.7 \r\n.\r\n")


def test_a_sent_mail_keeps_when_and_the_exact_text(mail_server, put):
    mail = put()
    delivery.drain()
    assert state_of(mail) == "sent"
    assert mail.sent_at is not None
    assert (mail.token, mail.lease_until, mail.phase, mail.attempts) == (None, None, "", 1)
    assert mail.subject == "A note for Bat-Erdene"
    assert "Say & do: thing" in mail.text
    assert re.fullmatch(r"[0-9a-f]{12}", mail.template_version)
    event = Event.objects.about(mail).get()
    assert (event.verb, event.source, event.target, event.actor) == ("send", "sending", "sent", None)
    assert bytes(mail.raw).rstrip() == mail_server.envelopes[0].original_content.rstrip()


def test_a_line_that_is_a_lone_dot_survives(mail_server, put):
    put(context={"word": "before\n.\n..after"})
    delivery.drain()
    text = received(mail_server.envelopes[0]).get_body(["plain"]).get_content()
    assert "before\n.\n..after" in text.replace("\r\n", "\n")


def test_the_mail_is_written_from_its_subject_as_it_is_when_it_leaves(put, person):
    put()
    person.name = "Bat-Erdene Dorj"
    person.save()
    delivery.drain()
    [message] = django_mail.outbox
    assert message.subject == "A note for Bat-Erdene Dorj"


def test_one_connection_serves_the_batch(mail_server, put, monkeypatch):
    opened = []
    real = delivery.outbox_connection
    monkeypatch.setattr(delivery, "outbox_connection", lambda: opened.append(1) or real())
    for number in range(5):
        put(key=f"note:{number}")
    assert delivery.drain() == 5
    assert len(mail_server.envelopes) == 5
    assert len(opened) == 1


def test_what_is_not_due_stays(put):
    mail = put(due=clock.now() + timedelta(hours=1))
    assert delivery.drain() == 0
    assert state_of(mail) == "queued"


# What is not sent ------------------------------------------------------------------------------------


def test_a_mail_whose_reason_has_gone_is_cancelled_with_why(put, person):
    mail = put()
    person.phone = "withdrawn"
    person.save()
    delivery.drain()
    assert django_mail.outbox == []
    assert state_of(mail) == "cancelled"
    assert mail.cancelled_reason == "The trainee has withdrawn."
    assert Event.objects.about(mail).get().reason == "The trainee has withdrawn."


def test_a_mail_about_a_record_that_is_gone_is_cancelled(put, officer, person):
    mail = put(about=officer, to=person)
    states._rows().filter(pk=mail.pk).update(about_id=10**9)
    delivery.drain()
    assert state_of(mail) == "cancelled"
    assert mail.cancelled_reason == "The record this mail was about is gone."


def test_a_mail_past_its_time_is_cancelled(put):
    now = clock.now()
    mail = put(due=now - timedelta(days=2), valid_until=now - timedelta(days=1))
    delivery.drain()
    assert django_mail.outbox == []
    assert state_of(mail) == "cancelled"
    assert mail.cancelled_reason == "Its time had passed before it could be sent."


def test_a_template_that_raises_fails_alone(put, caplog):
    broken, note = put("broken"), put()
    assert delivery.drain() == 2
    assert state_of(broken) == "failed"
    assert broken.last_error_code == "template"
    assert "TemplateDoesNotExist" in broken.last_error
    assert not broken.is_frozen
    assert state_of(note) == "sent"


# What the server answers -----------------------------------------------------------------------------


def test_a_refused_recipient_fails_at_once_and_the_others_go_on(mail_server, put):
    mail_server.rcpt_answers = ["550 5.1.1 No such user"]
    refused, other = put(key="1"), put(key="2")
    delivery.drain()
    assert (state_of(refused), state_of(other)) == ("failed", "sent")
    assert (refused.last_error_code, refused.last_error) == ("550", "5.1.1 No such user")
    assert len(mail_server.envelopes) == 1


def test_a_refused_address_is_marked_until_a_mail_gets_through(mail_server, put, person):
    mail_server.rcpt_answers = ["550 5.1.1 No such user"]
    put(key="1")
    delivery.drain()
    [mark] = BouncedAddress.objects.of(person)
    assert (mark.error, mark.mail.key) == ("5.1.1 No such user", "1")
    moved = type(person)(email="new@example.mn")
    assert list(BouncedAddress.objects.of(moved)) == []  # another address, no mark
    put(key="2")
    delivery.drain()
    assert list(BouncedAddress.objects.of(person)) == []


@pytest.mark.parametrize(
    ("rcpt", "data"), [(["450 4.2.1 Busy"], []), ([], ["554 5.7.1 Spam"])], ids=["for now", "of the text"]
)
def test_another_refusal_says_nothing_of_the_address(mail_server, put, rcpt, data):
    mail_server.rcpt_answers, mail_server.data_answers = rcpt, data
    put()
    delivery.drain()
    assert not BouncedAddress.objects.exists()


def test_a_temporary_answer_queues_again_each_time_for_longer(mail_server, put):
    mail_server.rcpt_answers = ["450 4.2.0 Greylisted", "450 4.2.0 Greylisted"]
    mail = put()
    waits = []
    for _attempt in range(2):
        before = clock.now()
        make_due(mail)
        delivery.drain()
        assert state_of(mail) == "queued"
        waits.append((mail.next_attempt - before).total_seconds())
    assert 48 <= waits[0] <= 75
    assert 96 <= waits[1] <= 150
    assert (mail.attempts, mail.last_error_code, mail.last_error) == (2, "450", "4.2.0 Greylisted")


@pytest.mark.parametrize(("answer", "state"), [("451 4.3.0 Later", "queued"), ("554 5.7.1 Spam", "failed")])
def test_an_answer_after_the_final_dot_is_an_answer(mail_server, put, answer, state):
    mail_server.data_answers = [answer]
    mail = put()
    delivery.drain()
    assert state_of(mail) == state
    assert mail.last_error == answer[4:]


def test_after_72_hours_it_is_given_up(mail_server, put):
    mail_server.rcpt_answers = ["450 Later"]
    mail = put()
    states._rows().filter(pk=mail.pk).update(first_attempt_at=clock.now() - timedelta(hours=72), attempts=70)
    delivery.drain()
    assert state_of(mail) == "failed"
    assert mail.last_error == "Later"


def test_no_server_ends_the_batch_and_leaves_the_others_untouched(put, settings, unused_tcp_port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
    first, second = put(key="1"), put(key="2")
    assert delivery.drain() == 1
    assert (state_of(first), first.attempts, first.last_error_code) == ("queued", 1, "connection")
    assert first.next_attempt > clock.now()
    assert (state_of(second), second.attempts) == ("queued", 0)


def test_retries_send_the_same_bytes(mail_server, put, person):
    mail_server.data_answers = ["451 Later"]
    mail = put()
    delivery.drain()
    mail.refresh_from_db()
    frozen = bytes(mail.raw)
    person.name = "Somebody Else"
    person.save()
    make_due(mail)
    delivery.drain()
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert bytes(mail.raw) == frozen
    assert received(mail_server.envelopes[0])["Subject"] == "A note for Bat-Erdene"


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (400, 60)])
def test_the_wait_doubles_up_to_an_hour(attempts, minutes):
    waits = {states.backoff(attempts) for _ in range(50)}
    assert len(waits) > 1
    assert timedelta(minutes=minutes * 0.8) <= min(waits)
    assert max(waits) <= timedelta(minutes=minutes * 1.2)


# Silence and dead workers ----------------------------------------------------------------------------


def test_silence_after_the_dot_is_uncertain_and_not_sent_again(mail_server, put):
    mail_server.data_answers = ["take it and fall silent"]
    mail = put()
    delivery.drain()
    assert state_of(mail) == "uncertain"
    assert (mail.silences, mail.last_error_code) == (1, "silence")
    delivery.sweep()
    assert len(mail_server.envelopes) == 1


def test_a_vital_mail_in_doubt_is_sent_once_more_with_the_same_bytes(mail_server, put):
    mail_server.data_answers = ["take it and fall silent"] * 2
    mail = put("vital")
    delivery.drain()
    assert state_of(mail) == "queued"
    make_due(mail)
    delivery.drain()
    first, second = mail_server.envelopes
    assert first.content == second.content
    assert state_of(mail) == "uncertain"  # once more, not for ever


def test_a_worker_killed_before_sending_is_recovered_by_the_sweep(put):
    mail = put()
    assert states.claim().pk == mail.pk  # and dies
    delivery.sweep()
    assert (state_of(mail), django_mail.outbox) == ("sending", [])  # the lease still holds
    end_lease(mail)
    delivery.sweep()
    assert state_of(mail) == "queued"
    make_due(mail)
    delivery.sweep()
    assert state_of(mail) == "sent"
    assert len(django_mail.outbox) == 1


def test_a_worker_killed_at_the_dot_leaves_a_doubt(put):
    mail = put()
    claimed = states.claim()
    assert delivery.prepare(claimed)
    states.enter_dot(claimed)  # and dies
    end_lease(mail)
    delivery.sweep()
    assert state_of(mail) == "uncertain"
    assert Event.objects.about(mail).get().target == "uncertain"
    assert django_mail.outbox == []


def test_a_late_worker_changes_nothing(put):
    mail = put()
    late = states.claim()
    end_lease(mail)
    states.recover()
    make_due(mail)
    current = states.claim()
    assert current.token != late.token
    assert not states.failed(late, "500", "too late")
    assert not states.sent(late)
    assert state_of(mail) == "sending"
    assert mail.token == current.token


def test_a_worker_whose_lease_is_over_does_not_send_the_dot(mail_server, put, caplog):
    mail = put()
    late = states.claim()
    assert delivery.prepare(late)
    end_lease(mail)
    line = delivery.Line()
    delivery.deliver_one(late, line)
    line.hang_up()
    assert mail_server.envelopes == []
    assert state_of(mail) == "sending"


def test_a_database_that_is_down_does_not_fail_the_mail(put, monkeypatch):
    mail = put()

    def down(mail):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(delivery, "context_of", down)
    with pytest.raises(OperationalError):
        delivery.drain()
    assert state_of(mail) == "sending"  # until its lease ends


@pytest.mark.parametrize("raw", [b"other bytes", None])
def test_the_database_refuses_other_bytes_once_they_are_frozen(put, raw):
    mail = put()
    delivery.drain()
    with pytest.raises(InternalError, match="Cannot update rows"), transaction.atomic():
        states._rows().filter(pk=mail.pk).update(raw=raw, rendered_at=None if raw is None else clock.now())


def test_the_sweep_notes_its_time():
    delivery.sweep()
    first = Sweep.objects.get().at
    delivery.sweep()
    assert Sweep.objects.get().at > first


def test_a_moved_clock_is_the_time_of_sending(put):
    with clock.at(date(2022, 6, 9)):
        now = clock.now()
        mail = put()
        delivery.drain()
    assert state_of(mail) == "sent"
    assert mail.sent_at == now
    assert OutgoingMail.objects.get().rendered_at == now
