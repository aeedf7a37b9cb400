"""The certificate as an Open Badge: read back by a JWT library of other people, and taken back in public."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, KeySet

from portal.accounts.roles import Role
from portal.records import clock
from programs import sealing
from programs.workflow import certificates
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    trainee = factories.make_trainee("Nomin-Erdene Tsogt", local_name="Номин-Эрдэнэ", user=True)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    return factories.make_certificate(enrollment=enrollment, state="issued")


def badge_of(client, certificate):
    return client.get(reverse("public:verify-badge", args=[certificate.code]))


def key_set(client):
    return KeySet.import_key_set(client.get(reverse("public:issuer-keys")).json())


def claims_of(client, certificate):
    token = badge_of(client, certificate).content.decode()
    [key] = key_set(client).keys
    return jwt.decode(token, key, algorithms=["ES256"]).claims


def revoke(certificate):
    officer, manager = factories.make_user(Role.OFFICER), factories.make_user(Role.MANAGER)
    certificates.ask_revocation(certificate, by=officer, reason="wrong person, born 1990")
    certificates.revoke(certificate, by=manager)


def test_another_library_verifies_it_with_the_published_key(client, certificate):
    response = badge_of(client, certificate)
    assert response.headers["Content-Type"] == "application/jwt"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{certificate.number}.jwt"'
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    token = response.content.decode()
    [key] = key_set(client).keys
    header = jws.extract_compact(token.encode()).headers()
    assert (header["alg"], header["typ"], header["jwk"]["kid"]) == ("ES256", "JWT", key.kid)
    assert ECKey.import_key(header["jwk"]).thumbprint() == key.kid
    assert "d" not in header["jwk"]
    head, _body, signature = token.split(".")
    forged = jws.serialize_compact({"alg": "ES256"}, b"{}", ECKey.generate_key("P-256")).split(".")[1]
    with pytest.raises(BadSignatureError):
        jwt.decode(f"{head}.{forged}.{signature}", key, algorithms=["ES256"])


def test_a_badge_signed_before_the_seal_was_changed_is_still_verified(
    client, certificate, settings, tmp_path
):
    token = badge_of(client, certificate).content.decode()
    [before] = key_set(client).keys
    old_seal, new_seal = Path(settings.CERTIFICATE_SEAL), tmp_path / "new.pem"
    certificates_alone = tmp_path / "before.pem"
    certificates_alone.write_bytes(old_seal.read_bytes().partition(b"-----END PRIVATE KEY-----")[2])
    sealing.make_demo_seal(new_seal)
    settings.CERTIFICATE_SEAL = str(new_seal)
    assert before.kid not in [key.kid for key in key_set(client).keys]

    settings.CERTIFICATE_SEALS_BEFORE = [str(certificates_alone)]

    now, earlier = key_set(client).keys
    assert (now.kid == before.kid, earlier.kid) == (False, before.kid)
    assert jwt.decode(token, earlier, algorithms=["ES256"]).claims["jti"]


def test_it_has_what_open_badges_asks_for(client, certificate):
    claims = claims_of(client, certificate)
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert claims["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context-3")
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    profile = client.get(reverse("public:issuer")).json()
    assert claims["issuer"] == {name: profile[name] for name in ("id", "type", "name", "url")}
    assert claims["iss"] == profile["id"]
    assert claims["jti"] == claims["sub"] == claims["id"]
    begins = datetime.fromisoformat(claims["validFrom"])
    assert begins.date() == certificate.issued_on
    assert claims["nbf"] == begins.timestamp() <= clock.now().timestamp()
    subject = claims["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["licenseNumber"] == certificate.number
    achievement = subject["achievement"]
    assert achievement["type"] == ["Achievement"]
    assert achievement["name"] == certificate.printed["program_en"]
    assert achievement["id"].startswith("urn:uuid:")
    assert achievement["description"]
    assert achievement["criteria"]["narrative"].startswith("has completed the program")


def test_it_says_of_the_person_what_the_paper_says_and_nothing_more(client, certificate):
    claims = claims_of(client, certificate)
    [who] = claims["credentialSubject"]["identifier"]
    assert who["identityHash"] == certificate.printed["name"]
    text = json.dumps(claims, ensure_ascii=False)
    trainee = certificate.enrollment.trainee
    for kept in (trainee.email, certificate.code, "Номин", trainee.institution.name):
        assert kept not in text


def test_the_badge_of_an_invented_person_says_so_wherever_it_is_shown(client):
    enrollment = factories.make_enrollment(
        trainee=factories.make_trainee(is_invented=True), state="completed"
    )
    certificate = factories.make_certificate(enrollment=enrollment, state="issued")
    claims = claims_of(client, certificate)
    subject = claims["credentialSubject"]
    shown = [claims["name"], subject["narrative"], subject["achievement"]["name"]]
    for text in [*shown, subject["achievement"]["description"]]:
        assert text.startswith(f"Demo – invented person. {certificate.printed['program_en']}")


@pytest.mark.parametrize("code", ["0" * 32, "nonsense"])
def test_without_the_code_there_is_no_badge(client, certificate, code):
    response = client.get(reverse("public:verify-badge", args=[code]), follow=True)
    assert response.status_code == 404
    assert certificate.number.encode() not in response.content


def test_one_that_was_revoked_is_on_the_public_list_which_names_nobody(client, certificate):
    claims = claims_of(client, certificate)
    status = claims["credentialStatus"]
    assert status["type"] == "1EdTechRevocationList"
    listed = reverse("public:issuer-revoked")
    assert status["id"].endswith(listed)
    assert client.get(listed).json()["revokedCredential"] == []
    revoke(certificate)
    answer = client.get(listed)
    assert answer.json()["revokedCredential"] == [
        {"id": claims["id"], "revoked": True, "revocationReason": "revoked"}
    ]
    for secret in (certificate.code, certificate.printed["name"], "1990"):
        assert secret not in answer.content.decode()
    page = client.get(reverse("public:verify-badge", args=[certificate.code]), follow=True)
    assert "This certificate was revoked" in page.content.decode()


def test_the_holder_and_whoever_checks_a_valid_certificate_find_it(client, certificate):
    address = reverse("public:verify-badge", args=[certificate.code])
    verify = reverse("public:verify-code", args=[certificate.code])
    assert address in client.get(verify).content.decode()
    client.force_login(certificate.enrollment.trainee.user)
    assert address in client.get(reverse("programs:my-certificates")).content.decode()
    revoke(certificate)
    assert address not in client.get(verify).content.decode()
    assert address not in client.get(reverse("programs:my-certificates")).content.decode()
