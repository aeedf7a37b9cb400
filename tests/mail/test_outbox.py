from datetime import date, timedelta

import pytest
from django.db import transaction

from portal.mail import outbox
from portal.mail.models import OutgoingMail, State
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event

pytestmark = pytest.mark.django_db


def test_a_mail_is_put_as_a_row_with_its_recipient_as_they_are_now(put, person):
    mail = put(context={"word": "word"})
    assert (mail.state, mail.kind, mail.about, mail.recipient) == (State.QUEUED, "note", person, person)
    assert (mail.address, mail.recipient_name) == ("bat@example.mn", "Bat-Erdene")
    assert (mail.language, mail.time_zone, mail.template) == ("mn", "Asia/Ulaanbaatar", "test/note")
    assert (mail.context, mail.attempts, mail.is_frozen) == ({"word": "word"}, 0, False)


def test_the_same_key_gives_the_same_row(put):
    first = put(context={"word": "first"})
    second = put(context={"word": "second"})
    assert second.pk == first.pk
    assert second.context == {"word": "first"}
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_putting_outside_a_transaction_is_refused(person):
    with pytest.raises(transaction.TransactionManagementError):
        outbox.put("note", to=person, about=person, key="note:1")
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_mail(person):
    with transaction.atomic():
        outbox.put("note", to=person, about=person, key="note:1")
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_an_unknown_kind_is_refused(put):
    with pytest.raises(LookupError, match="no-such-kind"):
        put("no-such-kind")


def test_without_an_address_the_mail_stands_as_failed_with_the_reason(put, person):
    person.email = ""
    mail = put(to=person)
    assert (mail.state, mail.last_error_code) == (State.FAILED, "no address")
    assert mail.last_error == "There is no e-mail address for this person."
    assert list(OutgoingMail.objects.needing_a_person()) == [mail]


def test_a_recipient_need_not_be_a_record(put, person):
    class Office:
        email = "office@example.kz"
        name = "The\nOffice"
        language = "ru"

    mail = put(to=Office())
    assert (mail.recipient, mail.address, mail.recipient_name) == (None, "office@example.kz", "The Office")
    assert (mail.language, mail.time_zone) == ("ru", "Asia/Seoul")


def test_what_has_lost_its_reason_is_cancelled_with_who_and_why(put, person, officer):
    note, vital = put(), put("vital")
    with transaction.atomic():
        assert outbox.cancel_about(person, kinds=["note"], reason="Withdrawn.", by=officer) == 1
    note.refresh_from_db()
    vital.refresh_from_db()
    assert (note.state, note.cancelled_reason, vital.state) == (State.CANCELLED, "Withdrawn.", State.QUEUED)
    event = Event.objects.about(note).get()
    assert (event.verb, event.source, event.target, event.actor) == ("cancel", "queued", "cancelled", officer)


def test_cancelling_all_about_a_record_spares_the_mails_about_others(put, person, officer):
    put()
    put("vital")
    other = put(about=officer)
    assert outbox.cancel_about(person, reason="Withdrawn.", by=PORTAL) == 2
    other.refresh_from_db()
    assert other.state == State.QUEUED


def test_the_mails_about_records_are_listed_latest_due_first(put, person, officer):
    now = clock.now()
    early = put(key="early", due=now)
    late = put(key="late", due=now + timedelta(days=30))
    other = put(about=officer)
    assert list(outbox.mails_about(person)) == [late, early]
    assert set(outbox.mails_about(person, officer)) == {late, early, other}


def test_a_mail_is_due_by_the_portals_clock(put):
    with clock.at(date(2022, 6, 9)):
        mail = put(due=clock.now() + timedelta(days=1))
        assert list(OutgoingMail.objects.due()) == []
    with clock.at(date(2022, 6, 11)):
        assert list(OutgoingMail.objects.due()) == [mail]
