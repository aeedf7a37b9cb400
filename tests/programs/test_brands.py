"""The name a program had in the cohort's year stands wherever the cohort is named beside its program."""

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from programs import calls, paper_links
from programs.models import Call
from programs.workflow import calls as verbs
from tests import factories

pytestmark = pytest.mark.django_db
NAME, NOW = "Medical Gyeonggi Fellowship", "Clinical training"


@pytest.fixture
def cohort():
    program = factories.make_program(NOW)
    program.brands.create(name=NAME, since=ApproximateDate(2025))
    return factories.make_cohort(program=program, state="nominating")


def says(response):
    text = response.content.decode()
    return (NAME in text, f"{NOW}, " in text)


def test_the_public_list_of_open_cohorts(client, cohort):
    assert says(client.get(reverse("public:home"))) == (True, False)


def test_the_contact_s_pages_and_the_mail(client, cohort):
    contact = factories.make_contact()
    enrollment = factories.make_enrollment(cohort=cohort, nominated_by=contact.institution)
    call = Call.objects.create(cohort=cohort, contact=contact)
    token = calls.token_for(call)
    for name in ("call-open", "call-nominate"):
        assert says(client.get(reverse(f"programs:{name}", args=[token]))) == (True, False)
    link = reverse("programs:paper-upload", args=[paper_links.token_for(enrollment)])
    assert says(client.get(link)) == (True, False)
    client.force_login(contact.user)
    assert says(client.get(reverse("desk:today"))) == (True, False)
    verbs.invite(cohort, [contact], by=PORTAL)
    assert NAME in render.preview(OutgoingMail.objects.get(kind="nomination_call"))["subject"]


def test_the_desk_and_its_search(client, cohort):
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state="requested")
    client.force_login(factories.make_user(Role.OFFICER))
    with clock.at(cohort.first_day):
        assert says(client.get(reverse("desk:today"))) == (True, False)
    assert says(client.get(reverse("desk:search"), {"q": cohort.name})) == (True, False)


def test_the_certificate_s_page_and_the_register_of_graduates(client, cohort):
    trainee = factories.make_trainee(user=True)
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
    factories.make_certificate(enrollment=enrollment, state="issued")
    assert enrollment.graduation.program_name == NAME
    client.force_login(trainee.user)
    assert says(client.get(reverse("programs:my-certificates"))) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_a_contact_s_home_costs_the_same_for_one_and_for_three(
    client, cohort, count, django_assert_num_queries
):
    contact = factories.make_contact()
    for _ in range(count):
        other = factories.make_cohort(state="nominating")
        factories.make_enrollment(cohort=other, nominated_by=contact.institution)
        Call.objects.create(cohort=other, contact=contact)
    client.force_login(contact.user)
    client.get(reverse("desk:today"))
    with django_assert_num_queries(11):
        client.get(reverse("desk:today"))
