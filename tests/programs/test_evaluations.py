"""Evaluations by supervisors and by trainees: asked, asked again, answered without an account."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.accounts import links
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.mail.render import preview
from portal.records import clock, merging
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from portal.records.models import Event
from portal.records.transitions import NotNow
from programs import evaluating, results
from programs.models import (
    Cohort,
    Enrollment,
    Evaluation,
    HospitalFeedback,
    Objective,
    ObjectiveRating,
    Placement,
    ProgramFeedback,
    ResultBlock,
)
from programs.workflow import enrollments, erasing, evaluations, feedback, placements
from programs.workflow import results as publishing
from tests import factories

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 27)
MARKS = {"knowledge": "4", "skills": "5", "communication": "3", "conduct": "4"}
FEEDBACK = {
    **{f"program-{name}": "4" for name in ProgramFeedback.MARKS},
}


def placed(*, cohort=None, name=None, department=None, user=False, state="placing"):
    cohort = cohort or factories.make_cohort(state=state)
    trainee = factories.make_trainee(name, user=user)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    return factories.make_placement(
        enrollment=enrollment, department=department or factories.make_department(seats=9), state="confirmed"
    )


@pytest.fixture
def placement():
    """A placement whose cohort runs."""
    with clock.at(date(2026, 10, 13)):
        placement = placed(name="Bolormaa Dorj")
        factories.make_coordinator(placement.department.hospital, name="Choi Eun-ji")
    factories.advance(placement.enrollment.cohort, "running")
    return placement


def work(day):
    with clock.at(day):
        said = []
        evaluations.due_work(say=said.append)
        feedback.due_work(say=said.append)
        return said


def asked(kind="evaluation_request"):
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("address", flat=True))


# Asking --------------------------------------------------------------------------------------------


def test_nobody_is_asked_before_the_last_day_and_then_once_however_often_the_round_runs(placement):
    work(LAST_DAY - timedelta(days=1))
    assert Evaluation.objects.count() == 0
    for _ in range(3):
        work(LAST_DAY)
    evaluation = Evaluation.objects.get()
    assert (evaluation.placement, evaluation.due) == (placement, date(2026, 12, 11))
    coordinator = placement.department.hospital.coordinators.get().user
    assert asked() == [coordinator.email]


def test_who_is_silent_is_asked_again_twice_then_it_is_shown_to_staff(placement):
    days = [LAST_DAY + timedelta(days=number) for number in (0, 1, 3, 4, 7, 10, 14)]
    for day in days:
        work(day)
    assert len(asked()) == 3
    assert Evaluation.objects.get().state == "open"
    work(LAST_DAY + timedelta(days=15))
    assert Evaluation.objects.get().state == "missed"
    assert len(asked()) == 3


def test_the_named_supervisor_is_asked_else_those_of_the_department_else_the_coordinators(placement):
    department = placement.department
    coordinator = department.hospital.coordinators.get().user
    assert [person.email for person in evaluating.evaluators_of([placement])[placement.pk]] == [
        coordinator.email
    ]
    factories.make_clinician(department.hospital, email="house@x.example")
    factories.make_clinician(department.hospital, department=department, email="dept@x.example")
    assert [person.email for person in evaluating.evaluators_of([placement])[placement.pk]] == [
        "dept@x.example"
    ]
    named = factories.make_clinician(department.hospital, email="named@x.example")
    Placement.objects.filter(pk=placement.pk).update(supervisor=named)
    placement.refresh_from_db()
    assert [person.email for person in evaluating.evaluators_of([placement])[placement.pk]] == [
        "named@x.example"
    ]


def test_placements_of_years_ago_are_not_asked_about(placement):
    work(LAST_DAY + timedelta(days=20))
    assert Evaluation.objects.count() == 0


def test_a_reminder_whose_reason_has_gone_is_not_sent(placement):
    work(LAST_DAY)
    evaluation, mail = Evaluation.objects.get(), OutgoingMail.objects.get(kind="evaluation_request")
    with clock.at(LAST_DAY):
        assert preview(mail)["subject"].startswith(
            "[Action required] By Friday, 11 December 2026: how was Bolormaa"
        )
        evaluations.answer(evaluation, by=PORTAL, who="Prof. Kwon", channel="phone", **MARKS)
        mail.refresh_from_db()
        assert mail.state == "cancelled"
        with pytest.raises(NoLongerWanted):
            preview(OutgoingMail(kind=mail.kind, about=evaluation, address=mail.address, context={}))


# Answering -----------------------------------------------------------------------------------------


@pytest.fixture
def evaluation(placement):
    return factories.make_evaluation(placement)


def reply(evaluation, person=None):
    """The link of whoever is asked first, or of this supervisor."""
    asked = evaluating.evaluators_of([evaluation.placement])[evaluation.placement_id]
    key = ("supervisor", person.pk) if person else asked[0].key
    return reverse("programs:evaluation-reply", args=[evaluating.token_for_evaluation(evaluation, key)])


def test_a_supervisor_answers_by_the_link_without_an_account_and_corrects_it(client, evaluation):
    address = reply(evaluation)
    for _ in range(2):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    evaluation.refresh_from_db()
    assert evaluation.state == "open"
    client.post(address, {**MARKS, "who": "Prof. Kwon", "strengths": "Calm hands"})
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.skills, evaluation.average, evaluation.answer_channel) == (
        "answered", 5, 4.0, "link",
    )  # fmt: skip
    assert Event.objects.about(evaluation).first().who == "Prof. Kwon"
    page = client.get(address)
    assert "Calm hands" in page.content.decode()
    client.post(address, {**MARKS, "skills": "2", "who": "Prof. Kwon"})
    evaluation.refresh_from_db()
    assert (evaluation.skills, Event.objects.about(evaluation).filter(verb="answer").count()) == (2, 2)


def test_the_form_is_in_the_language_of_its_mail_unless_the_reader_chose_another(client, evaluation):
    factories.make_clinician(evaluation.placement.department.hospital, email="house@x.example")
    asked_in_korean = client.get(reply(evaluation), headers={"accept-language": "en"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    chosen = client.get(reply(evaluation))
    assert (asked_in_korean.headers["Content-Language"], chosen.headers["Content-Language"]) == ("ko", "en")
    assert ("평가 보내기" in asked_in_korean.content.decode(), "평가 보내기" in chosen.content.decode()) == (
        True, False,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["../../../etc", "xx", '"a\\012Set-Cookie: b=c"', "k" * 3000])
def test_a_cookie_that_names_no_language_of_ours_counts_for_nothing(client, evaluation, words):
    factories.make_clinician(evaluation.placement.department.hospital, email="house@x.example")
    page = client.get(reply(evaluation), headers={"cookie": f"{settings.LANGUAGE_COOKIE_NAME}={words}"})
    assert (page.status_code, page.headers["Content-Language"]) == (200, "ko")


def test_what_is_missing_is_said_at_the_mark_and_what_was_typed_stays(client, evaluation):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post(
        reply(evaluation), {"knowledge": "4", "skills": "9", "who": "", "advice": "More sutures"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("Choose a mark from 1 to 5.") >= 2
    assert "More sutures" in text
    evaluation.refresh_from_db()
    assert evaluation.state == "open"


def test_a_late_answer_by_the_link_counts_for_four_weeks_and_is_not_changed_afterwards(client, evaluation):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = reply(evaluation)
    evaluations.miss(evaluation, by=PORTAL)
    with clock.at(evaluation.due + timedelta(days=28)):
        assert "Your answer still counts" in client.get(address).content.decode()
        page = client.post(address, {**MARKS, "who": "Prof. Kwon"}, follow=True).content.decode()
        assert "Your evaluation is with the province. Thank you." in page
        assert "<form method" not in page.split("<main", 1)[1].split("</main>")[0]
        evaluation.refresh_from_db()
        assert (evaluation.state, evaluation.answered_name) == ("answered", "Prof. Kwon")
        client.post(address, {**MARKS, "skills": "1", "who": "Prof. Kwon"})
        evaluation.refresh_from_db()
        assert evaluation.skills == 5
    with clock.at(evaluation.due + timedelta(days=29)):
        assert client.get(address).status_code == 410


def test_the_link_is_for_this_alone_and_ends_four_weeks_after_its_day(client, evaluation):
    address = reply(evaluation)
    with clock.at(evaluation.due + timedelta(days=29)), pytest.raises(NotNow):
        evaluations.answer(evaluation, by=PORTAL, who="x", channel="link", **MARKS)
    assert client.get(address[:-2] + "/").status_code == 410
    other = links.sign("papers", {"evaluation": evaluation.pk}, valid_for=timedelta(days=1))
    assert client.get(reverse("programs:evaluation-reply", args=[other])).status_code == 410
    evaluations.waive(evaluation, by=PORTAL, reason="the ward was closed")
    assert client.post(address, {**MARKS, "who": "Prof. Kwon"}).status_code == 410


def test_who_has_left_the_hospital_has_no_link_any_more(client, evaluation):
    coordinator = evaluation.placement.department.hospital.coordinators.get()
    address = reply(evaluation)
    assert client.get(address).status_code == 200
    coordinator.until = clock.today()
    coordinator.save()
    assert client.get(address).status_code == 410
    assert client.post(address, {**MARKS, "who": "Prof. Kwon"}).status_code == 410
    evaluation.refresh_from_db()
    assert evaluation.state == "open"


def test_a_link_leads_to_the_forms_that_its_holder_is_asked_for_and_to_no_others(client, evaluation):
    placement = evaluation.placement
    department = placement.department
    kwon = factories.make_clinician(department.hospital, email="kwon@x.example")
    seo = factories.make_clinician(department.hospital, email="seo@x.example")
    kwons, seos = (
        placed(cohort=factories.make_cohort(state="placing"), name=name, department=department)
        for name in ("For Kwon", "For Seo")
    )
    for one, supervisor in ((placement, kwon), (kwons, kwon), (seos, seo)):
        Placement.objects.filter(pk=one.pk).update(supervisor=supervisor)
    for one in (kwons, seos):
        factories.make_evaluation(one)
    evaluation.placement.refresh_from_db()
    others = client.get(reply(evaluation, kwon)).context["others"]
    assert [one.placement for one, _address in others] == [kwons]
    assert client.get(others[0][1]).status_code == 200
    kwon.archived_at = clock.now()
    kwon.save()
    assert client.get(others[0][1]).status_code == 410


def test_staff_enter_what_came_by_phone_after_it_was_missed(client, evaluation):
    evaluations.miss(evaluation, by=PORTAL)
    client.force_login(factories.make_user())
    page = reverse("programs:evaluation-answer", args=[evaluation.pk])
    came = {**MARKS, "who": "Prof. Kwon", "channel": "phone"}
    with clock.at(date(2026, 12, 14)):
        for on, words in (("2026-12-15", "This day is still to come."), ("", "This field is required.")):
            refused = client.post(page, {**came, "on": on})
            assert (refused.status_code, words in refused.content.decode()) == (422, True)
        client.post(page, {**came, "on": "2026-12-11"})
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.answered_name) == ("answered", "Prof. Kwon")
    assert evaluation.answered_at.astimezone(clock.SEOUL).date() == date(2026, 12, 11)
    detail = client.get(reverse("programs:evaluation-detail", args=[evaluation.pk])).content.decode()
    assert "3 of 5" in detail


def test_a_coordinator_reads_those_of_their_own_hospital_and_a_trainee_none(client, evaluation):
    address = reverse("programs:evaluation-detail", args=[evaluation.pk])
    client.force_login(evaluation.placement.department.hospital.coordinators.get().user)
    assert client.get(address).status_code == 200
    client.force_login(factories.make_coordinator(factories.make_hospital()).user)
    assert client.get(address).status_code == 404
    client.force_login(factories.make_user(Role.TRAINEE))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_tab_lists_each_placement_at_one_number_of_queries(client, count, django_assert_num_queries):
    cohort = factories.make_cohort(state="placing")
    for number in range(count):
        one = placed(cohort=cohort, name=f"Person {number}")
        factories.make_coordinator(one.department.hospital)
        factories.make_evaluation(one)
    client.force_login(factories.make_user(Role.VIEWER))
    address = reverse("programs:cohort-evaluations", args=[cohort.pk])
    client.get(address)
    with django_assert_num_queries(8):
        page = client.get(address)
    assert page.content.decode().count(">until 11 December 2026<") == count


def test_the_tab_is_narrowed_by_answer_and_hospital_and_goes_out_as_a_file(client):
    cohort = factories.make_cohort(state="placing")
    one, other = placed(cohort=cohort, name="Bolormaa Dorj"), placed(cohort=cohort, name="Jasur Umarov")
    placed(cohort=cohort, name="Not Asked")
    factories.make_evaluation(one, state="answered")
    factories.make_evaluation(other, state="missed")
    client.force_login(factories.make_user())
    address = reverse("programs:cohort-evaluations", args=[cohort.pk])
    for query, names in (
        ({"evaluation": "missed"}, ["Jasur Umarov"]),
        ({"evaluation": "not_asked"}, ["Not Asked"]),
        ({"hospital": one.department.hospital_id}, ["Bolormaa Dorj"]),
        ({"q": "jasur"}, ["Jasur Umarov"]),
    ):
        page = client.get(address, query)
        assert [row.trainee.passport_name for row in page.context["listing"]] == names
    answer = client.post(f"{address}?export=csv", {"reason": "for the ministry"})
    text = b"".join(answer.streaming_content).decode()
    assert "Bolormaa Dorj" in text.splitlines()[-3]
    assert ",Answered," in text.splitlines()[-3]
    assert "Prof. Kwon" in text


# Objectives ----------------------------------------------------------------------------------------


def test_a_trainee_writes_objectives_which_stand_once_they_are_rated(client):
    enrollment = placed(user=True).enrollment
    client.force_login(enrollment.trainee.user)
    address = reverse("programs:my-objectives")
    client.post(
        address, {"objective_1": "Suture  faster", "objective_2": "", "objective_3": "See a transplant"}
    )
    kept = list(enrollment.objectives.values_list("position", "text"))
    assert kept == [(1, "Suture faster"), (3, "See a transplant")]
    client.post(address, {"objective_1": "Suture well", "objective_2": "", "objective_3": ""})
    objective = Objective.objects.get()
    assert objective.text == "Suture well"
    ObjectiveRating.objects.create(objective=objective, rating=4)
    answer = client.post(address, {"objective_1": "Something else"})
    assert answer.status_code == 422
    assert Objective.objects.get().text == "Suture well"
    assert "reached 4 of 5" in client.get(reverse("programs:my-training")).content.decode()


def test_an_empty_form_sets_no_objectives_and_takes_none_away(client):
    enrollment = placed(user=True).enrollment
    client.force_login(enrollment.trainee.user)
    address = reverse("programs:my-objectives")
    nothing = {"objective_1": "", "objective_2": "  ", "objective_3": ""}
    for kept in ([], ["Suture"]):
        answer = client.post(address, nothing)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {
            "objective_1": ["Write at least one thing that you want to learn."]
        }
        assert list(enrollment.objectives.values_list("text", flat=True)) == kept
        client.post(address, {**nothing, "objective_2": "Suture"})
    assert Event.objects.filter(verb="set_objectives").count() == 1


def test_an_objective_is_rated_once_at_the_end_and_once_in_each_follow_up():
    from django.db import IntegrityError, transaction

    enrollment = placed().enrollment
    objective = Objective.objects.create(enrollment=enrollment, position=1, text="Suture")
    graduation = factories.make_graduation(trainee=enrollment.trainee)
    asked_again = graduation.follow_ups.create(months=6, due=date(2027, 5, 27))
    ObjectiveRating.objects.create(objective=objective, rating=3)
    ObjectiveRating.objects.create(objective=objective, rating=5, followup=asked_again)
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectiveRating.objects.create(objective=objective, rating=1)


def test_staff_write_them_for_somebody(client):
    enrollment = placed().enrollment
    client.force_login(factories.make_user())
    client.post(reverse("programs:enrollment-objectives", args=[enrollment.pk]), {"objective_1": "Suture"})
    assert enrollment.objectives.get().text == "Suture"


# Trainees ------------------------------------------------------------------------------------------


def said(placement, **more):
    hospital = placement.department.hospital_id
    return {**FEEDBACK, **{f"hospital{hospital}-{name}": "5" for name in HospitalFeedback.MARKS}, **more}


def feedback_link(enrollment):
    token = evaluating.token_for_feedback(enrollment, evaluating.feedback_due(enrollment.cohort))
    return reverse("programs:feedback-reply", args=[token])


def test_what_is_missing_in_a_trainees_answer_is_said_with_the_hospital_it_is_about(client, placement):
    hospital = placement.department.hospital
    answer = said(placement)
    del answer[f"hospital{hospital.pk}-teaching"]
    with clock.at(LAST_DAY):
        page = client.post(feedback_link(placement.enrollment), answer)
    assert page.status_code == 422
    assert f"{hospital} · Teaching: Choose a mark from 1 to 5." in page.content.decode()


def test_a_trainee_says_by_the_link_how_it_was_once_and_the_trail_does_not_say_what(client, placement):
    enrollment = placement.enrollment
    objective = Objective.objects.create(enrollment=enrollment, position=1, text="Suture")
    address = feedback_link(enrollment)
    with clock.at(LAST_DAY):
        client.get(address)
        assert ProgramFeedback.objects.count() == 0
        answer = client.post(address, said(placement))
        assert answer.status_code == 422  # the objective has no mark yet
        client.post(address, said(placement, **{f"reached-objective_{objective.pk}": "4"}))
        assert "You have answered. Thank you." in client.get(address).content.decode()
        client.post(address, said(placement, **{f"reached-objective_{objective.pk}": "1"}))
    assert (ProgramFeedback.objects.get().overall, HospitalFeedback.objects.get().teaching) == (4, 5)
    assert ObjectiveRating.objects.get().rating == 4
    event = Event.objects.about(enrollment).get(verb="give_feedback")
    assert (event.reason, event.data) == ("", {})


def test_it_is_open_from_the_last_week_until_two_weeks_after(client, placement):
    placement.trainee.user = factories.make_user(Role.TRAINEE)
    placement.trainee.save()
    client.force_login(placement.trainee.user)
    address = reverse("programs:my-feedback")
    for day, is_open in (
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 12, 12), False),
    ):
        with clock.at(day):
            assert ("Once sent it stands." in client.get(address).content.decode()) == is_open
            if not is_open:
                assert client.post(address, said(placement)).status_code == 422
    assert ProgramFeedback.objects.count() == 0


def test_trainees_are_asked_on_the_last_day_and_again_while_they_are_silent(placement):
    for number in (-1, 0, 0, 2, 3, 7, 8, 15):
        work(LAST_DAY + timedelta(days=number))
    assert asked("feedback_request") == [placement.trainee.email] * 3


def test_due_work_asks_both(placement):
    assert due.run(as_of=LAST_DAY, say=lambda line: None) >= 2


# Results -------------------------------------------------------------------------------------------


def spoken(cohort, department, count, mark, comment=""):
    for _ in range(count):
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        marks = dict.fromkeys(HospitalFeedback.MARKS, mark)
        HospitalFeedback.objects.create(
            enrollment=enrollment, hospital=department.hospital, comment=comment, **marks
        )
        marks = dict.fromkeys(ProgramFeedback.MARKS, mark)
        ProgramFeedback.objects.create(enrollment=enrollment, comment=comment, **marks)


def cohort_of(month):
    with clock.at(date(2026, month, 1)):
        return factories.make_cohort(state="placing", starts=date(2026, month, 2), ends=date(2026, month, 27))


@pytest.fixture
def department():
    return factories.make_department(hospital=factories.make_hospital("Myongji Hospital"), seats=99)


def publish():
    return publishing.publish_due(say=lambda line: None)


def table(user=None):
    publish()
    found = results.results_for(user or factories.make_user(Role.VIEWER))
    return {
        str(result.about): [(block.count, block.averages[0]) for block in result.blocks]
        for result in found["hospitals"]
    }


def test_fewer_than_five_answers_are_shown_to_nobody(client, department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 4, 2, comment="too little to do")
    with clock.at(date(2026, 6, 1)):
        assert table() == {"Myongji Hospital": []}
        client.force_login(factories.make_user(Role.ADMINISTRATOR))
        text = client.get(reverse("programs:result-list")).content.decode()
    assert "4 answers wait for more" in text
    assert "too little to do" not in text


def test_the_fifth_answer_opens_the_block_and_what_is_left_over_waits(department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 4, 2)
    with clock.at(date(2026, 3, 1)):
        spoken(cohort_of(3), department, 2, 5)
    with clock.at(date(2026, 4, 1)):
        spoken(cohort_of(4), department, 3, 1)
    with clock.at(date(2026, 6, 1)):
        assert table() == {"Myongji Hospital": [(6, 3.0)]}


def test_a_cohort_that_can_still_be_answered_is_in_no_block(department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 6, 4)
    for day, shown in ((date(2026, 3, 13), []), (date(2026, 3, 14), [(6, 4.0)])):
        with clock.at(day):
            assert table().get("Myongji Hospital", []) == shown


def test_no_two_figures_differ_by_fewer_than_five_answers_whenever_they_are_read(department):
    """All that was ever shown, on any day, as sets of cohorts: one holds five answers or more beyond another."""
    counts = dict(enumerate((3, 6, 1, 4, 2, 5, 1, 1), start=2))
    answers, seen = {}, set()
    viewer = factories.make_user(Role.VIEWER)
    for month, count in counts.items():
        with clock.at(date(2026, month, 1)):
            cohort = cohort_of(month)
            answers[cohort.pk] = count
            spoken(cohort, department, count, 3)
        for days in (20, 45):
            with clock.at(date(2026, month, 1) + timedelta(days=days)):
                publish()
                shown = [block for one in results.results_for(viewer)["hospitals"] for block in one.blocks]
            sets = [frozenset(cohort.pk for cohort in block.cohorts.all()) for block in shown]
            seen |= {*sets, *(frozenset().union(*sets[:end]) for end in range(1, len(sets) + 1))}
    assert len(seen) == 5
    for one in seen:
        assert sum(answers[key] for key in one) >= 5
        for other in seen:
            if one < other:
                assert sum(answers[key] for key in other - one) >= 5


def test_a_coordinator_reads_results_of_their_own_hospital_alone(client, department):
    other = factories.make_department(hospital=factories.make_hospital("Ansan Hospital"), seats=99)
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 5, 4, comment="kind people")
        spoken(cohort_of(2), other, 5, 1, comment="a cold room")
    client.force_login(factories.make_coordinator(department.hospital).user)
    with clock.at(date(2026, 6, 1)):
        assert publish() == 4
        text = client.get(reverse("programs:result-list")).content.decode()
    assert "kind people" in text
    assert "Ansan Hospital" not in text
    assert "a cold room" not in text
    assert "Clinical training" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_results_take_one_number_of_queries(client, count, django_assert_num_queries):
    for number in range(count):
        house = factories.make_hospital(f"House {number}")
        with clock.at(date(2026, 2, 1)):
            spoken(cohort_of(2), factories.make_department(hospital=house, seats=99), 5, 4, comment="good")
    client.force_login(factories.make_user(Role.VIEWER))
    with clock.at(date(2026, 6, 1)):
        publish()
        client.get(reverse("programs:result-list"))
        with django_assert_num_queries(6):
            client.get(reverse("programs:result-list"))


def read(about):
    """All that the page tells of a hospital or program: figures, cohorts and remarks, as anybody may note them."""
    publish()
    rows = results.results_for(factories.make_user(Role.VIEWER))
    [found] = [row for row in [*rows["hospitals"], *rows["programs"]] if row.about == about]
    blocks = [(one.count, one.sums, sorted(c.pk for c in one.cohorts.all())) for one in found.blocks]
    return blocks, found.comments


def test_an_erased_person_takes_nothing_out_of_what_is_published(department):
    with clock.at(date(2026, 2, 1)):
        cohort = cohort_of(2)
        spoken(cohort, department, 4, 4, comment="kind people")
        spoken(cohort, department, 1, 1, comment="nobody spoke English")
    with clock.at(date(2026, 6, 1)):
        before = read(department.hospital)
        assert before == (
            [(5, [17, 17, 17, 17], [cohort.pk])],
            ["kind people"] * 4 + ["nobody spoke English"],
        )
        last = Enrollment.objects.latest("pk")
        enrollments.withdraw(last, by=PORTAL, reason="went home")
        erasing.erase(last.trainee, by=factories.make_user(Role.MANAGER), keep_certificate=False, wish="mail")
        assert HospitalFeedback.objects.get(enrollment=last).comment == "(erased)"
        assert read(department.hospital) == before


def test_what_an_erased_person_said_and_nobody_has_read_goes(department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 1, 1, comment="nobody spoke English")
        spoken(cohort_of(2), department, 4, 4)
    with clock.at(date(2026, 3, 1)):
        first = Enrollment.objects.earliest("pk")
        enrollments.withdraw(first, by=PORTAL, reason="went home")
        erasing.erase(
            first.trainee, by=factories.make_user(Role.MANAGER), keep_certificate=False, wish="mail"
        )
    with clock.at(date(2026, 6, 1)):
        assert read(department.hospital)[1] == []


def test_two_records_of_one_hospital_that_are_merged_change_no_figure_of_either(department):
    twin = factories.make_department(
        hospital=factories.make_hospital("Myongji"), specialty="urology", seats=9
    )
    with clock.at(date(2026, 2, 1)):
        one = cohort_of(2)
        spoken(one, department, 5, 4)
        both = list(Enrollment.objects.order_by("pk"))
        for enrollment in both:
            HospitalFeedback.objects.create(
                enrollment=enrollment, hospital=twin.hospital, **dict.fromkeys(HospitalFeedback.MARKS, 2)
            )
    with clock.at(date(2026, 6, 1)):
        before = read(department.hospital)[0] + read(twin.hospital)[0]
        merging.merge(department.hospital, twin.hospital, by=factories.make_user(), reason="one house")
        assert HospitalFeedback.objects.count() == 5
        assert read(department.hospital)[0] == before


def test_a_cohort_whose_dates_are_corrected_adds_no_single_answer_to_what_was_read(department):
    with clock.at(date(2026, 2, 1)):
        cohort = cohort_of(2)
        spoken(cohort, department, 5, 4)
    with clock.at(date(2026, 4, 1)):
        before = read(department.hospital)
        Cohort.objects.filter(pk=cohort.pk).update(ends=ApproximateDate.of(date(2026, 4, 3)))
        spoken(cohort, department, 1, 1)  # whom the other five have waited for
        assert read(department.hospital) == before
    with clock.at(date(2026, 6, 1)):
        assert read(department.hospital) == before
    with clock.at(date(2026, 5, 1)):
        spoken(cohort_of(5), department, 4, 2)
    with clock.at(date(2026, 7, 1)):
        blocks, _comments = read(department.hospital)
        assert [block[0] for block in blocks] == [5, 5]


def test_the_database_takes_no_block_of_four(department):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultBlock.objects.create(hospital=department.hospital, count=4, sums=[4, 4, 4, 4])


def test_publishing_twice_publishes_once_and_a_look_at_another_day_nothing(department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 5, 4)
    due.run(as_of=date(2026, 6, 1), say=lambda line: None)
    assert ResultBlock.objects.count() == 0
    with clock.at(date(2026, 6, 1)):
        due.run(say=lambda line: None)
        assert (ResultBlock.objects.count(), publish()) == (2, 0)


def test_nobody_but_the_giver_sees_a_row(department):
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 1, 4)
    for role in (Role.ADMINISTRATOR, Role.VIEWER, Role.COORDINATOR, Role.TRAINEE):
        user = factories.make_user(role)
        assert not HospitalFeedback.objects.visible_to(user).exists()
        assert not ProgramFeedback.objects.visible_to(user).exists()


def test_two_records_of_one_hospital_are_merged_with_what_was_said_of_both(department):
    twin = factories.make_department(
        hospital=factories.make_hospital("Myongji"), specialty="urology", seats=9
    )
    with clock.at(date(2026, 2, 1)):
        spoken(cohort_of(2), department, 1, 4)
        enrollment = Enrollment.objects.get()
        HospitalFeedback.objects.create(
            enrollment=enrollment, hospital=twin.hospital, **dict.fromkeys(HospitalFeedback.MARKS, 2)
        )
        merging.merge(department.hospital, twin.hospital, by=factories.make_user(), reason="one house")
    assert HospitalFeedback.objects.get().teaching == 4


def test_a_cancelled_placement_is_not_asked_about(placement):
    work(LAST_DAY)
    mail = OutgoingMail.objects.get(kind="evaluation_request")
    with clock.at(LAST_DAY):
        placements.cancel(placement, by=PORTAL, reason="she left")
        with pytest.raises(NoLongerWanted):
            preview(mail)


def test_staff_stop_asking_or_do_without_it_and_say_why(client, evaluation):
    client.force_login(factories.make_user())
    client.post(reverse("programs:evaluation-miss", args=[evaluation.pk]))
    evaluation.refresh_from_db()
    assert evaluation.state == "missed"
    client.post(reverse("programs:evaluation-waive", args=[evaluation.pk]), {"reason": "the ward was closed"})
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.waived_reason) == ("waived", "the ward was closed")
