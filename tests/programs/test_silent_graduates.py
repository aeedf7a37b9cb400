"""Two weeks after the question: whoever leads the cohort is told who has answered nothing, by mail and on Today."""

from datetime import date, timedelta

import pytest

from participants.workflow import followups
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from tests import factories
from tests.desk.test_today import today

pytestmark = pytest.mark.django_db
ASKED = date(2026, 12, 28)


@pytest.fixture
def lead():
    return factories.make_user(Role.OFFICER, name="Kim Seo-yeon")


@pytest.fixture
def cohort(lead):
    """Two graduates whose first follow-up is due on ASKED."""
    cohort = factories.make_cohort(state="nominating", lead_officer=lead)
    for name in ("Aizada Mambetova", "Bolormaa Dorj"):
        factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(name), state="completed")
    questions = followups.FollowUp.objects.all()
    questions.exclude(months=1).delete()
    questions.update(due=ASKED)
    return cohort


def mails_after(*days):
    for day in days:
        with clock.at(ASKED + timedelta(days=day)):
            due.run(say=lambda line: None)
    return OutgoingMail.objects.filter(kind="followups_silent").order_by("pk")


def test_nobody_is_told_before_the_last_reminder(cohort):
    assert not mails_after(0, 7, 13).exists()


def test_the_lead_officer_is_told_once_who_is_silent(cohort, lead):
    factories.make_user(Role.OFFICER)
    [mail] = mails_after(0, 7, 14, 14, 15, 20)
    assert (mail.address, mail.about) == (lead.email, cohort)
    text = render.preview(mail)["text"]
    assert "- Aizada Mambetova\n- Bolormaa Dorj" in text
    assert "/participants/follow-ups/?state=open&due=late" in text


def test_who_answers_is_not_named_and_if_all_do_nothing_leaves(cohort):
    mails_after(0)
    first, second = followups.FollowUp.objects.order_by("pk")
    followups.answer(first, by=factories.make_user(Role.OFFICER), applied="Suturing")
    [mail] = mails_after(14)
    assert "Aizada" not in render.preview(mail)["text"]
    followups.answer(second, by=factories.make_user(Role.OFFICER), applied="Suturing")
    with pytest.raises(NoLongerWanted):
        render.preview(mail)


def test_without_a_lead_officer_everybody_is_told_who_may_settle_it(cohort):
    cohort.lead_officer = None
    cohort.save()
    others = {factories.make_user(role).email for role in (Role.OFFICER, Role.MANAGER)}
    factories.make_user(Role.VIEWER)
    told = {mail.address for mail in mails_after(0, 14)}
    assert others < told
    assert len(told) == 3  # and the lead of before, who is an officer still


def test_today_says_so_from_the_fourteenth_day_until_it_counts_as_missed(client, cohort, lead):
    mails_after(0, 14)

    def titles(day):
        items = today(client, lead, ASKED + timedelta(days=day)).context["items"]
        return [item.title for item in items if "graduate" in item.title and "follow" in item.url]

    assert titles(13) == []
    assert titles(14) == ["2 graduates answer no reminder"]
    mails_after(30)
    assert titles(30) == ["2 graduates have not answered a follow-up"]
