"""Certificates of a cohort: who gets one, who stands for it, and what is sent."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from participants.workflow.trainees import confirm_certificate_name
from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from programs.models import Certificate
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Kim Seo-yeon")


@pytest.fixture
def manager():
    return factories.make_user(Role.MANAGER, name="Lee Dong-hyun")


def completed_cohort(*names, **fields):
    """A completed cohort with a trainee of each name."""
    cohort = factories.make_cohort(state="nominating")
    for name in names:
        trainee = factories.make_trainee(name, **fields)
        factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")
    for enrollment in cohort.enrollments.all():
        factories.make_placement(enrollment=enrollment, state="confirmed")
    return factories.advance(cohort, "completed")


def url(name, cohort):
    return reverse(f"programs:cohort-{name}", args=[cohort.pk])


def screen(name, certificate):
    return reverse(name, args=[certificate.pk])


# All of a cohort -----------------------------------------------------------------------------------


def test_who_gets_no_certificate_is_listed_with_the_reason(client, officer):
    cohort = completed_cohort("Aizada Mambetova")
    running = factories.make_cohort(state="nominating")
    factories.make_enrollment(
        cohort=running, trainee=factories.make_trainee("Bolormaa Dorj"), state="in_training"
    )
    client.force_login(officer)

    assert "Aizada Mambetova Eligible Open" in text_of(client.get(url("certificates", cohort)))
    assert "Bolormaa Dorj Still in training: eligible once the training is completed." in (
        text_of(client.get(url("certificates", running)))
    )


def test_the_list_is_filtered_by_what_became_of_the_certificate(client, officer):
    cohort = factories.make_cohort(state="nominating")
    for name, state in (("Aizada Mambetova", "completed"), ("Bolormaa Dorj", "in_training")):
        factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee(name), state=state)
    client.force_login(officer)

    def found(state):
        text = text_of(client.get(url("certificates", cohort), {"state": state}))
        return [name for name in ("Aizada Mambetova", "Bolormaa Dorj") if name in text]

    assert found("eligible") == ["Aizada Mambetova"]
    assert found("none") == ["Bolormaa Dorj"]
    assert found("issued") == []
    assert found("") == ["Aizada Mambetova", "Bolormaa Dorj"]


def test_an_officer_cannot_approve_but_sees_who_did(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova")
    client.force_login(officer)

    assert client.post(url("approve-certificates", cohort)).status_code == 403
    assert "/approve-certificates/" not in client.get(url("certificates", cohort)).content.decode()

    client.force_login(manager)
    client.post(url("approve-certificates", cohort))
    client.force_login(officer)
    assert "Aizada Mambetova Approved Open – Lee Dong-hyun" in text_of(
        client.get(url("certificates", cohort))
    )


def test_a_manager_approves_all_in_their_own_name(client, manager):
    cohort = completed_cohort("Aizada Mambetova", "Bolormaa Dorj")
    client.force_login(manager)

    asked = text_of(client.get(url("approve-certificates", cohort)))
    assert "2 certificates are approved in your name, Lee Dong-hyun." in asked
    done = client.post(url("approve-certificates", cohort), follow=True)

    assert "2 certificates are approved." in text_of(done)
    assert set(Certificate.objects.values_list("state", "approved_by")) == {("approved", manager.pk)}


def test_issuing_says_how_many_mails_leave_and_who_has_no_address(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova", "Bolormaa Dorj")
    trainee = cohort.enrollments.get(trainee__passport_name="Bolormaa Dorj").trainee
    trainee.email = ""
    trainee.save()
    client.force_login(manager)
    client.post(url("approve-certificates", cohort))
    client.force_login(officer)

    text = text_of(client.get(url("issue-certificates", cohort)))
    assert "2 certificates get their numbers and are printed." in text
    assert "1 mail with the certificate is sent." in text
    assert "No e-mail address is known, so no mail is sent: Bolormaa Dorj." in text

    assert "2 certificates are issued." in text_of(
        client.post(url("issue-certificates", cohort), follow=True)
    )
    assert list(Certificate.objects.order_by("number").values_list("number", flat=True)) == [
        "GG-2026-0001",
        "GG-2026-0002",
    ]
    assert set(OutgoingMail.objects.filter(kind="certificate").values_list("address", "state")) == {
        (cohort.enrollments.first().trainee.email, "queued"),
        ("", "failed"),
    }


def test_a_name_that_cannot_be_printed_is_told_with_its_letter_and_the_others_go_on(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova", "Bo\N{CUNEIFORM SIGN A}lormaa", "Cholpon Osmonova")
    client.force_login(manager)
    client.post(url("approve-certificates", cohort))
    client.force_login(officer)

    text = text_of(client.post(url("issue-certificates", cohort), follow=True))

    assert "2 certificates are issued." in text
    assert "the fonts have no letter “\N{CUNEIFORM SIGN A}”" in text
    left = Certificate.objects.get(state="approved")
    assert left.number == ""
    assert list(
        Certificate.objects.filter(state="issued").order_by("serial").values_list("serial", flat=True)
    ) == [1, 2]


def test_issuing_twice_numbers_once(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova")
    client.force_login(manager)
    client.post(url("approve-certificates", cohort))

    client.post(url("issue-certificates", cohort))
    text = text_of(client.post(url("issue-certificates", cohort), follow=True))

    assert "There was nothing left to do." in text
    assert Certificate.objects.get().number == "GG-2026-0001"
    assert OutgoingMail.objects.filter(kind="certificate").count() == 1


# One certificate -----------------------------------------------------------------------------------


def test_the_team_reads_a_certificate_and_takes_its_file(client, officer):
    certificate = factories.make_certificate(state="issued")
    client.force_login(officer)

    text = text_of(client.get(screen("programs:certificate-detail", certificate)))
    file = client.get(screen("programs:certificate-download", certificate))

    assert f"Certificate {certificate.number}" in text
    assert certificate.file.sha256 in text
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    assert file.headers["Cache-Control"] == "private, no-store"
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"


def test_a_trainee_takes_their_own_certificate_and_no_other(client):
    trainee = factories.make_trainee(user=True)
    own = factories.make_certificate(
        state="issued", enrollment=factories.make_enrollment(trainee=trainee, state="completed")
    )
    other = factories.make_certificate(state="issued")
    client.force_login(trainee.user)

    assert (
        b"".join(client.get(screen("programs:certificate-download", own)).streaming_content)[:5] == b"%PDF-"
    )
    assert client.get(screen("programs:certificate-download", other)).status_code == 404
    assert client.get(screen("programs:certificate-detail", own)).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CONTACT])
@pytest.mark.parametrize("name", ["detail", "download", "approve", "issue", "revoke"])
def test_hospitals_and_partners_see_no_certificate(client, role, name):
    certificate = factories.make_certificate(state="issued")
    client.force_login(factories.make_user(role))

    response = client.get(screen(f"programs:certificate-{name}", certificate))

    assert response.status_code == 403
    assert certificate.number.encode() not in response.content


def test_a_certificate_that_is_not_issued_has_no_file(client, officer):
    certificate = factories.make_certificate()
    client.force_login(officer)

    assert client.get(screen("programs:certificate-download", certificate)).status_code == 404


def test_a_manager_approves_one_and_an_officer_issues_it(client, officer, manager):
    certificate = factories.make_certificate()
    client.force_login(manager)
    client.post(screen("programs:certificate-approve", certificate))
    client.force_login(officer)

    response = client.post(screen("programs:certificate-issue", certificate), follow=True)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.approved_by) == ("issued", manager)
    assert f"Certificate {certificate.number}" in text_of(response)


def test_revoking_needs_a_manager_and_a_reason_and_keeps_the_paper(client, officer, manager):
    certificate = factories.make_certificate(state="issued")
    client.force_login(officer)
    assert (
        client.post(screen("programs:certificate-revoke", certificate), {"reason": "mistake"}).status_code
        == 403
    )

    client.force_login(manager)
    assert client.post(screen("programs:certificate-revoke", certificate), {"reason": ""}).status_code == 422
    text = text_of(
        client.post(
            screen("programs:certificate-revoke", certificate), {"reason": "wrong person"}, follow=True
        )
    )

    certificate.refresh_from_db()
    assert (certificate.state, certificate.revoked_reason) == ("revoked", "wrong person")
    assert "Revoked because wrong person" in text
    assert (
        b"".join(client.get(screen("programs:certificate-download", certificate)).streaming_content)[:5]
        == b"%PDF-"
    )


def test_whoever_approves_or_issues_sees_which_names_are_confirmed(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova", "Bolormaa Dorj", "Cholpon Osmonova")
    trainee = cohort.enrollments.get(trainee__passport_name="Aizada Mambetova").trainee
    with clock.at(date(2026, 11, 3)):
        confirm_certificate_name(trainee, by=officer, name="Aizada Mambetova")
    client.force_login(manager)
    for name in ("approve-certificates", "issue-certificates"):
        text = text_of(client.get(url(name, cohort)))
        assert "2 names are not confirmed by the trainees." in text
        assert "Aizada Mambetova confirmed on 3 November 2026" in text
        assert text.count("not confirmed by the trainee ") == 2
        client.post(url(name, cohort))


def test_confirmed_names_are_not_counted_as_open(client, officer, manager):
    cohort = completed_cohort("Aizada Mambetova")
    confirm_certificate_name(cohort.enrollments.get().trainee, by=officer, name="Aizada Mambetova")
    client.force_login(manager)
    assert "not confirmed" not in text_of(client.get(url("approve-certificates", cohort)))
