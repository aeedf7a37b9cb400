"""Hospitals that are archived, taken out again, deleted or merged, on their screens."""

import pytest
from django.urls import reverse

from hospitals.models import Hospital
from portal.accounts.roles import Role
from portal.records.merging import archive
from tests import factories

pytestmark = pytest.mark.django_db


def at(name, hospital, **query):
    return reverse(name, args=[hospital.pk], query=query or None)


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def test_an_archived_hospital_leaves_the_list_and_comes_back(client, officer):
    hospital = factories.make_department().hospital
    assert "Delete it for good" not in client.get(at("hospitals:hospital-archive", hospital)).content.decode()
    response = client.post(at("hospitals:hospital-archive", hospital), {"reason": "closed down"}, follow=True)
    assert "is archived" in response.content.decode()
    assert list(Hospital.objects.in_use()) == []
    assert client.post(at("hospitals:hospital-archive", hospital), {"reason": "again"}).status_code == 404
    client.post(at("hospitals:hospital-unarchive", hospital))
    assert list(Hospital.objects.in_use()) == [hospital]


def test_archiving_asks_for_a_reason(client, officer):
    hospital = factories.make_hospital()
    response = client.post(at("hospitals:hospital-archive", hospital), {"reason": ""})
    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": ["This field is required."]}


def test_a_hospital_where_somebody_is_to_come_is_not_archived(client, officer):
    placement = factories.make_placement(state="confirmed")
    hospital = placement.department.hospital
    response = client.post(at("hospitals:hospital-archive", hospital), {"reason": "closed"})
    assert response.status_code == 409
    assert response.context["refused"] == [
        "1 trainee is still to be here, until 27 November 2026. Move or cancel that placement first."
    ]


def test_what_nothing_points_at_may_be_deleted(client, officer):
    hospital = factories.make_hospital("Typo")
    response = client.post(
        at("hospitals:hospital-archive", hospital), {"reason": "typo", "delete": "on"}, follow=True
    )
    assert "“Typo” is deleted." in response.content.decode()
    assert response.redirect_chain == [(reverse("hospitals:hospital-list"), 302)]
    assert not Hospital.objects.exists()


def test_a_merge_begins_with_what_is_called_nearly_the_same(client, officer):
    hospital = factories.make_hospital("Soonchunhyang University Hospital Bucheon")
    twin = factories.make_hospital("Soon Chun Hyang Univ. Hospital, Bucheon")
    other = factories.make_hospital("Danwon Hospital", aliases=["Dan Won"])
    assert client.get(at("hospitals:hospital-merge", hospital)).context["found"] == [twin]
    assert client.get(at("hospitals:hospital-merge", hospital, q="dan won")).context["found"] == [other]
    assert client.get(at("hospitals:hospital-merge", hospital, q="dan\0 won")).context["found"] == [other]


def test_the_preview_says_what_moves_and_the_post_moves_it(client, officer):
    keep = factories.make_hospital("Wiltse Memorial Hospital")
    lose = factories.make_department(hospital=factories.make_hospital("Leon Wiltse", phone="031-1")).hospital
    address = at("hospitals:hospital-merge", keep, other=lose.pk)
    preview = client.get(address)
    assert [(moved.label, moved.count) for moved in preview.context["moves"]] == [("departments", 1)]
    assert (preview.context["aliases"], preview.context["filled"]) == (["Leon Wiltse"], ["phone"])
    assert client.post(address, {"reason": ""}).status_code == 422
    response = client.post(address, {"reason": "one hospital"}, follow=True)
    assert response.redirect_chain == [(at("hospitals:hospital-detail", keep), 302)]
    moved = client.get(at("hospitals:hospital-detail", lose), follow=True)
    assert moved.redirect_chain == [(at("hospitals:hospital-detail", keep), 302)]
    assert "“Leon Wiltse” was merged into this record." in moved.content.decode()
    assert client.post(address, {"reason": "twice"}).status_code == 404


def test_the_other_one_may_stay_instead(client, officer):
    one, other = factories.make_hospital("One"), factories.make_hospital("Other")
    client.post(at("hospitals:hospital-merge", one, other=other.pk, keep=other.pk), {"reason": "the same"})
    assert list(Hospital.objects.in_use()) == [other]


def test_what_forbids_a_merge_stands_on_the_preview(client, officer):
    one, other = factories.make_hospital("One"), factories.make_hospital("Other")
    archive(one, by=officer, reason="closed")
    preview = client.get(at("hospitals:hospital-merge", one, other=other.pk))
    assert preview.context["refused"] == ["One is archived. Take it out of the archive first."]
    assert 'method="post" class="confirm"' not in preview.content.decode()


def test_a_coordinator_follows_the_old_address_to_their_hospital(client, officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    coordinator = factories.make_coordinator(lose)
    client.post(at("hospitals:hospital-merge", keep, other=lose.pk), {"reason": "the same"})
    client.force_login(coordinator.user)
    assert client.get(at("hospitals:hospital-detail", lose)).status_code == 302
    assert client.get(at("hospitals:hospital-detail", keep)).status_code == 200
