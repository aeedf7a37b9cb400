"""The link in the follow-up's mail: a graduate without an account answers by it, and it does nothing else."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from participants import replies
from participants.models import FollowUp
from participants.workflow import followups
from portal.accounts import links
from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def followup():
    graduation = factories.make_graduation(
        trainee=factories.make_trainee("Nomin-Erdene Tsogt"), completed="2026-09-10", program_name="Autumn"
    )
    followups.plan(graduation, date(2026, 9, 10), [1])
    return followups.open_followup(FollowUp.objects.get(), by=PORTAL)


def link(followup):
    return reverse("participants:followup-reply", args=[replies.token_for(followup)])


def state_of(followup):
    followup.refresh_from_db()
    return followup.state


def test_a_graduate_without_an_account_answers_by_the_link_in_the_mail(client, followup, settings):
    with clock.at(date(2026, 10, 12)):
        followups.due_work(say=lambda line: None)
        texts = render.preview(OutgoingMail.objects.get())
    (address,) = set(re.findall(rf"{re.escape(settings.SITE_URL)}(/participants/\S+)", texts["text"]))
    assert f'href="{settings.SITE_URL}{address}"' in texts["html"]
    page = client.get(address).content.decode()
    assert "What of the training do you use at work?" in page
    assert "Nomin-Erdene Tsogt" in page
    data = {"applied": "The new suture", "obstacles": "No instruments", "wishes": ""}
    page = client.post(address, data, follow=True).content.decode()
    assert "this is what you wrote" in page
    assert "The new suture" in page
    assert "<textarea" not in page
    assert state_of(followup) == "answered"


def test_the_trail_names_the_graduate_who_answered(client, followup):
    client.post(link(followup), {"applied": "Daily"})
    event = Event.objects.about(followup).get(verb="answer")
    assert (event.actor, event.who) == (None, "Nomin-Erdene Tsogt")


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(client, followup, method):
    before = Event.objects.count()
    assert getattr(client, method)(link(followup)).status_code == 200
    assert (state_of(followup), Event.objects.count()) == ("open", before)


def test_a_missed_follow_up_can_still_be_answered_by_the_link(client, followup):
    followups.miss(followup, by=PORTAL)
    assert "your answer still counts" in client.get(link(followup)).content.decode()
    client.post(link(followup), {"applied": "Daily"})
    assert state_of(followup) == "answered"


def test_what_lacks_its_first_answer_comes_back_as_it_was_typed(client, followup):
    response = client.post(link(followup), {"applied": "", "wishes": "Robotics"})
    assert response.status_code == 422
    assert "Robotics" in response.content.decode()
    assert state_of(followup) == "open"


def test_a_second_answer_does_not_replace_the_first(client, followup):
    address = link(followup)
    client.post(address, {"applied": "First words"})
    response = client.post(address, {"applied": "Second words"})
    assert response.status_code == 422
    assert "First words" in response.content.decode()
    followup.refresh_from_db()
    assert followup.applied == "First words"


def test_a_link_that_was_tampered_with_or_is_for_something_else_has_ended(client, followup):
    other = links.sign("invitation", {"followup": followup.pk}, valid_for=timedelta(days=1))
    for token in (replies.token_for(followup)[:-1] + "-", "nonsense", other):
        response = client.get(reverse("participants:followup-reply", args=[token]))
        assert response.status_code == 410
        assert "This link does not work any more" in response.content.decode()
        assert "Nomin-Erdene" not in response.content.decode()


def test_a_link_ends_after_ninety_days(client, followup):
    address = link(followup)
    with time_machine.travel(timezone.now() + timedelta(days=89), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address, {"applied": "Late"}).status_code == 410
    assert state_of(followup) == "open"


def test_a_waived_follow_up_asks_nobody_any_more(client, followup):
    address = link(followup)
    followups.waive(followup, by=PORTAL, reason="is on leave")
    response = client.post(address, {"applied": "Daily"})
    assert response.status_code == 410
    assert "is on leave" not in response.content.decode()
    assert state_of(followup) == "waived"


def test_no_search_engine_and_no_other_site_learns_the_address(client, followup):
    for address in (link(followup), reverse("participants:followup-reply", args=["nonsense"])):
        headers = client.get(address).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in headers["Cache-Control"]


def test_staff_read_the_mail_without_the_link_that_answers(client, followup):
    with clock.at(date(2026, 10, 12)):
        followups.due_work(say=lambda line: None)
    mail = OutgoingMail.objects.get()
    client.force_login(factories.make_user(Role.OFFICER))
    page = client.get(reverse("mail:outgoingmail-detail", args=[mail.pk])).content.decode()
    assert "/participants/follow-ups/reply/•••/" in page
    token = re.search(r"/reply/(\S+)/", render.preview(mail)["text"]).group(1)
    assert token.rsplit(":", 1)[1] not in page


# Saved as it goes ------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true", "HX-Target": "saved"}


def test_what_is_typed_is_saved_as_it_goes_and_stands_in_the_form_again(client, followup):
    address = link(followup)
    typed = {"applied": "The new sut", "taught": "about a dozen", "save": "1"}
    answer = client.post(address, typed, headers=HTMX)
    assert answer.status_code == 200
    assert "Saved at" in answer.content.decode()
    assert state_of(followup) == "open"
    assert followup.draft == {"applied": "The new sut", "taught": "about a dozen"}
    page = client.get(address).content.decode()
    assert "The new sut</textarea>" in page
    assert 'value="about a dozen"' in page


def test_without_javascript_a_button_saves_and_the_page_says_so(client, followup):
    page = client.post(link(followup), {"applied": "Half of it", "save": "1"}, follow=True).content.decode()
    assert "Your answers so far are saved." in page
    assert "Half of it</textarea>" in page


def test_a_draft_that_comes_late_changes_no_answer(client, followup):
    address = link(followup)
    client.post(address, {"applied": "Sent"})
    answer = client.post(address, {"applied": "Sent and more", "save": "1"}, headers=HTMX)
    assert "Not saved" in answer.content.decode()
    followup.refresh_from_db()
    assert (followup.applied, followup.draft) == ("Sent", {})


def test_staff_do_not_read_what_was_not_sent(client, followup):
    client.post(link(followup), {"applied": "A half thought", "save": "1"})
    client.force_login(factories.make_user(Role.OFFICER))
    page = client.get(reverse("participants:followup-detail", args=[followup.pk])).content.decode()
    assert "A half thought" not in page


def test_numbers_and_techniques_are_kept_as_facts(client, followup):
    data = {
        "applied": "Daily",
        "procedures": "UBE discectomy\n- Foraminotomy\n",
        "taught": "4",
        "patients": "0",
    }
    page = client.post(link(followup), data, follow=True).content.decode()
    followup.refresh_from_db()
    assert (followup.taught, followup.patients) == (4, 0)
    assert followup.procedure_names == ["UBE discectomy", "Foraminotomy"]
    assert "Foraminotomy" in page


@pytest.mark.parametrize("number", ["a dozen", "-1", "100001", "9" * 40])
def test_a_number_that_is_none_is_answered_at_its_field(client, followup, number):
    response = client.post(link(followup), {"applied": "Daily", "taught": number})
    assert response.status_code == 422
    assert f'value="{number}"' in response.content.decode()
    assert state_of(followup) == "open"


# The present post ------------------------------------------------------------------------------------


def test_a_changed_post_is_the_graduate_s_present_one(client, followup):
    ours = factories.make_institution("Second National Hospital")
    data = {
        "applied": "Daily",
        "post": "changed",
        "position": "Head of surgery",
        "workplace": "second national hospital",
        "since": "2026-09",
    }
    with clock.at(date(2026, 10, 12)):
        client.post(link(followup), data)
    post = followup.graduation.trainee.posts.get()
    assert (post.position, post.institution, str(post.since)) == ("Head of surgery", ours, "2026-09")
    assert (post.verified_on, post.told_by) == (date(2026, 10, 12), "Nomin-Erdene Tsogt")


def test_an_unchanged_post_is_verified_on_the_day(client, followup):
    with clock.at(date(2026, 10, 12)):
        client.post(link(followup), {"applied": "Daily", "post": "same"})
    post = followup.graduation.trainee.posts.get()
    assert (post.workplace, post.verified_on) == ("First National Hospital", date(2026, 10, 12))


def test_a_change_without_saying_to_what_comes_back(client, followup):
    response = client.post(link(followup), {"applied": "Daily", "post": "changed", "since": "2026"})
    assert response.status_code == 422
    assert "Say at least what the post is or where." in response.content.decode()
    assert not followup.graduation.trainee.posts.exists()
