"""Regions: the list, and the page that tells the whole relationship on one time line."""

import pytest
from django.urls import reverse

from participants.models import Graduation
from partners.models import Contact, MouParty
from portal.accounts.roles import Role
from portal.records.approximate import ApproximateCount, ApproximateDate, Precision
from portal.records.models import Source
from programs.models import HeadCount
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "partners:region-list"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def page_of(client, region):
    return client.get(reverse("partners:region-detail", args=[region.pk]))


def entries(response):
    return [(entry.when, entry.title, entry.precision) for entry in response.context["entries"]]


def story(number=1):
    """A country with a province, and in these an institution, an MOU, a cohort with people, and a graduate."""
    country = factories.make_region("Russia", country="RU")
    part = factories.make_region(f"Krai {number}", level="province", country="RU", parent=country)
    home = factories.make_institution(f"Clinic {number}", region=part)
    factories.make_contact(institution=home)
    mou = factories.make_mou(institution=home)
    mou.sources.add(
        Source.objects.create(key=f"s{number}", title="t", publisher="News", published=ApproximateDate(2023))
    )
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(institution=home))
    line = HeadCount.objects.create(cohort=cohort, count=ApproximateCount(6))
    line.regions.add(part)
    graduation = factories.make_graduation(trainee=factories.make_trainee(institution=home))
    graduation.hospitals.add(factories.make_hospital())
    return country, part


def test_the_time_line_is_newest_first_and_marks_what_is_known(client, officer):
    region = factories.make_region()
    home = factories.make_institution(region=region)
    for signed in ("2015", "2022-06", "2022-06-09", "2022"):
        factories.make_mou(institution=home, signed=ApproximateDate.of(signed))
    mou = "MOU of Gyeonggi Province with First National Hospital"
    assert entries(page_of(client, region)) == [
        ("9 June 2022", mou, "day"),
        ("June 2022", mou, "month"),
        ("2022", mou, "year"),
        ("2015", mou, "year"),
    ]


def test_the_relationship_is_drawn_and_says_the_same_as_the_list(client, officer):
    country, _part = story()
    page = page_of(client, country)
    lanes = {lane.label: [mark.words for mark in lane.marks] for lane in page.context["chart"]["lanes"]}
    told = [entry.when for entry in page.context["entries"]]
    assert set(lanes) == {"Agreements", "People"}
    assert lanes["Agreements"] == ["August 2023 · Clinic 1"]
    assert sorted(words.split(" · ")[0] for found in lanes.values() for words in found) == sorted(told)
    assert "The same stands in words in the list below." in page.content.decode()


def test_what_lies_below_a_region_is_told_with_it_and_what_lies_elsewhere_is_not(client, officer):
    country, part = story()
    elsewhere = factories.make_region("Kazakhstan", country="KZ")
    factories.make_mou(institution=factories.make_institution("Elsewhere", region=elsewhere))
    assert len(entries(page_of(client, country))) == 3
    assert entries(page_of(client, country)) == entries(page_of(client, part))
    assert [title for _when, title, _precision in entries(page_of(client, elsewhere))] == [
        "MOU of Gyeonggi Province with Elsewhere"
    ]


def test_a_city_in_a_province_belongs_to_the_country(client, officer):
    country, part = story()
    city = factories.make_region("Artyom", level="city", country="RU", parent=part)
    factories.make_mou(institution=factories.make_institution("City Clinic", region=city))
    titles = [title for _when, title, _precision in entries(page_of(client, country))]
    assert "MOU of Gyeonggi Province with City Clinic" in titles


def test_people_by_number_and_people_by_name_are_told_apart(client, officer):
    country, _part = story()
    cohort_entry = page_of(client, country).context["entries"][0]
    assert cohort_entry.body == "From here, by the record: 6. 1 trainee from here by name."


def test_a_split_that_is_not_known_is_said_to_be_unknown(client, officer):
    mongolia = factories.make_region()
    uzbekistan = factories.make_region("Uzbekistan", country="UZ")
    line = HeadCount.objects.create(
        cohort=factories.make_cohort(), count=ApproximateCount(12, Precision.ABOUT)
    )
    line.regions.add(mongolia, uzbekistan)
    (entry,) = page_of(client, mongolia).context["entries"]
    assert (
        entry.body
        == "about 12 people from Mongolia and Uzbekistan; how many came from each is not published."
    )


def test_each_fact_names_its_source(client, officer):
    country, _part = story()
    sources = {entry.title: entry.source for entry in page_of(client, country).context["entries"]}
    assert sources["MOU of Gyeonggi Province with Clinic 1"] == "Source: News, 2023"


def test_a_graduate_of_this_cohort_is_not_told_twice(client, officer):
    region = factories.make_region()
    factories.make_enrollment(
        state="completed", trainee=factories.make_trainee(institution=factories.make_institution(region=region)),
        cohort=factories.make_cohort(state="nominating"),
    )  # fmt: skip
    (entry,) = page_of(client, region).context["entries"]
    assert entry.body == "1 trainee from here by name. 1 has graduated."


def test_an_empty_region_says_so(client, officer):
    page = page_of(client, factories.make_region()).content.decode()
    assert "Nothing is recorded yet" in page
    assert "No MOU is recorded." in page


def test_a_country_lists_its_institutions_as_a_tree(client, officer):
    region = factories.make_region()
    ministry = factories.make_institution("Ministry", region=region)
    factories.make_institution("Agency", region=region, parent=ministry)
    (branch,) = page_of(client, region).context["tree"]
    assert (branch.institution.name, [part.institution.name for part in branch.parts]) == (
        "Ministry",
        ["Agency"],
    )


def test_the_page_asks_thirteen_times_however_much_it_tells(client, officer, django_assert_num_queries):
    for number in (1, 2, 3):
        country, _part = story(number)
        if number in (1, 3):
            with django_assert_num_queries(13):
                page_of(client, country)


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, officer, django_assert_num_queries):
    factories.make_region()
    with django_assert_num_queries(3):
        client.get(reverse(LIST))
    for name in ("Cambodia", "Malawi"):
        factories.make_region(name)
    with django_assert_num_queries(3):
        rows = client.get(reverse(LIST)).context["listing"].rows
    assert len(rows) == 3


def test_the_list_counts_what_lies_below_and_keeps_a_country_together(client, officer):
    story(1)
    story(2)
    factories.make_region("Cambodia", country="KH")
    rows = client.get(reverse(LIST)).context["listing"].rows
    assert [(row.name, row.institution_count, row.mou_count) for row in rows] == [
        ("Cambodia", 0, 0),
        ("Mongolia", 1, 0),  # of the factories
        ("Russia", 2, 2),
        ("Krai 1", 1, 1),
        ("Krai 2", 1, 1),
    ]


def test_a_region_is_found_by_every_name_it_was_printed_with(client, officer):
    factories.make_region("Cambodia")
    wanted = factories.make_region("Khabarovsk Krai", name_local="Хабаровский край", aliases=["Chabarovsk"])
    for text in ("хабаровск", "chaba", "krai"):
        assert client.get(reverse(LIST), {"q": text}).context["listing"].rows == [wanted]


def test_a_contact_sees_their_own_region_with_their_own_mous_and_graduates_and_nothing_of_cohorts(client):
    country, part = story()
    theirs = Contact.objects.get()
    other = factories.make_institution("Other Clinic", region=part)
    factories.make_mou(institution=other)
    factories.make_graduation(trainee=factories.make_trainee("Other Person", institution=other))
    client.force_login(theirs.user)
    graduate = Graduation.objects.get(trainee__institution=theirs.institution)
    assert [title for _when, title, _precision in entries(page_of(client, part))] == [
        "MOU of Gyeonggi Province with Clinic 1",
        f"{graduate.trainee} trained at {graduate.hospitals.get()}",
    ]
    page = page_of(client, part).content.decode()
    assert reverse("participants:trainee-detail", args=[graduate.trainee_id]) not in page
    assert "Other Clinic" not in page
    assert "No contact yet" not in page
    assert page_of(client, country).status_code == 404
    (row,) = client.get(reverse(LIST)).context["listing"].rows
    assert (row.pk, row.institution_count, row.mou_count) == (part.pk, 1, 1)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINEE])
def test_hospitals_and_trainees_see_no_region(client, role):
    region = factories.make_region()
    client.force_login(factories.make_user(role))
    assert client.get(reverse(LIST)).status_code == 403
    assert page_of(client, region).status_code == 403


def test_a_region_may_itself_be_a_party(client, officer):
    region = factories.make_region()
    mou = factories.make_mou(institution=factories.make_institution(region=factories.make_region("Malawi")))
    MouParty.objects.create(mou=mou, side="partner", region=region)
    assert len(entries(page_of(client, region))) == 1
