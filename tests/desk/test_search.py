"""One box over everything one may see."""

import pytest
from django.urls import reverse

from hospitals.models import Clinician
from participants.models import Trainee
from partners.models import MouParty
from portal.accounts.roles import Role
from portal.records import merging
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def search(client, typed):
    return client.get(reverse("desk:search"), {"q": typed})


def hits(client, typed):
    """{label of the kind: [titles]}."""
    found = search(client, typed).context["found"]
    return {str(group.label): [hit.title for hit in group.hits] for group in found.groups}


@pytest.fixture
def record():
    """As the province has it: names in three scripts, and spellings of them."""
    mongolia = factories.make_region("Mongolia", name_ko="몽골", name_local="Монгол Улс")
    darkhan = factories.make_region(
        "Darkhan-Uul", level="province", parent=mongolia, name_ko="다르항올", name_local="Дархан-Уул"
    )
    wiltse = factories.make_hospital(
        "Wiltse Memorial Hospital", name_ko="윌스기념병원", aliases=["Leon Wiltse"]
    )
    schmc = factories.make_hospital(
        "Soonchunhyang University Bucheon Hospital", name_ko="순천향대학교 부천병원", city="Bucheon"
    )
    myongji = factories.make_hospital("Myongji Hospital", name_ko="명지병원", aliases=["Myung Ji"])
    second = factories.make_institution(
        "Second National Hospital", region=mongolia, name_local="Улсын хоёрдугаар төв эмнэлэг"
    )
    mou = factories.make_mou(institution=second)
    MouParty.objects.create(mou=mou, side="gyeonggi", hospital=wiltse)
    return {
        "darkhan": darkhan,
        "wiltse": wiltse,
        "schmc": schmc,
        "myongji": myongji,
        "second": second,
        "mou": mou,
    }


# What is found -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("soon chun hyang", "Host hospitals", "Soonchunhyang University Bucheon Hospital"),
        ("SOONCHUNHYANG", "Host hospitals", "Soonchunhyang University Bucheon Hospital"),
        ("순천향", "Host hospitals", "Soonchunhyang University Bucheon Hospital"),
        ("hospital soonchun", "Host hospitals", "Soonchunhyang University Bucheon Hospital"),
        ("Дархан", "Partner regions", "Darkhan-Uul"),
        ("дархан уул", "Partner regions", "Darkhan-Uul"),
        ("darkh", "Partner regions", "Darkhan-Uul"),
        ("darhan", "Partner regions", "Darkhan-Uul"),
        ("명지", "Host hospitals", "Myongji Hospital"),
        ("명", "Host hospitals", "Myongji Hospital"),
        ("myung ji", "Host hospitals", "Myongji Hospital"),
        ("wiltze", "Host hospitals", "Wiltse Memorial Hospital"),
        ("leon wiltse", "Host hospitals", "Wiltse Memorial Hospital"),
        ("хоёрдугаар", "Institutions", "Second National Hospital"),
        ("khoyordugaar", "Institutions", "Second National Hospital"),
    ],
)
def test_a_partner_or_hospital_is_found_by_any_name_script_or_spelling(
    client, officer, record, typed, kind, title
):
    assert title in hits(client, typed)[kind]


def test_an_mou_is_found_by_everybody_who_signed(client, officer, record):
    title = "Gyeonggi Province, Wiltse Memorial Hospital and Second National Hospital"
    assert hits(client, "leon wiltse second")["MOUs"] == [title]
    assert "MOUs" not in hits(client, "leon wiltse first")


def test_people_are_found_in_any_script_by_any_order_of_their_names(client, officer):
    factories.make_trainee(
        "Ganbold Nomin-Erdene", local_name="Ганболд Номин-Эрдэнэ", korean_name="노민에르데네"
    )
    for typed in ("nomin", "Номин", "erdene ganbold", "NOMINERDENE", "노민", "эрдэнэ", "Ganbolt"):
        assert hits(client, typed)["People"] == ["Ganbold Nomin-Erdene"], typed


def test_a_cohort_a_program_and_a_certificate_are_found(client, officer):
    certificate = factories.make_certificate(state="issued")
    number = certificate.number
    for typed in (number, number.lower(), number.replace("-", " "), number.replace("-", ""), number[-9:]):
        assert hits(client, typed)["Certificates"] == [number], typed
    cohort = certificate.enrollment.cohort
    assert hits(client, cohort.code)["Cohorts"] == [cohort.name]
    assert hits(client, "clinical training")["Programs"] == ["Clinical training"]


def test_a_department_is_found_by_its_specialty_and_its_hospital_but_not_by_the_hospital_alone(
    client, officer
):
    hospital = factories.make_hospital("Myongji Hospital")
    factories.make_department(hospital=hospital, specialty="cardiology")
    factories.make_department(specialty="cardiology")
    assert hits(client, "cardiology myongji")["Departments"] == ["Cardiology"]
    assert len(hits(client, "cardiology")["Departments"]) == 2
    assert hits(client, "cardiology")["Specialties"] == ["Cardiology"]
    assert "Departments" not in hits(client, "myongji")


def test_a_specialty_leads_to_its_own_page(client, officer):
    specialty = factories.make_department(specialty="cardiology").specialty
    (group,) = (
        g for g in search(client, "cardiology").context["found"].groups if str(g.label) == "Specialties"
    )
    assert [hit.url for hit in group.hits] == [reverse("hospitals:specialty-detail", args=[specialty.pk])]


def test_a_clinician_is_found_at_their_hospital(client, officer):
    hospital = factories.make_hospital("Myongji Hospital")
    Clinician.objects.create(hospital=hospital, name="Kim Min-jun", name_ko="김민준", is_lecturer=True)
    assert hits(client, "민준")["Clinicians"] == ["Kim Min-jun"]
    client.force_login(factories.make_coordinator(factories.make_hospital()).user)
    assert hits(client, "민준") == {}


def test_what_was_merged_is_found_once_and_what_is_archived_says_so(client, officer):
    keep, lose = factories.make_hospital("Wiltse Memorial Hospital"), factories.make_hospital("Leon Wiltse")
    merging.merge(keep, lose, by=officer, reason="one hospital")
    assert hits(client, "leon wiltse") == {"Host hospitals": ["Wiltse Memorial Hospital"]}
    merging.archive(keep, by=officer, reason="closed")
    assert "Archived" in search(client, "wiltse").content.decode()


def test_a_contact_is_found_by_name_and_office(client, officer):
    factories.make_contact(name="Оюун Бат")
    assert hits(client, "oyun")["Contacts"] == ["Оюун Бат"]
    assert hits(client, "training office")["Contacts"] == ["Оюун Бат"]


# How it is shown -----------------------------------------------------------------------------------


def test_what_is_called_so_comes_before_what_only_contains_it(client, officer):
    for name in ("Banbat", "Batbayar", "Bat"):
        factories.make_trainee(name)
    assert hits(client, "bat")["People"] == ["Bat", "Batbayar", "Banbat"]


def test_a_hit_says_by_which_name_it_was_found(client, officer, record):
    (group,) = (g for g in search(client, "leon").context["found"].groups if str(g.label) == "Host hospitals")
    (hit,) = group.hits
    assert (str(hit.why_label), hit.why) == ("also printed as", "Leon Wiltse")
    (hit,) = search(client, "myongji").context["found"].groups[0].hits
    assert hit.why == ""


def test_where_nothing_is_called_so_the_page_says_that_these_come_close(client, officer, record):
    page = search(client, "wiltze")
    assert page.context["found"].nearly
    assert "There is no exact match for “wiltze”. These names come close." in page.content.decode()
    assert not search(client, "wiltse").context["found"].nearly


def test_more_than_six_lead_to_the_list_which_finds_the_same(client, officer):
    for number in range(8):
        factories.make_hospital(f"Soon Chun Hyang {number}")
    (group,) = (g for g in search(client, "soonchunhyang").context["found"].groups)
    assert (len(group.hits), group.has_more) == (6, True)
    assert len(client.get(group.more_url).context["listing"].rows) == 8


@pytest.mark.parametrize(
    "address",
    ["hospitals:hospital-list", "partners:region-list", "partners:institution-list", "partners:mou-list"],
)
def test_lists_and_search_fold_alike(client, officer, record, address):
    own_words = {"hospitals:hospital-list": "soon chun hyang", "partners:region-list": "darkhan"}
    typed = own_words.get(address, "улсын second")
    assert len(client.get(reverse(address), {"q": typed}).context["listing"].rows) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "a",
        "%",
        "_",
        "%%%",
        "'; DROP TABLE",
        "a" * 300,
        "한" * 300,
        "🏥",
        "\x00",
        "a\x00b",
        "\\",
        "(((",
        "1",
    ],
)
def test_nothing_that_can_be_typed_breaks_it(client, officer, record, typed):
    page = search(client, typed)
    assert page.status_code == 200
    assert client.get(reverse("hospitals:hospital-list"), {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "What are you looking for?"),
        ("%", "There is no letter and no digit in this"),
        ("qqqqqq", "Nothing found"),
        ("ab" * 150, "only the first 200 letters were looked for"),
    ],
)
def test_an_empty_page_says_what_to_do(client, officer, typed, words):
    assert words in search(client, typed).content.decode()


def test_what_was_typed_is_shown_as_text(client, officer):
    page = search(client, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_box_stands_in_every_masthead(client, officer):
    page = client.get(reverse("desk:today")).content.decode()
    assert f'<form class="find" role="search" action="{reverse("desk:search")}">' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_hits(client, officer, django_assert_num_queries, count):
    for number in range(count):
        home = factories.make_institution(f"Bat {number}")
        factories.make_trainee(f"Bat {number}", institution=home)
        factories.make_mou(institution=home)
    # Session, user, kinds; people; institutions; MOUs, with parties.
    with django_assert_num_queries(7):
        search(client, "bat")


# Who finds what ------------------------------------------------------------------------------------


@pytest.fixture
def two_hospitals():
    """Two hospitals with a trainee each, from two institutions, both called Bat something."""
    sides = []
    for name in ("Batbayar", "Batsukh"):
        home = factories.make_institution(
            f"Bat Home of {name}", region=factories.make_region(f"Land of {name}")
        )
        trainee = factories.make_trainee(name, institution=home, user=True)
        enrollment = factories.make_enrollment(
            cohort=factories.make_cohort(state="placing"), trainee=trainee, state="accepted"
        )
        department = factories.make_department(hospital=factories.make_hospital(f"Bat Hospital of {name}"))
        factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
        done = factories.make_enrollment(trainee=trainee, state="completed")
        factories.make_certificate(enrollment=done, state="issued")
        factories.make_mou(institution=home)
        sides.append({"home": home, "trainee": trainee, "hospital": department.hospital})
    return sides


WORDS = [
    "bat",
    "batbayar",
    "batsukh",
    "batsuk",
    "home",
    "hospital",
    "land",
    "gg",
    "surgery",
    "cohort",
    "province",
]


def everything(client):
    """All titles for every word that could find anything here, the nearly ones as well."""
    found = []
    for typed in WORDS:
        for titles in hits(client, typed).values():
            found += titles
    return " | ".join(sorted(set(found)))


def test_a_coordinator_finds_their_hospital_and_whom_it_was_asked_to_take(client, two_hospitals):
    own, _other = two_hospitals
    client.force_login(factories.make_coordinator(own["hospital"]).user)
    assert hits(client, "bat") == {
        "Host hospitals": ["Bat Hospital of Batbayar"],
        "Trainees at your hospital": ["Batbayar"],
    }
    assert "Batsukh" not in everything(client)
    assert "GG-" not in everything(client)


def test_a_contact_finds_what_is_of_their_institution(client, two_hospitals):
    own, _other = two_hospitals
    client.force_login(factories.make_contact(institution=own["home"]).user)
    found = hits(client, "batbayar")
    assert found == {
        "Graduates of your institution": ["Batbayar"],
        "Institutions": ["Bat Home of Batbayar"],
        "Partner regions": ["Land of Batbayar"],
        "MOUs": ["Gyeonggi Province and Bat Home of Batbayar"],
    }
    assert "Batsukh" not in everything(client)
    assert "Hospital of" not in everything(client)


def test_a_trainee_finds_their_own_certificate_and_nobody(client, two_hospitals):
    own, _other = two_hospitals
    client.force_login(own["trainee"].user)
    found = hits(client, "gg")
    assert list(found) == ["Your certificates"]
    assert len(found["Your certificates"]) == 1
    assert "Bat" not in everything(client)


def test_whoever_has_no_role_finds_nothing(client, two_hospitals):
    client.force_login(factories.make_user([]))
    assert everything(client) == ""


def test_nobody_finds_anything_without_signing_in(client):
    answer = search(client, "bat")
    assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)


def test_every_hit_opens_for_whoever_found_it(client, two_hospitals):
    own, _other = two_hospitals
    users = [
        factories.make_user(Role.VIEWER),
        factories.make_coordinator(own["hospital"]).user,
        factories.make_contact(institution=own["home"]).user,
        own["trainee"].user,
    ]
    for user in users:
        client.force_login(user)
        for typed in ("bat", "gg", "surgery", "cohort", "land", "clinical"):
            for group in search(client, typed).context["found"].groups:
                for address in {hit.url for hit in group.hits} | ({group.more_url} - {""}):
                    assert client.get(address).status_code in (200, 302), (user.roles, address)


def test_needs_phones_and_emergency_contacts_find_nobody(client, officer):
    factories.make_trainee("Bat", needs="halal", phone="99112233", emergency_contact="Saruul")
    assert Trainee.objects.count() == 1
    for typed in ("halal", "99112233", "saruul"):
        assert hits(client, typed) == {}
