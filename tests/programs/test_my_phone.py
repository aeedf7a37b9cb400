"""The schedule on a phone: how little is loaded, what is marked as changed, and the worker that keeps a copy."""

import gzip
import re
from datetime import date, datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.clock import SEOUL
from programs.models import ScheduleLook, Session
from programs.workflow import schedule_releases, sessions
from tests import factories

pytestmark = pytest.mark.django_db
SCHEDULE = "programs:my-schedule"
MONDAY = date(2026, 11, 2)


def at(hour, minute=0, *, day=date(2026, 11, 10)):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL)


@pytest.fixture
def cohort():
    return factories.make_cohort(
        state="nominating", lead_officer=factories.make_user(name="Kim Lead", phone="1")
    )


@pytest.fixture
def trainee(cohort):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", user=True)
    factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    return trainee


def looks(client, trainee, moment):
    client.force_login(trainee.user)
    with clock.at(moment):
        return " ".join(client.get(reverse(SCHEDULE)).content.decode().split())


# Bytes ------------------------------------------------------------------------------------------------


def packed(content):
    return len(gzip.compress(content, 9))


def test_the_first_load_is_below_60_kilobytes_with_everything_it_needs(client, cohort, trainee):
    """Four full weeks, thirty sessions; styles, scripts and the sign are counted, no font is loaded."""
    for number in range(4):
        first_day, last_day = factories.week(number + 1)
        hospital = factories.make_hospital(address_ko="경기도 고양시 덕양구 화수로 14번길 55", phone="031-1")
        factories.make_coordinator(hospital)
        factories.make_placement(
            enrollment=cohort.enrollments.get(), department=factories.make_department(hospital=hospital),
            state="confirmed", first_day=first_day, last_day=last_day,
        )  # fmt: skip
    for number in range(30):
        day = MONDAY + timedelta(days=number % 26)
        factories.make_talk(
            cohort, f"Lecture number {number}", starts_at=at(9 + number % 8, day=day), place=f"Room {number}",
            lecturer="Dr. Hong Gil-dong", bring="white coat", meets="Dr. Choi",
        )  # fmt: skip
    client.force_login(trainee.user)
    with clock.at(at(8)):
        page = client.get(reverse(SCHEDULE)).content
        sent = client.get(reverse(SCHEDULE), headers={"accept-encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.content).strip().startswith(b"<!doctype html>")
    html = page.decode()
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    assert files == {
        "portal.css", "vendor/bootstrap/bootstrap.min.css", "portal.js", "my_schedule.js", "sign.svg",
    }  # fmt: skip
    sheets = b"".join(_bytes(name) for name in files if name.endswith("css"))
    assert b"@font-face" not in sheets
    sizes = {name: packed(_bytes(name)) for name in files} | {"page": len(sent.content)}
    assert sum(sizes.values()) < 60_000, sizes
    assert len(page) < 40_000


def test_the_other_pages_that_a_trainee_opens_on_the_way_load_one_script(client, trainee):
    client.force_login(trainee.user)
    for name in (
        "training",
        "check-in",
        "objectives",
        "feedback",
        "certificates",
        "calendar",
        "papers",
        "wishes",
    ):
        page = client.get(reverse(f"programs:my-{name}")).content.decode()
        assert re.findall(r'<script src="[^"]*/(\w+)[^"/]*"', page) == ["portal"], name


def _bytes(name):
    with open(finders.find(name), "rb") as file:
        return file.read()


# Changed since the last look ----------------------------------------------------------------------------


def test_what_is_otherwise_since_the_last_look_is_marked_for_the_whole_visit(client, cohort, trainee):
    talk = factories.make_talk(cohort, place="Room 4")
    off = factories.make_talk(cohort, "Site visit", starts_at=at(10))
    same = factories.make_talk(cohort, "Same as ever", starts_at=at(12))
    assert "since you last looked" not in looks(client, trainee, at(8, day=date(2026, 11, 9)))
    with clock.at(at(9, day=date(2026, 11, 9))):
        Session.objects.filter(pk=talk.pk).update(starts_at=at(15), place="Room 9")
        sessions.cancel(off, by=PORTAL, reason="The bus broke down")
        factories.make_talk(cohort, "Added", starts_at=at(18), released=False)
        schedule_releases.release(cohort, by=PORTAL)
    for minute in (0, 20):
        page = looks(client, trainee, at(8, minute))
        assert "3 entries are new or different since you last looked" in page
        today = page.split("All weeks")[0]
        assert "Changed</span>" in today.split("Case talk")[1].split("<li")[0]
        assert "instead of Tuesday, 10 November 2026, 16:00–17:00." in today
        assert "Place: Room 9, instead of Room 4." in today
        assert "<s>Site visit</s>" in today
        assert "The bus broke down" in today
        assert "New</span>" in today.split("Added")[1].split("<li")[0]
        assert "</span>" not in today.split(str(same))[1].split("</h3>")[1].split("<p>12:00")[0]
    assert "since you last looked" not in looks(client, trainee, at(13))
    assert ScheduleLook.objects.count() == 1


def test_a_cancelled_session_is_never_what_comes_next(client, cohort, trainee):
    off = factories.make_talk(cohort, "Site visit", starts_at=at(10))
    factories.make_talk(cohort, "Case talk", starts_at=at(16))
    sessions.cancel(off, by=PORTAL, reason="The bus broke down")
    schedule_releases.release(cohort, by=PORTAL)
    page = looks(client, trainee, at(8))
    assert page.index("<s>Site visit</s>") < page.index('class="next"') < page.index("<h3>Case talk")


def test_a_plan_that_is_not_released_reaches_nobody(client, cohort, trainee):
    talk = factories.make_talk(cohort, "Known", place="Room 4")
    Session.objects.filter(pk=talk.pk).update(title="Not yet said", place="Room 9")
    factories.make_talk(cohort, "A plan only", starts_at=at(9), released=False)
    page = looks(client, trainee, at(8))
    assert "Known" in page
    for secret in ("Not yet said", "Room 9", "A plan only"):
        assert secret not in page


def test_where_it_is_stands_with_a_map_and_whom_to_ask_with_a_telephone(client, cohort, trainee):
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원", address_ko="경기도 고양시")
    factories.make_coordinator(hospital, name="Park Ji-won", phone="031-111-2222")
    factories.make_talk(cohort, hospital=hospital, place="Room 4", materials="Read https://a.example/x")
    page = looks(client, trainee, at(8))
    assert "Room 4, Myongji Hospital" in page
    assert (
        'href="https://map.naver.com/p/search/%EB%AA%85%EC%A7%80%EB%B3%91%EC%9B%90" rel="noreferrer">Map'
        in page
    )
    assert "Ask for <strong>Park Ji-won</strong>." in page
    assert '<a href="tel:031-111-2222">031-111-2222</a>' in page
    assert '<a href="https://a.example/x"' in page
    assert '16:00–17:00 <span class="meta">Seoul time</span> · 15:00 in Ulaanbaatar' in page


# The worker -------------------------------------------------------------------------------------------


def test_the_worker_may_answer_for_the_schedule_alone_and_holds_nothing_of_anybody(client):
    response = client.get(reverse("programs:my-schedule-worker"))
    script = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Service-Worker-Allowed"] == "/my/schedule/"
    assert response.headers["Cache-Control"] == "no-cache"
    assert 'const PAGE = "/my/schedule/";' in script
    assert '"/static/portal.css"' in script


def test_signing_in_and_out_tells_the_browser_to_forget(client, trainee):
    client.force_login(trainee.user)
    assert "Clear-Site-Data" not in client.get(reverse(SCHEDULE)).headers
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"storage"'
    user = factories.make_user(Role.TRAINEE)
    user.set_password("correct horse battery")
    user.save()
    signed_in = client.post(
        reverse("account_login"), {"login": user.email, "password": "correct horse battery"}
    )
    assert signed_in.status_code == 302
    assert signed_in.headers["Clear-Site-Data"] == '"storage"'


def test_checking_in_is_offered_on_days_with_a_session_until_it_is_over(client, cohort, trainee):
    session = factories.make_talk(cohort, "Case talk", starts_at=at(14))
    moments = (at(9), session.ends_at, at(9, day=date(2026, 11, 11)))
    door = reverse("programs:my-check-in")
    seen = [door in looks(client, trainee, moment) for moment in moments]
    assert seen == [True, False, False]
