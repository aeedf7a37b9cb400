"""Entering and changing regions, institutions and contacts: every name, no circle, nothing lost of what was typed."""

import pytest
from django.core import mail as outgoing
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from partners import rules
from partners.models import Contact, Institution, Region
from partners.workflow import contacts, places
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records.models import Event
from portal.records.transitions import NotNow
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(name, args=args)


def region_facts(**facts):
    return {"level": "country", "country": "MN", "name": "Mongolia", "language": "en", **facts}


def institution_facts(region, **facts):
    return {"name": "First National Hospital", "kind": "hospital", "region": region.pk, **facts}


def errors(response):
    return {field: list(words) for field, words in response.context["form"].errors.items()}


# Regions ------------------------------------------------------------------------------------------


def test_an_officer_enters_a_country_and_a_province_in_it(client, officer):
    client.post(url("partners:region-create"), region_facts())
    country = Region.objects.get()
    province = region_facts(
        level="province", country="", parent=country.pk, name="Darkhan-Uul", name_local="Дархан-Уул",
        aliases="Darkhan\nDarhan-Uul, Mongolia", time_zone="Asia/Ulaanbaatar",
    )  # fmt: skip
    response = client.post(url("partners:region-create"), province)
    region = Region.objects.get(name="Darkhan-Uul")
    assert response.url == url("partners:region-detail", region.pk)
    assert (region.country, region.aliases) == ("MN", ["Darkhan", "Darhan-Uul, Mongolia"])
    assert Event.objects.about(region).get().verb == "enter"


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"time_zone": "Asia/Atlantis"}, "time_zone", "“Asia/Atlantis” is not a time zone; write one like Asia/Seoul."),
        ({"name": "x" * 300}, "name", "Ensure this value has at most 120 characters (it has 300)."),
        ({"level": "province"}, "parent", "Choose the country or province it is part of."),
        ({"country": ""}, "country", "Choose the country."),
        ({"cooperation_since": "long ago"}, "cooperation_since",
         "Write a year, a month or a day. “long ago” is none of them."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_region_stands_at_its_field_and_nothing_is_lost(
    client, officer, facts, field, words
):
    typed = region_facts(note="the steppe", aliases="one\ntwo", **facts)
    response = client.post(url("partners:region-create"), typed)
    assert response.status_code == 422
    assert errors(response) == {field: [words]}
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert Region.objects.count() == 0


def test_a_name_that_another_region_has_as_an_alias_is_refused(client, officer):
    factories.make_region("Khabarovsk Krai", country="RU", aliases=["Chabarovsk"])
    response = client.post(url("partners:region-create"), region_facts(name="chabarovsk"))
    assert errors(response) == {"name": ["Khabarovsk Krai is called “chabarovsk” already."]}


def test_changing_keeps_only_what_was_changed_and_says_so_in_the_trail(client, officer):
    region = factories.make_region()
    page = client.get(url("partners:region-edit", region.pk))
    typed = region_facts(
        time_zone="Asia/Ulaanbaatar", note="steppe", seen=page.context["form"]["seen"].value()
    )
    assert client.post(url("partners:region-edit", region.pk), typed).status_code == 302
    region.refresh_from_db()
    assert (region.note, region.time_zone) == ("steppe", "Asia/Ulaanbaatar")
    assert Event.objects.about(region).get().data == {"fields": ["note"]}


def test_a_page_left_open_does_not_overwrite_somebody_elses_work(client, officer):
    region = factories.make_region()
    seen = client.get(url("partners:region-edit", region.pk)).context["form"]["seen"].value()
    Region.objects.filter(pk=region.pk).update(note="theirs")
    response = client.post(
        url("partners:region-edit", region.pk),
        region_facts(time_zone="Asia/Ulaanbaatar", note="mine", seen=seen),
    )
    words = "Somebody has changed this since you opened the page. Open it again to see what it says."
    assert errors(response) == {"note": [words]}


# Institutions -------------------------------------------------------------------------------------


def test_an_institution_is_part_of_another_by_any_of_its_names(client, officer):
    region = factories.make_region()
    ministry = factories.make_institution("Ministry of Health", region=region, name_local="Эрүүл мэндийн яам")
    for number, text in enumerate(
        ["ministry of health", "эрүүл мэндийн яам", "Ministry of Health, Mongolia"]
    ):
        client.post(
            url("partners:institution-create"),
            institution_facts(region, name=f"Agency {number}", parent=text),
        )
    assert Institution.objects.filter(parent=ministry).count() == 3


def test_an_unknown_name_says_what_may_be_meant(client, officer):
    region = factories.make_region()
    factories.make_institution("Ministry of Health", region=region)
    response = client.post(
        url("partners:institution-create"), institution_facts(region, parent="Ministri of Helth")
    )
    words = "Nothing here is called “Ministri of Helth”. Did you mean “Ministry of Health, Mongolia”?"
    assert errors(response) == {"parent": [words]}
    assert response.context["form"]["parent"].value() == "Ministri of Helth"


def test_two_of_one_name_are_told_apart_by_their_region(client, officer):
    region, other = factories.make_region(), factories.make_region("Ulaanbaatar")
    for place in (region, other):
        factories.make_institution("Ministry", region=place)
    response = client.post(url("partners:institution-create"), institution_facts(region, parent="Ministry"))
    words = "Several are called “Ministry”: Ministry, Mongolia; Ministry, Ulaanbaatar. Write one of these."
    assert errors(response) == {"parent": [words]}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "FIRST NATIONAL HOSPITAL"}, "name"),
        ({"name": "Another", "name_local": "Нэгдүгээр эмнэлэг"}, "name_local"),
        ({"name": "Another", "aliases": "fine\nFNH"}, "aliases"),
    ],
)
def test_a_name_or_alias_of_another_institution_of_the_region_is_refused(client, officer, facts, field):
    region = factories.make_region()
    factories.make_institution(region=region, name_local="Нэгдүгээр эмнэлэг", aliases=["FNH"])
    response = client.post(url("partners:institution-create"), institution_facts(region, **facts))
    assert list(errors(response)) == [field]
    elsewhere = factories.make_region("Ulaanbaatar")
    assert (
        client.post(url("partners:institution-create"), institution_facts(elsewhere, **facts)).status_code
        == 302
    )


def test_the_tree_has_no_circle(client, officer):
    region = factories.make_region()
    ministry = factories.make_institution("Ministry", region=region)
    agency = factories.make_institution("Agency", region=region, parent=ministry)
    office = factories.make_institution("Office", region=region, parent=agency)
    typed = {"name": "Ministry", "kind": "hospital", "region": region.pk, "parent": "Office"}
    response = client.post(url("partners:institution-edit", ministry.pk), typed)
    assert errors(response) == {"parent": ["Office is itself part of Ministry."]}
    ministry.parent = office
    with pytest.raises(NotNow):
        places.change(ministry, by=officer, fields=["parent"])


def test_the_tree_stays_in_its_country_and_has_four_levels(client, officer):
    region = factories.make_region()
    parent = None
    for level in range(4):
        parent = factories.make_institution(f"Level {level}", region=region, parent=parent)
    fifth = Institution(name="Level 4", region=region, parent=parent)
    abroad = Institution(name="Abroad", region=factories.make_region("China", country="CN"), parent=parent)
    assert rules.objections_to_place(fifth) == {"parent": "The tree would be more than four levels deep."}
    assert rules.objections_to_place(abroad) == {"parent": "Level 3 is in another country."}


# Contacts -----------------------------------------------------------------------------------------


def contact_facts(institution, **facts):
    return {"institution": institution.label, "office": "Head of Human Resources", "language": "mn", **facts}


def test_an_office_may_stand_without_the_name_of_its_holder(client, officer):
    institution = factories.make_institution()
    response = client.post(url("partners:contact-create"), contact_facts(institution, since="2022"))
    contact = Contact.objects.get()
    assert response.url == url("partners:contact-detail", contact.pk)
    page = client.get(response.url).content.decode()
    assert "Who holds the office is not known." in page
    assert "1 January" not in page


def test_who_has_left_is_shown_apart(client, officer):
    institution = factories.make_institution()
    now = Contact.objects.create(institution=institution, office="Head", name="Now", until="2026-10")
    gone = Contact.objects.create(
        institution=institution, office="Head", name="Gone", since="2015", until="2026-09"
    )
    page = client.get(url("partners:institution-detail", institution.pk)).context
    assert (page["contacts"], page["former"]) == ([now], [gone])
    rows = client.get(url("partners:contact-list"), {"holds": "former"}).context["listing"].rows
    assert rows == [gone]


def test_who_leaves_before_they_came_is_refused_at_the_field(client, officer):
    response = client.post(
        url("partners:contact-create"),
        contact_facts(factories.make_institution(), since="2020", until="2019"),
    )
    assert errors(response) == {"until": ["They would have left before they came."]}


def test_a_contact_is_invited_to_nominate_once_a_day(client, officer):
    contact = Contact.objects.create(
        institution=factories.make_institution(),
        office="Head",
        name="Bat",
        email="bat@example.org",
        language="mn",
    )
    for _click in (1, 2):
        assert client.post(url("partners:contact-invite", contact.pk)).status_code == 302
    contact.refresh_from_db()
    assert (contact.user.email, contact.user.roles, contact.user.language) == (
        "bat@example.org",
        ["contact"],
        "mn",
    )
    assert contact.user.time_zone == "Asia/Ulaanbaatar"
    assert OutgoingMail.objects.filter(kind="invitation").count() == 1
    assert outgoing.outbox == []  # it leaves by the outbox


def test_who_has_no_address_cannot_be_invited(client, officer):
    contact = Contact.objects.create(institution=factories.make_institution(), office="Head")
    response = client.post(url("partners:contact-invite", contact.pk))
    assert response.status_code == 409
    assert response.context["refused"] == "There is no e-mail address to invite them by."
    assert User.objects.count() == 1


def test_who_has_left_the_office_sees_nothing_of_the_institution_any_more(client):
    contact = factories.make_contact()
    client.force_login(contact.user)
    page = url("partners:institution-detail", contact.institution_id)
    assert client.get(page).status_code == 200
    contact.until = "2026-09"
    contact.save()
    assert client.get(page).status_code == 404


def test_the_list_of_contacts_asks_as_often_for_three_rows_as_for_one(
    client, officer, django_assert_num_queries
):
    factories.make_contact()
    with django_assert_num_queries(4):
        client.get(url("partners:contact-list"))
    for name in ("B", "C"):
        factories.make_contact(institution=factories.make_institution(name))
    with django_assert_num_queries(4):
        assert len(client.get(url("partners:contact-list")).context["listing"].rows) == 3


def test_a_contact_is_found_by_name_office_and_institution(client, officer):
    wanted = factories.make_contact(
        institution=factories.make_institution("Agency", aliases=["HDC"]), name="Bat"
    )
    factories.make_contact(institution=factories.make_institution("Other"))
    for text in ("bat", "hdc"):
        assert client.get(url("partners:contact-list"), {"q": text}).context["listing"].rows == [wanted]


@pytest.mark.parametrize(
    "screen", ["partners:region-create", "partners:institution-create", "partners:contact-create"]
)
def test_a_viewer_enters_nothing(client, screen):
    client.force_login(factories.make_user(Role.VIEWER))
    assert client.post(url(screen), {}).status_code == 403


def test_a_verb_asks_for_the_permission_itself():
    viewer = factories.make_user(Role.VIEWER)
    contact = factories.make_contact()
    for verb in (
        lambda: places.enter(Region(name="X"), by=viewer),
        lambda: contacts.invite(contact, by=viewer),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_the_pages_of_a_contact_are_there(client, officer):
    contact = factories.make_contact()
    assert (
        client.get(url("partners:contact-edit", contact.pk)).context["form"]["institution"].value()
        == contact.institution.label
    )
    assert client.get(url("partners:contact-invite", contact.pk)).status_code == 200
    typed = contact_facts(contact.institution, phone="+976 11 111111", email=contact.email)
    assert client.post(url("partners:contact-edit", contact.pk), typed).status_code == 302
    assert Contact.objects.get().phone == "+976 11 111111"
