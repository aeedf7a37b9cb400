"""Proposals: what the solver may and may not do, why each line stands, and how lines become drafts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hospitals.models import Closure
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.transitions import NotNow
from programs.models import Hosting, Placement, Proposal, Wish
from programs.proposing import greedy, solver
from programs.proposing.problem import Option, Person, Place, Problem, Stay, worth
from programs.workflow import enrollments, proposals
from tests import factories
from tests.factories import FRIDAY, MONDAY, week

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort():
    return factories.make_cohort(state="nominating")


def host(cohort, specialty="surgery", *, name=None, **fields):
    """A department of a hospital that hosts the cohort."""
    hospital = factories.make_hospital(name)
    cohort.hospitals.add(hospital)
    return factories.make_department(hospital=hospital, specialty=specialty, **fields)


def accepted(cohort, name, **fields):
    fields.setdefault("specialty", factories.make_specialty("surgery"))
    trainee = factories.make_trainee(name, **fields)
    return factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")


def proposed(cohort, by, **choices):
    """The proposal as the worker leaves it."""
    proposal = proposals.ask(cohort, by=by, **{"stay_weeks": 4, **choices})
    assert proposals.work_off() == 1
    proposal.refresh_from_db()
    return proposal


def lines(proposal):
    return [(line.enrollment.trainee.passport_name, line.department_id) for line in proposal.lines.all()]


# What holds ----------------------------------------------------------------------------------------


def test_a_trainee_is_proposed_where_the_specialty_is_theirs_and_nothing_is_placed_or_sent(cohort, officer):
    host(cohort, "urology")
    surgery = host(cohort, "surgery")
    accepted(cohort, "Bolormaa Dorj")
    mails = OutgoingMail.objects.count()

    proposal = proposed(cohort, officer)

    assert lines(proposal) == [("Bolormaa Dorj", surgery.pk)]
    assert (proposal.lines.get().first_day, proposal.lines.get().last_day) == (MONDAY, FRIDAY)
    assert (Placement.objects.count(), OutgoingMail.objects.count()) == (0, mails)
    assert proposal.is_proven


def test_seats_that_others_have_or_were_asked_for_are_not_proposed(cohort, officer):
    full, free = host(cohort, seats=1), host(cohort, seats=1)
    other = factories.make_cohort(state="nominating")
    factories.make_placement(
        enrollment=accepted(other, "Cholpon Osmonova"), department=full, state="requested"
    )
    accepted(cohort, "Bolormaa Dorj")

    assert lines(proposed(cohort, officer)) == [("Bolormaa Dorj", free.pk)]


def test_a_closed_department_and_a_hospital_that_said_no_get_nobody(cohort, officer):
    closed, unwilling = host(cohort), host(cohort)
    Closure.objects.create(department=closed, first_day=week(2)[0], last_day=week(2)[0])
    Hosting.objects.create(
        cohort=cohort, hospital=unwilling.hospital, interest="no", said_at=clock.now(), said_name="Choi"
    )
    accepted(cohort, "Bolormaa Dorj")

    proposal = proposed(cohort, officer)

    assert lines(proposal) == []
    assert [entry["why"] for entry in proposal.unmet] == ["nowhere"]


def test_no_more_are_proposed_than_the_hospital_offered(cohort, officer):
    department = host(cohort, seats=3)
    hosting = Hosting.objects.create(
        cohort=cohort, hospital=department.hospital, interest="yes", said_at=clock.now(), said_name="Choi"
    )
    for number in range(1, 5):
        hosting.seats.create(department=department, monday=week(number)[0], seats=1)
    accepted(cohort, "Aizada Mambetova")
    accepted(cohort, "Bolormaa Dorj")

    assert len(lines(proposed(cohort, officer))) == 1


def test_a_department_that_declined_the_trainee_for_these_days_is_not_proposed_again(cohort, officer):
    enrollment = accepted(cohort, "Bolormaa Dorj")
    factories.make_placement(enrollment=enrollment, department=host(cohort), state="declined")
    other = host(cohort)

    assert lines(proposed(cohort, officer)) == [("Bolormaa Dorj", other.pk)]


@pytest.mark.parametrize(("common_language", "count"), [(True, 0), (False, 1)])
def test_without_a_common_language_nobody_is_proposed_unless_staff_choose_so(
    cohort, officer, common_language, count
):
    host(cohort, languages=["en"])
    accepted(cohort, "Bolormaa Dorj", languages=["mn"])

    assert len(lines(proposed(cohort, officer, common_language=common_language))) == count


def test_what_is_placed_already_stays_and_only_the_other_weeks_are_proposed(cohort, officer):
    department = host(cohort)
    enrollment = accepted(cohort, "Bolormaa Dorj")
    pinned = factories.make_placement(
        enrollment=enrollment, department=department, first_day=week(1)[0], last_day=week(2)[1]
    )

    line = proposed(cohort, officer).lines.get()

    assert (line.first_day, line.last_day) == (week(3)[0], week(4)[1])
    assert Placement.objects.get() == pinned


# What is best --------------------------------------------------------------------------------------


def test_wishes_are_met_where_the_whole_is_best_and_what_is_not_met_is_listed_with_why(cohort, officer):
    wanted, other = host(cohort, seats=1), host(cohort, seats=1)
    first, second = accepted(cohort, "Aizada Mambetova"), accepted(cohort, "Bolormaa Dorj")
    Wish.objects.create(enrollment=first, rank=2, hospital=wanted.hospital)
    Wish.objects.create(enrollment=second, rank=1, hospital=wanted.hospital)

    proposal = proposed(cohort, officer)

    assert lines(proposal) == [("Aizada Mambetova", other.pk), ("Bolormaa Dorj", wanted.pk)]
    assert proposal.unmet == [{"enrollment": first.pk, "wish": 2, "why": "others"}]
    assert ["wish", 1] in proposal.lines.get(enrollment=second).why


@pytest.mark.parametrize(("together", "hospitals"), [("together", 1), ("apart", 2)])
def test_people_of_one_institution_are_kept_together_or_apart_as_staff_choose(
    cohort, officer, together, hospitals
):
    host(cohort, seats=2)
    host(cohort, seats=2)
    accepted(cohort, "Aizada Mambetova")
    accepted(cohort, "Bolormaa Dorj")

    found = lines(proposed(cohort, officer, together=together))

    assert len({department for _name, department in found}) == hospitals


def test_the_same_cohort_gets_the_same_proposal(cohort, officer):
    for number in range(6):
        host(cohort, seats=1 + number % 2)
    for number in range(8):
        accepted(cohort, f"Trainee {number}")

    once, twice = proposed(cohort, officer, stay_weeks=2), proposed(cohort, officer, stay_weeks=2)

    assert lines(once) == lines(twice)
    assert once.value == twice.value


def problem_in_which_greedy_errs():
    """The first trainee takes the only place of the second, though another suits them as well."""
    people = [Person(1, None), Person(2, None)]
    places = [Place(10, 1, 1, (1,)), Place(20, 2, 1, (1,))]
    stays = [Stay(0, 0, 0, MONDAY, MONDAY), Stay(1, 0, 0, MONDAY, MONDAY)]
    options = [Option(0, 0, 1120), Option(0, 1, 1100), Option(1, 0, 1120)]
    return Problem(people, places, stays, options, 1)


def test_the_solver_places_both_where_greedy_leaves_one_out():
    problem = problem_in_which_greedy_errs()
    assert greedy.solve(problem).taken == [0]
    assert solver.solve(problem).taken == [1, 2]


def test_both_solvers_reach_the_same_proven_value(monkeypatch):
    problem = problem_in_which_greedy_errs()
    small = solver.solve(problem)
    monkeypatch.setattr(solver, "SMALL", 0)
    large = solver.solve(problem)
    assert (large.taken, large.value, large.bound) == (small.taken, small.value, small.bound)
    assert small.value == worth(problem, small.taken) == small.bound


# The way of a proposal -----------------------------------------------------------------------------


def test_only_one_proposal_is_worked_out_at_a_time(cohort, officer):
    proposals.ask(cohort, by=officer, stay_weeks=2)
    with pytest.raises(NotNow):
        proposals.ask(cohort, by=officer, stay_weeks=2)


def test_what_a_dead_worker_left_is_taken_up_again_after_its_lease(cohort, officer):
    host(cohort)
    accepted(cohort, "Bolormaa Dorj")
    proposal = proposals.ask(cohort, by=officer, stay_weeks=4)
    Proposal.objects.filter(pk=proposal.pk).update(lease_until=clock.now() + timedelta(minutes=1))

    assert proposals.work_off() == 0
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert proposals.work_off() == 1


def test_a_proposal_that_fails_says_so_and_the_next_can_be_asked_for(cohort, officer, monkeypatch):
    def fail(problem):
        raise RuntimeError("broken")

    monkeypatch.setattr(solver, "solve", fail)
    proposal = proposals.ask(cohort, by=officer, stay_weeks=4)

    assert proposals.work_off() == 0
    proposal.refresh_from_db()
    assert proposal.problem.startswith("It could not be worked out.")
    proposals.ask(cohort, by=officer, stay_weeks=4)


# The page ------------------------------------------------------------------------------------------


def url(cohort):
    return reverse("programs:cohort-proposal", args=[cohort.pk])


def test_staff_ask_see_it_being_worked_out_and_then_read_why_each_line_is_proposed(client, officer, cohort):
    department = host(cohort, name="Myongji Hospital")
    enrollment = accepted(cohort, "Bolormaa Dorj")
    Wish.objects.create(enrollment=enrollment, rank=1, hospital=department.hospital)
    Wish.objects.create(enrollment=enrollment, rank=2, specialty=factories.make_specialty("urology"))

    asked = client.post(url(cohort), {"stay_weeks": "52", "together": "free", "own_specialty": "on"})
    assert asked.url == url(cohort)
    assert "It is being worked out" in client.get(url(cohort)).content.decode()
    proposals.work_off()
    page = client.get(url(cohort)).content.decode()

    assert "The first wish is met." in page
    assert "Proved: nothing better exists" in page
    assert "Second wish, Urology: none of the host hospitals has that." in page


def test_what_is_proposed_stands_dashed_on_the_board_until_it_is_kept(client, officer, cohort):
    host(cohort)
    accepted(cohort, "Bolormaa Dorj")
    proposal = proposed(cohort, officer)
    board = reverse("programs:cohort-placements", args=[cohort.pk])

    before = client.get(board).content.decode()
    proposals.keep(proposal, by=officer)
    after = client.get(board).content.decode()

    assert (before.count("Proposed, not sent"), before.count("Place in week")) == (1, 0)
    assert (after.count("Proposed, not sent"), after.count("data-draft")) == (0, 1)


def test_lines_are_kept_as_drafts_one_by_one_and_all_at_once(client, officer, cohort):
    host(cohort)
    for name in ("Aizada Mambetova", "Bolormaa Dorj"):
        accepted(cohort, name)
    proposal = proposed(cohort, officer)
    first, mails = proposal.lines.first(), OutgoingMail.objects.count()

    client.post(reverse("programs:proposal-keep", args=[proposal.pk]), {"line": first.pk})
    assert [placement.state for placement in Placement.objects.all()] == ["draft"]

    client.post(reverse("programs:proposal-keep", args=[proposal.pk]), {"all": "1"})
    assert Placement.objects.count() == 2
    assert not proposal.lines.filter(placement=None).exists()
    assert OutgoingMail.objects.count() == mails


def test_a_line_that_does_not_fit_any_more_says_why_and_the_others_stand(client, officer, cohort):
    host(cohort)
    gone, free = accepted(cohort, "Aizada Mambetova"), accepted(cohort, "Bolormaa Dorj")
    proposal = proposed(cohort, officer)
    enrollments.withdraw(gone, by=officer, reason="ill")

    answer = client.post(reverse("programs:proposal-keep", args=[proposal.pk]), {"all": "1"}, follow=True)

    assert Placement.objects.filter(enrollment=free).exists()
    assert "Some do not fit any more; the reason stands with each." in answer.content.decode()


def test_who_is_placed_by_hand_meanwhile_is_not_offered_the_proposed_line_any_more(client, officer, cohort):
    host(cohort)
    taken, free = accepted(cohort, "Aizada Mambetova"), accepted(cohort, "Bolormaa Dorj")
    proposal = proposed(cohort, officer)
    by_hand = factories.make_placement(enrollment=taken)

    page = client.get(url(cohort)).content.decode()
    assert page.count("Placed otherwise") == 1
    assert reverse("programs:placement-detail", args=[by_hand.pk]) in page
    assert "Keep 1 line as draft" in page

    # A page that was open before still sends it, and reads why.
    keep = reverse("programs:proposal-keep", args=[proposal.pk])
    answer = client.post(keep, {"line": proposal.lines.get(enrollment=taken).pk}, follow=True)
    assert "The trainee has a place on one of these days already" in answer.content.decode()
    assert "Some do not fit" not in client.post(keep, {"all": "1"}, follow=True).content.decode()
    assert list(Placement.objects.values_list("enrollment", "state").order_by("pk")) == [
        (taken.pk, "draft"),
        (free.pk, "draft"),
    ]


def test_what_is_not_kept_is_thrown_away(client, officer, cohort):
    host(cohort)
    accepted(cohort, "Bolormaa Dorj")
    proposal = proposed(cohort, officer)

    client.post(reverse("programs:proposal-drop", args=[proposal.pk]))

    assert proposal.lines.count() == 0


@pytest.mark.parametrize("trainees", [1, 3])
def test_the_page_asks_a_fixed_number_of_queries(
    client, officer, cohort, trainees, django_assert_num_queries
):
    for number in range(trainees):
        department = host(cohort)
        wish = {"hospital": department.hospital}
        Wish.objects.create(enrollment=accepted(cohort, f"Trainee {number}"), rank=1, **wish)
    proposed(cohort, officer)
    client.get(url(cohort))

    with django_assert_num_queries(8):
        client.get(url(cohort))


def test_a_problem_is_read_in_a_fixed_number_of_queries(cohort, officer, django_assert_num_queries):
    from programs.proposing.reading import case_of

    for number in range(3):
        host(cohort)
        accepted(cohort, f"Trainee {number}")
    with django_assert_num_queries(13):
        case_of(type(cohort).objects.get(pk=cohort.pk), Proposal(stay_weeks=2))


def test_a_long_proposal_is_read_in_pages_and_a_kept_line_leads_back_to_its_page(
    client, officer, cohort, monkeypatch
):
    monkeypatch.setattr("programs.views.proposals.PER_PAGE", 1)
    host(cohort)
    for name in ("Aizada Mambetova", "Bolormaa Dorj"):
        accepted(cohort, name)
    proposal = proposed(cohort, officer)

    first, last = (client.get(url(cohort), {"page": page}).content.decode() for page in (1, 99))
    line = proposal.lines.get(enrollment__trainee__passport_name="Bolormaa Dorj")
    answer = client.post(
        reverse("programs:proposal-keep", args=[proposal.pk]), {"line": line.pk, "page": "2"}
    )

    assert ("Aizada Mambetova" in first, "Bolormaa Dorj" in first) == (True, False)
    assert ("Aizada Mambetova" in last, "Bolormaa Dorj" in last) == (False, True)
    assert "Keep all 2 lines as drafts" in first
    assert answer.url == f"{url(cohort)}?page=2"
