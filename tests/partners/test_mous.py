"""MOUs: as precise as the record, with everybody who signed, and files that only who may see the MOU can fetch."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.models import Mou, MouParty
from portal.accounts.roles import Role
from portal.records.approximate import ApproximateDate
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "partners:mou-list"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def page_of(client, mou):
    return client.get(reverse("partners:mou-detail", args=[mou.pk]))


def mou_of_three():
    mou = Mou.objects.create(signed=ApproximateDate(2022, 6, 9))
    for name in ("Wiltse Memorial Hospital", "Korea University Ansan Hospital"):
        MouParty.objects.create(mou=mou, side="gyeonggi", hospital=factories.make_hospital(name))
    second = factories.make_institution("Second National Hospital")
    MouParty.objects.create(mou=mou, side="partner", institution=second)
    return mou


def test_an_mou_without_a_title_is_called_by_everybody_who_signed():
    assert (
        str(mou_of_three())
        == "Wiltse Memorial Hospital, Korea University Ansan Hospital and Second National Hospital"
    )
    assert str(factories.make_mou()) == "Gyeonggi Province and First National Hospital"
    assert str(factories.make_mou(title="Rare diseases")) == "Rare diseases"


def test_an_mou_without_parties_has_its_number():
    mou = Mou.objects.create()
    assert str(mou) == f"MOU {mou.pk}"


def test_the_list_names_every_party_on_its_side(client, officer):
    mou_of_three()
    (mou,) = client.get(reverse(LIST)).context["listing"].rows
    assert [str(party) for party in mou.gyeonggi_side] == [
        "Wiltse Memorial Hospital",
        "Korea University Ansan Hospital",
    ]
    assert [str(party) for party in mou.partner_side] == ["Second National Hospital"]


def test_the_first_to_expire_comes_first_then_the_latest_signature(client, officer):
    signed = [("2011", None), ("2023-08", None), ("2020", "2030"), ("2020", "2027-03")]
    mous = [
        factories.make_mou(signed=ApproximateDate.of(day), expires=ApproximateDate.of(expires))
        for day, expires in signed
    ]
    rows = client.get(reverse(LIST)).context["listing"].rows
    assert rows == [mous[3], mous[2], mous[1], mous[0]]


def test_nothing_claims_more_than_is_known(client, officer):
    mou = factories.make_mou(signed=ApproximateDate(2015))
    page = page_of(client, mou).content.decode()
    assert mou.status.key == "signed"
    assert "Signed: 2015." in page
    assert "month not published" in page
    assert "Expiry not published." in page
    assert "Active" not in page


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, officer, django_assert_num_queries):
    mou_of_three()
    with django_assert_num_queries(5):
        client.get(reverse(LIST))
    factories.make_mou()
    factories.make_mou(institution=factories.make_institution("Other"))
    with django_assert_num_queries(5):
        assert len(client.get(reverse(LIST)).context["listing"].rows) == 3


def test_an_mou_is_found_by_any_party(client, officer):
    factories.make_mou()
    wanted = mou_of_three()
    for text in ("wiltse", "second national"):
        assert client.get(reverse(LIST), {"q": text}).context["listing"].rows == [wanted]


def test_the_chain_shows_what_came_before_and_after(client, officer):
    first = factories.make_mou(signed=ApproximateDate(2011))
    second = factories.make_mou(signed=ApproximateDate(2016), renews=first, succession="renewal")
    third = factories.make_mou(signed=ApproximateDate(2021), renews=second, succession="renewal")
    Mou.objects.filter(pk=second.pk).update(superseded_by=third)
    assert page_of(client, second).context["chain"] == [(first, "renewed by this one"), (third, "renews it")]
    assert page_of(client, first).context["chain"] == [(second, "renews it")]


def test_the_cohorts_under_it_are_listed(client, officer):
    mou, cohort, another = factories.make_mou(), factories.make_cohort(), factories.make_cohort()
    cohort.mous.add(mou)
    page = page_of(client, mou).content.decode()
    assert reverse("programs:cohort-detail", args=[cohort.pk]) in page
    assert reverse("programs:cohort-detail", args=[another.pk]) not in page


def test_the_page_asks_as_often_with_more_cohorts_and_files(client, officer, django_assert_num_queries):
    mou = mou_of_three()
    for number in (1, 2, 3):
        factories.make_cohort().mous.add(mou)
        factories.make_mou(renews=mou, succession="amendment")
        factories.make_scan(mou)
        if number in (1, 3):
            with django_assert_num_queries(11):
                page_of(client, mou)


def test_a_scan_is_a_download_of_its_own_mou_only(client, officer):
    mou, other = factories.make_mou(), factories.make_mou()
    scan = factories.make_scan(mou, b"%PDF-1.7 signed", name="signed.pdf")
    response = client.get(reverse("partners:mou-download", args=[mou.pk, scan.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 signed"
    assert response["Content-Disposition"] == 'attachment; filename="signed.pdf"'
    assert client.get(reverse("partners:mou-download", args=[other.pk, scan.pk])).status_code == 404


def test_a_contact_reads_the_mous_of_their_institution_and_no_other(client):
    own, other = factories.make_institution("Own"), factories.make_institution("Other")
    seen, hidden = factories.make_mou(institution=own), factories.make_mou(institution=other)
    scan = factories.make_scan(hidden)
    client.force_login(factories.make_contact(institution=own).user)
    assert page_of(client, seen).status_code == 200
    assert page_of(client, hidden).status_code == 404
    assert client.get(reverse("partners:mou-download", args=[hidden.pk, scan.pk])).status_code == 404
    assert client.get(reverse(LIST)).context["listing"].rows == [seen]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINEE])
def test_hospitals_and_trainees_see_no_mou(client, role):
    mou = factories.make_mou()
    client.force_login(factories.make_user(role))
    assert client.get(reverse(LIST)).status_code == 403
    assert page_of(client, mou).status_code == 403
    assert client.get(reverse("partners:mou-download", args=[mou.pk, 1])).status_code == 403


def upload(client, mou, content):
    data = {"kind": mou.kind, "signed": str(mou.signed), "scan": SimpleUploadedFile("scan.pdf", content)}
    inline = {"parties-TOTAL_FORMS": "0", "parties-INITIAL_FORMS": "0"}
    return client.post(reverse("admin:partners_mou_change", args=[mou.pk]), {**data, **inline})


def test_an_administrator_adds_a_scan_beside_those_already_there(client):
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    mou = factories.make_mou()
    assert upload(client, mou, b"%PDF-1.7 one").status_code == 302
    assert upload(client, mou, b"%PDF-1.7 two").status_code == 302
    kept = [(scan.number, scan.file.read()) for scan in mou.scans.all()]
    assert kept == [(2, b"%PDF-1.7 two"), (1, b"%PDF-1.7 one")]


def test_a_scan_that_is_something_else_is_refused(client):
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    mou = factories.make_mou()
    response = upload(client, mou, b"<html>")
    words = "“scan.pdf” is none of these: PDF, JPEG, PNG, TIFF. Its content was looked at, not its name."
    assert response.context["adminform"].form.errors == {"scan": [words]}
    assert mou.scans.count() == 0
