"""The tree of specialties: shown, changed, moved without a circle, merged, archived."""

import contextlib

import pytest
from django.db.models.query import QuerySet
from django.urls import reverse

from hospitals.models import Specialty
from hospitals.workflow import entries, specialties
from portal.accounts.roles import Role
from portal.records.transitions import NotNow
from tests import factories
from tests.threads import at_once, meet_before

pytestmark = pytest.mark.django_db

LIST, CREATE = "hospitals:specialty-list", "hospitals:specialty-create"


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


def at(name, obj, **query):
    return reverse(name, args=[obj.pk], query=query or None)


def below(parent, name, **fields):
    return Specialty.objects.create(name=name, parent=parent, **fields)


def rows(client, **filters):
    found = client.get(reverse(LIST), filters).context["rows"]
    return [(row.depth, row.specialty.name, row.is_found) for row in found]


def test_the_list_is_a_tree_and_a_search_keeps_the_way_to_what_it_finds(client, officer):
    surgery = factories.make_specialty("surgery")
    heart = below(surgery, "cardiovascular surgery", name_ko="심장혈관외과")
    below(heart, "vascular surgery", aliases=["vessels"])
    factories.make_specialty("nursing")
    assert rows(client) == [
        (0, "nursing", True), (0, "surgery", True), (1, "cardiovascular surgery", True), (2, "vascular surgery", True),
    ]  # fmt: skip
    assert rows(client, q="VESSEL") == [
        (0, "surgery", False), (1, "cardiovascular surgery", False), (2, "vascular surgery", True),
    ]  # fmt: skip
    assert rows(client, q="심장") == [(0, "surgery", False), (1, "cardiovascular surgery", True)]
    assert rows(client, q="nothing") == []


def test_the_list_asks_as_often_for_three_as_for_one(client, officer, django_assert_num_queries):
    factories.make_department(specialty="a")
    with django_assert_num_queries(3):
        client.get(reverse(LIST))
    factories.make_department(specialty="b")
    factories.make_department(specialty="c")
    with django_assert_num_queries(3):
        assert len(rows(client)) == 3


def test_a_coordinator_reads_the_tree_with_their_own_departments_counted(client):
    department, _other = factories.make_department(), factories.make_department()
    client.force_login(factories.make_coordinator(department.hospital).user)
    response = client.get(reverse(LIST))
    assert [row.specialty.department_count for row in response.context["rows"]] == [1]
    assert "Enter a specialty" not in response.content.decode()
    detail = client.get(at("hospitals:specialty-detail", department.specialty))
    assert list(detail.context["departments"]) == [department]


def test_a_specialty_is_entered_and_moved(client, officer):
    surgery = factories.make_specialty("surgery")
    data = {
        "name": "neurosurgery",
        "name_ko": "신경외과",
        "aliases": "brain surgery\nspine",
        "parent": surgery.pk,
    }
    assert client.post(reverse(CREATE), data).status_code == 302
    entered = Specialty.objects.get(name="neurosurgery")
    assert (entered.parent, entered.aliases) == (surgery, ["brain surgery", "spine"])
    client.post(at("hospitals:specialty-edit", entered), {**data, "parent": ""})
    entered.refresh_from_db()
    assert entered.parent is None


def test_nothing_becomes_a_part_of_itself(client, officer):
    top = factories.make_specialty("top")
    bottom = below(below(top, "middle"), "bottom")
    response = client.post(at("hospitals:specialty-edit", top), {"name": "top", "parent": bottom.pk})
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "parent": ["It would become a part of itself. Choose another one."]
    }


def test_a_name_of_another_one_says_so_at_its_field(client, officer):
    below(None, "orthopedics", aliases=["Orthopaedics"])
    data = {"name": "ORTHOPAEDICS", "name_ko": "", "aliases": "x" * 121}
    errors = client.post(reverse(CREATE), data).context["form"].errors
    assert errors["name"] == ["“ORTHOPAEDICS” is a name of “Orthopedics” already."]
    assert list(errors) == ["aliases", "name"]


def test_two_are_merged_with_a_preview_and_their_trainees_and_departments_move(client, officer):
    keep, lose = factories.make_specialty("orthopedics"), factories.make_specialty("orthopaedics")
    department = factories.make_department(specialty="orthopaedics")
    trainee = factories.make_trainee(specialty=lose)
    preview = client.get(at("hospitals:specialty-merge", keep, other=lose.pk))
    assert sorted((moved.label, moved.count) for moved in preview.context["moves"]) == [
        ("departments", 1), ("trainees", 1),
    ]  # fmt: skip
    client.post(at("hospitals:specialty-merge", keep, other=lose.pk), {"reason": "one spelling"})
    department.refresh_from_db()
    trainee.refresh_from_db()
    keep.refresh_from_db()
    assert (department.specialty, trainee.specialty, keep.aliases) == (keep, keep, ["orthopaedics"])
    assert client.get(at("hospitals:specialty-detail", lose)).headers["Location"] == at(
        "hospitals:specialty-detail", keep
    )


def test_an_archived_one_is_shown_where_it_is_asked_for_and_chosen_nowhere(client, officer):
    specialty = factories.make_department(specialty="old").specialty
    client.post(at("hospitals:specialty-archive", specialty), {"reason": "not taught any more"})
    assert rows(client) == []
    assert rows(client, archived="1") == [(0, "old", True)]
    page = client.get(reverse("hospitals:department-create", args=[factories.make_hospital().pk]))
    assert list(page.context["form"].fields["specialty"].queryset) == []
    client.post(at("hospitals:specialty-unarchive", specialty))
    assert rows(client) == [(0, "old", True)]


def test_the_page_counts_the_people_who_have_it(client, officer):
    specialty = factories.make_specialty("urology")
    factories.make_trainee(specialty=specialty)
    factories.make_trainee()
    assert (
        "1 person has this specialty."
        in client.get(at("hospitals:specialty-detail", specialty)).content.decode()
    )


# Races ----------------------------------------------------------------------------------------------


def _under_each_other():
    """Two officers at one moment: each puts one of two below the other."""
    one, other = factories.make_specialty("one"), factories.make_specialty("other")
    officers = [factories.make_user(Role.OFFICER) for _ in range(2)]

    def job(specialty, parent, by):
        def run():
            moved = Specialty.objects.get(pk=specialty.pk)
            moved.parent = parent
            with contextlib.suppress(NotNow):
                specialties.change(moved, by=by, fields=["parent"])

        return run

    at_once(job(one, other, officers[0]), job(other, one, officers[1]))
    return Specialty.objects.filter(parent=None).count()


@pytest.fixture
def slow_write(monkeypatch):
    """Widen the gap between looking and writing, in which a race is lost."""
    monkeypatch.setattr(entries, "change", meet_before(entries.change))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle(slow_write):
    assert _under_each_other() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_locks_they_would(slow_write, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    assert _under_each_other() == 0
