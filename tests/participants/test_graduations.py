"""The alumni register."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from participants.models import Consent, Graduation
from participants.workflow import graduates
from portal.accounts.roles import Role
from portal.mail import outbox
from portal.mail.models import BouncedAddress
from portal.records import clock
from portal.records.actors import PORTAL
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "participants:graduation-list"


@pytest.fixture(autouse=True)
def officer(client):
    client.force_login(factories.make_user(Role.OFFICER))


def rows(client, **query):
    return [
        str(graduation.trainee) for graduation in client.get(reverse(LIST), query).context["listing"].rows
    ]


def test_the_register_is_as_exact_as_the_record(client):
    legacy = factories.make_graduation(trainee=factories.make_trainee("Old Friend"), completed="2014")
    legacy.hospitals.add(factories.make_hospital("Myongji Hospital", short_name="Myongji"))
    factories.make_graduation(
        trainee=factories.make_trainee("Newer Friend"), completed="2022-06", program_name="Summer training"
    )
    text = " ".join(client.get(reverse(LIST)).content.decode().split())
    assert text.index("Newer Friend") < text.index("Old Friend")
    assert ">June 2022</td>" in text
    assert re.search(r">2014</td> <td[^>]*>Myongji</td>", text)
    assert "program not known" in text


def test_the_register_is_searched_by_name_year_country_and_hospital(client):
    hospital = factories.make_hospital()
    one = factories.make_graduation(
        trainee=factories.make_trainee("Old Friend", korean_name="옛친구"), completed="2014"
    )
    one.hospitals.add(hospital)
    factories.make_graduation(
        trainee=factories.make_trainee("Other Friend", nationality="UZ"), completed="2022-06"
    )
    factories.make_region("Uzbekistan", country="UZ")
    assert rows(client, name="옛친") == ["Old Friend"]
    assert rows(client, year="2014") == ["Old Friend"]
    assert rows(client, year="soon") == []
    assert rows(client, hospital=hospital.pk) == ["Old Friend"]
    assert rows(client, country="UZ") == ["Other Friend"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same_for_one_line_and_for_three(client, django_assert_num_queries, count):
    for _ in range(count):
        factories.make_graduation().hospitals.add(factories.make_hospital())
    client.get(reverse(LIST))
    with django_assert_num_queries(9):
        client.get(reverse(LIST))


@pytest.mark.parametrize("year", ["0", "10000", "99999", "1" * 5000, "٣", "²", "x", "\x00"])
def test_a_year_that_is_none_finds_nobody_and_is_no_error(client, year):
    client.force_login(factories.make_user())
    factories.make_graduation()
    assert client.get(reverse("participants:graduation-list"), {"year": year}).status_code == 200


def consent(trainee, action="given", *, at=None):
    return Consent.objects.create(
        trainee=trainee,
        purpose="graduate",
        action=action,
        version="2026-11",
        language="en",
        at=at or clock.now(),
        by_name="they",
    )


def test_the_register_says_who_can_be_written_to_and_why_not(client):
    people = {name: factories.make_trainee(name) for name in ("Works", "Silent", "Gone", "Old Word")}
    people["No Address"] = factories.make_trainee("No Address", email="")
    for trainee in people.values():
        factories.make_graduation(trainee=trainee)
    consent(people["Works"])
    consent(people["Gone"])
    consent(people["Gone"], "withdrawn")
    consent(people["Old Word"], at=clock.now() - timedelta(days=400))
    page = client.get(reverse(LIST)).content.decode()
    assert page.count("does not want mails</td>") == 1
    assert rows(client, reach="works") == ["Works"]
    assert rows(client, reach="refused") == ["Gone"]
    assert rows(client, reach="unasked") == ["Silent"]
    assert rows(client, reach="lapsed") == ["Old Word"]
    assert rows(client, reach="no_address") == ["No Address"]


def test_a_refused_address_reaches_nobody(client):
    graduation = factories.make_graduation(trainee=factories.make_trainee("Works", email="Works@example.org"))
    consent(graduation.trainee)
    mail = outbox.put("follow_up", to=graduation.trainee, about=graduation, key="one")
    BouncedAddress.objects.mark(mail, "550")
    assert rows(client, reach="bounced") == ["Works"]


def test_the_register_is_narrowed_by_region_and_specialty(client):
    region = factories.make_region("Uzbekistan", country="UZ", time_zone="Asia/Tashkent")
    there = factories.make_institution("Tashkent Clinic", region=region)
    surgery = factories.make_specialty("surgery")
    factories.make_graduation(trainee=factories.make_trainee("Far One", institution=there))
    factories.make_graduation(trainee=factories.make_trainee("Surgeon", specialty=surgery))
    assert rows(client, region=region.pk) == ["Far One"]
    assert rows(client, specialty=surgery.pk) == ["Surgeon"]


def test_a_graduate_of_earlier_years_is_entered_with_no_more_than_is_known(client):
    trainee = factories.make_trainee("Murum Temuujin")
    hospital = factories.make_hospital("Wiltse Memorial Hospital")
    address = reverse("participants:graduation-create")
    assert "First the person" in client.get(address).content.decode()
    answer = client.post(f"{address}?trainee={trainee.pk}", {"completed": "", "program_name": "Spine"})
    assert answer.status_code == 422
    client.post(f"{address}?trainee={trainee.pk}", {"completed": "2016", "hospitals": [hospital.pk]})
    graduation = Graduation.objects.get()
    assert (str(graduation.completed), list(graduation.hospitals.all())) == ("2016", [hospital])
    page = client.get(reverse("participants:graduation-detail", args=[graduation.pk])).content.decode()
    assert "<dd>2016</dd>" in page


def test_staff_enter_and_verify_where_a_graduate_works(client):
    graduation = factories.make_graduation()
    address = reverse("participants:graduation-post", args=[graduation.pk])
    assert "First National Hospital" in client.get(address).content.decode()
    assert client.post(address, {"since": "2020"}).status_code == 422
    with clock.at(date(2026, 5, 4)):
        client.post(address, {"position": "Surgeon", "workplace": "Clinic of Darkhan", "since": "2020"})
    with clock.at(date(2026, 12, 1)):
        client.post(address, {"same": "1"})
    post = graduation.trainee.posts.get()
    assert (post.workplace, str(post.since), post.verified_on) == (
        "Clinic of Darkhan",
        "2020",
        date(2026, 12, 1),
    )
    text = " ".join(client.get(reverse(LIST)).content.decode().split())
    assert "Surgeon, Clinic of Darkhan" in text
    assert "verified on 1 December 2026" in text


def test_the_latest_post_is_the_present_one(client):
    graduation = factories.make_graduation()
    for day, place in ((date(2026, 3, 2), "Old Clinic"), (date(2026, 6, 1), "New Clinic")):
        with clock.at(day):
            graduates.tell_post(graduation.trainee, by=PORTAL, workplace=place)
    text = client.get(reverse(LIST)).content.decode()
    assert ("New Clinic" in text, "Old Clinic" in text) == (True, False)


def test_a_visit_is_written_down_and_stands_on_the_graduate_s_page(client):
    graduation = factories.make_graduation()
    address = reverse("participants:graduation-visit", args=[graduation.pk])
    data = {
        "visited_on": (clock.today() + timedelta(days=1)).isoformat(),
        "place": "Ulaanbaatar",
        "visitors": "Lee Officer",
        "seen": "Two endoscopic cases a week",
        "procedures": "UBE",
    }
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "This day is still to come." in answer.content.decode()
    data["visited_on"] = clock.today().isoformat()
    page = client.post(address, data, follow=True).content.decode()
    assert "Two endoscopic cases a week" in page
    assert graduation.visits.get().procedures == "UBE"
