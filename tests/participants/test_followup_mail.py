"""What the mail that asks a graduate says."""

from datetime import date

import pytest

from participants.models import FollowUp
from participants.workflow import followups
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def followup():
    graduation = factories.make_graduation(
        trainee=factories.make_trainee("Nomin-Erdene Tsogt"),
        completed="2026-09-10",
        program_name="Autumn training",
        program_name_ko="가을 의료연수",
    )
    followups.plan(graduation, date(2026, 9, 10), [3])
    return FollowUp.objects.get()


def mails_on(day):
    with clock.at(day):
        followups.due_work(say=lambda line: None)
    return list(OutgoingMail.objects.order_by("pk"))


def test_the_question_comes_with_one_link(followup, settings):
    (mail,) = mails_on(date(2026, 12, 10))
    texts = render.preview(mail)
    assert texts["subject"] == (
        "[Action required] Please tell us by Saturday, 9 January 2027 what came of your training"
    )
    assert texts["text"].startswith(
        "Dear Nomin-Erdene Tsogt,\n\n3 months ago you completed your training with us. "
        "We would like to know what came of it:"
    )
    assert "- What stands in the way?" in texts["text"]
    assert texts["text"].count(f"{settings.SITE_URL}/participants/follow-ups/reply/") == 1
    assert "because you completed Autumn training." in texts["text"]
    assert "have not heard from you" not in texts["text"]


def test_a_reminder_says_that_it_is_one(followup):
    mails_on(date(2026, 12, 10))
    texts = render.preview(mails_on(date(2026, 12, 17))[-1])
    assert texts["subject"] == (
        "[Reminder] Please tell us by Saturday, 9 January 2027 what came of your training"
    )
    assert "We asked you some days ago and have not heard from you." in texts["text"]
    assert "We asked you some days ago and have not heard from you." in texts["html"]


def test_whoever_has_answered_is_not_asked_again(followup):
    (mail,) = mails_on(date(2026, 12, 10))
    followup.refresh_from_db()
    followups.answer(followup, by=PORTAL, applied="Daily")
    mail.refresh_from_db()
    assert mail.state == "cancelled"
    with pytest.raises(NoLongerWanted):
        render.preview(mail)


def test_a_korean_reader_reads_the_program_s_korean_name(followup):
    trainee = followup.graduation.trainee
    trainee.language = "ko"
    trainee.save()
    (mail,) = mails_on(date(2026, 12, 10))
    assert "가을 의료연수" in render.preview(mail)["text"]
    assert "Autumn training" not in render.preview(mail)["text"]
