"""The list of a day, ticked by who is responsible, and what it adds up to."""

import csv
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.models import Event
from programs import ticking
from programs.attendance_totals import Presence, Totals, presence_of, totals_of
from programs.models import Attendance
from programs.workflow import attendance, cohorts, placements
from tests import factories

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 4)
LIST = reverse("programs:attendance-day")


@pytest.fixture(autouse=True)
def in_the_first_week():
    with clock.at(WEDNESDAY):
        yield


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital")


@pytest.fixture
def cohort():
    with clock.at(date(2026, 10, 13)):
        return factories.make_cohort(state="placing", program=factories.make_program(min_attendance=80))


@pytest.fixture
def coordinator(client, hospital):
    user = factories.make_coordinator(hospital, name="Choi Eun-ji").user
    client.force_login(user)
    return user


def placed(cohort, hospital, name, *, specialty="surgery", **fields):
    """Somebody confirmed in the hospital for the whole cohort."""
    trainee = factories.make_trainee(name, **fields)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    department = hospital.departments.filter(specialty__name=specialty).first()
    return factories.make_placement(
        enrollment=enrollment,
        department=department or factories.make_department(hospital=hospital, specialty=specialty, seats=9),
        state="confirmed",
    )


def ticked(*pairs, **more):
    """What a browser sends: (placement, status, reason)."""
    data = dict(more)
    for placement, status, *reason in pairs:
        key = f"p{placement.pk}"
        data |= {f"status-{key}": status, f"reason-{key}": reason[0] if reason else "", f"seen-{key}": ""}
    return data


def lines():
    return dict(Attendance.objects.values_list("enrollment__trainee__passport_name", "status"))


def test_a_coordinator_ticks_who_was_there_and_the_line_says_who_noted_it(
    client, coordinator, cohort, hospital
):
    one, other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    page = client.get(LIST)
    assert page.status_code == 200
    assert [line.trainee.passport_name for line in page.context["sheet"].lines] == [
        "Bolormaa Dorj",
        "Jasur Umarov",
    ]

    answer = client.post(LIST, ticked((one, "present"), (other, "absent", "transport")), follow=True)

    assert "2 lines are noted." in answer.content.decode()
    assert lines() == {"Bolormaa Dorj": "present", "Jasur Umarov": "absent"}
    line = Attendance.objects.get(placement=other)
    assert (line.day, line.reason, line.noted_by, line.noted_name) == (
        WEDNESDAY, "transport", coordinator, "Choi Eun-ji",
    )  # fmt: skip
    event = Event.objects.about(cohort).filter(verb="note_attendance").get()
    assert (event.actor, event.data) == (coordinator, {"day": "2026-11-04", "count": 2})


def test_the_same_list_sent_twice_changes_nothing(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    client.post(LIST, ticked((one, "present")))
    first = Attendance.objects.get()
    answer = client.post(LIST, ticked((one, "present")), follow=True)
    assert "Nothing has changed." in answer.content.decode()
    assert Attendance.objects.get().noted_at == first.noted_at
    assert Event.objects.filter(verb__endswith="_attendance").count() == 1


def test_one_button_notes_everybody_else_as_present(client, coordinator, cohort, hospital):
    one, _other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    client.post(LIST, ticked((one, "late"), all="present"))
    assert lines() == {"Bolormaa Dorj": "late", "Jasur Umarov": "present"}


def test_who_is_excused_has_a_reason_and_what_was_chosen_stays_on_the_page(
    client, coordinator, cohort, hospital
):
    one, other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    answer = client.post(LIST, ticked((one, "excused"), (other, "late")))
    assert answer.status_code == 422
    assert "Choose why this person is excused." in answer.content.decode()
    assert lines() == {}
    kept = {line.key: line.status for line in answer.context["sheet"].lines}
    assert kept == {f"p{one.pk}": "excused", f"p{other.pk}": "late"}


def test_a_made_up_answer_is_refused(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    answer = client.post(LIST, ticked((one, "asleep")))
    assert answer.status_code == 422
    assert lines() == {}


def test_a_coordinator_sees_and_notes_only_their_own_hospital(client, coordinator, cohort, hospital):
    theirs = placed(cohort, factories.make_hospital("Ansan Hospital"), "Not Ours")
    page = client.get(LIST)
    assert page.context["sheet"].lines == []
    assert "Not Ours" not in page.content.decode()
    client.post(LIST, ticked((theirs, "present")))
    assert lines() == {}
    line = ticking.Line(ticking.Unit(theirs.enrollment, WEDNESDAY, placement=theirs), status="present")
    with pytest.raises(PermissionDenied):
        attendance.note(WEDNESDAY, [line], by=coordinator)


def test_a_coordinator_looks_at_no_cohort_as_such(client, coordinator, cohort, hospital):
    assert client.get(LIST, {"cohort": cohort.pk}).status_code == 404


def test_sessions_at_the_hospital_are_on_its_list_for_whom_they_are(client, coordinator, cohort, hospital):
    one, other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    for_all = factories.make_session(cohort, hospital=hospital, day=WEDNESDAY)
    for_one = factories.make_session(cohort, hospital=hospital, day=WEDNESDAY, hour=17, whole_cohort=False)
    for_one.trainees.add(other.trainee)
    factories.make_session(cohort, day=WEDNESDAY, title="In the province’s hall")
    groups = client.get(LIST).context["sheet"].groups
    assert [(group.title, [str(line.trainee) for line in group.lines]) for group in groups] == [
        (str(one.department), ["Bolormaa Dorj", "Jasur Umarov"]),
        (str(for_all), ["Bolormaa Dorj", "Jasur Umarov"]),
        (str(for_one), ["Jasur Umarov"]),
    ]
    client.post(LIST, {f"status-s{for_one.pk}-{other.enrollment_id}": "present"})
    assert Attendance.objects.get().session == for_one


def test_nobody_is_expected_on_a_weekend_or_on_a_holiday(client, coordinator, hospital):
    with clock.at(date(2026, 9, 1)):
        cohort = factories.make_cohort(state="placing", starts=date(2026, 9, 21), ends=date(2026, 10, 16))
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        factories.make_placement(
            enrollment=enrollment,
            department=factories.make_department(hospital=hospital),
            state="confirmed",
            first_day=date(2026, 9, 21),
            last_day=date(2026, 10, 2),
        )
    for day, count in (("2026-09-23", 1), ("2026-09-25", 0), ("2026-09-26", 0), ("2026-09-28", 1)):  # Chuseok
        assert len(client.get(LIST, {"day": day}).context["sheet"].lines) == count, day


def test_a_day_to_come_is_shown_and_not_noted(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    later = f"{LIST}?day=2026-11-05"
    page = client.get(later).content.decode()
    assert "Bolormaa Dorj" in page
    assert "Keep the list" not in page
    answer = client.post(later, ticked((one, "present")))
    assert answer.status_code == 422
    assert lines() == {}


@pytest.mark.parametrize("day", ["31-31-31", "0001-01-01", "9999-12-31"])
def test_an_unreadable_day_and_one_out_of_reach_are_today(client, coordinator, day):
    assert client.get(LIST, {"day": day}).context["sheet"].day == WEDNESDAY


def test_letters_that_no_database_keeps_are_left_out_of_a_note(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    client.post(LIST, ticked((one, "late"), **{f"note-p{one.pk}": "bus\x00 late", "why": "\x00"}))
    assert Attendance.objects.get().note == "bus late"


def test_somebody_elses_note_is_not_overwritten_unseen(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    line = ticking.Line(ticking.Unit(one.enrollment, WEDNESDAY, placement=one), status="late")
    attendance.note(WEDNESDAY, [line], by=factories.make_user(name="Kim Seo-yeon"))
    answer = client.post(LIST, ticked((one, "present")))
    assert answer.status_code == 422
    assert "Kim Seo-yeon noted something else meanwhile: Late. Send again to overrule that." in (
        answer.content.decode()
    )
    assert lines() == {"Bolormaa Dorj": "late"}
    client.post(LIST, ticked((one, "present")) | {f"seen-p{one.pk}": "late"})
    assert lines() == {"Bolormaa Dorj": "present"}


def test_a_correction_keeps_what_stood_before_in_the_trail(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    client.post(LIST, ticked((one, "present")))
    answer = client.post(
        LIST, ticked((one, "absent", "unknown")) | {f"seen-p{one.pk}": "present"}, follow=True
    )
    assert "1 line is corrected." in answer.content.decode()
    event = Event.objects.about(one.enrollment).get(verb="correct_attendance")
    assert event.actor == coordinator
    assert event.reason == f"4 November 2026, {one.department}: Present → Absent."


def test_after_three_days_a_note_needs_a_reason_which_the_trail_keeps(client, coordinator, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    address = f"{LIST}?day=2026-11-04"
    with clock.at(date(2026, 11, 9)):
        answer = client.post(address, ticked((one, "present")))
        assert answer.status_code == 422
        assert "Write why this is noted or changed only now." in answer.content.decode()
        assert lines() == {}
        client.post(address, ticked((one, "present"), why="the list was on paper"))
    assert lines() == {"Bolormaa Dorj": "present"}
    event = Event.objects.about(cohort).get(verb="note_attendance")
    assert event.reason == "4 November 2026 the list was on paper"


def test_once_the_cohort_is_completed_only_staff_correct_and_once_it_is_closed_nobody(
    client, coordinator, hospital
):
    with clock.at(date(2026, 10, 13)):
        cohort = factories.make_cohort(state="placing")
        one = placed(cohort, hospital, "Bolormaa Dorj")
    factories.advance(cohort, "completed")
    address = f"{LIST}?day=2026-11-27"
    officer = factories.make_user()
    with clock.at(date(2026, 11, 28)):
        answer = client.post(address, ticked((one, "present")))
        assert "is over: its attendance stands." in answer.content.decode()
        client.force_login(officer)
        client.post(address, ticked((one, "present")))
        assert lines() == {"Bolormaa Dorj": "present"}
        cohort.enrollments.get().certificates.all()._raw_delete("default")
        cohorts.close(cohort, by=PORTAL)
        answer = client.post(address, ticked((one, "late")) | {f"seen-p{one.pk}": "present"})
        assert "is over: its attendance stands." in answer.content.decode()
    assert lines() == {"Bolormaa Dorj": "present"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, coordinator, cohort, hospital, count, django_assert_num_queries
):
    for number in range(count):
        placed(cohort, hospital, f"Person {number}", specialty=f"specialty {number}")
        session = factories.make_session(cohort, hospital=hospital, day=WEDNESDAY, hour=9 + number)
        if number:
            session.trainees.add(*(one.trainee for one in cohort.enrollments.all()))
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_a_long_list_comes_in_pages_and_each_is_kept_by_itself(client, coordinator, cohort, hospital):
    for number in range(17):
        placed(cohort, hospital, f"Person {number:02d}", specialty=f"s{number:02d}")
    page = client.get(LIST)
    assert (len(page.context["sheet"].lines), page.context["sheet"].in_all) == (15, 17)
    assert len(page.content) < 40_000
    assert "Everybody else on this page was present" in page.content.decode()
    answer = client.post(LIST, {"all": "present", "next": "1"})
    assert (Attendance.objects.count(), answer.url) == (15, f"{LIST}?page=2")
    second = client.get(answer.url)
    assert [line.trainee.passport_name for line in second.context["sheet"].lines] == [
        "Person 15",
        "Person 16",
    ]
    assert "15 of 17 lines are noted." in second.content.decode()
    client.post(answer.url, {"all": "present"})
    assert Attendance.objects.count() == 17
    assert [client.get(f"{LIST}?page={asked}").context["sheet"].page for asked in ("0", "99", "x")] == [
        1,
        2,
        1,
    ]


def test_the_list_is_narrowed_by_name_in_any_script_or_by_department(client, coordinator, cohort, hospital):
    placed(cohort, hospital, "Bolormaa Dorj", local_name="Болормаа Дорж")
    placed(cohort, hospital, "Jasur Umarov", specialty="urology")
    for wanted, names in (("болорм", ["Bolormaa Dorj"]), ("UROLOGY", ["Jasur Umarov"]), ("nobody", [])):
        page = client.get(LIST, {"q": wanted})
        assert [line.trainee.passport_name for line in page.context["sheet"].lines] == names
    assert "Nobody on this list is called so" in page.content.decode()


def test_the_days_around_say_how_many_lines_are_open_and_which_day_is_the_oldest(client, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    placed(cohort, factories.make_hospital(), "Jasur Umarov")
    factories.make_session(cohort, hospital=hospital, day=date(2026, 11, 12))
    factories.make_session(
        cohort, day=date(2026, 11, 9)
    )  # neither to come nor elsewhere is anything open for us
    factories.advance(cohort, "running")
    Attendance.objects.create(
        placement=one, enrollment=one.enrollment, day=WEDNESDAY, status="present", noted_name="Choi"
    )
    client.force_login(factories.make_coordinator(hospital).user)
    with clock.at(date(2026, 11, 10)):
        page = client.get(LIST)
    text = " ".join(page.content.decode().split())
    assert "4 earlier days are not noted whole, the first of them:" in text
    assert f'href="{LIST}?day=2026-11-02"' in text
    assert text.count(">1 to note<") == 1  # Monday; the other hospital is not ours


# Totals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "share", "low", "high"),
    [
        ({}, None, None, None),
        ({"present": 3, "absent": 1}, 75, 75, 75),
        ({"present": 2, "late": 2}, 100, 100, 100),
        ({"present": 2, "late": 2, "lates_per_absence": 2}, 75, 75, 75),
        ({"present": 2, "late": 1, "lates_per_absence": 2}, 100, 100, 100),
        ({"present": 3, "excused": 1}, 75, 75, 75),
        ({"present": 3, "excused": 1, "excused_counts": True}, 100, 100, 100),
        ({"present": 3, "elsewhere": 1}, 100, 100, 100),
        ({"present": 2, "absent": 1, "missing": 1}, 66, 50, 75),
        ({"missing": 4}, None, 0, 100),
    ],
)
def test_the_share_goes_by_the_programs_rule(facts, share, low, high):
    totals = Totals(**facts)
    assert (totals.share, totals.at_least, totals.at_most) == (share, low, high)


def test_totals_count_days_and_sessions_until_today_and_what_is_not_noted(cohort, hospital):
    one, other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    session = factories.make_session(cohort, hospital=hospital, day=date(2026, 11, 3))
    factories.make_session(cohort, day=date(2026, 11, 20))
    facts = {"noted_name": "Choi", "enrollment": one.enrollment}
    Attendance.objects.create(placement=one, day=date(2026, 11, 2), status="present", **facts)
    Attendance.objects.create(placement=one, day=date(2026, 11, 3), status="late", **facts)
    Attendance.objects.create(session=session, day=date(2026, 11, 3), status="absent", **facts)
    totals = totals_of(cohort)
    mine = totals[one.enrollment_id]
    assert (mine.present, mine.late, mine.absent, mine.missing) == (1, 1, 1, 1)  # Wednesday is not noted yet
    assert (mine.share, mine.at_least, mine.at_most) == (66, 50, 75)
    assert totals[other.enrollment_id] == Totals(missing=4)


def test_nobody_is_expected_at_a_session_that_is_not_released_and_the_list_says_so(client, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    factories.make_session(cohort, hospital=hospital, day=WEDNESDAY, title="Half a plan", released=False)
    assert totals_of(cohort)[one.enrollment_id] == Totals(missing=3)
    client.force_login(factories.make_user())
    page = client.get(f"{LIST}?cohort={cohort.pk}")
    assert [line.unit.placement for line in page.context["sheet"].lines] == [one]
    text = page.content.decode()
    assert "Not released, so that nobody is expected there:" in text
    assert "Half a plan" in text


def test_the_presence_tells_days_and_hours_by_what_was_planned(cohort, hospital):
    one, other = placed(cohort, hospital, "Bolormaa Dorj"), placed(cohort, hospital, "Jasur Umarov")
    half = factories.make_placement(
        enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
        department=factories.make_department(hospital=hospital, specialty="urology"),
        half="morning",
        state="confirmed",
    )
    talk = factories.make_session(cohort, day=date(2026, 11, 3), hours=3)
    for placement in (one, half):
        facts = {"noted_name": "Choi", "enrollment": placement.enrollment}
        Attendance.objects.create(placement=placement, day=date(2026, 11, 2), status="present", **facts)
        Attendance.objects.create(placement=placement, day=date(2026, 11, 3), status="late", **facts)
        Attendance.objects.create(
            placement=placement, day=WEDNESDAY, status="excused", reason="unwell", **facts
        )
    Attendance.objects.create(
        session=talk, enrollment=one.enrollment, day=date(2026, 11, 3), status="present", noted_name="Choi"
    )
    found = presence_of(cohort)
    assert found[one.enrollment_id] == Presence(share=75, days=2, session_hours=3)
    assert found[one.enrollment_id].hours == 19
    assert (found[half.enrollment_id].days, found[half.enrollment_id].hours) == (1, 8)
    assert found[other.enrollment_id] == Presence()
    assert presence_of(cohort, [one.enrollment]) == {one.enrollment_id: found[one.enrollment_id]}


def test_what_was_noted_before_a_placement_was_cancelled_still_counts(cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    Attendance.objects.create(
        placement=one, enrollment=one.enrollment, day=date(2026, 11, 2), status="present", noted_name="Choi"
    )
    placements.cancel(one, by=PORTAL, reason="the department closes")
    assert totals_of(cohort)[one.enrollment_id] == Totals(present=1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_cohorts_tab_shows_each_share_at_one_number_of_queries(
    client, cohort, hospital, count, django_assert_num_queries
):
    client.force_login(factories.make_user(Role.VIEWER))
    for number in range(count):
        one = placed(cohort, hospital, f"Person {number}")
        Attendance.objects.create(
            placement=one, enrollment=one.enrollment, day=WEDNESDAY, status="present", noted_name="Choi"
        )
        factories.make_session(cohort, day=WEDNESDAY, hour=9 + number)
    address = reverse("programs:cohort-attendance", args=[cohort.pk])
    client.get(address)
    with django_assert_num_queries(10):
        page = client.get(address)
    text = page.content.decode()
    assert "The program asks for 80%" in text
    assert text.count("<strong>100%</strong>") == count
    assert "Keep the list" not in text


def test_the_tab_is_narrowed_by_name_and_goes_out_as_a_file_with_days_and_hours(client, cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj")
    placed(cohort, hospital, "Jasur Umarov")
    factories.advance(cohort, "running")
    for day, status in ((2, "present"), (3, "late")):
        Attendance.objects.create(
            placement=one,
            enrollment=one.enrollment,
            day=date(2026, 11, day),
            status=status,
            noted_name="Choi",
        )
    client.force_login(factories.make_user())
    address = reverse("programs:cohort-attendance", args=[cohort.pk])
    page = client.get(address, {"q": "bolorma"})
    assert [row.trainee.passport_name for row in page.context["listing"]] == ["Bolormaa Dorj"]
    assert "1 to note" in " ".join(page.content.decode().split())
    address += "?q=bolorma&export=csv"
    assert "The file holds 1 entry with personal data." in client.get(address).content.decode()
    answer = client.post(address, {"reason": "for the transcript"})
    heads, row = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))[-2:]
    cells = dict(zip(heads, row, strict=True))
    wanted = {
        "Name as in the passport": "Bolormaa Dorj",
        "Attendance in percent": "100",
        "At least, in percent": "66",
        "Present": "1",
        "Not noted": "1",
        "Days in departments": "2.0",
        "Hours in all": "16.0",
    }
    assert {name: cells[name] for name in wanted} == wanted


def test_a_trainee_sees_own_lines_alone(cohort, hospital):
    one = placed(cohort, hospital, "Bolormaa Dorj", user=True)
    other = placed(cohort, hospital, "Jasur Umarov")
    for placement in (one, other):
        Attendance.objects.create(
            placement=placement,
            enrollment=placement.enrollment,
            day=WEDNESDAY,
            status="present",
            noted_name="Choi",
        )
    assert [row.placement for row in Attendance.objects.visible_to(one.trainee.user)] == [one]
    outsider = factories.make_coordinator(factories.make_hospital()).user
    assert list(Attendance.objects.visible_to(outsider)) == []
