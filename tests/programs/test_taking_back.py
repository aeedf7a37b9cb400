"""A wrong click on an answer is taken back for half an hour, by link or signed in; and what was handed on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from programs import answer_links
from programs.workflow import placements, releases, waiting
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "programs:placement-to-answer"


@pytest.fixture
def department():
    return factories.make_department(hospital=factories.make_hospital("Myongji Hospital"), seats=3)


@pytest.fixture
def cohort():
    lead = factories.make_user(name="Kim Lead", phone="031-1")
    return factories.make_cohort(state="nominating", lead_officer=lead)


@pytest.fixture
def coordinator(department):
    return factories.make_coordinator(department.hospital, name="Park Ji-won")


@pytest.fixture
def address(coordinator, cohort):
    return reverse("programs:placement-answer", args=[answer_links.token_for(coordinator, cohort)])


def asked(cohort, department, name=None):
    person = factories.make_trainee(name)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    placement = factories.make_placement(enrollment=enrollment, department=department)
    placements.request(placement, by=PORTAL)
    return placement


def answered(client, address, placement, kind="accept", **texts):
    prefix = f"p{placement.pk}-"
    client.post(address, {f"{prefix}answer": kind} | {prefix + name: text for name, text in texts.items()})
    placement.refresh_from_db()
    return placement


def verbs(placement):
    return list(Event.objects.about(placement).order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("accept", {}),
        ("decline", {"reason": "Theatre closed"}),
        ("conditions", {"condition_kinds": ["dress"], "conditions": "Mornings only"}),
    ],
)
def test_a_wrong_click_is_taken_back_by_the_link_and_the_request_waits_as_before(
    client, cohort, department, address, kind, texts
):
    placement = answered(client, address, asked(cohort, department, "One"), kind, **texts)
    page = client.get(address).content.decode()
    assert "Take this answer back" in page
    assert "possible until 10:30" in page

    page = client.post(address, {"take_back": placement.pk}, follow=True).content.decode()

    placement.refresh_from_db()
    assert "The answer about One is taken back. Please choose another one." in page
    assert (placement.state, placement.answered_at, placement.answer_channel) == ("requested", None, "")
    assert (placement.conditions, placement.condition_kinds, placement.decline_reason) == ("", [], "")
    assert "Placement request for 1 trainee" in page
    answered(client, address, placement, "decline", reason="The right click")
    assert (placement.state, placement.decline_reason) == ("declined", "The right click")


def test_the_supervisor_of_the_wrong_answer_is_not_kept_either(client, cohort, department, address):
    supervisor = factories.make_clinician(department.hospital, department=department, is_supervisor=True)
    placement = answered(client, address, asked(cohort, department), supervisor=supervisor.pk)
    assert placement.supervisor == supervisor
    client.post(address, {"take_back": placement.pk})
    placement = answered(client, address, placement, supervisor="")
    assert (placement.state, placement.supervisor) == ("confirmed", None)


def test_a_second_click_takes_nothing_back_twice_and_leaves_one_line_in_the_trail(
    client, cohort, department, address
):
    placement = answered(client, address, asked(cohort, department))
    client.post(address, {"take_back": placement.pk})
    page = client.post(address, {"take_back": placement.pk}, follow=True).content.decode()
    assert "This answer has been taken back already." in page
    assert verbs(placement) == ["draft", "request", "confirm", "take_back"]
    (line,) = Event.objects.about(placement).filter(verb="take_back")
    assert (line.source, line.target, line.actor_name) == ("confirmed", "requested", "Park Ji-won")


def test_the_digest_to_the_lead_officer_does_not_tell_of_an_answer_that_was_taken_back(
    client, cohort, department, address
):
    placement = answered(client, address, asked(cohort, department))
    mail = OutgoingMail.objects.get(kind="placement_answered")
    assert mail.due > clock.now() + timedelta(minutes=30)
    client.post(address, {"take_back": placement.pk})
    with pytest.raises(NoLongerWanted):
        render.context_of(mail)


def test_after_half_an_hour_the_page_says_whom_to_call_and_the_answer_stands(
    client, cohort, department, address
):
    placement = answered(client, address, asked(cohort, department))
    with clock.at(clock.now() + timedelta(minutes=30)):
        page = client.get(address).content.decode()
        assert "Take this answer back" not in page
        assert 'call Kim Lead, <a class="text-nowrap" href="tel:031-1">031-1</a>.' in page
        page = client.post(address, {"take_back": placement.pk}, follow=True).content.decode()
    placement.refresh_from_db()
    assert "The time to take this answer back is over. Please call Kim Lead, 031-1." in page
    assert placement.state == "confirmed"


def test_who_has_been_told_is_not_untold(client, cohort, department, address):
    placement = answered(client, address, asked(cohort, department))
    releases.release(cohort, "placements", by=PORTAL)
    page = client.post(address, {"take_back": placement.pk}, follow=True).content.decode()
    placement.refresh_from_db()
    assert "The trainee has been told already. Please call Kim Lead, 031-1." in page
    assert placement.state == "confirmed"


def test_a_refusal_stays_once_staff_look_for_another_place(client, cohort, department, address):
    placement = answered(client, address, asked(cohort, department), "decline", reason="Theatre closed")
    factories.put_draft(placement.enrollment, department=factories.make_department())
    page = client.post(address, {"take_back": placement.pk}, follow=True).content.decode()
    placement.refresh_from_db()
    assert "The province has acted on this answer already." in page
    assert placement.state == "declined"


def test_the_link_takes_back_nothing_of_another_hospital_or_cohort(client, cohort, department, address):
    strange = asked(cohort, factories.make_department())
    placements.confirm(strange, by=PORTAL)
    assert client.post(address, {"take_back": strange.pk}).status_code == 404
    assert client.post(address, {"take_back": "x"}).status_code == 404
    strange.refresh_from_db()
    assert strange.state == "confirmed"


def test_signed_in_the_coordinator_takes_it_back_from_home(client, cohort, department, coordinator):
    client.force_login(coordinator.user)
    placement = asked(cohort, department)
    answered(client, reverse(HOME), placement)
    verb = reverse("programs:placement-take-back", args=[placement.pk])
    assert f'href="{verb}"' in client.get(reverse(HOME)).content.decode()
    assert client.get(verb).status_code == 200
    assert client.post(verb).url == reverse(HOME)
    placement.refresh_from_db()
    assert placement.state == "requested"
    assert client.post(verb).status_code == 409
    assert verbs(placement) == ["draft", "request", "confirm", "take_back"]


def test_staff_take_back_what_they_recorded_wrongly_and_others_do_not(client, cohort, department):
    placement = asked(cohort, department)
    placements.confirm(placement, by=PORTAL, channel="phone", who="Ms. Han")
    verb = reverse("programs:placement-take-back", args=[placement.pk])
    client.force_login(factories.make_coordinator(factories.make_hospital()).user)
    assert client.post(verb).status_code == 404
    client.force_login(factories.make_user(Role.OFFICER))
    detail = reverse("programs:placement-detail", args=[placement.pk])
    assert f'href="{verb}"' in client.get(detail).content.decode()
    client.post(verb)
    placement.refresh_from_db()
    assert placement.state == "requested"


# Handed on ----------------------------------------------------------------------------------------


def test_what_was_handed_on_is_not_asked_of_the_coordinator_who_may_still_answer(
    client, cohort, department, address
):
    placement = asked(cohort, department)
    doctor = factories.make_clinician(department.hospital, name="Lee Seung-min", email="lee@h.example")
    waiting.forward(placement, by=PORTAL, supervisor=doctor)
    with clock.at(clock.now() + timedelta(days=20)):
        page = " ".join(client.get(address).content.decode().split())
        assert "Please answer" not in page
        assert "Lee Seung-min was asked on 13 October 2026. You can still answer yourself." in page
        link = reverse("programs:placement-answer", args=[answer_links.token_for_supervisor(doctor, cohort)])
        client.cookies["django_language"] = "en"
        assert "Please answer today." in client.get(link).content.decode()
        answered(client, address, placement, "decline", reason="No seat")
    assert placement.state == "declined"


def test_beside_what_was_handed_on_the_deadline_is_that_of_the_others(client, cohort, department, address):
    handed_on, own, proposed = (asked(cohort, department) for _ in range(3))
    doctor = factories.make_clinician(department.hospital, name="Lee Seung-min", email="lee@h.example")
    waiting.forward(handed_on, by=PORTAL, supervisor=doctor)
    waiting.propose(proposed, by=PORTAL, first_day=proposed.first_day, last_day=proposed.first_day)
    waiting.promise(own, by=PORTAL, until=clock.today() + timedelta(days=2))
    page = " ".join(client.get(address).content.decode().split())
    assert "You wanted to answer by Thursday, 15 October 2026." in page
    assert "The province decides on your proposal of 13 October 2026." in page
    with clock.at(clock.now() + timedelta(days=3)):
        page = " ".join(client.get(address).content.decode().split())
    assert "Please answer by <strong>Tuesday, 20 October 2026</strong>. Lee Seung-min was asked on" in page


def test_on_the_board_what_was_handed_on_is_not_silent_and_says_since_when(
    client, cohort, department, coordinator
):
    handed_on, silent = asked(cohort, department, "One"), asked(cohort, department, "Two")
    doctor = factories.make_clinician(department.hospital, name="Lee Seung-min", email="lee@h.example")
    waiting.forward(handed_on, by=PORTAL, supervisor=doctor)
    client.force_login(factories.make_user(Role.OFFICER))
    with clock.at(silent.answer_due + timedelta(days=1)):
        page = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()
    assert "Handed on 13 October" in page
    assert "Requested 13 October, silent" in page
    assert "2 requests, first asked on 13 October 2026" in " ".join(page.split())  # both are late


@pytest.mark.parametrize("count", [1, 3])
def test_what_was_just_answered_costs_the_same_for_one_and_for_three(
    client, cohort, department, coordinator, django_assert_num_queries, count
):
    client.force_login(coordinator.user)
    for _ in range(count):
        placements.confirm(asked(cohort, department), by=PORTAL)
    client.get(reverse(HOME))
    with django_assert_num_queries(8):
        client.get(reverse(HOME))
