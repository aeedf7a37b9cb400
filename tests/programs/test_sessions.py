"""The schedule: sessions planned, copied, moved, called off and released; who sees and does what; clashes in words."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.clock import SEOUL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import calendars
from programs.models import Cohort, Session
from programs.workflow import placements, schedule_releases, sessions
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 10)


def at(hour, minute=0, *, day=TUESDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL)


@pytest.fixture
def officer():
    return factories.make_user(name="Kim Lead")


@pytest.fixture
def cohort(officer):
    return factories.make_cohort(state="nominating", lead_officer=officer)


@pytest.fixture
def hospital():
    return factories.make_hospital("Myongji Hospital", name_ko="명지병원", short_name="Myongji")


@pytest.fixture
def coordinator(cohort, hospital):
    """A coordinator of the hospital, which has one trainee of the cohort."""
    factories.make_placement(
        enrollment=enroll(cohort, "Guest Here"),
        department=factories.make_department(hospital=hospital),
        state="confirmed",
    )
    return factories.make_coordinator(hospital, name="Park Ji-won").user


def enroll(cohort, name, **fields):
    return factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee(name, user=True), state="accepted", **fields
    )


def filled(**changes):
    return {
        "kind": "lecture", "title": "Case talk", "title_ko": "", "day": "2026-11-10", "begins": "16:00",
        "ends": "17:00", "last_day": "", "time_zone": "Asia/Seoul", "hospital": "", "department": "", "place": "Room 4",
        "place_ko": "", "online_link": "", "lecturer": "", "meets": "", "meets_phone": "", "bring": "",
        "materials": "", "whole_cohort": "on",
    } | changes  # fmt: skip


def text_of(response):
    return " ".join(response.content.decode().split())


def create(client, user, cohort, **changes):
    client.force_login(user)
    return client.post(reverse("programs:session-create", args=[cohort.pk]), filled(**changes))


# Planning ---------------------------------------------------------------------------------------------


def test_an_officer_plans_a_session_and_nobody_outside_hears_of_it(client, officer, cohort):
    trainee = enroll(cohort, "Nomin").trainee
    response = create(client, officer, cohort, lecturer="Dr. Han", meets="Dr. Choi", meets_phone="031-1")
    session = Session.objects.get()
    assert response.headers["Location"] == reverse("programs:session-detail", args=[session.pk])
    assert (session.starts_at, session.ends_at) == (at(16), at(17))
    assert (session.state, session.whole_cohort, session.meets_phone) == ("draft", True, "031-1")
    assert Event.objects.about(cohort).filter(verb="add_session").get().data["title"] == "Case talk"
    assert not OutgoingMail.objects.filter(kind="schedule_changed").exists()
    assert not Session.objects.visible_to(trainee.user).exists()


def test_a_session_across_midnight_and_new_year_names_the_day_it_ends(client, officer):
    cohort = factories.make_cohort(starts=date(2026, 12, 28), ends=date(2027, 1, 8))
    response = create(client, officer, cohort, day="2026-12-31", begins="23:00", ends="01:00")
    assert response.status_code == 422
    assert "It ends before it begins." in text_of(response)
    create(client, officer, cohort, day="2026-12-31", begins="23:00", ends="01:00", last_day="2027-01-01")
    session = Session.objects.get()
    assert session.ends_at - session.starts_at == timedelta(hours=2)
    page = text_of(client.get(reverse("programs:session-detail", args=[session.pk])))
    assert "Thursday, 31 December 2026, 23:00–01:00 (until Fri 1)" in page


def test_an_hour_that_the_clocks_leave_out_is_refused_and_one_of_2016_in_ulaanbaatar_is_right(
    client, officer, cohort
):
    # On 26 March 2016 the clocks of Ulaanbaatar went from 02:00 to 03:00.
    response = create(
        client, officer, cohort, day="2016-03-26", begins="02:30", ends="04:00", time_zone="Asia/Ulaanbaatar"
    )
    assert "There is no such time there" in text_of(response)
    create(
        client, officer, cohort, day="2016-06-01", begins="10:00", ends="11:00", time_zone="Asia/Ulaanbaatar"
    )
    create(
        client, officer, cohort, day="2016-12-01", begins="10:00", ends="11:00", time_zone="Asia/Ulaanbaatar"
    )
    summer, winter = Session.objects.order_by("starts_at")
    assert (summer.starts_at.hour, winter.starts_at.hour) == (1, 2)  # UTC+9 in summer, UTC+8 in winter


def test_bad_input_is_told_at_its_field_and_loses_nothing(client, officer, cohort):
    response = create(
        client, officer, cohort, day="", place="", title="Kept", online_link="no link", whole_cohort=""
    )
    page = text_of(response)
    assert response.status_code == 422
    for words in ("Day: This field is required.", "Online link: Enter a valid URL.", "Choose who takes part"):
        assert words in page
    assert 'value="Kept"' in page
    assert not Session.objects.exists()


def test_two_people_who_change_one_session_do_not_overwrite_each_other(client, officer, cohort):
    session = factories.make_talk(cohort, released=False, place="Room 4")
    client.force_login(officer)
    address = reverse("programs:session-edit", args=[session.pk])
    shown = client.get(address).context["form"]["seen"].value()
    Session.objects.filter(pk=session.pk).update(place="Room 9")
    response = client.post(address, filled(seen=shown, title="Mine"))
    assert response.status_code == 422
    assert "Somebody has changed this since you opened the page." in text_of(response)
    session.refresh_from_db()
    assert (session.title, session.place) == ("Case talk", "Room 9")


# Clashes ----------------------------------------------------------------------------------------------


def test_a_person_a_lecturer_and_a_room_at_one_time_are_told_and_kept_on_a_second_word(
    client, officer, cohort
):
    enroll(cohort, "Dilshod Rakhimov")
    factories.make_talk(cohort, "Rounds", starts_at=at(16, 30), place="Room 4", lecturer="Dr. Han")
    response = create(client, officer, cohort, lecturer="dr.  han", place="room 4")
    page = text_of(response)
    assert response.status_code == 422
    assert "Dilshod Rakhimov: also in “Rounds”, 16:30–17:30." in page
    assert "dr. han also teaches “Rounds”, 16:30–17:30." in page
    assert "room 4 is also taken by “Rounds”, 16:30–17:30." in page
    assert Session.objects.count() == 1
    create(client, officer, cohort, lecturer="dr.  han", place="room 4", despite="on")
    assert Session.objects.count() == 2
    schedule = text_of(client.get(reverse("programs:cohort-schedule", args=[cohort.pk])))
    assert "3 clashes in what is shown" in schedule


def test_what_only_touches_is_called_off_or_for_others_is_no_clash(client, officer, cohort):
    first, second = enroll(cohort, "First"), enroll(cohort, "Second")
    factories.make_talk(cohort, "Before", starts_at=at(15), place="Room 4")
    off = factories.make_talk(cohort, "Off", starts_at=at(16), place="Room 4")
    sessions.cancel(off, by=officer, reason="ill")
    factories.make_talk(cohort, "Others", starts_at=at(16), place="Room 5", trainees=[second.trainee])
    response = create(client, officer, cohort, whole_cohort="", trainees=[first.trainee_id])
    assert response.status_code == 302


def test_the_same_lecturer_in_another_cohort_is_a_clash_that_names_the_cohort(client, officer, cohort):
    other = factories.make_cohort()
    factories.make_talk(other, "Rounds", starts_at=at(16), lecturer="Dr. Han")
    assert f"also teaches “Rounds ({other})”, 16:00" in text_of(
        create(client, officer, cohort, lecturer="Dr. Han")
    )


# Copy, move, cancel -----------------------------------------------------------------------------------


def test_a_session_is_repeated_weekly_at_the_same_hour_of_its_own_clock(client, officer, cohort):
    session = factories.make_talk(
        cohort,
        starts_at=datetime(2026, 3, 25, 9, tzinfo=SEOUL),
        time_zone="Europe/Berlin",
        online_link="https://a.example",
    )
    client.force_login(officer)
    client.post(
        reverse("programs:session-copy", args=[session.pk]),
        {"first": "2026-03-26", "until": "2026-04-03", "weekdays": ["3", "4"]},
    )
    copies = Session.objects.exclude(pk=session.pk).order_by("starts_at")
    local = [one.starts_at.astimezone(one.zone) for one in copies]
    assert [f"{moment:%m-%d %H:%M}" for moment in local] == [
        "03-26 01:00", "03-27 01:00", "04-02 01:00", "04-03 01:00",
    ]  # fmt: skip
    assert {one.state for one in copies} == {"draft"}
    assert copies[0].starts_at.hour != copies[2].starts_at.hour  # summer time began between them


def test_a_copy_takes_its_people_along_and_too_many_days_are_refused(client, officer, cohort):
    person = enroll(cohort, "First").trainee
    session = factories.make_talk(cohort, trainees=[person])
    client.force_login(officer)
    address = reverse("programs:session-copy", args=[session.pk])
    every_day = {"first": "2026-11-11", "until": "2027-11-11", "weekdays": list("0123456")}
    assert "at most 60 at once" in text_of(client.post(address, every_day))
    client.post(address, {"first": "2026-11-11"})
    copy = Session.objects.exclude(pk=session.pk).get()
    assert list(copy.trainees.all()) == [person]
    assert copy.starts_at == at(16, day=date(2026, 11, 11))


def test_a_day_is_moved_as_a_whole(client, officer, cohort):
    moved = factories.make_talk(cohort, "Early", starts_at=at(9))
    night = factories.make_talk(cohort, "Night", starts_at=at(23), hours=2)
    stays = factories.make_talk(cohort, "Wednesday", starts_at=at(9, day=date(2026, 11, 11)))
    client.force_login(officer)
    address = reverse("programs:cohort-move-day", args=[cohort.pk])
    assert "Nothing is planned on this day." in text_of(
        client.post(address, {"day": "2026-11-12", "to": "2026-11-13"})
    )
    client.post(address, {"day": "2026-11-10", "to": "2026-11-13"})
    for session in (moved, night, stays):
        session.refresh_from_db()
    friday = date(2026, 11, 13)
    assert (moved.starts_at, night.starts_at, night.ends_at) == (
        at(9, day=friday), at(23, day=friday), at(1, day=date(2026, 11, 14)),
    )  # fmt: skip
    assert stays.starts_at == at(9, day=date(2026, 11, 11))
    assert moved.state == "changed"


def test_what_trainees_know_is_cancelled_and_what_they_do_not_know_is_removed(client, officer, cohort):
    known = factories.make_talk(cohort, "Known")
    plan = factories.make_talk(cohort, "Plan", starts_at=at(9), released=False)
    client.force_login(officer)
    refused = client.post(reverse("programs:session-remove", args=[known.pk]))
    assert refused.status_code == 409
    assert "Trainees know of this session" in text_of(refused)
    client.post(reverse("programs:session-remove", args=[plan.pk]))
    client.post(reverse("programs:session-cancel", args=[known.pk]), {"reason": "The hall is closed"})
    known.refresh_from_db()
    assert (known.is_cancelled, known.cancel_reason) == (True, "The hall is closed")
    assert list(Session.objects.all()) == [known]
    assert (
        client.post(reverse("programs:session-cancel", args=[known.pk]), {"reason": "again"}).status_code
        == 409
    )
    client.post(reverse("programs:session-reinstate", args=[known.pk]))
    known.refresh_from_db()
    assert known.state == "released"
    with pytest.raises(NotNow):
        sessions.reinstate(known, by=officer)


# Releases ---------------------------------------------------------------------------------------------


def mails(kind="schedule_changed"):
    return {
        mail.recipient_name: render.preview(mail)["text"] for mail in OutgoingMail.objects.filter(kind=kind)
    }


def test_a_release_tells_each_trainee_what_changes_for_them_and_nobody_else(client, officer, cohort):
    one, two, three = (enroll(cohort, name).trainee for name in ("One", "Two", "Three"))
    talk = factories.make_talk(cohort, "Case talk", trainees=[one, two], place="Room 4")
    tour = factories.make_talk(cohort, "Site visit", starts_at=at(9), trainees=[three])
    Session.objects.filter(pk=talk.pk).update(starts_at=at(15), place="Room 9")
    talk.trainees.set([one, three])
    client.force_login(officer)
    address = reverse("programs:cohort-release-schedule", args=[cohort.pk])
    preview = text_of(client.get(address))
    assert "3 trainees get a mail that says what changes for them." in preview
    assert not OutgoingMail.objects.filter(kind="schedule_changed").exists()
    client.post(address, {"note": "The bus leaves earlier."})
    texts = mails()
    assert set(texts) == {"One", "Two", "Three"}
    assert (
        "- Changed: Case talk\n  Tuesday, 10 November 2026, 15:00–17:00\n  Room 9\n"
        "  Now Tuesday, 10 November 2026, 15:00–17:00, instead of Tuesday, 10 November 2026, 16:00–17:00.\n"
        "  Place: Room 9, instead of Room 4.\n" in texts["One"]
    )
    assert "- No longer for you: Case talk" in texts["Two"]
    assert "15:00" not in texts["Two"]
    assert "- New: Case talk" in texts["Three"]
    assert all("The bus leaves earlier." in text for text in texts.values())
    assert all(tour.title not in text for text in texts.values())
    talk.refresh_from_db()
    assert (talk.state, talk.sequence) == ("released", 2)
    client.post(address, {"note": ""})
    assert cohort.schedule_releases.count() == 1
    assert OutgoingMail.objects.filter(kind="schedule_changed").count() == 3


def test_the_schedule_of_a_cohort_that_is_over_is_released_without_a_mail_and_says_so(
    client, officer, cohort
):
    enroll(cohort, "One")
    factories.make_session(cohort, released=False)
    client.force_login(officer)
    with clock.at(cohort.last_day + timedelta(days=1)):
        address = reverse("programs:cohort-release-schedule", args=[cohort.pk])
        preview = text_of(client.get(address))
        assert "The cohort is over: nobody gets a mail." in preview
        assert "trainee gets a mail" not in preview
        client.post(address, {"note": ""})
    assert cohort.schedule_releases.count() == 1
    assert not OutgoingMail.objects.filter(kind="schedule_changed").exists()


def test_two_releases_before_the_mail_leaves_make_one_mail_that_tells_the_whole(officer, cohort):
    enroll(cohort, "One")
    session = factories.make_talk(cohort, place="Room 4")
    for room in ("Room 5", "Room 6"):
        Session.objects.filter(pk=session.pk).update(place=room)
        schedule_releases.release(cohort, by=officer)
    [text] = mails().values()
    assert "Place: Room 6, instead of Room 4." in text
    assert "Room 5" not in text


def test_a_change_that_is_taken_back_before_the_mail_leaves_sends_none(officer, cohort):
    from portal.mail.kinds import NoLongerWanted

    enroll(cohort, "One")
    session = factories.make_talk(cohort, place="Room 4")
    for room in ("Room 5", "Room 4"):
        Session.objects.filter(pk=session.pk).update(place=room)
        schedule_releases.release(cohort, by=officer)
    with pytest.raises(NoLongerWanted):
        render.context_of(OutgoingMail.objects.get(kind="schedule_changed"))


def test_a_cancelled_session_is_told_with_its_reason_and_one_nobody_knew_is_not(officer, cohort):
    enroll(cohort, "One")
    known = factories.make_talk(cohort, "Known")
    unknown = factories.make_talk(cohort, "Unknown", starts_at=at(9), released=False)
    for session in (known, unknown):
        sessions.cancel(session, by=officer, reason="The hall is closed")
    schedule_releases.release(cohort, by=officer)
    [text] = mails().values()
    assert "- Cancelled: Known" in text
    assert "The reason: The hall is closed" in text
    assert "Unknown" not in text


def test_the_hospital_is_told_what_takes_place_there_and_who_released_it_is_not(
    cohort, hospital, coordinator, officer
):
    colleague = factories.make_coordinator(hospital, name="Seo Yu-na").user
    factories.make_coordinator(factories.make_hospital(), name="Elsewhere")
    factories.make_talk(cohort, "Robotics", hospital=hospital, released=False)
    schedule_releases.release(cohort, by=coordinator)
    assert set(mails("schedule_changed_hospital")) == {colleague.name}
    assert "- New: Robotics" in mails("schedule_changed_hospital")[colleague.name]


def test_of_a_cohort_that_is_over_nobody_is_told(officer):
    cohort = factories.make_cohort(state="nominating", starts=date(2026, 9, 7), ends=date(2026, 10, 2))
    enroll(cohort, "One")
    factories.make_talk(cohort, starts_at=at(9, day=date(2026, 9, 8)), released=False)
    schedule_releases.release(cohort, by=officer)
    assert not OutgoingMail.objects.filter(kind="schedule_changed").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_release_asks_the_database_as_often_for_one_trainee_as_for_three(
    cohort, officer, django_assert_num_queries, count
):
    for number in range(count):
        enroll(cohort, f"Person {number}")
        factories.make_talk(
            cohort,
            f"Talk {number}",
            starts_at=at(9 + number),
            hospital=factories.make_hospital(),
            department=factories.make_department(),
            released=False,
        )
        factories.make_session_file(cohort.sessions.last(), released=False)
    with django_assert_num_queries(8):
        found = schedule_releases.outgoing(cohort, officer)
    assert (len(found.trainees), len(found.hospitals)) == (count, count)


# Who may ----------------------------------------------------------------------------------------------


def test_a_coordinator_plans_changes_and_releases_at_their_own_hospital(
    client, cohort, hospital, coordinator
):
    guest = cohort.enrollments.get().trainee
    stranger = enroll(cohort, "Placed Elsewhere").trainee
    client.force_login(coordinator)
    form = text_of(client.get(reverse("programs:session-create", args=[cohort.pk])))
    assert "Guest Here" in form
    assert "Placed Elsewhere" not in form
    create(client, coordinator, cohort, hospital=hospital.pk, whole_cohort="", trainees=[guest.pk])
    session = Session.objects.get()
    assert session.hospital == hospital
    session.trainees.add(stranger)  # by staff
    address = reverse("programs:session-edit", args=[session.pk])
    page = client.get(address)
    client.post(
        address,
        filled(hospital=hospital.pk, whole_cohort="", trainees=[guest.pk], title="Better",
               seen=page.context["form"]["seen"].value()),
    )  # fmt: skip
    session.refresh_from_db()
    assert (session.title, set(session.trainees.all())) == ("Better", {guest, stranger})
    assert "Placed Elsewhere" not in text_of(client.get(reverse("programs:session-list") + "?on=2026-11-10"))
    address = reverse("programs:cohort-release-schedule", args=[cohort.pk])
    assert "coordinator gets a mail" not in text_of(client.get(address))  # they release it themselves
    said = text_of(client.post(address, {"note": ""}, follow=True))
    session.refresh_from_db()
    assert session.state == "released"
    assert " mails leave at " in said
    assert "called back" not in said


def test_a_coordinators_new_session_is_for_their_own_guests_who_are_there_then(
    client, cohort, hospital, coordinator
):
    here = cohort.enrollments.get().trainee
    cohort.enrollments.get().placements.update(last_day=date(2026, 11, 6))
    department = factories.make_department(hospital=hospital, specialty="Neurology")
    later, elsewhere = enroll(cohort, "Later Here"), enroll(cohort, "Placed Elsewhere")
    for enrollment, place in ((later, department), (elsewhere, factories.make_department())):
        factories.make_placement(
            enrollment=enrollment, department=place, state="confirmed",
            first_day=date(2026, 11, 16), last_day=date(2026, 11, 20),
        )  # fmt: skip
    client.force_login(coordinator)
    address = reverse("programs:session-create", args=[cohort.pk])
    form = client.get(address + "?day=2026-11-17").context["form"]
    assert "whole_cohort" not in form.fields
    assert form["trainees"].value() == [later.trainee.pk]
    assert {pk.value for pk, _label in form.fields["trainees"].choices} == {here.pk, later.trainee.pk}
    answer = create(
        client, coordinator, cohort, hospital=hospital.pk, trainees=[later.trainee.pk, elsewhere.trainee.pk]
    )
    assert (answer.status_code, Session.objects.count()) == (422, 0)
    create(client, coordinator, cohort, hospital=hospital.pk, trainees=[later.trainee.pk])
    session = Session.objects.get()
    assert (session.whole_cohort, list(session.trainees.all())) == (False, [later.trainee])
    answer = create(client, coordinator, cohort, hospital=hospital.pk, title="For nobody")
    assert "Choose who takes part." in text_of(answer)


def test_what_staff_plan_for_everybody_stays_so_when_a_coordinator_changes_it_and_copies_are_for_their_own(
    client, cohort, hospital, coordinator
):
    guest = cohort.enrollments.get().trainee
    stranger = enroll(cohort, "Placed Elsewhere").trainee
    session = factories.make_talk(cohort, hospital=hospital, released=False)
    client.force_login(coordinator)
    page = client.get(reverse("programs:session-edit", args=[session.pk]))
    sent = filled(
        hospital=hospital.pk, whole_cohort="", title="Better", seen=page.context["form"]["seen"].value()
    )
    client.post(reverse("programs:session-edit", args=[session.pk]), sent)
    session.refresh_from_db()
    assert (session.title, session.whole_cohort) == ("Better", True)
    [copy] = sessions.copy_to(session, [date(2026, 11, 12)], by=coordinator)
    assert (copy.whole_cohort, list(copy.trainees.all())) == (False, [guest])
    session.whole_cohort = False
    session.save()
    session.trainees.set([stranger])
    with pytest.raises(NotNow, match="None of your hospital’s trainees"):
        sessions.copy_to(session, [date(2026, 11, 13)], by=coordinator)


def test_a_session_in_a_department_says_so_wherever_its_place_stands(client, officer, cohort, hospital):
    """In the form, the list, its page, the mail, the calendar and the trainee's page."""
    person = enroll(cohort, "Reader").trainee
    department = factories.make_department(hospital=hospital, specialty="Cardiology")
    other = factories.make_department(specialty="Neurology")
    wrong = create(client, officer, cohort, hospital=hospital.pk, department=other.pk)
    assert "This department is not at the hospital above" in text_of(wrong)
    create(client, officer, cohort, department=department.pk)
    session = Session.objects.get()
    assert (session.hospital, session.department) == (hospital, department)
    place = "Room 4, Cardiology, Myongji Hospital"
    assert place in text_of(client.get(reverse("programs:session-detail", args=[session.pk])))
    listed = text_of(client.get(reverse("programs:cohort-schedule", args=[cohort.pk])))
    assert 'Myongji<span class="sub">Cardiology</span><span class="sub">Room 4</span>' in listed
    schedule_releases.release(cohort, by=officer)
    assert place in mails()["Reader"]
    with clock.at(at(8)):
        client.force_login(person.user)
        assert place in text_of(client.get(reverse("programs:my-schedule")))
    assert place.replace(",", "\\,") in calendars.calendar_of(person.user).decode().replace("\r\n ", "")
    Session.objects.update(department=None)
    client.force_login(officer)
    assert "Place: Room 4, Myongji Hospital, instead of Room 4, Cardiology, Myongji Hospital." in text_of(
        client.get(reverse("programs:session-detail", args=[session.pk]))
    )


def test_rooms_of_two_departments_that_are_called_alike_are_two_rooms(client, officer, cohort, hospital):
    one, other = (factories.make_department(hospital=hospital, specialty=name) for name in ("One", "Other"))
    factories.make_talk(cohort, "First", starts_at=at(16), hospital=hospital, department=one, place="Room 4")
    assert create(client, officer, cohort, department=other.pk, lecturer="").status_code == 302
    assert "Room 4 is also taken" in text_of(create(client, officer, cohort, department=one.pk, title="X"))


def test_a_coordinator_plans_nowhere_else(client, cohort, hospital, coordinator, officer):
    elsewhere = factories.make_hospital("Other Hospital")
    response = create(client, coordinator, cohort, hospital=elsewhere.pk)
    assert response.status_code == 422
    foreign = factories.make_talk(cohort, "Foreign plan", hospital=elsewhere, released=False)
    for name in ("edit", "copy", "cancel", "remove", "detail"):
        assert client.get(reverse(f"programs:session-{name}", args=[foreign.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        sessions.cancel(foreign, by=coordinator, reason="mine")
    schedule_releases.release(cohort, by=coordinator)
    foreign.refresh_from_db()
    assert foreign.released is None
    other_cohort = factories.make_cohort(state="nominating")
    assert client.get(reverse("programs:session-create", args=[other_cohort.pk])).status_code == 404


def test_a_coordinator_reads_what_the_cohort_does_as_it_was_released(client, cohort, coordinator):
    talk = factories.make_talk(cohort, "Orientation", place="Hall")
    factories.make_talk(cohort, "Secret", starts_at=at(9), trainees=[enroll(cohort, "Other").trainee])
    Session.objects.filter(pk=talk.pk).update(title="Orientation, not released")
    client.force_login(coordinator)
    page = text_of(client.get(reverse("programs:session-list") + "?view=list&on=2026-11-10"))
    assert "Orientation</a>" in page
    assert "not released" not in page
    assert "Secret" not in page
    detail = client.get(reverse("programs:session-detail", args=[talk.pk]))
    assert "Orientation" in text_of(detail)
    assert "Change it" not in text_of(detail)
    assert client.get(reverse("programs:session-edit", args=[talk.pk])).status_code == 404


def test_a_viewer_reads_and_changes_nothing(client, cohort):
    session = factories.make_talk(cohort)
    viewer = factories.make_user(Role.VIEWER)
    client.force_login(viewer)
    page = text_of(client.get(reverse("programs:session-detail", args=[session.pk])))
    assert "Change it" not in page
    with pytest.raises(PermissionDenied):
        sessions.cancel(session, by=viewer, reason="no")


# Week, month, list --------------------------------------------------------------------------------------


def test_the_week_shows_everybody_and_each_trainee_with_rotation_days_that_follow_the_placement(
    client, officer, cohort, hospital
):
    enrollment = enroll(cohort, "Nomin")
    department = factories.make_department(hospital=hospital, specialty="surgery")
    placement = factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    factories.make_talk(cohort, "Case talk")
    factories.make_talk(cohort, "Own class", starts_at=at(9), trainees=[enrollment.trainee])
    client.force_login(officer)
    address = reverse("programs:cohort-schedule", args=[cohort.pk]) + "?view=week&on=2026-11-10"
    page = text_of(client.get(address))
    rows = page.split('<tr role="row">')
    assert "Everybody" in rows[2]
    assert "Case talk" in rows[2]
    assert "Own class" in rows[3]
    assert rows[3].count("Surgery") == 5  # Monday to Friday
    placements.cancel(placement, by=PORTAL, reason="ill")
    assert "Surgery" not in text_of(client.get(address))


def test_the_month_shows_each_day_its_sessions_and_how_many_are_in_departments(
    client, officer, cohort, hospital
):
    factories.make_placement(
        enrollment=enroll(cohort, "Nomin"),
        department=factories.make_department(hospital=hospital),
        state="confirmed",
        last_day=date(2026, 11, 6),
    )
    factories.make_talk(cohort, "Case talk")
    factories.make_talk(cohort, "Far away", starts_at=at(9, day=date(2026, 12, 15)))
    client.force_login(officer)
    page = text_of(
        client.get(reverse("programs:cohort-schedule", args=[cohort.pk]) + "?view=month&on=2026-11-10")
    )
    assert "<h2>November 2026</h2>" in page
    assert page.count("1 in a department") == 5
    assert "16:00</time> Case talk" in page
    assert "Far away" not in page
    assert 'view=month&amp;on=2026-12-01"' in page


def test_a_day_that_is_none_shows_the_usual_days(client, officer, cohort):
    client.force_login(officer)
    for asked in ("2026-02-31", "x", "9999-12-31", "0001-01-01"):
        address = reverse("programs:cohort-schedule", args=[cohort.pk]) + f"?view=month&on={asked}"
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("list", 10), ("week", 11), ("month", 10)])
def test_a_schedule_costs_the_same_for_one_session_and_for_three(
    client, officer, cohort, django_assert_num_queries, view, queries, count
):
    for number in range(count):
        enrollment = enroll(cohort, f"Person {number}")
        factories.make_placement(
            enrollment=enrollment, department=factories.make_department(), state="confirmed"
        )
        talk = factories.make_talk(
            cohort, f"Talk {number}", starts_at=at(9 + number), hospital=factories.make_hospital(),
            department=factories.make_department(), trainees=[enrollment.trainee],
        )  # fmt: skip
        factories.make_session_file(talk)
    client.force_login(officer)
    address = reverse("programs:cohort-schedule", args=[cohort.pk]) + f"?view={view}&on=2026-11-10"
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_a_hospitals_schedule_costs_the_same_for_one_session_and_for_three(
    client, cohort, hospital, coordinator, django_assert_num_queries, count
):
    for number in range(count):
        talk = factories.make_talk(cohort, f"Talk {number}", starts_at=at(9 + number), hospital=hospital)
        factories.make_session_file(talk)
    client.force_login(coordinator)
    address = reverse("programs:session-list") + "?view=week&on=2026-11-10"
    client.get(address)
    with django_assert_num_queries(11):
        client.get(address)


@pytest.mark.parametrize("view", ["list", "week", "month"])
def test_across_cohorts_each_session_says_whose_it_is_and_two_called_alike_say_their_days(
    client, hospital, coordinator, view
):
    clinical, nursing = factories.make_program(), factories.make_program("Nursing training")
    november, december = date(2026, 11, 27), date(2026, 12, 4)
    for program, ends in ((nursing, november), (clinical, november), (clinical, december)):
        cohort = factories.make_cohort(program=program, ends=ends)
        Cohort.objects.filter(pk=cohort.pk).update(name="Autumn 2026")
        factories.make_talk(cohort, f"Talk of {cohort.code}", starts_at=at(9), hospital=hospital)
    client.force_login(coordinator)
    page = text_of(client.get(reverse("programs:session-list") + f"?view={view}&on=2026-11-10"))
    assert "Nursing training, Autumn 2026" in page
    assert "Nursing training, Autumn 2026, " not in page
    for days in ("2–27 November 2026", "2 November – 4 December 2026"):
        assert f"Clinical training, Autumn 2026, {days}" in page


def test_the_clock_of_the_portal_decides_what_today_is(client, officer, cohort):
    factories.make_talk(cohort, "Case talk")
    client.force_login(officer)
    with clock.at(TUESDAY):
        page = text_of(client.get(reverse("programs:session-list")))
    assert "Case talk" in page
    assert page.count('class="today"') == 1
