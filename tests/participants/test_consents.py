"""What a person agreed to, or did not, is what the portal does: follow-ups, and what an institution is told."""

import pytest
from django.urls import reverse

from participants.models import Consent, FollowUp, Graduation
from participants.replies import token_for
from participants.workflow import consents, followups
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import NotNow
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def graduate():
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    return enrollment.graduation


def states(graduation):
    return [followup.state for followup in graduation.follow_ups.order_by("due")]


def a_round(day):
    with clock.at(day):
        return followups.due_work(say=lambda line: None)


def test_who_does_not_want_to_be_written_to_is_asked_nothing_more(client, graduate):
    first = graduate.follow_ups.order_by("due").first()
    assert a_round(first.due) == 1
    mail = OutgoingMail.objects.get(kind="follow_up")
    client.force_login(graduate.trainee.user)
    page = reverse("participants:my-consent-withdraw", args=["graduate"])
    assert "no reminder is sent" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert states(graduate) == ["waived"] * 4
    mail.refresh_from_db()
    assert mail.state == "cancelled"
    assert [a_round(followup.due) for followup in graduate.follow_ups.all()] == [0, 0, 0, 0]
    word = Consent.objects.get()
    assert (word.purpose, word.action) == ("graduate", "withdrawn")


def test_a_graduate_without_an_account_says_so_by_the_link_in_the_mail(client, graduate):
    first = followups.open_followup(graduate.follow_ups.order_by("due").first(), by=PORTAL)
    page = reverse("participants:followup-reply", args=[token_for(first)])
    assert "Do not write to me any more" in client.get(page).content.decode()
    assert states(graduate)[0] == "open"  # opening the page says nothing
    answer = client.post(page, {"stop": "1"})
    assert "We do not write to you any more" in answer.content.decode()
    assert states(graduate) == ["waived"] * 4
    assert client.get(page).status_code == 410


def test_the_mail_itself_asks_once_more_before_it_leaves(graduate):
    first = graduate.follow_ups.order_by("due").first()
    a_round(first.due)
    mail = OutgoingMail.objects.get(kind="follow_up")
    assert render.preview(mail)["subject"]
    Consent.objects.create(
        trainee=graduate.trainee,
        purpose="graduate",
        action="withdrawn",
        version="1",
        language="en",
        by_name="x",
    )
    with pytest.raises(NoLongerWanted, match="does not want to be written to"):
        render.preview(mail)


def test_staff_cannot_ask_who_does_not_want_it(graduate):
    consents.withdraw(graduate.trainee, by=PORTAL, purpose="graduate")
    fresh = FollowUp.objects.create(graduation=graduate, months=24, due="2028-11-01")
    with pytest.raises(NotNow, match="does not want to be written to"):
        followups.open_followup(fresh, by=PORTAL)


def test_who_said_no_before_the_end_gets_no_follow_ups(graduate):
    trainee = factories.make_trainee()
    consents.withdraw(trainee, by=PORTAL, purpose="graduate")
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    assert not enrollment.graduation.follow_ups.exists()


def test_who_agrees_again_counts_as_agreeing(graduate):
    consents.withdraw(graduate.trainee, by=PORTAL, purpose="graduate")
    consents.give(graduate.trainee, by=PORTAL, purpose="graduate", language="en")
    assert not Consent.objects.refuses(graduate.trainee, "graduate")
    another = factories.make_enrollment(trainee=graduate.trainee, state="completed")
    assert another.graduation.follow_ups.count() == 4


def test_no_is_said_without_having_said_yes_and_only_once(client, graduate):
    client.force_login(graduate.trainee.user)
    page = reverse("participants:my-consent-withdraw", args=["abroad"])
    assert page in client.get(reverse("participants:my-consents")).content.decode()
    assert "Do you not agree to this?" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert "You do not agree" in client.get(reverse("participants:my-consents")).content.decode()
    assert client.post(page).status_code == 409
    assert Consent.objects.count() == 1


def test_a_contact_does_not_find_the_graduate_who_wants_nothing_told(graduate):
    contact = factories.make_contact(institution=graduate.trainee.institution)
    assert list(Graduation.objects.visible_to(contact.user)) == [graduate]
    consents.withdraw(graduate.trainee, by=PORTAL, purpose="abroad")
    assert list(Graduation.objects.visible_to(contact.user)) == []
    consents.give(graduate.trainee, by=PORTAL, purpose="abroad", language="en")
    assert list(Graduation.objects.visible_to(contact.user)) == [graduate]
