"""Partners are put away and not lost: archived, or merged into the one they are."""

import pytest
from django.urls import reverse

from partners.models import Contact, Institution, MouParty, Region
from portal.accounts.roles import Role
from portal.records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def merge(client, keep, lose, reason="the same hospital"):
    name = keep._meta.model_name
    return client.post(
        f"{reverse(f'partners:{name}-merge', args=[keep.pk])}?other={lose.pk}", {"reason": reason}
    )


def rows(client, name, **asked):
    return list(client.get(reverse(name), asked).context["listing"].rows)


def test_what_points_at_a_duplicate_points_at_the_kept_one(client, officer):
    keep = factories.make_institution("First National Hospital")
    lose = factories.make_institution("First State Hospital", aliases=["FSH"])
    mou = factories.make_mou(institution=lose)
    trainee = factories.make_trainee(institution=lose)
    contact = factories.make_contact(institution=lose)
    page = client.get(f"{reverse('partners:institution-merge', args=[keep.pk])}?other={lose.pk}")
    assert {moved.label: moved.count for moved in page.context["moves"]} == {
        "contacts": 1,
        "parties": 1,
        "trainees": 1,
    }
    assert merge(client, keep, lose).url == reverse("partners:institution-detail", args=[keep.pk])
    for row in (trainee, contact):
        row.refresh_from_db()
        assert row.institution == keep
    assert MouParty.objects.get(mou=mou, side="partner").institution == keep
    keep.refresh_from_db()
    assert keep.aliases == ["First State Hospital", "FSH"]
    assert [event.reason for event in Event.objects.filter(verb="merge")] == ["the same hospital"]


def test_two_are_not_alike_because_both_are_hospitals(client, officer):
    subject = factories.make_institution("Ansan General Hospital")
    factories.make_institution("Suwon General Hospital")
    twin = factories.make_institution("Hospital of Ansan")
    page = client.get(reverse("partners:institution-merge", args=[subject.pk]))
    assert list(page.context["found"]) == [twin]


def test_the_page_of_a_merged_one_leads_to_the_kept_one(client, officer):
    keep, lose = factories.make_institution("A"), factories.make_institution("B")
    merge(client, keep, lose)
    response = client.get(reverse("partners:institution-detail", args=[lose.pk]))
    assert response.url == reverse("partners:institution-detail", args=[keep.pk])
    assert rows(client, "partners:institution-list") == [keep]
    assert rows(client, "partners:institution-list", q="B") == [keep]
    assert client.get(reverse("partners:institution-edit", args=[lose.pk])).status_code == 404


def test_two_that_signed_one_mou_become_one_party(client, officer):
    keep, lose = factories.make_institution("A"), factories.make_institution("B")
    mou = factories.make_mou(institution=keep)
    MouParty.objects.create(mou=mou, side="partner", institution=lose)
    assert merge(client, keep, lose).status_code == 302
    assert [party.institution for party in mou.parties.filter(side="partner")] == [keep]


def test_a_region_is_merged_with_all_that_lies_in_it(client, officer):
    country = factories.make_region()
    facts = {"level": "province", "country": "MN", "parent": country}
    keep, lose = factories.make_region("Darkhan-Uul", **facts), factories.make_region("Darkhan Uul", **facts)
    home = factories.make_institution("Hospital", region=lose)
    assert merge(client, keep, lose).status_code == 302
    home.refresh_from_db()
    assert home.region == keep


def test_a_country_is_never_the_same_as_a_province(client, officer):
    country = factories.make_region()
    province = factories.make_region("Darkhan-Uul", level="province", country="MN", parent=country)
    response = merge(client, country, province)
    assert response.status_code == 409
    words = ["Only two countries, two provinces or two cities of one country can be the same."]
    assert response.context["refused"] == words
    assert Region.objects.filter(merged_into=None).count() == 2


def test_a_contact_entered_twice_is_one(client, officer):
    home = factories.make_institution()
    keep = Contact.objects.create(institution=home, office="Head", name="Bat")
    lose = Contact.objects.create(institution=home, office="Head of HR", name="Bat", email="bat@example.org")
    merge(client, keep, lose)
    keep.refresh_from_db()
    assert keep.email == "bat@example.org"
    assert rows(client, "partners:contact-list") == [keep]


@pytest.mark.parametrize("name", ["region", "institution", "contact"])
def test_what_is_archived_is_chosen_nowhere_and_can_be_taken_out_again(client, officer, name):
    contact = factories.make_contact()
    obj = {"region": contact.institution.region, "institution": contact.institution, "contact": contact}[name]
    client.post(reverse(f"partners:{name}-archive", args=[obj.pk]), {"reason": "closed"})
    assert rows(client, f"partners:{name}-list") == []
    assert rows(client, f"partners:{name}-list", archived="yes") == [obj]
    assert "archived" in client.get(reverse(f"partners:{name}-detail", args=[obj.pk])).content.decode()
    client.post(reverse(f"partners:{name}-unarchive", args=[obj.pk]))
    assert rows(client, f"partners:{name}-list") == [obj]


def test_what_something_points_at_is_not_deleted(client, officer):
    home = factories.make_institution()
    factories.make_trainee(institution=home)
    client.post(
        reverse("partners:institution-archive", args=[home.pk]), {"reason": "by mistake", "delete": "on"}
    )
    assert Institution.objects.get().is_archived


def test_what_nothing_points_at_may_be_deleted(client, officer):
    home = factories.make_institution()
    client.post(
        reverse("partners:institution-archive", args=[home.pk]), {"reason": "by mistake", "delete": "on"}
    )
    assert Institution.objects.count() == 0


# partners:region-archive, partners:region-unarchive, partners:region-merge, partners:institution-archive,
# partners:institution-unarchive, partners:contact-archive, partners:contact-unarchive and partners:contact-merge
# are asked for by their names put together above.
