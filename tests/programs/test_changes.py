"""What is changed after the request: proposals decided on, days moved, fewer, interrupted; and who hears what of it."""

from datetime import date, datetime
from itertools import count

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import releasing
from programs.models import Placement, Release
from programs.workflow import changes, enrollments, placements, releases, waiting
from tests import factories

pytestmark = pytest.mark.django_db

WEEK_TWO = {"first_day": date(2026, 11, 9), "last_day": date(2026, 11, 13)}


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating", lead_officer=factories.make_user(name="Kim Lead"))


@pytest.fixture
def department():
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    factories.make_coordinator(hospital, name="Park Ji-won")
    return factories.make_department(hospital=hospital, seats=1)


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Lee Officer")
    client.force_login(user)
    return user


@pytest.fixture
def act_by_act(monkeypatch):
    """Each change is a transaction of its own, as it is outside of a test."""
    numbers = count(1)
    monkeypatch.setattr(releases, "transaction_number", lambda: str(next(numbers)))


@pytest.fixture
def placement(cohort, department):
    return placed(cohort, department, "Nomin-Erdene Tsogt")


def placed(cohort, department, name=None, state="confirmed"):
    person = factories.make_trainee(name)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    return factories.make_placement(enrollment=enrollment, department=department, state=state)


def ask(client, verb, placement, **data):
    return client.post(reverse(f"programs:placement-{verb}", args=[placement.pk]), data)


def text_of(kind):
    return render.preview(OutgoingMail.objects.filter(kind=kind).latest("pk"))["text"]


# A proposal ------------------------------------------------------------------------------------------


@pytest.fixture
def proposed(cohort, department):
    placement = placed(cohort, department, "Nomin-Erdene Tsogt", state="requested")
    waiting.propose(
        placement, by=PORTAL, who="Park Ji-won", channel="link", note="Theatre opens then", **WEEK_TWO
    )
    return placement


def test_staff_take_a_proposal_over_and_the_placement_is_confirmed_by_whoever_proposed_it(
    client, officer, proposed
):
    address = reverse("programs:placement-take-proposal", args=[proposed.pk])
    assert (
        "Park Ji-won proposes Myongji Hospital, Surgery, 9–13 November 2026"
        in client.get(address).content.decode()
    )
    client.post(address)
    proposed.refresh_from_db()
    (fresh,) = proposed.replaced_by.all()
    assert (proposed.state, proposed.first_day) == ("rescheduled", factories.MONDAY)
    assert (fresh.state, fresh.first_day, fresh.last_day) == ("confirmed", *WEEK_TWO.values())
    assert (fresh.answered_name, fresh.answer_channel) == ("Park Ji-won", "link")
    text = text_of("placement_changed")
    assert "Before: Myongji Hospital, Surgery, 2–27 November 2026" in text
    assert "Now: Myongji Hospital, Surgery, 9–13 November 2026" in text


def test_a_refused_proposal_asks_the_hospital_again_with_the_reason_and_new_days(client, officer, proposed):
    ask(client, "refuse-proposal", proposed, reason="The flights are booked")
    proposed.refresh_from_db()
    assert (proposed.state, proposed.proposal_at, proposed.proposal_name) == ("requested", None, "")
    assert Placement.objects.silent().get() == proposed
    assert "The province writes: The flights are booked" in text_of("placement_request")
    event = Event.objects.about(proposed).first()
    assert (event.verb, event.reason) == ("refuse_proposal", "The flights are booked")


def test_a_proposal_is_dropped_when_the_hospital_accepts_after_all(proposed):
    placements.confirm(proposed, by=PORTAL)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.proposal_department) == ("confirmed", None)


@pytest.mark.parametrize("verb", ["take-proposal", "refuse-proposal"])
def test_where_nothing_is_proposed_there_is_nothing_to_decide(client, officer, cohort, department, verb):
    placement = placed(cohort, department, state="requested")
    response = ask(client, verb, placement, reason="x")
    assert response.status_code == 409
    assert "There is no proposal to decide on." in response.content.decode()


def test_only_where_something_is_proposed_are_its_two_answers_offered(
    client, officer, cohort, department, proposed
):
    bare = placed(cohort, department, "Zarina Saidova", state="requested")
    page = client.get(reverse("programs:placement-to-answer")).content.decode()
    offered = [
        (one, verb)
        for one in (proposed, bare)
        for verb in ("take-proposal", "refuse-proposal")
        if reverse(f"programs:placement-{verb}", args=[one.pk]) in page
    ]
    assert offered == [(proposed, "take-proposal"), (proposed, "refuse-proposal")]


def test_a_proposal_without_a_free_seat_is_not_taken_over_and_everything_stays(
    client, officer, cohort, department, proposed
):
    placed(cohort, department)
    response = ask(client, "take-proposal", proposed)
    assert "No seat is free" in response.content.decode()
    proposed.refresh_from_db()
    assert proposed.state == "requested"
    assert not proposed.replaced_by.exists()


# What staff and hospitals record -----------------------------------------------------------------------


def test_staff_record_what_the_hospital_says_by_phone(client, officer, cohort, department):
    supervisor = factories.make_clinician(department.hospital, email="lee@hospital.example")
    placement = placed(cohort, department, state="requested")
    said = {"channel": "phone", "who": "Dr. Choi"}
    assert ask(client, "propose", placement, department=department.pk, **WEEK_TWO).status_code == 422
    ask(client, "propose", placement, department=department.pk, **WEEK_TWO, **said)
    ask(client, "forward", placement, supervisor=supervisor.pk, **said)
    ask(client, "promise", placement, until="2026-10-20", **said)
    placement.refresh_from_db()
    assert (placement.proposal_name, placement.proposal_channel) == ("Dr. Choi", "phone")
    assert placement.forwarded_to == supervisor
    assert placement.answer_promised == date(2026, 10, 20)
    page = client.get(reverse("programs:placement-detail", args=[placement.pk])).content.decode()
    assert "by Dr. Choi on" in page
    assert "Take the proposal over" in page


def test_the_hospital_names_a_supervisor_of_its_own(client, department, placement):
    own = factories.make_clinician(department.hospital, name="Lee Seung-min")
    other = factories.make_clinician(name="Elsewhere")
    client.force_login(department.hospital.coordinators.get().user)
    address = reverse("programs:placement-choose-supervisor", args=[placement.pk])
    assert client.post(address, {"supervisor": other.pk}).status_code == 422
    client.post(address, {"supervisor": own.pk})
    placement.refresh_from_db()
    assert placement.supervisor == own
    with pytest.raises(NotNow):
        changes.choose_supervisor(placement, other, by=PORTAL)


# Changes -----------------------------------------------------------------------------------------------


def test_a_change_asks_the_hospital_anew_and_keeps_the_original_and_the_reason(
    client, officer, department, placement
):
    data = {"department": department.pk, "half": "morning", "reason": "The flight is late"}
    page = client.get(reverse("programs:placement-reschedule", args=[placement.pk])).content.decode()
    assert "stays in the history with your reason" in page
    assert "The trainee has not been told of it yet" in page
    assert "Until the hospital agrees, these days are not in the trainee’s schedule." in page
    landed = ask(client, "reschedule", placement, **data, **WEEK_TWO)
    placement.refresh_from_db()
    (fresh,) = placement.replaced_by.all()
    assert landed.url == reverse("programs:placement-detail", args=[fresh.pk])
    assert (placement.state, placement.answered_name) == ("rescheduled", "the portal")
    assert (fresh.state, fresh.half, fresh.first_day) == ("requested", "morning", date(2026, 11, 9))
    assert Event.objects.about(placement).first().reason == "The flight is late"
    assert "The province writes: The flight is late" in text_of("placement_request")
    page = client.get(reverse("programs:placement-detail", args=[placement.pk])).content.decode()
    assert reverse("programs:placement-detail", args=[fresh.pk]) in page


def test_a_change_agreed_by_phone_is_confirmed_at_once(client, officer, department, placement):
    data = {"department": department.pk, "half": "whole", "reason": "ill", "channel": "phone"}
    assert ask(client, "reschedule", placement, **data, **WEEK_TWO).status_code == 422
    ask(client, "reschedule", placement, who="Dr. Choi", **data, **WEEK_TWO)
    fresh = placement.replaced_by.get()
    assert (fresh.state, fresh.answered_name, fresh.answer_channel) == ("confirmed", "Dr. Choi", "phone")


def test_the_hospital_that_is_left_and_the_one_that_is_asked_hear_what_is_theirs(placement):
    other = factories.make_department(hospital=factories.make_hospital("Ajou Hospital"))
    factories.make_coordinator(other.hospital, name="Choi Ajou")
    changes.reschedule(placement, by=PORTAL, reason="moved", department=other, **WEEK_TWO)
    left = OutgoingMail.objects.get(kind="placement_changed", recipient_name="Park Ji-won")
    text = render.preview(left)["text"]
    assert "Now: elsewhere. The seat is free." in text
    assert "Ajou" not in text
    asked = OutgoingMail.objects.get(kind="placement_request", recipient_name="Choi Ajou")
    assert "Myongji" not in render.preview(asked)["text"]


def test_a_shortened_placement_keeps_the_answer_with_its_time_and_conditions(
    client, officer, cohort, department
):
    placement = placed(cohort, department, state="requested")
    placements.confirm_with_conditions(
        placement, by=PORTAL, who="Park", conditions="Mornings", condition_kinds=["dress"]
    )
    ask(client, "shorten", placement, reason="ill", first_day="2026-11-09", last_day="2026-11-27")
    fresh = placement.replaced_by.get()
    assert (fresh.state, fresh.first_day, fresh.conditions, fresh.condition_kinds) == (
        "with_conditions",
        date(2026, 11, 9),
        "Mornings",
        ["dress"],
    )
    assert (fresh.answered_name, fresh.answered_at) == ("Park", placement.answered_at)


def test_a_suspended_placement_leaves_both_sides_and_frees_the_seat_between(
    client, officer, cohort, department
):
    placement = placed(cohort, department)
    with clock.at(datetime(2026, 11, 9, 9, tzinfo=clock.SEOUL)):
        landed = ask(client, "suspend", placement, reason="ill", **WEEK_TWO)
    to_come = placement.replaced_by.get(first_day=date(2026, 11, 14))
    assert landed.url == reverse("programs:placement-detail", args=[to_come.pk])
    parts = [(one.first_day, one.last_day, one.state) for one in placement.replaced_by.order_by("first_day")]
    assert parts == [
        (date(2026, 11, 2), date(2026, 11, 8), "confirmed"),
        (date(2026, 11, 14), date(2026, 11, 27), "confirmed"),
    ]
    other = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=other, department=department, state="confirmed", **WEEK_TWO)


@pytest.mark.parametrize(
    ("verb", "days", "words"),
    [
        ("shorten", ("2026-11-02", "2026-11-27"), "and be fewer"),
        ("shorten", ("2026-10-30", "2026-11-20"), "must lie within"),
        ("shorten", ("2026-11-20", "2026-11-10"), "The last day is before the first."),
        ("suspend", ("2026-11-02", "2026-11-27"), "cancel it instead"),
        ("suspend", ("2026-11-02", ""), "cancel it instead"),
        ("suspend", ("2026-12-07", ""), "must lie within"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(client, officer, placement, verb, days, words):
    response = ask(client, verb, placement, reason="ill", first_day=days[0], last_day=days[1])
    assert response.status_code in (409, 422)
    assert words in response.content.decode()
    placement.refresh_from_db()
    assert placement.state == "confirmed"


# Releases ----------------------------------------------------------------------------------------------


def release(cohort):
    return releases.release(cohort, "placements", by=PORTAL)


def told(trainee):
    """What the mails to the trainee say, one after the other."""
    mails = OutgoingMail.objects.filter(kind="release_trainee", context__trainee=trainee.pk).order_by("pk")
    return [[one.words for one in render.context_of(mail)["changes"]] for mail in mails]


def test_a_release_is_numbered_and_tells_each_only_what_is_new_for_them(client, officer, cohort, department):
    one = placed(cohort, department, "One")
    other = placed(cohort, factories.make_department(specialty="cardiology"), "Other")
    address = reverse("programs:cohort-releases", args=[cohort.pk, "placements"])
    page = client.get(address).content.decode()
    assert "2 lines are different" in page
    response = client.post(address, {"note": "First plan"}, follow=True)
    assert "Release 1 is out." in response.content.decode()
    assert told(one.trainee) == [["New: Myongji Hospital, Surgery, 2–27 November 2026"]]
    (mail,) = OutgoingMail.objects.filter(kind="release_hospital")  # the other hospital has no coordinator
    text = render.preview(mail)["text"]
    assert "New: One, Myongji Hospital, Surgery, 2–27 November 2026" in text
    assert "Other" not in text
    kept = Release.objects.get()
    assert (kept.number, kept.note, kept.released_by) == (1, "First plan", officer)
    page = client.get(reverse("programs:release-detail", args=[kept.pk])).content.decode()
    assert "Other" in page
    assert other.trainee.pk in kept.lines[1]["trainees"]


def test_what_a_release_changed_is_told_wholly_in_the_language_of_its_reader(cohort, department, placement):
    reader = department.hospital.coordinators.get().user
    reader.language = "ko"
    reader.save()
    release(cohort)
    text = text_of("release_hospital")
    assert "명지병원" in text
    assert "2026년 11월 2일" in text
    assert [word for word in ("November", "Myongji") if word in text] == []


def test_a_changed_placement_names_the_trainee_in_both_scripts(placement):
    placement.trainee.korean_name = "노민에르데네 촉트"
    placement.trainee.save()
    changes.shorten(placement, by=PORTAL, reason="ill", **WEEK_TWO)
    assert "- 노민에르데네 촉트 (Nomin-Erdene Tsogt)" in text_of("placement_changed")


def test_the_board_leads_to_the_releases(client, officer, cohort, placement):
    board = client.get(reverse("programs:cohort-placements", args=[cohort.pk])).content.decode()
    assert f'href="{reverse("programs:cohort-releases", args=[cohort.pk, "placements"])}"' in board


def test_the_board_says_what_is_not_released(client, officer, cohort, department):
    board = reverse("programs:cohort-placements", args=[cohort.pk])
    assert "Not released" not in client.get(board).content.decode()
    placed(cohort, department, "One")
    assert "1 line is different from what trainees" in client.get(board).content.decode()
    release(cohort)
    assert "Not released" not in client.get(board).content.decode()


def test_the_same_plan_is_not_released_twice(client, officer, cohort, placement):
    release(cohort)
    address = reverse("programs:cohort-releases", args=[cohort.pk, "placements"])
    response = client.post(address, {})
    assert response.status_code == 422
    assert "Nothing has changed since the last release." in response.content.decode()
    assert Release.objects.count() == 1


def test_a_second_release_tells_only_whose_plan_is_new(cohort, department, placement):
    release(cohort)
    late = placed(cohort, factories.make_department(hospital=department.hospital, specialty="x"), "Late")
    assert release(cohort).number == 2
    assert len(told(placement.trainee)) == 1
    assert len(told(late.trainee)) == 1


def test_a_change_to_what_is_out_is_released_by_itself_and_told_once(cohort, department, placement):
    release(cohort)
    changes.shorten(placement, by=PORTAL, reason="ill", **WEEK_TWO)
    assert told(placement.trainee)[1:] == [
        [
            "Now: Myongji Hospital, Surgery, 9–13 November 2026. "
            "Before: Myongji Hospital, Surgery, 2–27 November 2026"
        ]
    ]
    last = releases.latest(cohort, "placements")
    assert (last.number, last.note) == (2, "ill")
    assert releases.not_released(cohort, "placements") == []


def test_who_was_told_that_a_place_is_off_is_told_at_once_of_the_one_agreed_by_phone(
    client, officer, cohort, department, placement, act_by_act
):
    release(cohort)
    data = {"department": department.pk, "half": "whole", "reason": "theatre"}
    ask(client, "reschedule", placement, channel="", **data, **WEEK_TWO)
    asked = placement.replaced_by.get()
    page = client.get(reverse("programs:placement-reschedule", args=[asked.pk])).content.decode()
    assert "If the hospital has agreed, 1 mail is sent to Nomin-Erdene Tsogt" in page
    assert "The hospital reads it in the mail, and the trainee if the hospital has agreed." in page
    days = {"first_day": "2026-11-16", "last_day": "2026-11-20"}
    ask(client, "reschedule", asked, channel="phone", who="Dr. Choi", **data, **days)
    assert told(placement.trainee)[1:] == [
        ["Does not take place: Myongji Hospital, Surgery, 2–27 November 2026"],
        ["New: Myongji Hospital, Surgery, 16–20 November 2026"],
    ]
    assert releases.not_released(cohort, "placements") == []


def test_what_the_trainee_does_not_know_of_is_no_release(cohort):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state="confirmed", **WEEK_TWO)
    days = {"first_day": date(2026, 11, 16), "last_day": date(2026, 11, 20)}
    waiting_for = factories.make_placement(enrollment=enrollment, state="requested", **days)
    release(cohort)
    placements.cancel(waiting_for, by=PORTAL, reason="visa")
    assert releases.latest(cohort, "placements").number == 1
    assert len(told(enrollment.trainee)) == 1


def test_of_an_interrupted_placement_each_part_keeps_its_line_whatever_becomes_of_the_other(
    cohort, placement, act_by_act
):
    release(cohort)
    changes.suspend(placement, by=PORTAL, reason="ill", **WEEK_TWO)
    first, second = placement.replaced_by.order_by("first_day")
    placements.cancel(first, by=PORTAL, reason="visa")
    assert told(placement.trainee)[2:] == [
        ["Does not take place: Myongji Hospital, Surgery, 2–8 November 2026"]
    ]
    changes.shorten(
        second, by=PORTAL, reason="home", first_day=date(2026, 11, 16), last_day=date(2026, 11, 20)
    )
    assert told(placement.trainee)[3:] == [
        [
            "Now: Myongji Hospital, Surgery, 16–20 November 2026. "
            "Before: Myongji Hospital, Surgery, 14–27 November 2026"
        ]
    ]


BOTH, HOSPITAL, TRAINEE, NOBODY = (
    "The hospital and the trainee read it in their mails.",
    "The hospital reads it in the mail.",
    "The trainee reads it in the mail.",
    "It stays in the history of the placement; nobody gets a mail of it.",
)


@pytest.mark.parametrize(
    ("state", "has_coordinator", "is_out", "words"),
    [
        ("confirmed", True, True, BOTH),
        ("confirmed", True, False, HOSPITAL),
        ("confirmed", False, True, TRAINEE),
        ("confirmed", False, False, NOBODY),
        ("requested", True, False, HOSPITAL),
        ("draft", True, False, NOBODY),
    ],
)
def test_the_field_of_a_reason_says_who_reads_it(
    client, officer, cohort, state, has_coordinator, is_out, words
):
    department = factories.make_department()
    if has_coordinator:
        factories.make_coordinator(department.hospital)
    placement = placed(cohort, department, state=state)
    if is_out:
        release(cohort)
    verbs = ["cancel"] if state == "draft" else ["reschedule", "shorten", "suspend", "cancel"]
    for verb in verbs:
        page = client.get(reverse(f"programs:placement-{verb}", args=[placement.pk])).content.decode()
        assert [one for one in (BOTH, HOSPITAL, TRAINEE, NOBODY) if one in page] == [words]


def test_a_word_to_the_hospital_is_not_read_by_the_trainee(cohort, department, placement, act_by_act):
    release(cohort)
    changes.reschedule(placement, by=PORTAL, reason="moved", department=department, **WEEK_TWO)
    fresh = placement.replaced_by.get()
    days = {"first_day": date(2026, 11, 16), "last_day": date(2026, 11, 20)}
    waiting.propose(fresh, by=PORTAL, who="Park Ji-won", channel="link", **days)
    changes.take_proposal(fresh, by=PORTAL, note="we owe you one")
    assert "we owe you one" in text_of("placement_changed")
    assert "we owe you one" not in text_of("release_trainee")
    assert told(placement.trainee)[2:] == [["New: Myongji Hospital, Surgery, 16–20 November 2026"]]


def test_what_is_not_released_yet_stays_so_when_another_s_plan_is_changed(cohort, department, placement):
    release(cohort)
    later = placed(cohort, factories.make_department(specialty="x"), "Later")
    placements.cancel(placement, by=PORTAL, reason="visa")
    assert told(placement.trainee)[1:] == [
        ["Does not take place: Myongji Hospital, Surgery, 2–27 November 2026"]
    ]
    assert told(later.trainee) == []
    assert [change.what for change in releases.not_released(cohort, "placements")] == ["new"]


def test_who_withdraws_gets_no_mail_about_the_plan(cohort, placement):
    release(cohort)
    enrollments.withdraw(placement.enrollment, by=PORTAL, reason="ill")
    mail = OutgoingMail.objects.filter(kind="release_trainee").latest("pk")
    assert mail.context["release"] == releases.latest(cohort, "placements").pk
    with pytest.raises(Exception, match="does not come any more"):
        render.kinds.get(mail.kind).wanted(mail)


def test_before_the_first_release_a_change_is_no_release(placement):
    changes.shorten(placement, by=PORTAL, reason="ill", **WEEK_TWO)
    assert not Release.objects.exists()


def test_only_who_places_gives_out_a_plan(client, cohort, placement):
    client.force_login(factories.make_user(Role.VIEWER))
    address = reverse("programs:cohort-releases", args=[cohort.pk, "placements"])
    assert client.get(address).status_code == 200
    client.post(address, {})
    assert not Release.objects.exists()
    assert client.get(reverse("programs:cohort-releases", args=[cohort.pk, "menu"])).status_code == 404


def test_a_line_concerns_whom_it_names_and_others_hear_nothing():
    def line(*trainees, room="1"):
        return releasing.Line("s1", {"room": room}, trainees, (7,))

    (change,) = releasing.difference([line(1, 2)], [line(2, 3)])
    seen = releasing.by_concerned([change], "trainees")
    assert {pk: found[0].what for pk, found in seen.items()} == {1: "gone", 3: "new"}
    (moved,) = releasing.difference([line(1)], [line(1, room="2")])
    assert moved.what == "changed"
    assert releasing.difference([line(1)], [line(1)]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_releases_costs_the_same_for_one_line_and_for_three(
    client, officer, cohort, django_assert_num_queries, count
):
    for number in range(count):
        placed(cohort, factories.make_department(specialty=f"s{number}"), f"Person {number}")
    release(cohort)
    address = reverse("programs:release-detail", args=[Release.objects.get().pk])
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)


def test_every_kind_of_plan_that_can_be_released_has_a_page_and_no_other(client):
    client.force_login(factories.make_user())
    cohort = factories.make_cohort(state="nominating")
    assert releasing.kinds() == Release.Kind.values
    for kind in Release.Kind.values:
        assert client.get(reverse("programs:cohort-releases", args=[cohort.pk, kind])).status_code == 200
    assert client.get(reverse("programs:cohort-releases", args=[cohort.pk, "schedule"])).status_code == 404
