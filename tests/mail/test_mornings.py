"""Mails leave at nine on a day people work where the recipient is."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from portal.mail import mornings, outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "zone", "morning"),
    [
        (date(2027, 6, 11), "Asia/Seoul", "2027-06-11T09:00:00+09:00"),  # a Friday
        (date(2027, 6, 12), "Asia/Seoul", "2027-06-14T09:00:00+09:00"),
        (date(2027, 6, 13), "Asia/Ulaanbaatar", "2027-06-14T09:00:00+08:00"),
        (date(2027, 3, 27), "Europe/Berlin", "2027-03-30T09:00:00+02:00"),  # Easter, and the clocks change
        (date(2027, 2, 5), "Asia/Seoul", "2027-02-05T09:00:00+09:00"),
        (date(2027, 2, 6), "Asia/Seoul", "2027-02-10T09:00:00+09:00"),  # Seollal and its substitute day
        (date(2027, 3, 22), "Asia/Almaty", "2027-03-25T09:00:00+05:00"),  # Nauryz lasts three days
        (date(2027, 12, 25), "Asia/Tokyo", "2027-12-27T09:00:00+09:00"),
        (date(2027, 1, 1), "UTC", "2027-01-01T09:00:00+00:00"),  # no country: only weekends
    ],
)
def test_the_next_working_morning_is_nine_o_clock_there(day, zone, morning):
    assert outbox.next_working_morning(day, zone) == datetime.fromisoformat(morning)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("KR", date(2026, 10, 9), False),  # the day of the alphabet
        ("MN", date(2026, 10, 9), True),
        ("MN", date(2026, 7, 13), False),  # Naadam
        ("KR", date(2026, 10, 10), False),
        ("SA", date(2026, 10, 9), False),  # a Friday
        ("SA", date(2026, 10, 11), True),  # a Sunday
        ("", date(2026, 10, 9), True),
        ("ZZ", date(2026, 10, 10), False),
    ],
)
def test_a_working_day_is_one_where_the_recipient_is(country, day, works):
    assert mornings.is_working_day(day, country) == works


def test_the_country_is_the_recipients_own_before_that_of_their_clock():
    korean = SimpleNamespace(email="a@example.org", country="KR", time_zone="Europe/Berlin")
    german = SimpleNamespace(email="a@example.org", time_zone="Europe/Berlin")
    assert [mornings.country_of(to) for to in (korean, german, SimpleNamespace())] == ["KR", "DE", ""]


def test_trainees_and_contacts_are_where_their_institution_is_and_coordinators_in_korea():
    region = factories.make_region("Kazakhstan", country="KZ", time_zone="Asia/Almaty")
    home = factories.make_institution("Center", region=region)
    trainee = factories.make_trainee(institution=home)
    contact = factories.make_contact(institution=home)
    coordinator = factories.make_coordinator(factories.make_hospital()).user
    nowhere = factories.make_trainee()
    nowhere.institution = None
    people = (trainee, contact, coordinator, nowhere)
    assert [mornings.country_of(person) for person in people] == ["KZ", "KZ", "KR", ""]
    # 25 October is a national day in Kazakhstan; in 2027 it is a Monday.
    assert outbox.morning_for(trainee, date(2027, 10, 25)).date() == date(2027, 10, 26)
    assert outbox.morning_for(coordinator, date(2027, 10, 25)).date() == date(2027, 10, 25)


def test_what_is_found_late_still_leaves_that_day_but_not_at_night():
    today = clock.today()  # a Tuesday, ten o'clock in Seoul
    at_nine = datetime(2026, 10, 13, 9, tzinfo=ZoneInfo("Asia/Seoul"))
    assert outbox.next_working_morning(today, "Asia/Seoul") == at_nine
    with clock.at(at_nine + timedelta(hours=9)):
        assert outbox.next_working_morning(today, "Asia/Seoul") == at_nine + timedelta(days=1)


# One reminder a day ----------------------------------------------------------------------------------


def test_nobody_gets_two_reminders_for_one_thing_on_one_day(put, person, officer):
    first = put(key="day 7", reminder=True)
    second = put(key="day 14", reminder=True, due=clock.now() + timedelta(hours=3))
    assert second == first
    put(key="of another kind", kind="vital", reminder=True)
    put(key="about something else", about=officer, to=person, reminder=True)
    put(key="the next day", reminder=True, due=clock.now() + timedelta(days=1))
    put(key="no reminder")
    assert OutgoingMail.objects.count() == 5


def test_the_day_is_the_recipients(put, person):
    person.time_zone = "America/Anchorage"  # 17:00 of the day before
    mail = put(to=person, reminder=True)
    assert mail.reminder_day == date(2026, 10, 12)


def test_a_cancelled_reminder_makes_room_for_another(put, officer):
    first = put(key="day 7", reminder=True)
    outbox.cancel_about(first.about, reason="Moved.", by=officer)
    second = put(key="day 7 again", reminder=True)
    assert second != first
    assert second.state == "queued"
