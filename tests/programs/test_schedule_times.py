"""Times at their edges, as each page says them: midnight and after, New Year, a cohort of one day, old rules."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from portal.records import clock
from portal.records.clock import SEOUL
from tests import factories

pytestmark = pytest.mark.django_db


def at(hour, minute=0, *, day=date(2026, 11, 10), zone=SEOUL):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def text_of(response):
    return " ".join(response.content.decode().split())


def trainee_of(cohort, country="UZ", zone="Asia/Tashkent", name="Uzbekistan"):
    home = factories.make_institution(
        "Home Hospital", region=factories.make_region(name, country=country, time_zone=zone)
    )
    trainee = factories.make_trainee("Dilshod Rakhimov", user=True, institution=home)
    factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    return trainee


def looked_at(client, user, moment):
    client.force_login(user)
    with clock.at(moment):
        return text_of(client.get(reverse("programs:my-schedule")))


def staff_page(client, cohort, **asked):
    client.force_login(factories.make_user())
    return text_of(client.get(reverse("programs:cohort-schedule", args=[cohort.pk]), asked))


def test_half_past_midnight_in_seoul_is_the_previous_day_in_tashkent_and_says_so(client):
    program = factories.make_program(kind="online")
    cohort = factories.make_cohort(program=program, state="nominating")
    trainee = trainee_of(cohort)
    factories.make_talk(cohort, "Late class", kind="online", starts_at=at(0, 30), hours=1)
    # In Tashkent it is the ninth of November, nine in the evening: the class is today's, though Seoul says the tenth.
    page = looked_at(client, trainee.user, at(1, 0, day=date(2026, 11, 10)) - timedelta(hours=1))
    assert "<h1>Monday, 9 November</h1>" in page
    assert "00:30–01:30" in page
    assert "20:30 on Monday, 9 November in Tashkent" in page
    assert "Next, in 30 minutes" in page


def test_a_class_by_tashkents_clock_stands_on_seouls_day_for_staff_with_both(client):
    cohort = factories.make_cohort(state="nominating")
    starts_at = at(20, 30, day=date(2026, 11, 9), zone=ZoneInfo("Asia/Tashkent"))
    factories.make_talk(cohort, "Late class", kind="online", starts_at=starts_at, time_zone="Asia/Tashkent")
    page = staff_page(client, cohort)
    assert "Tuesday, 10 November 2026" in page
    assert (
        '00:30–01:30 <span class="meta">Seoul</span><br>'
        'Mon 9, 20:30–21:30 <span class="meta">Tashkent time</span>' in page
    )


def test_a_party_across_new_year_stands_on_both_days_and_in_both_months(client):
    cohort = factories.make_cohort(state="nominating", starts=date(2026, 12, 28), ends=date(2027, 1, 8))
    factories.make_talk(cohort, "New Year", starts_at=at(23, day=date(2026, 12, 31)), hours=2)
    for month in ("2026-12-31", "2027-01-01"):
        assert staff_page(client, cohort, view="month", on=month).count("New Year") == 2
    trainee = trainee_of(cohort)
    page = looked_at(client, trainee.user, at(0, 30, day=date(2027, 1, 1)))
    assert "<h1>Friday, 1 January</h1>" in page
    assert '<span class="over mb-1">Now</span> <h3>New Year' in page
    assert "23:00–01:00 (until Fri 1)" in page
    assert "Week 1: 28 December 2026 – 3 January 2027" in page


def test_what_ends_at_midnight_does_not_touch_the_next_day(client):
    cohort = factories.make_cohort(state="nominating")
    factories.make_talk(cohort, "Late shift", starts_at=at(22), hours=2)
    assert staff_page(client, cohort, view="week", on="2026-11-10").count("Late shift") == 1


@pytest.mark.parametrize(
    ("moment", "words"),
    [(at(9, day=date(2026, 11, 9)), "begins"), (at(9), "Now"), (at(9, day=date(2026, 11, 11)), "is over")],
)
def test_a_cohort_of_one_day_begins_runs_and_is_over(client, moment, words):
    cohort = factories.make_cohort(state="nominating", starts=date(2026, 11, 10), ends=date(2026, 11, 10))
    trainee = trainee_of(cohort)
    factories.make_talk(cohort, "Visit", starts_at=at(8), hours=4)
    page = looked_at(client, trainee.user, moment)
    assert words in page
    assert "Week 1: 9–15 November 2026" in page
    assert staff_page(client, cohort, view="month").count("Visit") == 1


def test_the_summer_time_that_ulaanbaatar_had_in_2016_is_told_and_the_one_it_has_not_is_not(client):
    cohort = factories.make_cohort(state="nominating", starts=date(2016, 6, 1), ends=date(2016, 12, 31))
    zone = ZoneInfo("Asia/Ulaanbaatar")
    for title, day in (("Summer", date(2016, 6, 1)), ("Winter", date(2016, 12, 1))):
        starts_at = at(10, day=day, zone=zone)
        factories.make_talk(cohort, title, starts_at=starts_at, time_zone="Asia/Ulaanbaatar")
    page = staff_page(client, cohort)
    # In that summer its clocks were Seoul's, so that one time is enough; in winter they were an hour behind.
    assert page.count("Ulaanbaatar time") == 1
    assert '10:00–11:00 <span class="meta">Seoul</span></td>' in page
    assert '11:00–12:00 <span class="meta">Seoul</span><br>10:00–11:00' in page
