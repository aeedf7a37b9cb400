"""Checking in to a session by the code on the wall."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.transitions import NotNow
from programs import check_in_codes
from programs.models import Attendance, CheckIn, Session
from programs.workflow import check_ins, sessions
from tests import factories

pytestmark = pytest.mark.django_db
MINE = reverse("programs:my-check-in")


@pytest.fixture
def cohort():
    return factories.make_cohort(state="placing")


@pytest.fixture
def session(cohort):
    return factories.make_session(cohort, hospital=factories.make_hospital())


@pytest.fixture(autouse=True)
def at_the_beginning(october, cohort, session):
    with clock.at(session.starts_at):
        yield


@pytest.fixture
def trainee(cohort):
    person = factories.make_trainee("Bolormaa Dorj", user=True)
    with clock.at(clock.now() - timedelta(days=20)):
        factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    return person


@pytest.fixture
def check_in(session):
    return factories.make_check_in(session)


def scan(client, code):
    return client.get(reverse("programs:checkin-scan", args=[code]))


def test_an_officer_opens_it_and_the_wall_shows_a_code_and_its_picture(client, session):
    client.force_login(factories.make_user())
    answer = client.post(reverse("programs:checkin-open", args=[session.pk]), {"minutes": "15"})
    check_in = CheckIn.objects.get()
    assert answer.url == reverse("programs:checkin-show", args=[check_in.pk])
    assert check_in.closes_at == session.starts_at + timedelta(minutes=15)
    page = client.get(answer.url)
    code = check_in_codes.code_of(check_in)
    assert f"{code[:3]} {code[3:]}" in page.content.decode()
    assert 'class="qr"' in page.content.decode()
    assert page.headers["Refresh"] == "15"
    assert check_in.secret not in page.content.decode()


def test_a_coordinator_opens_it_at_their_own_hospital_alone(client, cohort, session):
    client.force_login(factories.make_coordinator(session.hospital).user)
    elsewhere = factories.make_session(cohort, hospital=factories.make_hospital())
    assert client.get(reverse("programs:checkin-open", args=[session.pk])).status_code == 200
    assert client.get(reverse("programs:checkin-open", args=[elsewhere.pk])).status_code == 404


def test_it_opens_an_hour_before_at_the_earliest_and_not_after_the_end(session):
    officer = factories.make_user()
    for moment in (session.starts_at - timedelta(minutes=61), session.ends_at):
        with clock.at(moment), pytest.raises(NotNow):
            check_ins.open_check_in(session, by=officer, minutes=5)


def test_it_is_refused_in_words_where_nobody_knows_of_the_session_or_it_is_cancelled(client, cohort, session):
    officer = factories.make_user()
    client.force_login(officer)
    draft = factories.make_session(cohort, released=False)
    sessions.cancel(session, by=officer, reason="the lecturer is ill")
    for one, words in (
        (draft, "This session is not released yet"),
        (session, "This session is cancelled: the lecturer is ill."),
    ):
        address = reverse("programs:checkin-open", args=[one.pk])
        page = client.get(address).content.decode()
        assert (words in page, "Show the code" in page) == (True, False)
        answer = client.post(address, {"minutes": "5"})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert CheckIn.objects.count() == 0


def test_once_the_session_is_called_off_or_moved_the_open_code_notes_nobody(trainee, session, check_in):
    sessions.cancel(session, by=factories.make_user(), reason="fire alarm")
    with pytest.raises(NotNow, match="This session is cancelled: fire alarm"):
        check_ins.check_in(check_in, by=trainee.user)
    tomorrow = session.starts_at + timedelta(days=1)
    Session.objects.update(
        cancelled_at=None, cancel_reason="", starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2)
    )
    with pytest.raises(NotNow, match="opens an hour before"):
        check_ins.check_in(check_in, by=trainee.user)
    assert Attendance.objects.count() == 0


def test_it_ends_with_the_session_however_many_minutes_were_asked_for(session):
    with clock.at(session.ends_at - timedelta(minutes=4)):
        opened = check_ins.open_check_in(session, by=factories.make_user(), minutes=30)
    assert opened.closes_at == session.ends_at


def test_the_code_of_another_cohort_is_refused(client, cohort, trainee, check_in):
    with clock.at(clock.now() - timedelta(days=20)):
        other = factories.make_cohort(state="placing")
    theirs = factories.make_check_in(factories.make_session(other))
    client.force_login(trainee.user)
    answer = client.post(MINE, {"code": check_in_codes.code_of(theirs)})
    assert (answer.status_code, Attendance.objects.count()) == (422, 0)
    assert "You are not on the list of this session." in answer.content.decode()


def test_the_same_code_typed_twice_notes_the_person_once(client, trainee, check_in):
    client.force_login(trainee.user)
    code = check_in_codes.code_of(check_in)
    for _ in range(2):
        answer = client.post(MINE, {"code": code}, follow=True)
        assert "You are noted at" in answer.content.decode()
    assert Attendance.objects.count() == 1


def test_opening_it_again_closes_what_was_open(session, check_in):
    again = factories.make_check_in(session)
    check_in.refresh_from_db()
    assert (check_in.is_open, again.is_open) == (False, True)


def test_the_screens_are_korean_and_the_wall_is_english_too(client, session, check_in):
    client.force_login(factories.make_user(language="ko"))
    asked = client.get(reverse("programs:checkin-open", args=[session.pk])).content.decode()
    assert ("10분" in asked, "10 minutes" in asked) == (True, False)
    wall = client.get(reverse("programs:checkin-show", args=[check_in.pk])).content.decode()
    assert ('<p lang="en">Scan with your phone' in wall, wall.count("Scan with your phone")) == (True, 1)
    client.force_login(factories.make_user(language="en"))
    english = client.get(reverse("programs:checkin-show", args=[check_in.pk])).content.decode()
    assert english.count("Scan with your phone") == 1


def test_a_trainee_types_the_code_and_is_noted(client, trainee, session, check_in):
    client.force_login(trainee.user)
    code = check_in_codes.code_of(check_in)
    answer = client.post(MINE, {"code": f" {code[:3]} {code[3:]} "}, follow=True)
    assert f"You are noted at {session}: Present." in answer.content.decode()
    line = Attendance.objects.get()
    assert (line.status, line.channel, line.noted_by, line.day) == (
        "present", "check_in", trainee.user, session.starts_at.astimezone(session.zone).date(),
    )  # fmt: skip


def test_who_is_noted_reads_so_on_their_page_of_today_and_is_not_asked_to_check_in_again(
    client, trainee, session, check_in
):
    client.force_login(trainee.user)
    schedule = reverse("programs:my-schedule")
    before = client.get(schedule).content.decode()
    assert ("You are noted" in before, MINE in before) == (False, True)
    client.post(MINE, {"code": check_in_codes.code_of(check_in)})
    client.get(schedule)  # says once what was done
    page = client.get(schedule).content.decode()
    assert (page.count("You are noted: present"), MINE in page) == (1, False)
    noted = Attendance.objects.get()
    for status, words in (
        ("late", "You are noted: late"),
        ("absent", "If you are here, tell the person who"),
    ):
        noted.status = status
        noted.save()
        assert words in client.get(schedule).content.decode()


def test_a_day_in_a_department_says_what_the_hospital_noted_of_that_day(client, cohort, trainee):
    enrollment = trainee.enrollments.get()
    placement = factories.make_placement(enrollment=enrollment, state="confirmed")
    day, before = placement.first_day + timedelta(days=1), placement.first_day
    facts = {"enrollment": enrollment, "placement": placement, "noted_name": "Kim"}
    Attendance.objects.create(**facts, day=before, status="absent", reason="unwell")
    client.force_login(trainee.user)
    with clock.at(day):
        assert "You are noted" not in client.get(reverse("programs:my-schedule")).content.decode()
        Attendance.objects.create(**facts, day=day, status="present")
        page = client.get(reverse("programs:my-schedule")).content.decode()
    assert (page.count("You are noted: present"), page.count("You are noted: absent")) == (1, 0)


def test_more_than_ten_minutes_after_the_beginning_is_late(trainee, session):
    with clock.at(session.starts_at + timedelta(minutes=11)):
        opened = check_ins.open_check_in(session, by=factories.make_user(), minutes=5)
        assert check_ins.check_in(opened, by=trainee.user).status == "late"


def test_who_scans_before_signing_in_lands_there_and_one_click_notes_them(client, trainee, session, check_in):
    answer = scan(client, check_in_codes.code_of(check_in))
    assert answer.url == MINE
    assert client.get(MINE).url == f"/accounts/login/?next={MINE}"
    assert Attendance.objects.count() == 0
    client.force_login(trainee.user)
    with clock.at(session.starts_at + timedelta(minutes=4)):  # the code on the wall is long another one
        page = client.get(MINE)
        assert "I am here" in page.content.decode()
        assert Attendance.objects.count() == 0
        client.post(MINE)
    assert Attendance.objects.get().status == "present"


def test_a_scan_is_good_for_one_person_once(client, cohort, trainee, session, check_in):
    friend = factories.make_trainee("Far Away", user=True)
    with clock.at(clock.now() - timedelta(days=20)):
        factories.make_enrollment(cohort=cohort, trainee=friend, state="accepted")
    scan(client, check_in_codes.code_of(check_in))
    client.force_login(trainee.user)
    client.post(MINE)
    client.post(reverse("account_logout"))
    client.force_login(friend.user)
    assert client.post(MINE).status_code == 422
    assert [line.enrollment.trainee for line in Attendance.objects.all()] == [trainee]


def test_a_code_of_two_minutes_ago_is_refused(client, trainee, session, check_in):
    old = check_in_codes.code_of(check_in)
    client.force_login(trainee.user)
    with clock.at(session.starts_at + timedelta(minutes=2)):
        assert scan(client, old).status_code == 410
        answer = client.post(MINE, {"code": old})
    assert answer.status_code == 422
    assert "This code is not shown any more." in answer.content.decode()
    assert Attendance.objects.count() == 0


def test_after_the_minutes_are_over_nobody_checks_in(client, trainee, session, check_in):
    scan(client, check_in_codes.code_of(check_in))
    client.force_login(trainee.user)
    with clock.at(session.starts_at + timedelta(minutes=11)):
        assert client.post(MINE).status_code == 422
    check_ins.close_check_in(check_in, by=factories.make_user())
    with pytest.raises(NotNow):
        check_ins.check_in(check_in, by=trainee.user)
    assert Attendance.objects.count() == 0


def test_checking_in_twice_notes_once_and_never_over_the_list(trainee, session, check_in):
    first = check_ins.check_in(check_in, by=trainee.user)
    assert check_ins.check_in(check_in, by=trainee.user) == first
    Attendance.objects.update(status="absent")
    with pytest.raises(NotNow):
        check_ins.check_in(check_in, by=trainee.user)
    assert Attendance.objects.get().status == "absent"


def test_who_is_not_on_the_list_of_the_session_is_told_so(cohort, session, check_in):
    stranger = factories.make_user(Role.TRAINEE)
    with pytest.raises(NotNow):
        check_ins.check_in(check_in, by=stranger)
    session.whole_cohort = False
    session.save()
    person = factories.make_trainee(user=True)
    with clock.at(clock.now() - timedelta(days=20)):
        factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
    with pytest.raises(NotNow):
        check_ins.check_in(check_in, by=person.user)


def test_guessing_ends_after_ten_wrong_codes(client, trainee, check_in):
    client.force_login(trainee.user)
    wrong = str((int(check_in_codes.code_of(check_in)) + 5) % 10**6).zfill(6)
    answers = [client.post(MINE, {"code": wrong}).content.decode() for _ in range(11)]
    assert "This code is not shown any more." in answers[9]
    assert "That was too often." in answers[10]


def test_a_right_guess_after_too_many_wrong_ones_is_refused_too(client, trainee, check_in):
    client.force_login(trainee.user)
    right = check_in_codes.code_of(check_in)
    for _ in range(10):
        client.post(MINE, {"code": "000000" if right != "000000" else "000001"})
    answer = client.post(MINE, {"code": right})
    assert (answer.status_code, Attendance.objects.count()) == (422, 0)


def test_scanning_tells_who_has_guessed_too_often_nothing_and_others_all(client, check_in):
    right = check_in_codes.code_of(check_in)
    wrong = str((int(right) + 5) % 10**6).zfill(6)
    assert {scan(client, wrong).status_code for _ in range(60)} == {410}
    assert [scan(client, code).status_code for code in (right, wrong)] == [429, 429]
    elsewhere = client.get(reverse("programs:checkin-scan", args=[right]), REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "٣٣٣٣٣٣", "1234567"])
def test_what_is_no_code_is_said_at_the_field(client, trainee, code):
    client.force_login(trainee.user)
    assert client.post(MINE, {"code": code}).status_code == 422


def test_the_wall_is_closed_by_a_click_and_says_so(client, check_in):
    client.force_login(factories.make_user())
    address = reverse("programs:checkin-close", args=[check_in.pk])
    client.get(address)
    check_in.refresh_from_db()
    assert check_in.is_open
    page = client.post(address, follow=True)
    assert "Checking in is closed" in page.content.decode()
    assert "Refresh" not in page.headers
