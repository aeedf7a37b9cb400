"""The certificate as a digital badge: an Open Badges 3.0 credential, signed with the province's key as a JWT (ES256).

It says what the paper says and nothing more about the person. Its identifier is made from the code and does not
give it away, so that the list of those taken back can be public.
"""

import base64
import hashlib
import json
import uuid
from datetime import date, datetime, time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from jwt.algorithms import ECAlgorithm

from portal.records import clock

from . import sealing
from .models import Certificate, WithdrawnBadge

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
USUAL = "has completed the program below, conducted by Gyeonggi Province, Republic of Korea."
INVENTED = "Demo – invented person. "
ALGORITHM = "ES256"


def address(name, *args):
    return settings.SITE_URL + reverse(f"public:{name}", args=args)


def uuid_of(certificate):
    """What the credential is called: by it nobody finds the code, and each certificate has one."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"certificate:{certificate.code}")


def identifier(certificate):
    """The same as it stands in the credential."""
    return uuid_of(certificate).urn


def issuer():
    """Who issues: the profile that stands at its own address."""
    return {
        "id": address("issuer"),
        "type": ["Profile"],
        "name": sealing.ORGANIZATION,
        "url": settings.SITE_URL,
    }


def credential(certificate):
    """The certificate as an OpenBadgeCredential, out of the words that were printed."""
    printed = certificate.printed
    issued = datetime.combine(date.fromisoformat(printed["issued_on"]), time(), clock.SEOUL)
    return {
        "@context": CONTEXTS,
        "id": identifier(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _marked(printed, printed["program_en"]),
        "issuer": issuer(),
        "validFrom": issued.isoformat(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "hashed": False,
                    "identityHash": printed["name"],
                }
            ],
            "licenseNumber": certificate.number,
            "narrative": _narrative(printed),
            "achievement": _achievement(printed),
        },
        "credentialStatus": {"id": address("issuer-revoked"), "type": "1EdTechRevocationList"},
    }


def _achievement(printed):
    """What was achieved, and what it took."""
    title = f"{printed['program_en']}, {printed['period_en']}"
    return {
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}:{title}").urn,
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": _marked(printed, printed["program_en"]),
        "description": _marked(printed, title),
        "criteria": {"narrative": printed.get("statement_en") or USUAL},
    }


def _narrative(printed):
    """Where the training was, as the paper says it."""
    names = [english for english, _korean in printed.get("hospitals", ())]
    places = f" Host hospitals: {', '.join(names)}." if names else ""
    return _marked(printed, f"{printed['program_en']}, {printed['period_en']}.{places}")


def _marked(printed, text):
    """The text; what is shown about an invented person says so first, as the paper does."""
    return f"{INVENTED}{text}" if printed.get("demo") else text


def token(certificate):
    """The credential as a compact JWS. Raises ImproperlyConfigured where the province has no key for it."""
    content = credential(certificate)
    claims = {
        **content,
        "iss": content["issuer"]["id"],
        "jti": content["id"],
        "nbf": int(datetime.fromisoformat(content["validFrom"]).timestamp()),
        "sub": content["id"],
    }
    headers = {"jwk": public_jwk()}
    return jwt.encode(claims, sealing.private_key(), algorithm=ALGORITHM, headers=headers)


def public_jwk():
    """The key that checks the badges of today, see `_jwk`."""
    return _jwk(sealing.public_key())


def public_jwks():
    """Every key that a badge of ours may be signed with: today's and those of earlier seals."""
    return [_jwk(key) for key in (sealing.public_key(), *sealing.earlier_public_keys())]


def _jwk(key):
    """A key that checks badges, as a JSON Web Key named by its thumbprint (RFC 7638)."""
    if not isinstance(key.curve, ec.SECP256R1):
        raise ImproperlyConfigured("CERTIFICATE_SEAL needs a key on P-256: badges are signed with ES256.")
    jwk = ECAlgorithm.to_jwk(key, as_dict=True)
    thumbprint = hashlib.sha256(json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()).digest()
    kid = base64.urlsafe_b64encode(thumbprint).rstrip(b"=").decode()
    return {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"}


def revoked():
    """The credentials that do not stand any more: revoked, followed by another one, or withdrawn with their holder's
    record (`WithdrawnBadge`).
    """
    gone = Certificate.objects.filter(state__in=[Certificate.State.REVOKED, Certificate.State.SUPERSEDED])
    rows = gone.only("code", "state").order_by("pk").iterator()
    listed = [(identifier(one), str(one.state)) for one in rows]
    listed += [(one.identifier.urn, "withdrawn") for one in WithdrawnBadge.objects.iterator()]
    return {
        "id": address("issuer-revoked"),
        "issuer": address("issuer"),
        "revokedCredential": [
            {"id": name, "revoked": True, "revocationReason": reason} for name, reason in listed
        ],
    }
