"""People entered twice: found in bulk with the evidence, looked at by a person, and remembered when they are two."""

from datetime import date

import pytest
from django.urls import reverse

from participants import duplicates
from participants.duplicates import Facts
from participants.models import Duplicate, Trainee
from participants.workflow import duplicates as verbs
from participants.workflow import trainees
from portal.accounts.roles import Role
from portal.records.actors import PORTAL
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs.workflow import enrollments
from tests import factories

pytestmark = pytest.mark.django_db
BORN = date(1985, 4, 3)


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


def known(name="Oyunchimeg Dorj", **facts):
    return factories.make_trainee(name, **{"birth_date": BORN, "email": "", **facts})


def judged(**facts):
    """What the register answers to one row: (name, strength, evidence) of each match."""
    (matches,) = duplicates.find([Facts(**facts)])
    return [(str(match.trainee), match.strength, set(match.evidence)) for match in matches]


# Found ---------------------------------------------------------------------------------------------


def test_a_name_in_another_script_with_the_same_birth_date_is_strong_evidence():
    known()
    found = judged(names=("Доржийн Оюунчимэг",), birth_date=BORN)
    assert found == [("Oyunchimeg Dorj", "strong", {"name_spelled", "birth_same"})]


def test_the_same_address_is_strong_with_the_birth_date_and_weak_without_anything_else():
    known(email="dorj@example.org")
    assert judged(names=("Saruul Bat",), birth_date=BORN, email="Dorj@Example.org") == [
        ("Oyunchimeg Dorj", "strong", {"email", "name_differs", "birth_same"})
    ]
    assert judged(names=("Saruul Bat",), email="dorj@example.org") == [
        ("Oyunchimeg Dorj", "weak", {"email", "name_differs", "birth_unknown"})
    ]


def test_a_slip_of_the_pen_in_the_birth_date_makes_it_possible():
    known()
    for slip in (date(1985, 3, 4), date(1986, 4, 3)):
        assert judged(names=("Dorj Oyunchimeg",), birth_date=slip) == [
            ("Oyunchimeg Dorj", "weak", {"name_spelled", "birth_near"})
        ]


def test_two_people_of_one_name_and_different_birth_dates_are_two():
    known(institution=None)
    assert judged(names=("Oyunchimeg Dorj",), birth_date=date(1971, 12, 30)) == []


def test_a_name_nearly_the_same_at_the_same_institution_is_possible_and_elsewhere_nothing():
    person = known("Tsetsegmaa Ganbaatar", birth_date=None)
    row = {"names": ("Tsetsegmaa Ganbat",)}
    assert judged(**row, institution=person.institution_id) == [
        ("Tsetsegmaa Ganbaatar", "weak", {"name_alike", "birth_unknown", "institution"})
    ]
    assert judged(**row, country="KZ") == []


def test_a_person_is_not_their_own_duplicate():
    known()
    assert duplicates.find(list(duplicates.known(Trainee.objects.all()))) == [[]]


@pytest.mark.parametrize("count", [1, 3, 600])
def test_many_rows_cost_as_many_queries_as_one(django_assert_num_queries, count):
    known()
    rows = [Facts(names=("Dorj Oyunchimeg",), birth_date=BORN)] * count
    with django_assert_num_queries(2):
        found = duplicates.find(rows)
    assert [len(matches) for matches in found] == [1] * count


def test_the_key_is_fresh_whichever_way_a_name_is_written():
    person = known("Oyunchimeg Dorj")
    assert person.name_keys == ["anzmk", "tlz"]
    person.passport_name = "Saruul"
    person.save(update_fields=["passport_name"])
    assert Trainee.objects.get().name_keys == ["sl"]
    person.passport_name = "Dorj"
    Trainee.objects.bulk_update([person], ["passport_name"])
    assert Trainee.objects.get().name_keys == ["tlz"]
    Trainee.objects.bulk_create([Trainee(passport_name="Saruul Bat")])
    assert Trainee.objects.get(passport_name="Saruul Bat").name_keys == ["pt", "sl"]


# At the entry --------------------------------------------------------------------------------------


def entered(client, **facts):
    data = {"passport_name": "Dorjiin Oyunchimeg", "language": "en", "birth_date": "1985-04-03", **facts}
    return client.post(reverse("participants:trainee-create"), data)


def test_whoever_enters_somebody_known_reads_the_evidence_first(client, officer):
    person = known()
    page = entered(client).content.decode()
    assert "The name is the same, written in another way. The birth date is the same." in page
    assert reverse("participants:trainee-detail", args=[person.pk]) in page
    assert Trainee.objects.count() == 1


def test_somebody_else_is_remembered_and_not_asked_again(client, officer):
    person = known()
    assert entered(client, is_someone_else="on").status_code == 302
    decided = Duplicate.objects.get()
    assert (decided.one, decided.not_same_by, decided.not_same_reason) == (
        person,
        officer,
        "Said when entering.",
    )
    verbs.look_through()
    assert not Duplicate.objects.open().exists()


def test_a_nomination_goes_on_with_the_person_who_is_known(client, officer):
    person = known()
    cohort = factories.make_cohort(state="nominating")
    came_from = reverse("programs:enrollment-create", args=[cohort.pk])
    address = f"{reverse('participants:trainee-create')}?next={came_from}"
    data = {"passport_name": "Dorjiin Oyunchimeg", "language": "en", "birth_date": "1985-04-03"}
    assert f'href="{came_from}?trainee={person.pk}"' in client.post(address, data).content.decode()


def test_a_changed_name_is_looked_at_again():
    one, other = known(), known("Saruul Bat", birth_date=BORN, institution=None)
    other.passport_name = "Oyunchimeg Dorj"
    trainees.change(other, by=PORTAL, fields=["passport_name"])
    assert [(pair.one, pair.other) for pair in Duplicate.objects.open()] == [(one, other)]
    other.passport_name = "Saruul Bat"
    trainees.change(other, by=PORTAL, fields=["passport_name"])
    assert not Duplicate.objects.exists()


# The list ------------------------------------------------------------------------------------------


def test_the_whole_register_is_looked_through_on_wish(client, officer):
    one, other = known(), known("Доржийн Оюунчимэг")
    response = client.post(reverse("participants:duplicate-look"), follow=True)
    assert "1 pair waits for a decision." in response.content.decode()
    assert [(pair.one, pair.other) for pair in response.context["listing"]] == [(one, other)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_pair_and_for_three(client, django_assert_num_queries, count):
    client.force_login(factories.make_user(Role.VIEWER))
    for _pair in range(count):
        factories.make_duplicate()
    client.get(reverse("participants:duplicate-list"))
    with django_assert_num_queries(3):
        response = client.get(reverse("participants:duplicate-list"))
    assert len(response.context["listing"]) == count


def test_the_list_is_narrowed_by_name_evidence_and_what_was_decided(client, officer):
    factories.make_duplicate(known(), known("Dorj Oyuna", institution=None))
    other = factories.make_duplicate(known("Bat Saruul"), strength="weak", evidence=["email"])
    settled = factories.make_duplicate()
    verbs.say_not_same(settled, by=officer)
    address = reverse("participants:duplicate-list")
    for query, found in [
        ({}, 2),
        ({"name": "saruul"}, [other]),
        ({"strength": "weak"}, [other]),
        ({"evidence": "email"}, [other]),
        ({"state": "settled"}, [settled]),
    ]:
        listed = list(client.get(address, query).context["listing"])
        assert (len(listed) if isinstance(found, int) else listed) == found


# Decided -------------------------------------------------------------------------------------------


def test_two_people_are_said_to_be_two_with_who_when_and_why(client, officer, october):
    pair = factories.make_duplicate()
    address = reverse("participants:duplicate-not-same", args=[pair.pk])
    assert client.post(address, {"reason": "Brothers."}).url == reverse("participants:duplicate-list")
    pair.refresh_from_db()
    assert (pair.not_same_by, pair.not_same_at, pair.not_same_reason) == (officer, october, "Brothers.")
    assert [event.verb for event in Event.objects.about(pair.one, pair.other)] == ["not_same"] * 2
    response = client.post(address, {"reason": "Again."})
    assert response.status_code == 409
    assert "Somebody has said already that these are two people." in response.content.decode()
    page = client.get(reverse("participants:duplicate-detail", args=[pair.pk])).content.decode()
    assert "Kim Seo-yeon said on" in page
    assert "Brothers." in page


def test_what_is_decided_is_found_no_more_and_what_is_gone_is_forgotten():
    decided = factories.make_duplicate(known(), known("Dorj Oyunchimeg"))
    gone = factories.make_duplicate()
    verbs.say_not_same(decided, by=PORTAL)
    assert verbs.look_through() == 0
    assert list(Duplicate.objects.all()) == [decided]
    with pytest.raises(NotNow, match="merged meanwhile"):
        verbs.say_not_same(gone, by=PORTAL)


def test_side_by_side_marks_what_differs(client, officer):
    pair = factories.make_duplicate(
        known(phone="+976 1"), known("Dorj Oyunchimeg", phone="+976 2", email="b@x.org")
    )
    response = client.get(reverse("participants:duplicate-detail", args=[pair.pk]))
    differs = {str(line.label) for line in response.context["lines"] if line.differs}
    assert differs == {"name as in the passport", "phone"}


# Merged --------------------------------------------------------------------------------------------


def merge(client, keep, lose, **facts):
    address = reverse("participants:trainee-merge", args=[keep.pk])
    return client.post(f"{address}?other={lose.pk}&keep={keep.pk}", {"reason": "Same passport.", **facts})


def test_two_records_of_one_person_become_one_with_all_that_hangs_on_them(client, officer):
    keep, lose = known(), known("Dorjiin Oyuna", email="oyuna@example.org", phone="+976 1")
    enrollment = factories.make_enrollment(trainee=lose)
    graduation = factories.make_graduation(trainee=lose)
    pair = factories.make_duplicate(keep, lose)
    page = client.get(reverse("participants:duplicate-detail", args=[pair.pk])).content.decode()
    assert f"/participants/trainees/{keep.pk}/merge/?other={lose.pk}&amp;keep={keep.pk}" in page
    response = merge(client, keep, lose)
    assert response.url == reverse("participants:trainee-detail", args=[keep.pk])
    for row in (keep, lose, enrollment, graduation):
        row.refresh_from_db()
    assert enrollment.trainee == graduation.trainee == keep
    assert (keep.email, keep.phone, keep.aliases) == ("oyuna@example.org", "+976 1", ["Dorjiin Oyuna"])
    assert (lose.merged_into, lose.email) == (keep, "")
    assert not Duplicate.objects.exists()
    assert [str(row) for row in client.get(reverse("participants:trainee-list")).context["listing"]] == [
        str(keep)
    ]
    assert client.get(reverse("participants:trainee-detail", args=[lose.pk])).url.endswith(f"/{keep.pk}/")


def test_a_merged_person_is_found_by_the_old_name_and_never_suggested(client, officer):
    keep, lose = known("Saruul Bat"), known("Oyunchimeg Dorj")
    merge(client, keep, lose)
    assert judged(names=("Доржийн Оюунчимэг",), birth_date=BORN) == [
        ("Saruul Bat", "strong", {"name_spelled", "birth_same", })
    ]  # fmt: skip


def test_search_finds_a_merged_person_by_the_old_name(client, officer):
    keep, lose = known("Saruul Bat"), known("Oyunchimeg Dorj")
    merge(client, keep, lose)
    for typed in ("Oyunchimeg", "Оюунчимэг"):
        page = client.get(reverse("desk:search"), {"q": typed}).content.decode()
        assert reverse("participants:trainee-detail", args=[keep.pk]) in page
        assert reverse("participants:trainee-detail", args=[lose.pk]) not in page


def test_what_was_said_of_the_lost_record_holds_for_the_one_that_stays(client, officer):
    keep, lose, brother = known("Saruul Bat"), known("Saruul Batt"), known("Saruul Bat-Od")
    verbs.say_not_same(factories.make_duplicate(lose, brother), by=officer, reason="Brothers.")
    factories.make_duplicate(keep, brother)
    merge(client, keep, lose)
    assert not Duplicate.objects.filter(one=lose).exists()


def test_two_accounts_are_told_in_words_before_a_merge(client, officer):
    keep, lose = factories.make_trainee(user=True), factories.make_trainee(user=True)
    response = merge(client, keep, lose)
    assert response.status_code == 409
    assert f"Both have an account: {keep.user.email} and {lose.user.email}." in response.content.decode()
    lose.user.is_active = False
    lose.user.save()
    assert merge(client, keep, lose).status_code == 302


def test_one_person_nominated_twice_for_a_cohort_is_merged_after_one_nomination_is_ended(client, officer):
    cohort = factories.make_cohort(state="nominating")
    first, second = (factories.make_enrollment(cohort=cohort) for _ in range(2))
    response = merge(client, first.trainee, second.trainee)
    assert response.status_code == 409
    assert "Both have this, and only one may" in response.content.decode()
    enrollments.withdraw(second, by=PORTAL, reason="entered twice")
    response = merge(client, first.trainee, second.trainee)
    assert response.status_code == 302
    assert [row.pk for row in first.trainee.enrollments.all()] == [first.pk]
