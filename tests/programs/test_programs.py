"""Programs: their rules, their names over the years, and how they are put away."""

import re
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records.approximate import ApproximateDate
from portal.records.models import Event
from programs.models import Brand, Cohort, Criterion, Program
from programs.workflow import programs
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


def address(name, program=None):
    return reverse(name, args=[program.pk] if program else [])


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


CHANGES = [
    "programs:program-edit",
    "programs:program-brands",
    "programs:program-criteria",
    "programs:program-archive",
    "programs:program-restore",
]
TYPED = {
    "name": "Clinical training",
    "name_ko": "임상연수",
    "aliases": "GMTP\nMedical training",
    "kind": "invitation",
    "since": "2011",
    "follow_up_months": "12, 1 6",
    "min_years_of_practice": "3",
    "repeat_ban_years": "2",
    "required_languages": ["en", "ru"],
    "papers": ["passport", "cv"],
    "min_attendance": "80",
    "needs_placements": "on",
    "certificate_text": "has completed clinical training in Gyeonggi hospitals.",
}


# Entering and changing -----------------------------------------------------------------------------


def test_an_officer_enters_a_program_with_its_rules(client, officer):
    response = client.post(address("programs:program-create"), TYPED)

    program = Program.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        address("programs:program-detail", program),
    )
    assert (program.aliases, program.follow_up_months) == (["GMTP", "Medical training"], [1, 6, 12])
    assert (str(program.since), program.until) == ("2011", None)
    text = text_of(client.get(address("programs:program-detail", program)))
    for words in [
        "3 years of practice at least.",
        "Who completed a training here comes again after 2 years at the earliest.",
        "Speaks one of these: English and Russian.",
        "Papers required Passport (scan) and CV",
        "Attendance of 80% at least.",
        "Every confirmed placement is completed.",
        "Asked after 1, 6 and 12 months.",
        "Entered Kim Seo-yeon",
    ]:
        assert words in text
    assert "evaluation" not in text


def test_a_program_without_rules_says_that_it_asks_nothing(client, officer):
    program = factories.make_program(follow_up_months=[])

    text = text_of(client.get(address("programs:program-detail", program)))

    assert text.count("Nothing is asked.") == 2
    assert "Nobody is asked afterwards." in text
    assert "Nominees are not scored." in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("follow_up_months", "1, six", "Write months as whole numbers with commas: 1, 3, 6, 12."),
        ("follow_up_months", "0", "Write months as whole numbers with commas: 1, 3, 6, 12."),
        ("min_attendance", "130", "Ensure this value is less than or equal to 100."),
        ("until", "2009", "The end is before the beginning."),
        ("since", "soon", "Since"),
        ("name", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(client, officer, field, typed, words):
    response = client.post(address("programs:program-create"), TYPED | {field: typed})

    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="임상연수"' in response.content.decode()
    assert not Program.objects.exists()


def test_a_change_keeps_what_was_changed_and_names_it_in_the_trail(client, officer):
    program = factories.make_program(usual_weeks=4)
    page = client.get(address("programs:program-edit", program))
    typed = {name: value for name, value in TYPED.items() if name != "required_languages"}
    sent = typed | {"seen": page.context["form"].initial["seen"], "usual_weeks": "4"}

    assert client.post(address("programs:program-edit", program), sent).status_code == 302

    program.refresh_from_db()
    assert (program.min_attendance, program.usual_weeks) == (80, 4)
    fields = Event.objects.about(program).get(verb="change").data["fields"]
    assert "usual_weeks" not in fields
    assert {"min_attendance", "repeat_ban_years", "certificate_text"} <= set(fields)


def test_a_page_left_open_overwrites_nobodys_work(client, officer):
    program = factories.make_program()
    seen = client.get(address("programs:program-edit", program)).context["form"].initial["seen"]
    Program.objects.update(min_attendance=90)

    response = client.post(address("programs:program-edit", program), TYPED | {"seen": seen})

    assert response.status_code == 422
    assert "Somebody has changed this since you opened the page." in text_of(response)
    assert Program.objects.get().min_attendance == 90


def test_a_program_is_not_a_part_of_its_own_part(client, officer):
    whole = factories.make_program("Whole")
    part = factories.make_program("Part", part_of=whole)

    response = client.post(
        address("programs:program-edit", whole), {"name": "Whole", "kind": "invitation", "part_of": part.pk}
    )

    assert response.status_code == 422
    assert "That program is a part of this one." in text_of(response)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.CONTACT, Role.TRAINEE])
def test_only_who_runs_programs_changes_them(client, role):
    program, user = factories.make_program(), factories.make_user(role)
    client.force_login(user)

    for name in CHANGES:
        assert client.post(address(name, program), {}).status_code == 403
    with pytest.raises(PermissionDenied):
        programs.archive(program, by=user)
    assert Program.objects.get().archived_at is None


# Names over the years ------------------------------------------------------------------------------


def lines(prefix, rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        ("2014-05", "Old name"),
        ("2016", "Middle name"),
        ("2019-12-31", "Middle name"),
        ("2024", "Clinical training"),
    ],
)
def test_a_cohort_shows_the_name_of_its_year(client, officer, starts, shown):
    program = factories.make_program()
    Brand.objects.create(program=program, name="Old name", until=ApproximateDate.of("2015"))
    Brand.objects.create(
        program=program,
        name="Middle name",
        since=ApproximateDate.of("2016"),
        until=ApproximateDate.of("2019"),
    )
    cohort = factories.make_cohort(starts=starts, ends=starts)

    assert cohort.program_name == shown
    assert Cohort.objects.for_list().get().program_name == shown
    assert (
        f'<span class="over">{shown}</span>'
        in client.get(reverse("programs:cohort-detail", args=[cohort.pk])).content.decode()
    )


def test_the_same_name_twice_is_refused_in_words_and_nothing_of_it_is_kept(client, officer):
    program = factories.make_program()
    sent = lines("brands", [{"name": "Old name"}, {"name": "Old name"}])
    answer = client.post(address("programs:program-brands", program), sent)
    assert answer.status_code == 409
    assert "Two lines say the same." in answer.content.decode()
    assert not program.brands.exists()


def test_names_are_entered_changed_and_removed_on_one_page(client, officer):
    program = factories.make_program()
    rows = [{"name": "Old", "until": "2015"}, {"name": "New", "since": "2016"}]
    assert client.post(address("programs:program-brands", program), lines("brands", rows)).status_code == 302
    old, new = program.brands.all()
    assert (str(old.until), str(new.since)) == ("2015", "2016")

    rows = [
        {"id": old.pk, "name": "Old", "until": "2015", "DELETE": "on"},
        {"id": new.pk, "name": "Newer", "since": "2016-03"},
    ]
    assert (
        client.post(address("programs:program-brands", program), lines("brands", rows, 2)).status_code == 302
    )

    assert [(brand.name, str(brand.since)) for brand in program.brands.all()] == [("Newer", "2016-03")]
    assert Event.objects.about(program).filter(verb="change_brands").count() == 2


def test_wrong_years_of_a_name_are_said_at_the_field_and_nothing_is_kept(client, officer):
    program = factories.make_program()
    rows = [{"name": "Old", "since": "2016", "until": "2015"}, {"name": "New", "since": "2016"}]

    response = client.post(address("programs:program-brands", program), lines("brands", rows))

    assert response.status_code == 422
    assert "The end is before the beginning." in text_of(response)
    assert 'value="New"' in response.content.decode()
    assert not program.brands.exists()


def test_criteria_are_kept_in_the_order_they_are_written(client, officer):
    program = factories.make_program()
    rows = [{"name": "Motivation", "weight": "2"}, {"name": "Clinical need", "weight": "3"}, {"weight": "1"}]

    assert client.post(
        address("programs:program-criteria", program), lines("criteria", rows) | {"more": "1"}
    ).headers["Location"] == address("programs:program-criteria", program)

    assert list(Criterion.objects.values_list("name", "weight")) == [("Motivation", 2), ("Clinical need", 3)]
    text = text_of(client.get(address("programs:program-detail", program)))
    assert "Motivation weight 2 Clinical need weight 3" in text


@pytest.mark.parametrize("weight", ["0", "101", "much"])
def test_a_weight_that_counts_nothing_is_refused(client, officer, weight):
    program = factories.make_program()

    response = client.post(
        address("programs:program-criteria", program),
        lines("criteria", [{"name": "Motivation", "weight": weight}]),
    )

    assert response.status_code == 422
    assert not Criterion.objects.exists()


# Putting away --------------------------------------------------------------------------------------


def test_a_program_put_away_is_not_offered_to_a_new_cohort(client, officer):
    program, other = factories.make_program("Clinical"), factories.make_program("Nursing")
    assert "Cohorts, its graduates" not in text_of(client.get(address("programs:program-archive", other)))

    assert client.post(address("programs:program-archive", program)).status_code == 302

    choices = client.get(reverse("programs:cohort-create")).context["form"].fields["program"].queryset
    assert list(choices) == [other]
    assert "Put this program away" not in text_of(client.get(address("programs:program-detail", program)))
    assert client.post(address("programs:program-restore", program)).status_code == 302
    assert Program.objects.get(name="Clinical").archived_at is None
    assert [event.verb for event in Event.objects.about(program)] == ["restore", "archive"]


def test_a_program_with_a_cohort_under_way_is_not_put_away(client, officer):
    cohort = factories.make_cohort(state="nominating")

    response = client.post(address("programs:program-archive", cohort.program), follow=True)

    assert "A cohort of this program is still under way." in text_of(response)
    assert Program.objects.get().archived_at is None


# The list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_program_and_for_three(
    client, officer, django_assert_num_queries, rows
):
    whole = factories.make_program("Whole", aliases=["umbrella"])
    for number in range(rows):
        factories.make_cohort(program=factories.make_program(f"Program {number}", part_of=whole))

    with django_assert_num_queries(3):
        response = client.get(address("programs:program-list"))

    assert text_of(response).count("part of Whole") == rows


@pytest.mark.parametrize("cohorts", [1, 3])
def test_the_page_costs_the_same_for_one_cohort_and_for_three(
    client, officer, django_assert_num_queries, cohorts
):
    program = factories.make_program()
    for _number in range(cohorts):
        factories.make_cohort(program=program)
        Brand.objects.create(program=program, name=f"Name {_number}")

    client.get(address("programs:program-detail", program))  # content types are read once
    with django_assert_num_queries(10):
        response = client.get(address("programs:program-detail", program))

    assert text_of(response).count("2–27 November 2026") == cohorts


def test_the_list_is_searched_by_an_old_name_and_narrowed_to_what_is_offered(client, officer):
    program = factories.make_program("Clinical", aliases=["GMTP"])
    Brand.objects.create(program=program, name="Medical academy")
    gone = factories.make_program("Nursing")
    programs.archive(gone, by=officer)

    def found(**query):
        return [row.name for row in client.get(address("programs:program-list"), query).context["listing"]]

    assert found(q="academy") == ["Clinical"]
    assert found(q="gmtp") == ["Clinical"]
    assert found(standing="offered") == ["Clinical"]
    assert found(standing="archived") == ["Nursing"]
    assert found(q="nothing like it") == []


def test_an_empty_list_says_what_to_do_next(client, officer):
    text = text_of(client.get(address("programs:program-list")))

    assert "No program yet" in text
    assert "Enter a program" in text
