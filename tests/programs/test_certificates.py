"""Certificates of a cohort: who gets one, who stands for it, and what is sent."""

import io
import re
from datetime import date
from html import unescape

import pypdf
import pytest
from django.urls import reverse

from participants.workflow.trainees import confirm_certificate_name
from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.kinds import NoLongerWanted
from portal.mail.models import OutgoingMail
from portal.records import clock
from programs.models import Certificate
from programs.workflow import certificates, issuing
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
@pytest.mark.parametrize(
    "name", ["detail", "download", "approve", "issue", "ask-revocation", "keep-valid", "revoke", "reissue"]
)
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


def test_revoking_takes_two_people_and_a_reason_and_keeps_the_paper(client, officer, manager):
    certificate = factories.make_certificate(state="issued")
    client.force_login(officer)
    ask = screen("programs:certificate-ask-revocation", certificate)
    assert client.post(ask, {"reason": ""}).status_code == 422
    text = text_of(client.post(ask, {"reason": "wrong person"}, follow=True))
    assert "You have asked for its revocation. Another person, a manager, has to revoke it." in text
    assert client.post(screen("programs:certificate-revoke", certificate)).status_code == 403

    client.force_login(manager)
    revoke = screen("programs:certificate-revoke", certificate)
    assert "Kim Seo-yeon asks for it: “wrong person”" in text_of(client.get(revoke))
    text = text_of(client.post(revoke, follow=True))

    certificate.refresh_from_db()
    assert (certificate.state, certificate.revoked_reason) == ("revoked", "wrong person")
    assert "Revoked because wrong person" in text
    file = client.get(screen("programs:certificate-download", certificate))
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"


def test_a_manager_cannot_revoke_what_they_asked_for_themselves(client, manager):
    certificate = factories.make_certificate(state="issued")
    client.force_login(manager)
    client.post(screen("programs:certificate-ask-revocation", certificate), {"reason": "wrong person"})
    response = client.post(screen("programs:certificate-revoke", certificate))
    certificate.refresh_from_db()
    assert (response.status_code, certificate.state) == (409, "issued")
    assert "You asked for it, so another person has to revoke it." in text_of(response)


def test_nothing_is_revoked_that_nobody_asked_to_revoke(client, manager):
    certificate = factories.make_certificate(state="issued")
    client.force_login(manager)
    assert client.post(screen("programs:certificate-revoke", certificate)).status_code == 409
    certificate.refresh_from_db()
    assert certificate.state == "issued"


def test_a_certificate_may_be_left_valid_after_all(client, officer, manager):
    certificate = factories.make_certificate(state="issued")
    client.force_login(officer)
    client.post(screen("programs:certificate-ask-revocation", certificate), {"reason": "wrong person"})
    client.force_login(manager)
    text = text_of(client.post(screen("programs:certificate-keep-valid", certificate), follow=True))
    certificate.refresh_from_db()
    assert (certificate.state, certificate.revocation_asked_by, certificate.revocation_reason) == (
        "issued",
        None,
        "",
    )
    assert "stays valid." in text
    assert "wrong person" in text  # in the history
    assert client.post(screen("programs:certificate-revoke", certificate)).status_code == 409


# Issued anew ---------------------------------------------------------------------------------------


def test_a_certificate_issued_anew_takes_the_place_of_the_old_one(client, manager):
    old = factories.make_certificate(state="issued")
    trainee = old.enrollment.trainee
    trainee.certificate_name = "Nomin-Erdene TSOGT"
    trainee.save()
    client.force_login(manager)

    page = text_of(client.get(screen("programs:certificate-reissue", old)))
    assert f"{old.printed['name']} Nomin-Erdene TSOGT Changed" in page
    text = text_of(
        client.post(screen("programs:certificate-reissue", old), {"reason": "misspelled"}, follow=True)
    )

    before = old.file.read()
    old.refresh_from_db()
    new = old.superseded_by
    assert (old.state, new.state, new.approved_by) == ("superseded", "issued", manager)
    assert (new.serial, new.printed["name"]) == (old.serial + 1, "Nomin-Erdene TSOGT")
    assert new.code != old.code
    assert old.file.read() == before
    assert f"Takes the place of {old.number}" in text
    states = OutgoingMail.objects.filter(kind="certificate").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "queued"]


def test_what_cannot_be_printed_leaves_the_old_one_valid_and_takes_no_number(client, manager):
    old = factories.make_certificate(state="issued")
    trainee = old.enrollment.trainee
    trainee.certificate_name = "Bo\N{CUNEIFORM SIGN A}lormaa"
    trainee.save()
    client.force_login(manager)
    response = client.post(screen("programs:certificate-reissue", old), {"reason": "misspelled"})
    assert response.status_code == 409
    assert "the fonts have no letter" in text_of(response)
    assert list(Certificate.objects.values_list("state", "serial")) == [("issued", 1)]


def test_only_a_valid_certificate_is_issued_anew(client, manager):
    old = factories.make_certificate(state="revoked")
    client.force_login(manager)
    response = client.post(screen("programs:certificate-reissue", old), {"reason": "misspelled"})
    assert response.status_code == 409
    assert Certificate.objects.count() == 1


# Many at once --------------------------------------------------------------------------------------


def approved_cohort(monkeypatch, manager, *names):
    """Approved certificates, more than are issued while a page is waited for."""
    monkeypatch.setattr(issuing, "IN_THE_REQUEST", 1)
    cohort = completed_cohort(*names)
    for certificate in Certificate.objects.all():
        certificates.approve(certificate, by=manager)
    return cohort


def test_many_are_issued_by_a_worker_and_the_page_says_how_far_it_is(client, officer, manager, monkeypatch):
    cohort = approved_cohort(monkeypatch, manager, "Aizada Mambetova", "Bolormaa Dorj")
    client.force_login(officer)

    text = text_of(client.post(url("issue-certificates", cohort), follow=True))
    assert "0 of 2 certificates are issued." in text
    assert "Issue all approved certificates?" not in text
    again = text_of(client.post(url("issue-certificates", cohort), follow=True))
    assert "0 of 2 certificates are issued." in again

    assert issuing.work_off() == 2
    text = text_of(client.get(url("issue-certificates", cohort)))
    assert "2 of 2 certificates are issued." in text
    assert list(Certificate.objects.order_by("serial").values_list("printed__name", "issue_asked_by")) == [
        ("Aizada Mambetova", officer.pk),
        ("Bolormaa Dorj", officer.pk),
    ]
    assert issuing.work_off() == 0


def test_one_that_cannot_be_printed_says_why_and_holds_up_nobody(client, officer, manager, monkeypatch):
    cohort = approved_cohort(
        monkeypatch, manager, "A\N{CUNEIFORM SIGN A}a", "Bolormaa Dorj", "Cholpon Osmonova"
    )
    officer.language = "ko"
    officer.save()
    issuing.ask(cohort, by=officer)

    assert issuing.work_off() == 2
    stuck = Certificate.objects.get(state="approved")
    assert "글꼴" in stuck.issue_problem  # in the words of whoever asked
    assert sorted(Certificate.objects.numbered().values_list("serial", flat=True)) == [1, 2]

    trainee = stuck.enrollment.trainee
    trainee.certificate_name = "Altansukh"
    trainee.save()
    assert issuing.ask(cohort, by=officer) == 1
    assert issuing.work_off() == 1


def test_who_may_not_issue_any_more_issues_nothing(officer, manager, monkeypatch):
    cohort = approved_cohort(monkeypatch, manager, "Aizada Mambetova")
    issuing.ask(cohort, by=officer)
    officer.is_active = False
    officer.save()
    assert issuing.work_off() == 0
    assert "may not issue certificates any more" in Certificate.objects.get().issue_problem


# On paper ------------------------------------------------------------------------------------------


def test_all_are_printed_as_one_file_in_the_order_of_their_numbers(client, officer):
    cohort = completed_cohort("Aizada Mambetova", "Bolormaa Dorj")
    client.force_login(officer)
    assert "there is nothing to print" in text_of(client.get(url("print-certificates", cohort), follow=True))
    for certificate in Certificate.objects.order_by("enrollment__trainee__passport_name"):
        factories.make_certificate(enrollment=certificate.enrollment, state="issued")

    response = client.get(url("print-certificates", cohort))
    pages = pypdf.PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    names = [re.search("Aizada|Bolormaa", page.extract_text()).group() for page in pages]
    assert names == ["Aizada", "Aizada", "Bolormaa", "Bolormaa"]  # each with its transcript
    assert response.headers["Cache-Control"] == "private, no-store"


def test_whoever_came_is_ticked_and_the_others_stay_on_the_list(client, officer):
    cohort = completed_cohort("Aizada Mambetova", "Bolormaa Dorj")
    one, _other = [
        factories.make_certificate(enrollment=enrollment, state="issued")
        for enrollment in cohort.enrollments.all()
    ]
    client.force_login(officer)
    page = url("hand-over-certificates", cohort)
    assert client.post(page, {}).status_code == 422
    client.post(page, {"certificates": [one.pk]})
    one.refresh_from_db()
    assert one.handed_over_by == officer
    assert Certificate.objects.filter(handed_over_at=None).count() == 1
    assert one.number not in text_of(client.get(page))


def test_the_register_holds_every_number_in_order(client, officer):
    revoked = factories.make_certificate(state="revoked")
    issued = factories.make_certificate(state="issued")
    factories.make_certificate()
    client.force_login(officer)
    register = reverse("programs:certificate-list")
    text = text_of(client.get(register, {"sort": "number"}))
    assert re.findall(r"GG-2026-[0-9]{4}", text) == [revoked.number, issued.number]
    assert "issued by mistake" in text
    assert revoked.number not in text_of(client.get(register, {"state": "issued"}))
    assert issued.number in text_of(client.get(register, {"q": issued.printed["name"], "year": "2026"}))


def test_the_register_is_taken_away_for_a_reason_only(client, officer):
    certificate = factories.make_certificate(state="issued")
    client.force_login(officer)
    address = reverse("programs:certificate-list") + "?export=csv"
    assert certificate.number not in client.get(address).content.decode()
    response = client.post(address, {"reason": "yearly report"})
    text = b"".join(response.streaming_content).decode()
    assert f"{certificate.number}," in text
    assert certificate.file.sha256 in text


def test_the_register_costs_the_same_for_one_and_for_three(client, officer, django_assert_num_queries):
    client.force_login(officer)
    for _more in (1, 2):
        for _one in range(_more):
            factories.make_certificate(state="issued")
        with django_assert_num_queries(4):
            client.get(reverse("programs:certificate-list"))


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


# A copy for the institution at home -----------------------------------------------------------------


def at_home(**program):
    """An enrollment that is completed, of an institution with a contact."""
    home = factories.make_institution("Khan Hospital")
    factories.make_contact(institution=home)
    trainee = factories.make_trainee(institution=home)
    cohort = factories.make_cohort(state="nominating", program=factories.make_program(**program))
    return factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")


def copies():
    mails = OutgoingMail.objects.filter(kind="certificate_home")
    return [(mail.recipient.institution.name, mail.state) for mail in mails]


def test_the_home_institution_gets_a_copy_where_the_program_says_so():
    certificate = factories.make_certificate(enrollment=at_home(certificate_to_home=True), state="issued")
    assert copies() == [("Khan Hospital", "queued")]
    mail = OutgoingMail.objects.get(kind="certificate_home")
    assert list(mail.attachments.all()) == [certificate.file]
    assert "A copy of the certificate is attached" in render.preview(mail)["text"]


def test_it_gets_none_where_the_program_does_not_say_so_or_the_graduate_says_no():
    factories.make_certificate(enrollment=at_home(), state="issued")
    enrollment = at_home(certificate_to_home=True)
    factories.make_consent(enrollment.trainee, "abroad", action="withdrawn")
    factories.make_certificate(enrollment=enrollment, state="issued")
    assert copies() == []


def test_a_copy_that_waits_does_not_leave_after_a_no_or_a_revocation(officer, manager):
    enrollment = at_home(certificate_to_home=True)
    certificate = factories.make_certificate(enrollment=enrollment, state="issued")
    factories.make_consent(enrollment.trainee, "abroad", action="withdrawn")
    with pytest.raises(NoLongerWanted):
        render.preview(OutgoingMail.objects.get(kind="certificate_home"))
    certificates.ask_revocation(certificate, by=officer, reason="wrong person")
    certificates.revoke(certificate, by=manager)
    assert copies() == [("Khan Hospital", "cancelled")]


def test_issuing_says_that_copies_go_home(client, officer, manager):
    enrollment = at_home(certificate_to_home=True)
    certificates.approve(enrollment.certificates.get(), by=manager)
    client.force_login(officer)
    text = text_of(client.get(url("issue-certificates", enrollment.cohort)))
    assert "The home institutions get a copy by mail, unless the graduate has said no to that." in text
