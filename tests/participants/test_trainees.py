"""The people: their list, a page each, and the form that enters and changes them."""

from datetime import date

import pytest
from django.urls import reverse

from participants.models import Trainee
from portal.accounts.roles import Role
from portal.records import clock
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "participants:trainee-list"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def names_on(client, **query):
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [str(trainee) for trainee in response.context["listing"].rows]


@pytest.mark.parametrize("words", ["erdene", "ЭРДЭНЭ", "노민", "printed so"])
def test_people_are_found_by_a_name_in_any_script(client, officer, words):
    factories.make_trainee(
        "Nomin-Erdene Tsogt",
        local_name="Номин-Эрдэнэ Цогт",
        korean_name="노민에르데네",
        certificate_name="Printed So",
    )
    factories.make_trainee("Dilshod Rakhimov")
    assert names_on(client, name=words) == ["Nomin-Erdene Tsogt"]


def test_the_list_is_narrowed_by_country_specialty_and_institution(client, officer):
    tashkent = factories.make_institution(
        "Tashkent Clinic", region=factories.make_region("Uzbekistan", country="UZ", time_zone="Asia/Tashkent")
    )
    surgeon = factories.make_trainee("A Surgeon", specialty=factories.make_specialty("surgery"))
    factories.make_trainee("B Abroad", institution=tashkent, nationality="MN")
    factories.make_trainee("C Uzbek", institution=tashkent)
    assert names_on(client, country="MN") == ["A Surgeon", "B Abroad"]
    assert names_on(client, country="UZ") == ["C Uzbek"]
    assert names_on(client, specialty=surgeon.specialty_id) == ["A Surgeon"]
    assert names_on(client, institution=tashkent.pk) == ["B Abroad", "C Uzbek"]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
@pytest.mark.parametrize("screen", ["trainee-list", "trainee-create", "graduation-list", "followup-list"])
def test_only_the_team_reads_the_register_of_people(client, role, screen):
    client.force_login(factories.make_user(role))
    assert client.get(reverse(f"participants:{screen}")).status_code == 403


def test_a_viewer_reads_and_changes_nothing(client):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt")
    client.force_login(factories.make_user(Role.VIEWER))
    page = client.get(reverse("participants:trainee-detail", args=[trainee.pk])).content.decode()
    assert "Nomin-Erdene Tsogt" in page
    assert reverse("participants:trainee-edit", args=[trainee.pk]) not in page
    assert client.get(reverse("participants:trainee-edit", args=[trainee.pk])).status_code == 403
    assert client.get(reverse("participants:trainee-create")).status_code == 403
    assert reverse("participants:trainee-create") not in client.get(reverse(LIST)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_person_and_for_three(
    client, officer, django_assert_num_queries, count
):
    for number in range(count):
        factories.make_trainee(specialty=factories.make_specialty(f"specialty {number}"))
    client.get(reverse(LIST))
    with django_assert_num_queries(6):
        client.get(reverse(LIST))


def test_a_person_s_page_tells_their_whole_way_here(client, officer):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", phone="+976 1234", needs="no pork")
    hospital = factories.make_hospital("Myongji Hospital")
    enrollment = factories.make_enrollment(trainee=trainee, state="in_training")
    department = factories.make_department(hospital=hospital)
    factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    with clock.at(date(2026, 11, 27)):
        factories.enrollments.complete(enrollment, by=officer)
    factories.make_certificate(enrollment=enrollment, state="issued")
    page = client.get(reverse("participants:trainee-detail", args=[trainee.pk])).content.decode()
    text = " ".join(page.split())
    assert "Myongji Hospital, Surgery" in text
    assert "27 November 2026" in text.split('id="h-graduations"')[1].split("</section>")[0]
    assert "27 February 2027" in text.split('id="h-followups"')[1].split("</section>")[0]
    assert "Certificate" in text.split('id="h-mails"')[1].split("</section>")[0]
    assert "no pork" in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_person_s_page_costs_the_same_whatever_they_did(client, officer, django_assert_num_queries, count):
    trainee = factories.make_trainee()
    for _ in range(count):
        enrollment = factories.make_enrollment(trainee=trainee, state="completed")
        factories.make_certificate(enrollment=enrollment, state="issued")
        factories.make_graduation(trainee=trainee).hospitals.add(factories.make_hospital())
    address = reverse("participants:trainee-detail", args=[trainee.pk])
    client.get(address)
    with django_assert_num_queries(11):
        client.get(address)


def test_a_person_is_entered_with_a_line_in_the_trail(client, officer):
    data = {
        "passport_name": "Nomin-Erdene Tsogt",
        "nationality": "mn",
        "language": "en",
        "languages": ["en", "mn"],
    }
    response = client.post(reverse("participants:trainee-create"), data)
    trainee = Trainee.objects.get()
    assert response.url == reverse("participants:trainee-detail", args=[trainee.pk])
    assert (trainee.nationality, trainee.languages) == ("MN", ["en", "mn"])
    assert Event.objects.about(trainee).get().verb == "register"


def test_who_looks_like_somebody_known_is_shown_first(client, officer):
    known = factories.make_trainee("Nomin-Erdene Tsogt")
    data = {"passport_name": "nomin-erdene tsogt", "language": "en"}
    response = client.post(reverse("participants:trainee-create"), data)
    assert response.status_code == 422
    assert reverse("participants:trainee-detail", args=[known.pk]) in response.content.decode()
    assert Trainee.objects.count() == 1
    assert (
        client.post(reverse("participants:trainee-create"), data | {"is_someone_else": "on"}).status_code
        == 302
    )
    assert Trainee.objects.count() == 2


def test_an_address_that_somebody_has_already_is_refused_in_words(client, officer):
    factories.make_trainee(email="taken@example.org")
    data = {"passport_name": "Somebody New", "language": "en", "email": "taken@example.org"}
    response = client.post(reverse("participants:trainee-create"), data)
    assert response.status_code == 422
    assert "Somebody with this e-mail address is entered already." in response.content.decode()


def test_a_change_names_its_fields_in_the_trail_and_not_what_stands_in_them(client, officer):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", phone="+976 1234")
    address = reverse("participants:trainee-edit", args=[trainee.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    assert client.post(address, data | {"phone": "+976 9999"}).status_code == 302
    trainee.refresh_from_db()
    assert trainee.phone == "+976 9999"
    event = Event.objects.about(trainee).get()
    assert (event.verb, event.data) == ("change", {"fields": ["phone"]})


def test_a_name_for_the_certificate_that_staff_change_is_to_be_confirmed_again(client, officer):
    trainee = factories.make_trainee(
        "Nomin-Erdene Tsogt", certificate_name="Nomin Tsogt", certificate_name_confirmed_at=clock.now()
    )
    address = reverse("participants:trainee-edit", args=[trainee.pk])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    client.post(address, data | {"needs": "vegetarian"})
    trainee.refresh_from_db()
    assert trainee.certificate_name_confirmed_at is not None
    client.post(address, data | {"certificate_name": "Tsogt Nomin"})
    trainee.refresh_from_db()
    assert trainee.certificate_name_confirmed_at is None
