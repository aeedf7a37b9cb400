"""Staying in touch is agreed to for a year: asked for anew by mail, answered by a link, over without an answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from participants import renewals as links
from participants.models import Consent, FollowUp
from participants.register import with_reach
from participants.workflow import followups, renewals
from portal.mail import kinds
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from tests import factories
from tests.programs.test_certificates import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def graduate():
    return factories.make_graduation(trainee=factories.make_trainee("Nomin-Erdene Tsogt")).trainee


def agreed(trainee, *, days_ago, **fields):
    return factories.make_consent(trainee, "graduate", at=clock.now() - timedelta(days=days_ago), **fields)


def after(days):
    return clock.at(clock.now() + timedelta(days=days))


def rounds(*days):
    """Kinds and numbers of mails after a round on each of the days from now."""
    for day in days:
        with after(day):
            renewals.due_work(say=lambda line: None)
    return OutgoingMail.objects.filter(kind="consent_renewal").count()


def page_of(word):
    return reverse("participants:consent-renew", args=[links.token_for(word)])


def words(trainee):
    return list(Consent.objects.filter(trainee=trainee).order_by("at", "pk").values_list("action", flat=True))


def test_a_month_before_it_lapses_it_is_asked_for_and_ten_days_before_reminded_of(graduate):
    agreed(graduate, days_ago=0)
    assert rounds(334) == 0
    assert rounds(335, 335, 340) == 1
    assert rounds(355, 356) == 2
    assert rounds(366, 400, 800) == 2


@pytest.mark.parametrize("why", ["refused", "no address", "no graduate", "said nothing", "renewed"])
def test_who_is_not_asked(graduate, why):
    if why == "no graduate":
        graduate = factories.make_trainee("Still Here")
    if why != "said nothing":
        agreed(graduate, days_ago=340)
    if why == "refused":
        agreed(graduate, days_ago=3, action="withdrawn")
    if why == "renewed":
        agreed(graduate, days_ago=3)
    if why == "no address":
        graduate.email = ""
        graduate.save()
    assert rounds(0) == 0


def test_a_click_on_yes_begins_the_year_anew_and_looking_changes_nothing(client, graduate):
    word = agreed(graduate, days_ago=340)
    rounds(0)
    assert "May we stay in touch?" in text_of(client.get(page_of(word)))
    assert words(graduate) == ["given"]

    page = client.post(page_of(word), {"answer": "yes"}, follow=True)
    client.post(page_of(word), {"answer": "yes"})

    assert "Thank you: we stay in touch" in text_of(page)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert words(graduate) == ["given", "given"]
    event = Event.objects.about(graduate).get(verb="renew_consent")
    assert event.actor_name == "Nomin-Erdene Tsogt"
    assert OutgoingMail.objects.get(kind="consent_renewal").state == "cancelled"
    assert rounds(20) == 1


def test_a_no_stops_everything_and_may_be_taken_back(client, graduate):
    word = agreed(graduate, days_ago=340)
    followups.plan(graduate.graduations.get(), clock.today(), [6])
    page = client.post(page_of(word), {"answer": "no"}, follow=True)
    assert "We do not write to you any more" in text_of(page)
    assert words(graduate) == ["given", "withdrawn"]
    assert FollowUp.objects.get().state == "waived"
    assert rounds(0, 20) == 0
    client.post(page_of(word), {"answer": "yes"})
    assert words(graduate) == ["given", "withdrawn", "given"]


def test_clicking_to_and_fro_is_kept_some_twenty_times_an_hour(client, graduate):
    word = agreed(graduate, days_ago=340)
    statuses = [
        client.post(page_of(word), {"answer": ("no", "yes")[number % 2]}).status_code for number in range(22)
    ]
    assert statuses == [302] * 20 + [429] * 2
    assert len(words(graduate)) == 1 + 20
    assert client.get(page_of(word)).status_code == 200


def test_after_a_year_without_an_answer_nobody_asks_any_more(client, graduate):
    word = agreed(graduate, days_ago=0)
    graduation = graduate.graduations.get()
    followups.plan(graduation, clock.today(), [1, 13])
    with after(366):
        assert Consent.objects.has_lapsed(graduate)
        assert with_reach(type(graduation).objects.all()).get().reach == "lapsed"
        with pytest.raises(NotNow):
            followups.open_followup(FollowUp.objects.get(months=13), by=PORTAL)
    with after(400):
        followups.due_work(say=lambda line: None)
        assert set(FollowUp.objects.values_list("state", "waived_reason")) == {
            ("waived", "The consent to stay in touch has lapsed.")
        }
        client.post(page_of(word), {"answer": "yes"})  # it is not too late
        assert not Consent.objects.has_lapsed(graduate)
    assert OutgoingMail.objects.count() == 0


def test_a_mail_that_waits_does_not_leave_after_the_answer(client, graduate):
    word = agreed(graduate, days_ago=340)
    rounds(0)
    mail = OutgoingMail.objects.get(kind="consent_renewal")
    kinds.get("consent_renewal").wanted(mail)
    agreed(graduate, days_ago=0)
    with pytest.raises(NoLongerWanted):
        kinds.get("consent_renewal").wanted(mail)
    assert word.has_lapsed is False


def test_a_link_that_is_too_old_or_tampered_with_says_so(client, graduate, monkeypatch):
    word = agreed(graduate, days_ago=340)
    with monkeypatch.context() as patched:
        patched.setattr(links, "VALID_FOR", timedelta(seconds=-1))
        assert client.get(page_of(word)).status_code == 410
    assert client.post(page_of(word)[:-3] + "x/", {"answer": "no"}).status_code == 410
    assert words(graduate) == ["given"]
