"""Planning a cohort: after an earlier one, with quotas, and with people known by number only."""

import re
from datetime import UTC, date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from participants.workflow import followups
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.models import Event
from programs import quotas
from programs.copying import Shift, usual_first_day
from programs.models import Cohort, HeadCount, Quota, Session
from programs.workflow import cohort_copies, cohorts, enrollments
from tests import factories
from tests.programs.test_programs import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(name, cohort):
    return reverse(f"programs:{name}", args=[cohort.pk])


# How dates shift -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "day", "becomes"),
    [
        ("2026-11-02", "2027-11-01", date(2026, 11, 27), date(2027, 11, 26)),  # a Friday stays a Friday
        (
            "2026-11-02",
            "2027-11-03",
            date(2026, 11, 27),
            date(2027, 11, 26),
        ),  # begun on a Wednesday: nearest week
        ("2024-01-01", "2025-01-06", date(2024, 2, 29), date(2025, 3, 6)),  # the leap day, a Thursday
        ("2026-11-02", "2027-03-01", date(2027, 1, 31), date(2027, 5, 30)),  # the month's end, a Sunday
        ("2027-11-01", "2026-11-02", date(2027, 11, 26), date(2026, 11, 27)),  # backwards
        ("2022-11", "2023-11", date(2022, 11, 25), date(2023, 11, 24)),  # only the month is known
    ],
)
def test_days_shift_by_whole_weeks_and_stay_on_their_day_of_the_week(old, new, day, becomes):
    shift = Shift.between(ApproximateDate.of(old), ApproximateDate.of(new))

    assert shift.day(day) == becomes
    assert becomes.weekday() == day.weekday()


@pytest.mark.parametrize(
    ("when", "becomes"),
    [("2022-11", "2023-10"), ("2022-12", "2023-11"), ("2022", "2023"), ("2022-11-25", "2023-10-27")],
)
def test_what_is_known_by_its_month_or_year_becomes_no_more_exact(when, becomes):
    shift = Shift.between(ApproximateDate.of("2022-11"), ApproximateDate.of("2023-10"))

    assert str(shift.approximate(ApproximateDate.of(when))) == becomes


def test_a_time_keeps_its_hour_on_the_clock_where_it_is_held():
    # Berlin changes to winter time between the two weeks.
    shift = Shift.between(ApproximateDate.of("2026-10-19"), ApproximateDate.of("2026-10-26"))
    berlin = ZoneInfo("Europe/Berlin")

    moved = shift.moment(datetime(2026, 10, 19, 10, 0, tzinfo=berlin).astimezone(UTC), berlin)

    assert moved.isoformat() == "2026-10-26T10:00:00+01:00"


@pytest.mark.parametrize(
    ("starts", "proposed"), [("2026-11-02", "2027-11-01"), ("2022-11", "2023-11"), ("2014", "2015")]
)
def test_a_year_later_is_proposed_on_the_same_day_of_the_week(starts, proposed):
    assert str(usual_first_day(Cohort(starts=ApproximateDate.of(starts)))) == proposed


# Copying -------------------------------------------------------------------------------------------


@pytest.fixture
def earlier(officer):
    cohort = factories.make_cohort(
        state="nominating",
        seats=8,
        topics="endoscopy",
        nominate_by=date(2026, 9, 30),
        ceremony_on=date(2026, 11, 27),
        lead_officer=officer,
    )
    cohort.hospitals.add(factories.make_hospital("Ansan Hospital"))
    cohort.mous.add(factories.make_mou())
    Quota.objects.create(cohort=cohort, region=factories.make_region(), seats=5)
    HeadCount.objects.create(cohort=cohort, count=ApproximateCount(12))
    Session.objects.create(
        cohort=cohort,
        kind=Session.Kind.ORIENTATION,
        title="Welcome",
        online_link="https://example.org/old",
        starts_at=datetime(2026, 11, 2, 1, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 2, 3, 0, tzinfo=UTC),
    )
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"))
    return cohort


def copy(client, cohort, **typed):
    parts = ["hospitals", "mous", "quotas", "sessions"]
    sent = {"name": "Autumn 2027", "starts": "2027-11-01", "parts": parts, **typed}
    return client.post(address("cohort-copy", cohort), sent)


def test_a_copy_brings_everything_but_the_people_with_its_dates_shifted(client, officer, earlier):
    before = OutgoingMail.objects.count()

    response = copy(client, earlier)

    new = Cohort.objects.exclude(pk=earlier.pk).get()
    assert response.headers["Location"] == address("cohort-detail", new)
    assert (new.state, new.name, new.copied_from, new.program) == (
        "planning",
        "Autumn 2027",
        earlier,
        earlier.program,
    )
    assert (str(new.starts), str(new.ends)) == ("2027-11-01", "2027-11-26")
    assert (new.nominate_by, new.ceremony_on) == (date(2027, 9, 29), date(2027, 11, 26))
    assert (new.seats, new.topics, new.lead_officer) == (8, "endoscopy", officer)
    assert [str(hospital) for hospital in new.hospitals.all()] == ["Ansan Hospital"]
    assert list(new.mous.all()) == list(earlier.mous.all())
    assert [(quota.region.name, quota.seats) for quota in new.quotas.all()] == [("Mongolia", 5)]
    session = new.sessions.get()
    assert (session.title, session.online_link) == ("Welcome", "")
    assert session.starts_at == datetime(2027, 11, 1, 1, 0, tzinfo=UTC)
    assert (new.enrollments.count(), new.head_counts.count()) == (0, 0)
    assert [event.verb for event in Event.objects.about(new)] == ["copy", "plan"]
    assert OutgoingMail.objects.count() == before
    assert earlier.sessions.count() == 1


def test_only_the_wanted_parts_come_along(client, officer, earlier):
    assert copy(client, earlier, parts=["quotas"]).status_code == 302

    new = Cohort.objects.exclude(pk=earlier.pk).get()
    assert (new.hospitals.count(), new.mous.count(), new.sessions.count(), new.quotas.count()) == (0, 0, 0, 1)


def test_the_page_shows_beforehand_what_comes_along(client, officer, earlier):
    text = text_of(client.get(address("cohort-copy", earlier)))
    assert "Dates 1–26 November 2027" in text
    assert "1 November 2027: Welcome" in text
    assert "Mongolia: 5" in text

    looked = copy(client, earlier, look="1", starts="2028-03-06", parts=["hospitals"])

    text = text_of(looked)
    assert looked.status_code == 200
    assert "Dates 6–31 March 2028" in text
    assert "Ansan Hospital" in text
    assert "Welcome" not in text
    assert Cohort.objects.count() == 1


def test_a_session_that_the_weeks_bring_before_the_first_day_is_marked_beforehand(client, officer, earlier):
    text = text_of(copy(client, earlier, look="1", starts="2027-11-02"))
    assert "1 November 2027: Welcome (outside the cohort’s dates)" in text
    assert "outside the cohort" not in text_of(copy(client, earlier, look="1", starts="2027-11-01"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"starts": "03/04/2027"}, "First day"),
        ({"starts": ""}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"code": "taken"}, "Another cohort has this code."),
    ],
)
def test_a_copy_that_cannot_be_says_why_and_keeps_what_was_typed(client, officer, earlier, typed, words):
    Cohort.objects.filter(pk=earlier.pk).update(code="taken")

    response = copy(client, earlier, **({"name_ko": "2027년 가을"} | typed))

    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="2027년 가을"' in response.content.decode()
    assert Cohort.objects.count() == 1


def test_nobody_without_the_permission_copies(earlier):
    with pytest.raises(PermissionDenied):
        cohort_copies.copy(
            earlier, by=factories.make_user(Role.VIEWER), parts=[], name="x", code="x", starts=earlier.starts
        )
    assert Cohort.objects.count() == 1


# Quotas --------------------------------------------------------------------------------------------


def test_a_quota_is_used_by_people_from_the_country_and_from_its_provinces(client, officer):
    cohort = factories.make_cohort(state="nominating")
    russia = factories.make_region("Russia", country="RU", time_zone="Asia/Vladivostok")
    krai = factories.make_region("Primorsky Krai", country="RU", level="province", parent=russia)
    city = factories.make_region("Vladivostok", country="RU", level="city", parent=krai)
    for region, state in [(russia, "nominated"), (krai, "accepted"), (city, "accepted")]:
        home = factories.make_institution(f"Hospital of {region.name}", region=region)
        factories.make_enrollment(
            cohort=cohort, state=state, trainee=factories.make_trainee(institution=home)
        )
    factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee(institution=None, nationality="RU"), state="reserve"
    )
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee())  # from Mongolia
    rows = [{"region": russia.pk, "seats": "3"}, {"region": krai.pk, "seats": "1"}]
    assert client.post(address("cohort-quotas", cohort), lines("quotas", rows)).status_code == 302

    of_krai, of_russia = quotas.uses_of(cohort)

    assert (of_russia.in_play, of_russia.taking_part, of_russia.is_short, of_russia.is_over) == (
        4,
        2,
        True,
        False,
    )
    assert (of_krai.in_play, of_krai.taking_part, of_krai.is_over) == (2, 2, True)
    text = text_of(client.get(address("cohort-detail", cohort)))
    assert "Primorsky Krai 2 of 1 seats given, 2 in play over the quota" in text
    assert "Russia 2 of 3 seats given, 4 in play more names than seats" in text


def test_a_region_has_one_quota_in_a_cohort(client, officer):
    cohort, region = factories.make_cohort(), factories.make_region()
    rows = [{"region": region.pk, "seats": "3"}, {"region": region.pk, "seats": "4"}]

    response = client.post(address("cohort-quotas", cohort), lines("quotas", rows))

    assert response.status_code == 422
    assert "Please correct the duplicate data" in text_of(response)
    assert not Quota.objects.exists()


# People by number ----------------------------------------------------------------------------------


def test_the_cohort_of_2014_is_entered_line_by_line_and_told_as_published(client, officer):
    cohort = factories.make_cohort(starts="2014-05-26", ends="2014-06-21")
    country = factories.make_region("Russia", country="RU", time_zone="Asia/Vladivostok")
    for name, count in [("Primorsky Krai", "6"), ("Khabarovsk Krai", "4")]:
        krai = factories.make_region(name, country="RU", level="province", parent=country)
        sent = {"count": count, "regions": [krai.pk], "profession": "physicians"}
        assert client.post(reverse("programs:headcount-create", args=[cohort.pk]), sent).status_code == 302

    text = text_of(client.get(address("cohort-detail", cohort)))

    assert "Published 10 in all" in text
    assert "6 people from Primorsky Krai · physicians" in text
    assert "4 people from Khabarovsk Krai · physicians" in text
    assert "Named here nobody" in text
    assert Event.objects.about(cohort).filter(verb="add_head_count").count() == 2


def test_one_line_with_three_countries_says_that_the_split_is_not_stated(client, officer):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, state="accepted")
    names = [("Mongolia", "MN"), ("Uzbekistan", "UZ"), ("Kazakhstan", "KZ")]
    regions = [factories.make_region(name, country=code).pk for name, code in names]
    sent = {"count": "12", "regions": regions}
    client.post(reverse("programs:headcount-create", args=[cohort.pk]), sent)

    text = text_of(client.get(address("cohort-detail", cohort)))

    assert "12 people from Kazakhstan, Mongolia and Uzbekistan; the split is not stated" in text
    assert "Named here 1" in text


def test_a_line_is_changed_and_removed_and_the_trail_keeps_what_it_said(client, officer):
    line = HeadCount.objects.create(cohort=factories.make_cohort(), count=ApproximateCount(12))
    line.regions.add(factories.make_region())
    edit = reverse("programs:headcount-edit", args=[line.pk])

    assert client.post(edit, {"count": "many"}).status_code == 422
    assert client.post(edit, {"count": "about 30"}).status_code == 302
    line.refresh_from_db()
    assert (line.count.words(), line.regions.count()) == ("about 30", 0)

    assert client.post(reverse("programs:headcount-delete", args=[line.pk])).status_code == 302
    assert not HeadCount.objects.exists()
    assert [event.verb for event in Event.objects.about(line.cohort)] == [
        "remove_head_count", "change_head_count", "plan",
    ]  # fmt: skip


# What hangs on the end -----------------------------------------------------------------------------


def test_follow_ups_and_their_mails_move_with_the_end_and_answers_stay(officer):
    program = factories.make_program(follow_up_months=[1, 3])
    cohort = factories.make_cohort(state="nominating", program=program)
    names = ("Bolormaa Dorj", "Dilshod Rakhimov", "Oyunaa Bat")
    waits, answers, left_early = (
        factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(name), state="in_training")
        for name in names
    )
    with clock.at(cohort.last_day):
        enrollments.complete(waits, by=PORTAL)
        enrollments.complete(answers, by=PORTAL)
        enrollments.complete(left_early, by=PORTAL, ended_on=date(2026, 11, 20))
    with clock.at(date(2026, 12, 28)):
        due.run(say=lambda line: None)
        answered = answers.graduation.follow_ups.get(months=1)
        followups.answer(answered, by=officer, applied="Laparoscopy")

    with clock.at(date(2026, 12, 29)):
        cohorts.change(cohort, by=officer, ends=ApproximateDate(2026, 11, 30))

    def dues(enrollment):
        return list(enrollment.graduation.follow_ups.order_by("months").values_list("due", flat=True))

    assert dues(waits) == [date(2026, 12, 30), date(2027, 2, 28)]
    assert dues(answers) == [date(2026, 12, 27), date(2027, 2, 28)]
    assert dues(left_early) == [date(2026, 12, 20), date(2027, 2, 20)]
    mails = OutgoingMail.objects.filter(kind="follow_up").order_by("recipient_name")
    assert [(mail.recipient_name, mail.state, mail.cancelled_reason) for mail in mails] == [
        ("Bolormaa Dorj", "cancelled", "the end of the training has moved"),
        ("Dilshod Rakhimov", "cancelled", "answered"),
        ("Oyunaa Bat", "queued", ""),
    ]
    with clock.at(date(2026, 12, 30)):
        due.run(say=lambda line: None)
    asked_again = mails.filter(recipient_name="Bolormaa Dorj", state="queued")
    assert [mail.about.months for mail in asked_again] == [1]
