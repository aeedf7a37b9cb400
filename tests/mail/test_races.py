"""Several workers at once, on real PostgreSQL."""

import threading
import time
from collections import Counter

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from portal.mail import delivery, states
from portal.mail.models import OutgoingMail
from portal.records import clock
from tests.threads import at_once, meet

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MAILS = 30
WORKERS = 4


class SlowBackend(BaseEmailBackend):
    """Counts what it was given, and is slow enough for workers to meet."""

    sent = Counter()
    lock = threading.Lock()

    def send_messages(self, messages):
        for message in messages:
            time.sleep(0.005)
            with self.lock:
                self.sent[message.message().as_bytes()] += 1
        return len(messages)


@pytest.fixture
def thirty_mails(put, monkeypatch):
    monkeypatch.setattr(delivery, "outbox_connection", SlowBackend)
    SlowBackend.sent.clear()
    for number in range(MAILS):
        put(key=f"note:{number}")


def test_several_drainers_send_each_mail_once(thirty_mails):
    at_once(*[delivery.drain] * WORKERS)
    assert sorted(SlowBackend.sent.values()) == [1] * MAILS
    assert OutgoingMail.objects.filter(state="sent", attempts=1).count() == MAILS


def claims_of(claim):
    """How often each mail is claimed when several workers claim until there is none."""
    claims = Counter()

    def work():
        while (mail := claim()) is not None:
            claims[mail.pk] += 1

    at_once(*[work] * WORKERS)
    return claims


def test_each_mail_is_claimed_once(thirty_mails):
    assert sorted(claims_of(states.claim).values()) == [1] * MAILS


def test_without_the_lock_in_the_claim_mails_are_claimed_twice(thirty_mails):
    """The negative control: reading what is due and then marking it must show in the race above."""

    def careless_claim():
        mail = OutgoingMail.objects.due().order_by("pk").first()
        meet()
        if mail is not None:
            lease = clock.now() + states.LEASE
            states._rows().filter(pk=mail.pk).update(state="sending", token=mail.uuid, lease_until=lease)
        return mail

    claims = claims_of(careless_claim)
    assert len(claims) == MAILS
    assert set(claims.values()) == {WORKERS}


def test_the_same_key_put_at_once_gives_one_row(put):
    at_once(*[lambda: put(key="the one")] * WORKERS)
    assert OutgoingMail.objects.count() == 1
