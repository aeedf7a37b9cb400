"""The people: their list, a page each, and the form that enters and changes them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participants.models import Trainee
from participants.workflow import trainees
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
    assert names_on(client, institution=str(tashkent).lower()) == ["B Abroad", "C Uzbek"]


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
    with django_assert_num_queries(5):
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
    with django_assert_num_queries(13):
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


# Names and countries --------------------------------------------------------------------------------


def entered(client, **facts):
    data = {"passport_name": "Nomin-Erdene Tsogt", "language": "en", **facts}
    return client.post(reverse("participants:trainee-create"), data)


@pytest.mark.parametrize(
    "name", ["O‘ktam".replace("‘", "ʻ") + " Yo’ldoshev", "Nguyễn Thị Ánh", "J. R. D'Arcy-Müller", "Li Na"]
)
def test_the_certificate_takes_latin_names_with_their_marks(client, officer, name):
    assert entered(client, certificate_name=name).status_code == 302
    assert Trainee.objects.get().certificate_name == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Номин Цогт", "The certificate prints Latin letters"),
        ("김서연", "The certificate prints Latin letters"),
        ("Nomin 2", "This cannot be printed: 2"),
        ("No\u0336min", "This cannot be printed: \u0336"),
        ("Nob\u0301\u0301\u0301\u0301min", "This cannot be printed: \u0301"),
        ("Ra\ufb01q", "This cannot be printed: \ufb01"),
        ("\u202eNomin", "This cannot be printed: \u202e"),
        ("<b>Nomin</b>", "This cannot be printed: / &lt; &gt;"),
        ("N", "A name has at least two letters."),
        ("-. '", "A name has at least two letters."),
        ("Nomin " * 12, "The certificate has room for 60 characters"),
    ],
)
def test_what_the_certificate_cannot_print_is_refused_in_words(client, officer, name, words):
    response = entered(client, certificate_name=name)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Trainee.objects.exists()


def test_a_name_with_invisible_signs_is_refused(client, officer):
    response = entered(client, passport_name="Nomin\u202eTsogt")
    assert response.status_code == 422
    assert "There are invisible signs in this name." in response.content.decode()
    assert entered(client, passport_name="Номин \u00a0 Цогт").status_code == 302
    assert Trainee.objects.get().passport_name == "Номин Цогт"


def test_the_verbs_refuse_a_name_that_no_form_has_seen(officer):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt")
    with pytest.raises(ValidationError):
        trainees.confirm_certificate_name(trainee, by=officer, name="Номин")
    trainee.certificate_name = "Nomin 2"
    with pytest.raises(ValidationError):
        trainees.change(trainee, by=officer, fields=["certificate_name"])
    trainee.refresh_from_db()
    assert (trainee.certificate_name, trainee.certificate_name_confirmed_at) == ("", None)


def test_a_country_is_chosen_and_shown_by_its_name(client, officer):
    factories.make_region("Kyrgyzstan", country="KG", time_zone="Asia/Bishkek")
    page = client.get(reverse("participants:trainee-create")).content.decode()
    partners = page.split('<optgroup label="Partner countries">')[1].split("</optgroup>")[0]
    assert '<option value="KG">Kyrgyzstan</option>' in partners
    assert '<option value="TJ">' not in partners
    assert '<option value="TJ">Tajikistan</option>' in page
    assert '<option value="EU">' not in page
    entered(client, nationality="KG")
    address = reverse("participants:trainee-detail", args=[Trainee.objects.get().pk])
    assert "<dd>Kyrgyzstan</dd>" in client.get(address).content.decode()
    officer.language = "ko"
    officer.save()
    assert "<dd>키르기스스탄</dd>" in client.get(address).content.decode()


def test_a_code_that_is_no_country_is_refused(client, officer):
    response = entered(client, nationality="ZZ")
    assert response.status_code == 422
    assert "Choose a country from the list." in response.content.decode()


def test_a_profession_is_suggested_as_others_wrote_it(client, officer):
    factories.make_trainee(profession="<i>feldsher</i>")
    page = client.get(reverse("participants:trainee-create")).content.decode()
    suggestions = page.split('<datalist id="id_profession_suggestions">')[1].split("</datalist>")[0]
    assert 'list="id_profession_suggestions"' in page
    assert '<option value="nurse">' in suggestions
    assert '<option value="&lt;i&gt;feldsher&lt;/i&gt;">' in suggestions


def sent_by(page, **changes):
    """What a browser sends of a page that stands open."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value()} | changes


def test_a_page_left_open_does_not_undo_what_the_trainee_has_confirmed_since(client, officer):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", certificate_name="Wrong", user=True)
    address = reverse("participants:trainee-edit", args=[trainee.pk])
    page = client.get(address)
    trainees.confirm_certificate_name(trainee, by=trainee.user, name="Nomin Tsogt")
    assert client.post(address, sent_by(page, phone="+976 9999")).status_code == 302
    trainee.refresh_from_db()
    assert (trainee.phone, trainee.certificate_name) == ("+976 9999", "Nomin Tsogt")
    assert trainee.certificate_name_confirmed_at == clock.now()


def test_a_name_that_two_change_at_once_is_refused_in_words_to_the_second(client, officer):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", certificate_name="Wrong", user=True)
    address = reverse("participants:trainee-edit", args=[trainee.pk])
    page = client.get(address)
    trainees.confirm_certificate_name(trainee, by=trainee.user, name="Nomin Tsogt")
    response = client.post(address, sent_by(page, certificate_name="Tsogt Nomin"))
    assert response.status_code == 422
    assert "Somebody has changed this since you opened the page." in response.content.decode()
    trainee.refresh_from_db()
    assert trainee.certificate_name == "Nomin Tsogt"
    assert client.post(address, sent_by(client.get(address), certificate_name="Tsogt N.")).status_code == 302


@pytest.mark.parametrize("seen", ["", "no json", "[]", '{"birth_date": "x"}', "null"])
def test_a_page_that_does_not_say_what_it_showed_is_compared_with_the_record(client, officer, seen):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", birth_date=date(1990, 5, 17))
    address = reverse("participants:trainee-edit", args=[trainee.pk])
    data = sent_by(client.get(address), phone="+976 9999", seen=seen)
    assert client.post(address, data).status_code == 302
    assert Event.objects.about(trainee).get().data == {"fields": ["phone"]}


def test_a_page_of_the_admin_left_open_writes_only_what_was_typed_there(client):
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", certificate_name="Wrong", user=True)
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    address = reverse("admin:participants_trainee_change", args=[trainee.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"initial-{name}": value for name, value in data.items()}
    data |= {"graduations-TOTAL_FORMS": 0, "graduations-INITIAL_FORMS": 0, "phone": "+976 9999"}
    trainees.confirm_certificate_name(trainee, by=trainee.user, name="Nomin Tsogt")
    assert client.post(address, data).status_code == 302
    trainee.refresh_from_db()
    assert (trainee.phone, trainee.certificate_name) == ("+976 9999", "Nomin Tsogt")
