"""What the public record says of partners comes out exactly as precise as it went in, in both languages."""

import pytest
from django.conf import settings
from django.urls import reverse

from hospitals.models import Hospital, Specialty
from partners.models import Institution, Mou, Region
from portal.accounts.roles import Role
from portal.desk.demo import record
from tests import factories

pytestmark = pytest.mark.django_db
PADDED = ("1 January", "January 1", "1월 1일")


@pytest.fixture
def loaded():
    record.load()


@pytest.fixture(params=["en", "ko"])
def reader(client, loaded, request):
    client.force_login(factories.make_user(Role.OFFICER, language=request.param))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = request.param
    return request.param


def mou_with(*parties):
    for mou in Mou.objects.with_parties():
        if sorted(_name(party) for party in mou.every_party) == sorted(parties):
            return mou
    raise LookupError(parties)


def _name(party):
    return "Gyeonggi Province" if party.is_province else party.party.name


MOUS = [
    (("Gyeonggi Province", "Khabarovsk Krai"), "2011", "2011년"),
    (("Gyeonggi Province", "Ulaanbaatar"), "2015", "2015년"),
    (("Gyeonggi Province", "Darkhan-Uul"), "July 2021", "2021년 7월"),
    (("Gyeonggi Province", "Health Development Center"), "August 2023", "2023년 8월"),
    (("Myongji Hospital", "First National Hospital"), "June 2022", "2022년 6월"),
    (("Myongji Hospital", "Asralt Med Hospital"), "June 2022", "2022년 6월"),
    (
        ("Wiltse Memorial Hospital", "Korea University Ansan Hospital", "Second National Hospital"),
        "9 June 2022",
        "2022년 6월 9일",
    ),
]


@pytest.mark.parametrize(("parties", "english", "korean"), MOUS)
def test_an_mou_is_signed_exactly_when_the_record_says(client, reader, parties, english, korean):
    mou = mou_with(*parties)
    words = english if reader == "en" else korean
    page = client.get(reverse("partners:mou-detail", args=[mou.pk])).content.decode()
    assert (f"Signed: {words}. " if reader == "en" else f"{words}") in page
    listed = client.get(reverse("partners:mou-list")).content.decode()
    assert f">{words}<" in listed
    partner = mou.partner_side[0]
    name = "region" if partner.region_id else "institution"
    story = client.get(reverse(f"partners:{name}-detail", args=[partner.party.pk]))
    assert words in [entry.when for entry in story.context["entries"]]
    for text in (page, listed, story.content.decode()):
        assert not any(padded in text for padded in PADDED)
    assert mou.status.key == "signed"


def test_the_cooperation_with_the_health_development_center_is_older_than_its_mou(client, reader):
    center = Institution.objects.get(name="Health Development Center")
    page = client.get(reverse("partners:institution-detail", args=[center.pk]))
    sentences = {
        "en": "Cooperation from June 2022, MOU August 2023.",
        "ko": "2022년 6월부터 협력, 2023년 8월 업무협약 체결.",
    }
    assert page.context["standing"] == sentences[reader]
    whens = {"en": ["August 2023", "June 2022"], "ko": ["2023년 8월", "2022년 6월"]}
    assert [entry.when for entry in page.context["entries"]] == whens[reader]
    mou = client.get(reverse("partners:mou-detail", args=[mou_with("Gyeonggi Province", center.name).pk]))
    assert mou.context["began_before"] == [center]


def test_everything_of_the_record_is_there_with_its_articles(loaded):
    facts = record.record()
    assert Region.objects.count() == len(facts["regions"])
    assert Specialty.objects.count() == len(facts["specialties"])
    assert Hospital.objects.count() == len(facts["host_hospitals"])
    assert Mou.objects.count() == len(facts["mous"])
    for fact in facts["institutions"]:
        institution = Institution.objects.get(name=fact["name"])
        assert {source.key for source in institution.sources.all()} == set(fact.get("source", []))
        assert institution.region.name == fact["region"]
    for fact in facts["mous"]:
        assert {source.key for source in mou_with(*fact["parties"]).sources.all()} == set(fact["source"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Дархан", "Darkhan-Uul"),
        ("울란바토르", "Ulaanbaatar"),
        ("Хабаровский край", "Khabarovsk Krai"),
        ("Приморский", "Primorsky Krai"),
        ("몽골", "Mongolia"),
    ],
)
def test_a_region_is_found_in_every_script(client, reader, typed, name):
    rows = client.get(reverse("partners:region-list"), {"q": typed}).context["listing"].rows
    assert [row.name for row in rows] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Улсын хоёрдугаар", "Second National Hospital"),
        ("보건개발센터", "Health Development Center"),
    ],
)
def test_an_institution_is_found_in_every_script(client, reader, typed, name):
    rows = client.get(reverse("partners:institution-list"), {"q": typed}).context["listing"].rows
    assert [row.name for row in rows] == [name]


def test_no_expiry_is_claimed_anywhere(client, reader):
    runs = client.get(reverse("partners:mou-timeline")).context["rows"]
    open_ = {"en": "expiry not published", "ko": "만료일 미공개"}[reader]
    assert [row[-1].words for _mou, row in runs] == [open_] * len(MOUS)
