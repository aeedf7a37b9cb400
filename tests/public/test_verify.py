"""Checking a certificate: what anybody may learn with its code, and what nobody learns without."""

import hashlib
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.accounts.roles import Role
from portal.public.verdict import verdict_on
from programs.templatetags.programs_panels import in_blocks
from programs.workflow.certificates import reissue
from tests.factories import make_certificate, make_enrollment, make_institution, make_trainee, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_checks_counted():
    cache.clear()
    yield
    cache.clear()


def issued(state="issued"):
    trainee = make_trainee(
        "Tserendorj Altansukh",
        email="altansukh@example.org",
        phone="+976 99112233",
        institution=make_institution("Second National Hospital"),
    )
    return make_certificate(enrollment=make_enrollment(trainee=trainee, state="completed"), state=state)


def by_code(client, code):
    return client.get(reverse("public:verify-code", args=[code]))


def by_hand(client, number, code):
    return client.post(reverse("public:verify"), {"number": number, "code": code})


def test_genuine_certificate_shows_what_was_printed_and_nothing_more(client):
    certificate = issued()
    response = by_code(client, certificate.code)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert "This certificate is genuine" in page
    for printed in (certificate.number, "Tserendorj Altansukh", "Clinical training", "2–27 November 2026"):
        assert printed in page
    for hidden in ("altansukh@example.org", "99112233", "Second National Hospital"):
        assert hidden not in page


def test_name_stays_as_printed_when_the_person_changes_it(client):
    certificate = issued()
    trainee = certificate.enrollment.trainee
    trainee.passport_name = "Somebody Else"
    trainee.save()
    page = by_code(client, certificate.code).content.decode()
    assert "Tserendorj Altansukh" in page
    assert "Somebody Else" not in page


def test_number_and_code_are_read_as_people_type_them(client):
    certificate = issued()
    code = certificate.code.upper()
    typed = "-".join(code[start : start + 4] for start in range(0, 32, 4))
    response = by_hand(client, f" {certificate.number.lower()} ", f" {typed} ")
    assert "This certificate is genuine" in response.content.decode()


def test_the_code_is_taken_in_the_blocks_in_which_it_is_read_out(client):
    certificate = issued()
    for code in (in_blocks(certificate.code), in_blocks(certificate.code).replace(" ", "-")):
        response = client.post(reverse("public:verify"), {"number": certificate.number, "code": code})
        assert response.status_code == 200


def test_whole_address_may_be_typed_for_the_code(client):
    certificate = issued()
    assert (
        "This certificate is genuine"
        in by_hand(client, certificate.number, certificate.printed["verify_url"]).content.decode()
    )


def test_revoked_certificate_is_said_to_be_revoked(client):
    page = by_code(client, issued("revoked").code).content.decode()
    assert "This certificate was revoked" in page
    assert "is genuine" not in page
    assert "issued by mistake" not in page


def test_superseded_certificate_points_to_a_newer_one(client):
    certificate = issued()
    reissue(certificate, by=make_user(Role.MANAGER), reason="misspelled")
    assert verdict_on(certificate.code).kind == "superseded"
    page = by_code(client, certificate.code).content.decode()
    assert "A newer certificate has taken its place" in page
    assert "misspelled" not in page


def test_the_fingerprint_of_the_file_stands_on_the_page_to_compare_it_in_the_browser(client):
    certificate = issued()
    page = by_code(client, certificate.code).content.decode()
    assert f'data-file-check="{hashlib.sha256(certificate.file.read()).hexdigest()}"' in page
    assert "data-file-check" not in by_code(client, "0" * 32).content.decode()


@pytest.mark.parametrize("state", ["eligible", "approved"])
def test_certificate_that_was_not_issued_is_unknown(client, state):
    response = by_code(client, issued(state).code)
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "Tserendorj" not in response.content.decode()


def test_wrong_code_wrong_number_and_unknown_number_get_one_answer():
    certificate, other = issued("issued"), "0" * 32
    answers = [
        verdict_on(other, certificate.number),
        verdict_on(certificate.code, "GG-2026-9999"),
        verdict_on(other, "GG-2026-9999"),
        verdict_on(certificate.code[:-1], certificate.number),
        verdict_on("' OR 1=1 --", certificate.number),
    ]
    assert {(answer.kind, str(answer.facts)) for answer in answers} == {("unknown", "{}")}


@pytest.mark.parametrize("code", ["0" * 32, "short", "%00"])
def test_code_nobody_has_is_answered_in_words(client, code):
    response = client.get(f"/verify/{code}/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "No certificate has this code" in response.content.decode()


def test_no_search_engine_lists_a_certificate_and_no_cache_keeps_it(client):
    response = by_code(client, issued().code)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    # A stricter policy would hide the origin from our own form, and its POST would be refused.
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]


def test_both_answers_cost_one_query(client, django_assert_num_queries):
    certificate = issued()
    for code in (certificate.code, "0" * 32):
        with django_assert_num_queries(1):
            verdict_on(code, certificate.number)


def test_empty_form_is_sent_back_with_what_is_missing(client):
    response = by_hand(client, "", "")
    assert response.status_code == 422
    assert "2 answers need a correction" in response.content.decode()


def test_guessing_is_stopped_after_twenty_checks_a_minute(client):
    certificate = issued()
    for _ in range(20):
        assert by_code(client, "0" * 32).status_code == HTTPStatus.NOT_FOUND
    assert by_code(client, certificate.code).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert by_hand(client, certificate.number, certificate.code).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert client.get(reverse("public:verify")).status_code == HTTPStatus.OK
    assert (
        client.get(reverse("public:verify-code", args=["0" * 32]), REMOTE_ADDR="10.0.0.2").status_code == 404
    )
