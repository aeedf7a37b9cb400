"""Records put away: two that are one thing are merged, others are archived, and what nothing points at is deleted."""

import contextlib
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.query import QuerySet

from hospitals.models import Closure, Department, Hospital, Specialty
from partners.models import Mou, MouParty
from portal.accounts.roles import Role
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import merging
from portal.records.merging import Moved, archive, discard, merge, unarchive, what_moves
from portal.records.models import Event, Source
from portal.records.pointers import pointers_at
from portal.records.transitions import NotNow
from tests import factories
from tests.threads import at_once, meet, step_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER)


def source(key):
    return Source.objects.create(key=key, title=key, publisher="e-News", published="2022")


def test_everything_that_points_at_the_one_points_at_the_other_afterwards(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    department = factories.make_department(hospital=lose)
    coordinator = factories.make_coordinator(lose)
    cohort = factories.make_cohort()
    cohort.hospitals.add(lose)
    graduation = factories.make_graduation()
    graduation.hospitals.add(lose)
    lose.sources.add(source("a"))
    mou = Mou.objects.create()
    party = MouParty.objects.create(mou=mou, side="gyeonggi", hospital=lose)
    elsewhere = factories.make_department()

    assert merge(keep, lose, by=officer, reason="entered twice") == keep

    for row in (department, coordinator, party, elsewhere):
        row.refresh_from_db()
    assert {department.hospital, coordinator.hospital, party.hospital} == {keep}
    assert elsewhere.hospital not in (keep, lose)
    assert list(cohort.hospitals.all()) == list(graduation.hospitals.all()) == [keep]
    assert [one.key for one in keep.sources.all()] == ["a"]
    left = [pointer for pointer in pointers_at(Hospital) if pointer.rows(lose).exists()]
    assert [pointer.table for pointer in left if not pointer.is_fixed] == []


def test_the_preview_counts_what_moves_with_examples_and_writes_nothing(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    for specialty in ("nursing", "oncology", "surgery", "urology"):
        factories.make_department(hospital=lose, specialty=specialty)
    cohort = factories.make_cohort()
    cohort.hospitals.add(lose, keep)
    assert what_moves(keep, lose) == [
        Moved("departments", 4, ("Lost, Nursing", "Lost, Oncology", "Lost, Surgery")),
        Moved("cohorts", 1, (str(cohort),), twice=1),
    ]
    assert lose.departments.count() == 4


def test_the_one_that_goes_leads_to_the_one_that_stays(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost", aliases=["Lost too"])
    merge(keep, lose, by=officer, reason="entered twice")
    lose.refresh_from_db()
    assert (lose.merged_into, lose.is_archived) == (keep, True)
    assert list(Hospital.objects.in_use()) == list(Hospital.objects.unmerged()) == [keep]


def test_names_become_aliases_and_blank_facts_are_filled_in(officer):
    keep = factories.make_hospital("Wiltse Memorial Hospital", phone="031-1", aliases=["WMH"])
    lose = factories.make_hospital(
        "Leon Wiltse", name_ko="윌스기념병원", phone="031-2", address_ko="수원시", aliases=["Wiltse"]
    )
    keep = merge(keep, lose, by=officer, reason="one hospital")
    keep.refresh_from_db()
    assert (keep.name, keep.name_ko) == ("Wiltse Memorial Hospital", "윌스기념병원")
    assert keep.aliases == ["WMH", "Leon Wiltse", "Wiltse"]
    assert (keep.phone, keep.address_ko) == ("031-1", "수원시")


def test_both_have_a_line_in_the_trail_and_the_kept_ones_history_tells_of_both(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    archive(lose, by=officer, reason="closed")
    unarchive(lose, by=officer)
    merge(keep, lose, by=officer, reason="entered twice")
    events = [(event.verb, event.subject, event.reason) for event in Event.objects.about(keep).for_history()]
    assert events == [
        ("merge_away", lose, "entered twice"),
        ("merge", keep, "entered twice"),
        ("unarchive", lose, ""),
        ("archive", lose, "closed"),
    ]


def test_a_department_that_both_have_is_merged_as_well(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    ours, theirs = (factories.make_department(hospital=one, seats=3) for one in (keep, lose))
    placement = factories.make_placement(department=theirs, state="confirmed")
    for department, first, last in ((ours, 1, 3), (theirs, 3, 5), (theirs, 9, 9)):
        Closure.objects.create(
            department=department, first_day=date(2027, 1, first), last_day=date(2027, 1, last)
        )
    merge(keep, lose, by=officer, reason="entered twice")
    placement.refresh_from_db()
    theirs.refresh_from_db()
    assert (placement.department, theirs.merged_into) == (ours, ours)
    assert [closure.days for closure in ours.closures.all()] == ["1–5 January 2027", "9 January 2027"]
    assert Department.objects.in_use().get(hospital=keep) == ours


def test_who_serves_both_and_who_signed_as_both_is_there_once(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    coordinator = factories.make_coordinator(keep)
    factories.make_coordinator(lose, user=coordinator.user)
    mou = Mou.objects.create()
    for hospital in (keep, lose):
        MouParty.objects.create(mou=mou, side="gyeonggi", hospital=hospital)
    merge(keep, lose, by=officer, reason="entered twice")
    assert list(keep.coordinators.all()) == [coordinator]
    assert [party.hospital for party in mou.parties.all()] == [keep]


def test_a_tree_keeps_its_shape_whichever_of_two_goes(officer):
    top, middle, bottom, leaf = (
        factories.make_specialty(name) for name in ("top", "middle", "bottom", "leaf")
    )
    for row, above in ((middle, top), (bottom, middle), (leaf, bottom)):
        row.parent = above
        row.save()
    merge(bottom, top, by=officer, reason="the same")  # the lower one stays: it takes the upper one's place
    assert dict(Specialty.objects.in_use().values_list("name", "parent__name")) == {
        "bottom": None, "middle": "bottom", "leaf": "bottom",
    }  # fmt: skip


def test_a_merge_in_a_row_leads_to_the_last_that_stays(officer):
    first, second, third = (factories.make_hospital(name) for name in ("First", "Second", "Third"))
    merge(second, first, by=officer, reason="the same")
    merge(third, second, by=officer, reason="the same")
    first.refresh_from_db()
    assert first.merged_into == third
    assert sorted(Hospital.objects.get(pk=third.pk).aliases) == ["First", "Second"]


def test_mails_about_it_and_to_it_go_over(officer):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    outbox.put("invitation", to=officer, about=lose, key="x", context={})
    merge(keep, lose, by=officer, reason="entered twice")
    assert OutgoingMail.objects.get(key="x").about == keep


@pytest.mark.parametrize("change", ["itself", "merged", "archived"])
def test_what_cannot_be_merged_says_why(officer, change):
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    words = {
        "itself": "A record cannot be merged into itself.",
        "merged": "Lost has been merged into another record already.",
        "archived": "Kept is archived. Take it out of the archive first.",
    }
    if change == "itself":
        lose = keep
    if change == "merged":
        merge(factories.make_hospital(), lose, by=officer, reason="x")
    if change == "archived":
        archive(keep, by=officer, reason="x")
    with pytest.raises(NotNow) as error:
        merge(keep, lose, by=officer, reason="entered twice")
    assert error.value.messages == [words[change]]


def test_more_people_than_seats_are_settled_by_a_person_first(officer):
    """What upper apps know is asked before anything moves."""
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    ours = factories.make_department(hospital=keep, seats=1)
    theirs = factories.make_department(hospital=lose, seats=1)
    factories.make_placement(department=ours, state="confirmed")
    factories.make_placement(department=theirs, state="confirmed")
    factories.make_coordinator(lose)
    with pytest.raises(NotNow) as error:
        merge(keep, lose, by=officer, reason="entered twice")
    assert error.value.messages == [
        "Together they have 2 confirmed trainees on one day; seats of Kept, Surgery: 1. Change the seats first."
    ]
    assert (keep.coordinators.count(), lose.coordinators.count()) == (0, 1)


def test_a_viewer_merges_and_archives_nothing():
    viewer = factories.make_user(Role.VIEWER)
    keep, lose = factories.make_hospital("Kept"), factories.make_hospital("Lost")
    for verb in (
        lambda: merge(keep, lose, by=viewer, reason="x"),
        lambda: archive(lose, by=viewer, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert Hospital.objects.in_use().count() == 2


def test_only_what_nothing_points_at_is_deleted(officer):
    used, unused = factories.make_department().hospital, factories.make_hospital("Typo", aliases=["Tipo"])
    unused.sources.add(source("a"))
    with pytest.raises(NotNow) as error:
        discard(used, by=officer, reason="typo")
    assert error.value.messages == ["It cannot be deleted, as something points at it: departments."]
    discard(unused, by=officer, reason="typo")
    assert list(Hospital.objects.all()) == [used]
    assert [event.subject_name for event in Event.objects.filter(verb="discard")] == ["Typo"]


@pytest.mark.parametrize("field", ["name", "name_ko", "short_name", "aliases"])
def test_the_database_lets_no_two_hospitals_have_one_name(field):
    factories.make_hospital("Wiltse", name_ko="윌스", aliases=["Leon Wiltse"])
    fields = {field: ["LEON wiltse "] if field == "aliases" else " leon WILTSE"}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_hospital(**fields)


# Races ----------------------------------------------------------------------------------------------


def _in_a_row():
    """Two officers at one moment: the first is merged into the second while the third is merged into the first."""
    first, second, third = (factories.make_hospital(name) for name in ("First", "Second", "Third"))
    officers = [factories.make_user(Role.OFFICER) for _ in range(2)]

    def job(keep, lose, by):
        def run():
            with contextlib.suppress(NotNow):
                merge(keep, lose, by=by, reason="the same")

        return run

    at_once(job(second, first, officers[0]), job(first, third, officers[1]))
    return Hospital.objects.filter(merged_into__merged_into__isnull=False).count()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_none_leads_to_a_record_that_is_gone(slow_look):
    assert _in_a_row() == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_locks_one_leads_to_a_record_that_is_gone(slow_look, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    assert _in_a_row() == 1


@pytest.fixture
def slow_look(monkeypatch):
    """Widen the gap between looking and writing, in which a race is lost; for one of the two more than the other."""
    real = merging.why_not

    def slowly(keep, lose):
        found = real(keep, lose)
        meet()
        if lose.name == "Third":
            step_back()
        return found

    monkeypatch.setattr(merging, "why_not", slowly)
