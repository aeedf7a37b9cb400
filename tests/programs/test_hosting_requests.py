"""Hospitals are asked by mail what they offer: one link without an account, one reminder; two who say it at once."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import answer_links
from programs.models import Hosting, HostingRequest
from programs.workflow import cohorts, hostings
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 20)


@pytest.fixture
def cohort():
    return factories.make_cohort(lead_officer=factories.make_user(name="Kim Lead", phone="031-1"))


@pytest.fixture
def department(cohort):
    return hosted(cohort, "Myongji Hospital")


@pytest.fixture
def coordinator(department):
    return factories.make_coordinator(department.hospital, name="Park Ji-won")


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Officer")
    client.force_login(user)
    return user


def hosted(cohort, name):
    department = factories.make_department(hospital=factories.make_hospital(name), seats=2)
    cohort.hospitals.add(department.hospital)
    return department


def link_of(coordinator, cohort):
    return reverse("programs:hosting-answer", args=[answer_links.token_for(coordinator, cohort)])


def cell(department, number):
    return f"seats_{department.pk}_{week(number)[0]:%Y%m%d}"


def ask(cohort, *hospitals, **how):
    return hostings.ask(cohort, hospitals, by=PORTAL, **{"answer_by": DUE, **how})


def remind(day):
    with clock.at(day):
        return hostings.due_work(say=lambda line: None)


# Asking --------------------------------------------------------------------------------------------


def test_staff_ask_the_hosts_they_choose_with_one_mail_a_coordinator_and_hospital(
    client, officer, cohort, department, coordinator
):
    factories.make_coordinator(department.hospital)
    silent, left_out = hosted(cohort, "Without Anybody"), hosted(cohort, "Not chosen")
    factories.make_coordinator(left_out.hospital)
    address = reverse("programs:cohort-ask-hostings", args=[cohort.pk])
    page = client.get(address).content.decode()
    assert "Myongji Hospital: mail to" in page
    assert "Without Anybody: nobody answers there in the portal, please call" in page
    assert "[Action required]" in page  # the mails can be read before they are sent
    assert OutgoingMail.objects.count() == 0

    chosen = {"hospitals": [department.hospital_id, silent.hospital_id], "answer_by": "2026-10-20"}
    page = client.post(address, chosen, follow=True).content.decode()

    assert "2 hospitals are asked." in page
    assert "2 mails leave at" in page
    assert OutgoingMail.objects.filter(kind="hosting_request").count() == 2
    assert set(HostingRequest.objects.values_list("hospital", "answer_by")) == {
        (department.hospital_id, DUE),
        (silent.hospital_id, DUE),
    }
    page = " ".join(page.split())
    assert page.count("asked on 13 October 2026, due on 20 October 2026") == 2


def test_who_was_asked_and_is_silent_is_not_asked_by_a_second_click(cohort, department, coordinator):
    ask(cohort, department.hospital)
    with pytest.raises(NotNow):
        ask(cohort, department.hospital)
    assert OutgoingMail.objects.filter(kind="hosting_request").count() == 1
    assert Event.objects.about(cohort).filter(verb="ask_hostings").count() == 1


@pytest.mark.parametrize("wrong", [date(2026, 10, 13), factories.MONDAY])
def test_the_day_lies_between_today_and_the_training(client, officer, cohort, department, wrong):
    address = reverse("programs:cohort-ask-hostings", args=[cohort.pk])
    answer = client.post(address, {"hospitals": [department.hospital_id], "answer_by": wrong.isoformat()})
    assert answer.status_code == 422
    assert "Choose a day from tomorrow until the training begins." in answer.content.decode()
    assert HostingRequest.objects.count() == 0


def test_the_link_of_the_mail_opens_the_offer_without_an_account(client, cohort, department, coordinator):
    ask(cohort, department.hospital)
    text = render.preview(OutgoingMail.objects.get(kind="hosting_request"))["text"]
    (link,) = re.findall(r"http\S+/programs/hostings/answer/\S+", text)
    assert "Please tell us by Tuesday, 20 October 2026 whether Myongji Hospital can host" in text
    address = link.removeprefix("http://127.0.0.1:8000")
    page = client.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert Hosting.objects.count() == 0

    seats = {"interest": "yes", cell(department, 1): "2", "seen": "0"}
    page = client.post(address, seats, follow=True).content.decode()

    hosting = Hosting.objects.get()
    assert "Thank you. The offer is kept." in page
    assert (hosting.said_name, hosting.channel, hosting.said_by) == ("Park Ji-won", "link", None)
    assert list(hosting.seats.values_list("monday", "seats")) == [(week(1)[0], 2)]
    assert Event.objects.about(hosting).get().actor_name == "Park Ji-won"


def test_the_link_ends_with_its_holder_and_a_supervisor_s_opens_no_offer(
    client, cohort, department, coordinator
):
    doctor = factories.make_clinician(department.hospital, email="d@h.example")
    tokens = [answer_links.token_for_supervisor(doctor, cohort)]
    other = factories.make_cohort()
    tokens.append(answer_links.token_for(coordinator, other))  # which the hospital does not host
    coordinator.until = date(2026, 10, 12)
    coordinator.save()
    tokens.append(answer_links.token_for(coordinator, cohort))
    for token in tokens:
        address = reverse("programs:hosting-answer", args=[token])
        assert client.get(address).status_code == 410
        assert client.post(address, {"interest": "yes"}).status_code == 410
    assert Hosting.objects.count() == 0


def test_only_the_silent_are_reminded_once(cohort, department, coordinator):
    talking = hosted(cohort, "Talks")
    factories.make_coordinator(talking.hospital)
    ask(cohort, department.hospital, talking.hospital)
    factories.make_hosting(cohort, talking.hospital)
    assert remind(date(2026, 10, 16)) == 0
    assert remind(date(2026, 10, 17)) == 1
    assert remind(date(2026, 10, 18)) == 0
    mail = OutgoingMail.objects.get(kind="hosting_reminder")
    assert mail.recipient_id == coordinator.user_id
    hostings.say(cohort, department.hospital, by=coordinator.user, interest="no")
    with pytest.raises(NoLongerWanted):
        render.context_of(mail)


def test_after_the_day_staff_read_that_the_offer_is_late(client, officer, cohort, department):
    ask(cohort, department.hospital)
    with clock.at(DUE + timedelta(days=1)):
        page = client.get(reverse("programs:cohort-hostings", args=[cohort.pk])).content.decode()
    assert "due on 20 October 2026: late, please call" in " ".join(page.split())


# At once -------------------------------------------------------------------------------------------


def test_of_two_who_change_an_offer_the_second_reads_what_the_first_said_and_loses_nothing(
    client, cohort, department, coordinator
):
    address = link_of(coordinator, cohort)
    client.get(address)  # the first page shows that nothing was said
    hostings.say(
        cohort, department.hospital, by=factories.make_coordinator(department.hospital, name="Choi").user,
        interest="perhaps", note="after the move", offered={(department, week(2)[0]): 1}, seen=0,
    )  # fmt: skip

    mine = {"interest": "yes", "note": "gladly", cell(department, 1): "2", "seen": "0"}
    answer = client.post(address, mine)

    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "Choi has said something else on" in page
    assert "Stands now: Perhaps" in page
    assert "Stands now: after the move" in page
    assert "Stands now: nothing" in page
    assert "Stands now: 1" in page
    assert 'value="gladly"' in page
    assert '<input type="hidden" name="seen" value="1">' in page
    assert Hosting.objects.get().interest == "perhaps"

    client.post(address, mine | {"seen": "1"})
    hosting = Hosting.objects.get()
    assert (hosting.interest, hosting.note, hosting.version) == ("yes", "gladly", 2)


def test_a_mistake_in_between_does_not_make_what_was_never_shown_count_as_seen(
    client, cohort, department, coordinator
):
    address = link_of(coordinator, cohort)
    hostings.say(cohort, department.hospital, by=PORTAL, interest="no", seen=0)
    wrong = client.post(address, {"interest": "yes", cell(department, 1): "9", "seen": "0"})
    assert '<input type="hidden" name="seen" value="0">' in wrong.content.decode()


# Not any more --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["running", "completed", "closed", "cancelled"])
def test_once_it_runs_a_cohort_takes_no_offers_and_nobody_is_asked(
    client, officer, cohort, department, coordinator, state
):
    address, said = link_of(coordinator, cohort), reverse(
        "programs:hosting-edit", args=[cohort.pk, department.hospital_id]
    )  # fmt: skip
    if state == "cancelled":
        cohorts.cancel(cohort, by=PORTAL, reason="not enough names")
    else:
        factories.advance(cohort, state)
    assert "Offers are not taken any more" in client.get(address).content.decode()
    for where in (address, said):
        answer = client.post(where, {"interest": "yes", "channel": "phone", "who": "Ms. Han", "seen": "0"})
        assert answer.status_code == 422
        assert "Offers are not taken any more" in answer.content.decode()
    page = client.get(reverse("programs:cohort-ask-hostings", args=[cohort.pk])).content.decode()
    assert "The training has begun or is over." in page
    with pytest.raises(NotNow):
        ask(cohort, department.hospital)
    assert (Hosting.objects.count(), HostingRequest.objects.count()) == (0, 0)
