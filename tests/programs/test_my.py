"""A trainee's own pages: the schedule, and the name on the certificate."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.clock import SEOUL
from portal.records.models import Event
from programs.workflow import placements
from tests import factories

pytestmark = pytest.mark.django_db

SCHEDULE = "programs:my-schedule"
CERTIFICATES = "programs:my-certificates"
# Tuesday of the second week.
TUESDAY = date(2026, 11, 10)


def at(hour, minute=0, *, day=TUESDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL)


@pytest.fixture
def cohort():
    lead = factories.make_user(name="Kim Lead", phone="+82-31-000-0001")
    return factories.make_cohort(state="nominating", lead_officer=lead)


@pytest.fixture
def trainee():
    return factories.make_trainee("Nomin-Erdene Tsogt", user=True)


@pytest.fixture
def enrollment(cohort, trainee):
    return factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")


@pytest.fixture
def hospital():
    return factories.make_hospital(
        "Myongji Hospital",
        name_ko="명지병원",
        address_ko="경기도 고양시 덕양구\n화수로 14번길 55",
        phone="031-111-2222",
    )


def session(cohort, title, starts_at, ends_at, **fields):
    return factories.make_talk(cohort, title, starts_at=starts_at, ends_at=ends_at, **fields)


def text_of(client, user, moment, name=SCHEDULE):
    client.force_login(user)
    with clock.at(moment):
        return " ".join(client.get(reverse(name)).content.decode().split())


def test_today_comes_first_with_where_whom_to_ask_and_what_to_bring(
    client, cohort, enrollment, trainee, hospital
):
    factories.make_coordinator(hospital, name="Park Ji-won")
    department = factories.make_department(
        hospital=hospital, specialty="surgery", meeting_point="main building, 7th floor"
    )
    factories.make_placement(
        enrollment=enrollment,
        department=department,
        state="with_conditions",
        reason="Mornings in theatre only",
    )
    session(
        cohort,
        "Case talk",
        at(16),
        at(17),
        place="Room 4",
        meets="Dr. Choi",
        bring="white coat",
        lecturer="Dr. Han",
    )
    text = text_of(client, trainee.user, at(8, 10))
    assert "<h1>Tuesday, 10 November</h1>" in text
    assert "this is week 2 of 4." in text
    today = text.split("Show this to the driver")[0]
    assert "All day" in today
    assert "Myongji Hospital, Surgery" in today
    assert "main building, 7th floor" in today
    assert "Ask for <strong>Park Ji-won</strong>." in today
    assert "Mornings in theatre only" in today
    assert "Next, in about 8 hours" in today
    assert "<strong>Dr. Choi</strong> meets you." in today
    assert "white coat" in today
    assert "16:00–17:00" in today


def test_the_driver_reads_korean_and_help_is_one_tap_away(client, enrollment, trainee, hospital):
    factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=hospital), state="confirmed"
    )
    text = text_of(client, trainee.user, at(8))
    assert "<address>명지병원<br>경기도 고양시 덕양구<br>화수로 14번길 55</address>" in text
    for number in ("119", "112", "1345", "+82-31-000-0001"):
        assert f'href="tel:{number}"' in text
    assert "Kim Lead" in text


def test_both_clocks_are_told_where_home_has_another_one(client, enrollment, trainee):
    text = text_of(client, trainee.user, at(8, 10))
    assert "<dt>Seoul time, where you are</dt><dd>08:10</dd>" in text
    assert "<dt>Ulaanbaatar, at home</dt><dd>07:10</dd>" in text


def test_one_clock_is_enough_where_home_has_the_same_time_or_is_not_known(client, cohort):
    tokyo = factories.make_institution(
        "Tokyo Clinic", region=factories.make_region("Japan", country="JP", time_zone="Asia/Tokyo")
    )
    for home in (tokyo, None):
        person = factories.make_trainee(user=True, institution=home)
        factories.make_enrollment(cohort=cohort, trainee=person, state="accepted")
        assert "where you are" not in text_of(client, person.user, at(8))


def test_the_driver_reads_the_hospitals_name_once(client, enrollment, trainee):
    house = factories.make_hospital(
        "St. Vincent’s Hospital", name_ko="가톨릭대학교 성빈센트병원", short_name_ko="성빈센트병원",
        address_ko="성빈센트병원 정문\n경기도 수원시",
    )  # fmt: skip
    factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=house), state="confirmed"
    )
    text = text_of(client, trainee.user, at(8))
    assert "<address>성빈센트병원 정문<br>경기도 수원시</address>" in text


def test_an_online_class_is_told_by_both_clocks_and_the_day_where_it_differs(
    client, cohort, enrollment, trainee
):
    almaty = ZoneInfo("Asia/Almaty")
    session(
        cohort,
        "Late class",
        datetime(2026, 11, 10, 22, 0, tzinfo=almaty),
        datetime(2026, 11, 10, 23, 30, tzinfo=almaty),
        kind="online",
        online_link="https://meet.example/late",
        time_zone="Asia/Almaty",
    )
    text = text_of(client, trainee.user, at(8))
    assert (
        '22:00–23:30 <span class="meta">Almaty time</span> · 02:00 on Wednesday, 11 November in Seoul'
        " · 01:00 on Wednesday, 11 November in Ulaanbaatar" in text
    )
    assert 'href="https://meet.example/late"' in text
    # Half an hour before it, the reader's day in Seoul is the next one already, and it is today's.
    late = text_of(client, trainee.user, datetime(2026, 11, 10, 16, 30, tzinfo=UTC))
    assert "<h1>Wednesday, 11 November</h1>" in late
    assert "Next, in 30 minutes" in late


def test_a_session_that_runs_across_midnight_is_still_now(client, cohort, enrollment, trainee):
    session(cohort, "Night shift", at(22), at(2, day=date(2026, 11, 11)))
    text = text_of(client, trainee.user, at(1, day=date(2026, 11, 11)))
    assert '<span class="over mb-1">Now</span> <h3>Night shift' in text
    assert "22:00–02:00 (until Wed 11)" in text


def test_a_day_with_nothing_says_so_and_what_comes_next(client, cohort, enrollment, trainee):
    session(cohort, "Culture day", at(10, day=date(2026, 11, 14)), at(15, day=date(2026, 11, 14)))
    text = text_of(client, trainee.user, at(9))
    assert "Nothing is planned for today." in text
    assert text.index("What comes next") < text.index("Culture day")


def test_before_the_start_the_page_says_when_it_begins(client, enrollment, trainee, hospital):
    factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=hospital), state="confirmed"
    )
    text = text_of(client, trainee.user, at(9, day=date(2026, 10, 20)))
    assert "begins: 2 November 2026." in text
    assert "Seoul, where you are" not in text
    assert "What comes next" in text
    assert "명지병원" in text


def test_after_the_end_the_page_leads_to_the_certificate(client, enrollment, trainee):
    text = text_of(client, trainee.user, at(9, day=date(2026, 12, 20)))
    assert "is over since 27 November 2026." in text
    assert f'href="{reverse(CERTIFICATES)}"' in text


def test_weeks_draw_equal_days_together(client, enrollment, trainee, hospital):
    first, second = factories.week(1), factories.week(3)
    for specialty, days in (("surgery", first), ("cardiology", second)):
        factories.make_placement(
            enrollment=enrollment,
            department=factories.make_department(hospital=hospital, specialty=specialty),
            state="confirmed",
            first_day=days[0],
            last_day=days[1],
            half="morning",
        )
    weeks = text_of(client, trainee.user, at(9)).split("All weeks")[1]
    assert "Week 1: 2–8 November 2026" in weeks
    assert "<span>Mon 2</span><br><span>– Fri 6</span>" in weeks
    assert "Week 3: 16–22 November 2026" in weeks
    assert weeks.count("mornings") == 2
    assert "Sat 7" not in weeks


def test_what_is_not_confirmed_is_not_in_the_schedule(client, enrollment, trainee, hospital):
    department = factories.make_department(hospital=hospital, specialty="surgery")
    factories.make_placement(enrollment=enrollment, department=department, state="requested")
    assert "Surgery" not in text_of(client, trainee.user, at(9))


def test_nobody_reads_the_schedule_or_sessions_of_somebody_else(
    client, cohort, enrollment, trainee, hospital
):
    other = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Other Person"), state="accepted"
    )
    factories.make_placement(
        enrollment=other,
        department=factories.make_department(hospital=hospital, specialty="urology"),
        state="confirmed",
    )
    session(cohort, "Private talk", at(10), at(11), trainees=[other.trainee])
    text = text_of(client, trainee.user, at(8))
    for secret in ("Other Person", "Urology", "Private talk"):
        assert secret not in text


def test_somebody_without_a_training_is_told_so(client):
    text = text_of(client, factories.make_trainee(user=True).user, at(9))
    assert "No training is planned for you" in text
    assert 'href="tel:119"' in text


def test_a_nominee_is_told_that_it_is_not_decided(client, cohort, trainee):
    factories.make_enrollment(cohort=cohort, trainee=trainee)
    assert "Your nomination is not decided yet" in text_of(client, trainee.user, at(9))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR, Role.CONTACT])
def test_only_trainees_have_a_schedule(client, role):
    client.force_login(factories.make_user(role))
    assert client.get(reverse(SCHEDULE)).status_code == 403
    assert client.get(reverse(CERTIFICATES)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_schedule_costs_the_same_for_one_entry_and_for_three(
    client, cohort, enrollment, trainee, django_assert_num_queries, count
):
    for number in range(1, count + 1):
        hospital = factories.make_hospital()
        factories.make_coordinator(hospital)
        first_day, last_day = factories.week(number)
        factories.make_placement(
            enrollment=enrollment,
            department=factories.make_department(hospital=hospital),
            state="confirmed",
            first_day=first_day,
            last_day=last_day,
        )
        session(cohort, "Talk", at(9 + number), at(10 + number), hospital=hospital)
    client.force_login(trainee.user)
    with clock.at(at(8)):
        client.get(reverse(SCHEDULE))
        with django_assert_num_queries(7):
            client.get(reverse(SCHEDULE))


# Certificates ---------------------------------------------------------------------------------------


def test_a_trainee_confirms_the_name_as_it_will_be_printed(client, enrollment, trainee):
    client.force_login(trainee.user)
    page = client.get(reverse(CERTIFICATES)).content.decode()
    assert "Yes, print it like this" in page
    assert 'value="Nomin-Erdene Tsogt"' in page
    client.post(reverse(CERTIFICATES), {"name": "Nomin-Erdene Tsogt"})
    trainee.refresh_from_db()
    assert trainee.certificate_name == "Nomin-Erdene Tsogt"
    assert trainee.certificate_name_confirmed_at == clock.now()
    assert "You have confirmed your name." in client.get(reverse(CERTIFICATES)).content.decode()


def test_a_correction_leaves_its_trace_in_the_trail(client, enrollment, trainee):
    client.force_login(trainee.user)
    client.post(reverse(CERTIFICATES), {"name": "  TSOGT   Nomin-Erdene "})
    trainee.refresh_from_db()
    assert trainee.name_on_certificate == "TSOGT Nomin-Erdene"
    event = Event.objects.about(trainee).get()
    assert (event.verb, event.actor) == ("confirm_certificate_name", trainee.user)
    assert event.data == {"before": "Nomin-Erdene Tsogt", "name": "TSOGT Nomin-Erdene"}


def test_an_empty_name_is_not_taken(client, enrollment, trainee):
    client.force_login(trainee.user)
    assert client.post(reverse(CERTIFICATES), {"name": "   "}).status_code == 422
    trainee.refresh_from_db()
    assert trainee.certificate_name_confirmed_at is None


def test_once_the_certificate_is_issued_the_name_stands(client, trainee):
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    certificate = factories.make_certificate(enrollment=enrollment, state="issued")
    certificate.refresh_from_db()
    client.force_login(trainee.user)
    page = client.get(reverse(CERTIFICATES)).content.decode()
    assert certificate.number in page
    assert reverse("programs:certificate-download", args=[certificate.pk]) in page
    assert reverse("public:verify-code", args=[certificate.code]) in page
    assert "Yes, print it like this" not in page
    response = client.post(reverse(CERTIFICATES), {"name": "Somebody Else"})
    assert response.status_code == 422
    trainee.refresh_from_db()
    assert trainee.name_on_certificate == "Nomin-Erdene Tsogt"


def test_a_certificate_that_is_not_issued_or_somebody_else_s_is_not_shown(client, trainee):
    waiting = factories.make_enrollment(trainee=trainee, state="completed")
    factories.make_certificate(enrollment=waiting, state="approved")
    others = factories.make_certificate(state="issued")
    others.refresh_from_db()
    client.force_login(trainee.user)
    page = client.get(reverse(CERTIFICATES)).content.decode()
    assert "No certificate is issued yet." in page
    assert others.number not in page


def test_a_cancelled_placement_leaves_the_schedule(client, enrollment, trainee, hospital):
    placement = factories.make_placement(
        enrollment=enrollment, department=factories.make_department(hospital=hospital), state="confirmed"
    )
    assert "Myongji Hospital" in text_of(client, trainee.user, at(9))
    placements.cancel(placement, by=PORTAL, reason="moved")
    assert "Myongji Hospital" not in text_of(client, trainee.user, at(9))


@pytest.mark.parametrize("name", ["Номин-Эрдэнэ", "Nomin 2", "N", "N" * 61])
def test_a_name_the_certificate_cannot_print_is_not_confirmed(client, enrollment, trainee, name):
    client.force_login(trainee.user)
    assert client.post(reverse(CERTIFICATES), {"name": name}).status_code == 422
    trainee.refresh_from_db()
    assert (trainee.certificate_name, trainee.certificate_name_confirmed_at) == ("", None)
