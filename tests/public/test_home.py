"""The public home and the pages of plain words."""

from datetime import date

import pytest
from django.urls import reverse

from portal.public import figures
from portal.records import clock
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.models import Source
from programs.models import HeadCount
from tests.factories import make_cohort, make_graduation, make_trainee

pytestmark = pytest.mark.django_db
PAST = {"starts": date(2014, 5, 26), "ends": date(2014, 6, 21)}


def head_count(count, **fields):
    return HeadCount.objects.create(
        cohort=make_cohort(**{**PAST, **fields}), count=ApproximateCount.of(count)
    )


def test_recorded_people_are_counted_once_with_head_counts_beside_them():
    murum = make_trainee()
    make_graduation(trainee=murum, completed="2016")
    make_graduation(trainee=murum, completed="2018")
    head_count(10)
    head_count(12, starts=ApproximateDate(2022, 10), ends=date(2022, 11, 25))
    found = figures.participants()
    assert (found.published, found.recorded, found.gap) == (743, ApproximateCount(23), ApproximateCount(720))


def test_sum_with_an_approximate_part_keeps_its_word(client):
    head_count(10)
    head_count("about 30")
    found = figures.participants()
    assert found.recorded.words() == "about 40"
    assert found.gap.words() == "about 703"
    page = client.get("/").content.decode()
    assert "<dd>about 40</dd>" in page


def test_people_after_the_published_day_and_invented_people_are_not_counted_against_it():
    head_count(10)
    head_count(30, starts=date(2024, 12, 15), ends=date(2024, 12, 19))
    head_count(5, is_invented=True)
    make_graduation(completed="2026-05")
    make_graduation(trainee=make_trainee(is_invented=True), completed="2016")
    assert figures.participants().recorded == ApproximateCount(10)


def test_home_shows_published_recorded_and_gap_with_the_source(client):
    Source.objects.create(
        key="A2022-11",
        title="Program restarted",
        publisher="e-News",
        published=ApproximateDate(2022, 11, 28),
        views=979,
    )
    head_count(10)
    page = client.get("/").content.decode()
    assert "743" in page
    assert "published, 28 November 2022" in page
    assert "733" in page
    assert "Source: e-News, “Program restarted”" in page


def test_open_programs_are_those_that_can_be_nominated_for(client):
    opened = make_cohort(state="nominating", nominate_by=date(2026, 8, 1), seats=12)
    closed = make_cohort(state="nominating", nominate_by=date(2026, 6, 30))
    planned, placing = make_cohort(), make_cohort(state="placing")
    with clock.at(date(2026, 7, 1)):
        page = client.get("/").content.decode()
    assert str(opened) in page
    assert "1 August 2026" in page
    assert 'href="mailto:training@gyeonggi.example"' in page
    for cohort in (closed, planned, placing):
        assert str(cohort) not in page


def test_news_are_the_articles_latest_first_with_date_views_and_language(client):
    for key, day, views in (("A1", "2014-06-23", 600), ("A2", "2022-08-26", 1410), ("A3", "2024", None)):
        Source.objects.create(key=key, title=f"Article {key}", publisher="e-News", published=day, views=views)
    page = client.get("/").content.decode()
    assert page.index("Article A3") < page.index("Article A2") < page.index("Article A1")
    assert "26 August 2022" in page
    assert "1,410 views" in page
    assert "English" in page


def test_empty_portal_has_a_home_page_too(client, django_assert_num_queries):
    with django_assert_num_queries(5):
        page = client.get("/").content.decode()
    assert "Nothing is open now" in page
    assert "No news yet" in page


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
def test_pages_of_plain_words_open_and_are_linked_below_every_page(client, name):
    url = reverse(f"public:{name}")
    assert client.get(url).status_code == 200
    assert f'href="{url}"' in client.get("/").content.decode()


def test_public_pages_follow_the_chosen_language(client):
    assert client.get("/").headers["Content-Language"] == "en"
    client.post(reverse("accounts:language-set"), {"language": "ko", "next": "/"})
    response = client.get("/")
    assert response.headers["Content-Language"] == "ko"
    assert '<html lang="ko"' in response.content.decode()
