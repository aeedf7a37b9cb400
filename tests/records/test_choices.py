"""What is put away is chosen nowhere any more, and stays where it is chosen already."""

import pytest
from django.urls import reverse

from partners.models import Contact, MouParty
from portal.accounts.roles import Role
from portal.records import clock, merging
from portal.records.approximate import ApproximateCount
from programs.models import HeadCount, Quota
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = factories.make_user(Role.MANAGER)
    client.force_login(user)
    return user


def put_away(record):
    record.archived_at = clock.now()
    record.save()
    return record


def one_of_each(word):
    """A region, an institution with an office, a hospital with a department, a specialty: all called by the word."""
    region = factories.make_region(f"{word} country", country="KZ", time_zone="")
    institution = factories.make_institution(f"{word} clinic", region=region)
    contact = Contact.objects.create(institution=institution, office=f"{word} office")
    hospital = factories.make_hospital(f"{word} hospital")
    specialty = factories.make_specialty(f"{word} specialty")
    return [region, institution, contact, hospital, specialty]


@pytest.fixture
def records():
    one_of_each("Open")
    return [put_away(record) for record in one_of_each("Closed")]


def offered(client, address):
    """Which kinds of the open records a page names, and which of those put away."""
    text = client.get(address).content.decode()
    kinds = ("country", "clinic", "office", "hospital", "specialty")
    return [[kind for kind in kinds if f"{word} {kind}" in text] for word in ("Open", "Closed")]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("participants:trainee-create", ["clinic", "specialty"]),
        ("programs:cohort-create", ["hospital"]),
        ("partners:region-create", ["country"]),
        ("partners:institution-create", ["country", "clinic"]),
        ("partners:contact-create", ["country", "clinic"]),
        ("partners:mou-create", ["country", "clinic", "hospital"]),
        ("hospitals:specialty-create", ["specialty"]),
        ("desk:user-invite", ["clinic", "office", "hospital"]),
    ],
)
def test_a_form_offers_what_is_in_use_and_nothing_that_is_put_away(client, manager, records, name, kinds):
    assert offered(client, reverse(name)) == [kinds, []]


def test_the_forms_of_a_cohort_a_person_and_a_hospital_do_the_same(client, manager, records):
    cohort, trainee = factories.make_cohort(state="nominating"), factories.make_trainee()
    pages = {
        reverse("programs:headcount-create", args=[cohort.pk]): ["country"],
        reverse("programs:cohort-quotas", args=[cohort.pk]): ["country"],
        f"{reverse('programs:enrollment-create', args=[cohort.pk])}?trainee={trainee.pk}": ["clinic"],
        reverse("participants:passport-edit", args=[trainee.pk]): ["clinic"],
        reverse("hospitals:department-create", args=[factories.make_hospital().pk]): ["specialty"],
    }
    assert {address: offered(client, address) for address in pages} == {
        address: [kinds, []] for address, kinds in pages.items()
    }


def test_what_was_merged_is_offered_under_the_name_that_stays_alone(client, manager):
    keep, lose = factories.make_institution("First clinic"), factories.make_institution("Second clinic")
    merging.merge(keep, lose, by=manager, reason="the same")
    form = client.get(reverse("participants:trainee-create")).context["form"]
    assert list(form.fields["institution"].queryset) == [keep]


def test_what_is_chosen_already_stays_and_is_kept(client, manager, records):
    region, institution, contact, hospital, specialty = records
    trainee = factories.make_trainee(institution=institution, specialty=specialty)
    cohort = factories.make_cohort()
    cohort.hospitals.add(hospital)
    line = HeadCount.objects.create(cohort=cohort, count=ApproximateCount(6))
    line.regions.add(region)
    Quota.objects.create(cohort=cohort, region=region, seats=2)
    pages = {
        reverse("participants:trainee-edit", args=[trainee.pk]): ["clinic", "specialty"],
        reverse("programs:cohort-edit", args=[cohort.pk]): ["hospital"],
        reverse("programs:headcount-edit", args=[line.pk]): ["country"],
        reverse("programs:cohort-quotas", args=[cohort.pk]): ["country"],
        reverse("partners:contact-edit", args=[contact.pk]): ["country", "clinic", "office"],
    }
    assert {address: offered(client, address)[1] for address in pages} == pages


def test_an_mou_keeps_its_parties_that_are_put_away(client, manager, records):
    _region, institution, _contact, hospital, _specialty = records
    mou = factories.make_mou(institution=institution)
    MouParty.objects.create(mou=mou, side="gyeonggi", hospital=hospital)
    address = reverse("partners:mou-edit", args=[mou.pk])
    posted = {
        "ours-TOTAL_FORMS": 2,
        "ours-INITIAL_FORMS": 0,
        "ours-0-party": "province",
        "ours-1-party": hospital.pk,
        "theirs-TOTAL_FORMS": 1,
        "theirs-INITIAL_FORMS": 0,
        "theirs-0-party": institution.label,
        "kind": mou.kind,
        "title": "Another title",
        "signed": "2023-08",
        "seen": client.get(address).context["form"].initial["seen"],
    }
    assert client.post(address, posted).status_code == 302
    mou.refresh_from_db()
    assert mou.title == "Another title"
    assert set(mou.parties.values_list("hospital", "institution")) == {
        (None, None),
        (hospital.pk, None),
        (None, institution.pk),
    }


def test_another_mou_does_not_get_a_party_that_is_put_away(client, manager, records):
    posted = {
        "ours-TOTAL_FORMS": 1,
        "ours-INITIAL_FORMS": 0,
        "ours-0-party": records[3].pk,
        "theirs-TOTAL_FORMS": 1,
        "theirs-INITIAL_FORMS": 0,
        "theirs-0-party": records[1].label,
        "kind": "cooperation",
    }
    page = client.post(reverse("partners:mou-create"), posted)
    assert page.status_code == 422
    assert len(page.context["errors"]) == 2
