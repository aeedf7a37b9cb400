"""Django's admin as a whole: every page opens for an administrator and for nobody else, and no list asks once a row."""

import uuid
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hospitals.models import Closure
from participants.models import FollowUp, Post, Visit
from portal.accounts.roles import Role
from portal.records import clock
from portal.records.access import looked
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.imports.models import ColumnMapping
from portal.records.models import AccessReview, PrivateFile, Source
from portal.records.transitions import Stateful
from programs.models import (
    Attendance,
    Call,
    CertificateCounter,
    Criterion,
    Exemption,
    HeadCount,
    HospitalFeedback,
    HostingRequest,
    Objective,
    ProgramFeedback,
    Release,
    ResultBlock,
    Review,
    Reviewer,
    ScheduleLook,
    ScheduleRelease,
    Score,
    Signatory,
    SignatoryMark,
    Waiver,
    Wish,
    WithdrawnBadge,
)
from programs.workflow import calendar_feeds
from tests import factories
from tests.architecture.test_arrows import OURS

pytestmark = pytest.mark.django_db

DOMAIN = {"hospitals", "partners", "participants", "programs", "records", "accounts"}
MODELS = [
    model
    for config in OURS
    if config.label in DOMAIN
    for model in config.get_models()
    if not hasattr(model, "pgh_tracked_model")
]
# Shown and edited with the record they belong to.
INLINE = {
    "partners.MouParty",
    "programs.Brand",
    "programs.Criterion",
    "programs.HostingSeats",
    "programs.ObjectiveRating",
    "programs.ProposedLine",
    "programs.Quota",
    "programs.Score",
}
SHOWN = [model for model in MODELS if model._meta.label not in INLINE]


def url_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def one_of_each(number):
    """A row of every model, unlike the others in what a list shows of it."""
    hospital = factories.make_hospital()
    department = factories.make_department(hospital=hospital, specialty=f"specialty {number}")
    christmas = date(2026, 12, 25)
    Closure.objects.create(department=department, first_day=christmas, last_day=christmas)
    factories.make_coordinator(hospital)
    factories.make_clinician(hospital, department=department)
    region = factories.make_region(f"Region {number}")
    institution = factories.make_institution(f"Institution {number}", region=region)
    contact = factories.make_contact(institution=institution)
    factories.make_scan(factories.make_mou(institution=institution))
    Source.objects.create(key=f"s{number}", title="News", publisher="Paper", published=ApproximateDate(2022))
    month = date(2026, number, 1)
    AccessReview.objects.create(month=month, reviewed_by=factories.make_user(Role.MANAGER))
    PrivateFile.objects.store(b"%PDF-", name="scan.pdf", content_type="application/pdf")
    officer = factories.make_user(Role.OFFICER)
    program = factories.make_program(f"Program {number}")
    cohort = factories.make_cohort(state="nominating", program=program, lead_officer=officer)
    HeadCount.objects.create(cohort=cohort, count=ApproximateCount(number + 1))
    trainee = factories.make_trainee(institution=institution)
    factories.make_passport(trainee, consent=True)
    Post.objects.create(trainee=trainee, workplace=f"Clinic {number}", told_by="they")
    Visit.objects.create(
        graduation=factories.make_graduation(),
        visited_on=christmas,
        place="Home",
        seen="UBE",
        written_by=officer,
    )
    factories.make_document(trainee, state="checked")
    looked(officer, trainee, "passport_number", "visa invitation", None)
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=trainee, state="accepted", nominated_by=institution
    )
    factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    factories.make_session_file(factories.make_talk(cohort, hospital=hospital, department=department))
    ScheduleRelease.objects.create(cohort=cohort, number=1, at=clock.now(), by=officer, changes=[])
    Release.objects.create(cohort=cohort, kind="placements", number=1, released_by=officer)
    ScheduleLook.objects.create(trainee=trainee, at=clock.now())
    calendar_feeds.make(by=officer)
    factories.make_certificate(state="approved")
    ColumnMapping.objects.create(kind="institutions", heading=f"heading {number}", target="name")
    factories.make_import()
    factories.make_duplicate()
    Call.objects.create(cohort=cohort, contact=contact)
    Reviewer.objects.create(cohort=cohort, user=officer)
    review = Review.objects.create(enrollment=enrollment, reviewer=officer)
    criterion = Criterion.objects.create(program=program, name="Experience")
    Score.objects.create(review=review, criterion=criterion, points=4)
    Waiver.objects.create(enrollment=enrollment, rules=["practice"], reason="The only surgeon there")
    factories.make_offer()
    factories.make_hosting(cohort)
    HostingRequest.objects.create(cohort=cohort, hospital=hospital, asked_at=clock.now(), answer_by=christmas)
    who_signs(number, by=officer)
    factories.make_proposal()
    Wish.objects.create(enrollment=enrollment, rank=1, hospital=factories.make_hospital())
    CertificateCounter.objects.create(year=2026 + number, last=number)
    WithdrawnBadge.objects.create(identifier=uuid.uuid4())
    what_was_said(enrollment, hospital, number)


def who_signs(number, *, by):
    signatory = Signatory.objects.create(
        name=f"Director {number}",
        name_ko="국장",
        title="Director",
        title_ko="국장",
        since=date(2020 + number, 1, 1),
    )
    picture = PrivateFile.objects.store(b"png", name="sign.png", content_type="image/png")
    SignatoryMark.objects.create(signatory=signatory, kind="seal", version=1, file=picture, by=by)


def what_was_said(enrollment, hospital, number):
    """A row of every model about a training that is on or over."""
    session = factories.make_session(enrollment.cohort)
    factories.make_check_in(session)
    Attendance.objects.create(
        enrollment=enrollment,
        session=session,
        day=factories.MONDAY,
        status="present",
        noted_name=f"N{number}",
    )
    factories.make_evaluation(enrollment.placements.get())
    marks = dict.fromkeys(HospitalFeedback.MARKS, 4)
    HospitalFeedback.objects.create(enrollment=enrollment, hospital=hospital, **marks)
    ProgramFeedback.objects.create(enrollment=enrollment, **dict.fromkeys(ProgramFeedback.MARKS, 4))
    ResultBlock.objects.create(hospital=hospital, count=5, sums=[20, 20, 20, 20])
    Objective.objects.create(enrollment=enrollment, position=1, text=f"Laparoscopy {number}")
    Exemption.objects.create(enrollment=enrollment, rules=["attendance"], reason=f"Ill {number}")


@pytest.fixture
def administrator(client):
    user = factories.make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_every_model_of_the_domain_is_in_the_admin():
    missing = {model._meta.label for model in MODELS if model not in admin.site._registry}
    assert missing == INLINE


def test_an_administrator_opens_every_list_every_record_and_every_form(client, administrator, rf):
    one_of_each(1)
    request = rf.get("/")
    request.user = administrator
    answers, expected = {}, {}
    for model in SHOWN:
        may_add = admin.site._registry[model].has_add_permission(request)
        pages = [
            url_of(model, "changelist"),
            url_of(model, "changelist") + "?q=a",
            url_of(model, "change", model._default_manager.first().pk),
            url_of(model, "add"),
        ]
        answers[model] = [client.get(page).status_code for page in pages]
        expected[model] = [200, 200, 200, 200 if may_add else 403]
    assert answers == expected


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.VIEWER, Role.COORDINATOR, Role.TRAINEE])
def test_nobody_but_an_administrator_opens_the_admin(client, role):
    factories.make_hospital()
    client.force_login(factories.make_user(role))
    pages = [reverse("admin:index"), *(url_of(model, "changelist") for model in SHOWN)]
    assert {client.get(page, follow=True).status_code for page in pages} == {403}


def test_a_visitor_is_sent_to_sign_in(client):
    response = client.get(url_of(apps.get_model("hospitals.Hospital"), "changelist"))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def queries_of_lists(client):
    counts = {}
    for model in SHOWN:
        client.get(url_of(model, "changelist"))  # content types and the like are read once a process
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url_of(model, "changelist"))
        counts[model] = (len(queries), len(response.context["cl"].result_list))
    return counts


def test_no_list_asks_more_often_for_three_rows_than_for_one(client, administrator):
    one_of_each(1)
    few = queries_of_lists(client)
    one_of_each(2)
    one_of_each(3)
    many = queries_of_lists(client)
    assert [model for model in SHOWN if many[model][1] < few[model][1] + 2] == []
    assert {m: (few[m], many[m]) for m in SHOWN if few[m][0] != many[m][0]} == {}


@pytest.mark.parametrize(
    "model", [model for model in SHOWN if issubclass(model, Stateful)], ids=lambda model: model._meta.label
)
def test_no_state_can_be_typed_and_nothing_with_a_state_is_deleted(client, administrator, model):
    one_of_each(1)
    row = model._default_manager.first()
    form = client.get(url_of(model, "change", row.pk)).context["adminform"].form
    assert "state" not in form.fields
    assert client.post(url_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "label",
    [
        "records.Event",
        "records.PrivateFile",
        "accounts.Grant",
        "partners.MouScan",
        "records.AccessRecord",
        "records.AccessReview",
        "participants.Consent",
        "participants.Duplicate",
    ],
)
def test_what_is_only_added_to_cannot_be_changed(client, administrator, label):
    one_of_each(1)
    model = apps.get_model(label)
    row = model._default_manager.first()
    assert client.post(url_of(model, "change", row.pk), {"reason": "other"}).status_code == 403
    assert client.post(url_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_list_says_where_new_placements_come_from(client, administrator):
    page = client.get(reverse("admin:programs_placement_changelist")).content.decode()
    assert "Placements are drafted on the board of their cohort." in page


def test_follow_ups_keep_what_the_graduate_wrote(client, administrator):
    factories.make_enrollment(state="completed")
    followup = FollowUp.objects.first()
    page = client.get(url_of(FollowUp, "change", followup.pk))
    assert list(page.context["adminform"].form.fields) == ["due"]


def test_the_actor_of_the_trail_is_shown_by_the_name_of_then(client, administrator):
    factories.make_cohort()
    assert str(PORTAL) in client.get(reverse("admin:records_event_changelist")).content.decode()
