"""What the portal says about a certificate to anybody who holds its code: what was printed, and whether it stands."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

from portal.records import clock
from programs.models import Certificate

CODE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Verdict:
    """The answer: valid, superseded, revoked or unknown, with what was printed unless it is unknown."""

    kind: str = "unknown"
    state: str = ""
    label: str = ""
    facts: dict = field(default_factory=dict)


def certificate_with(code):
    """The certificate that was issued with this code; None where there is none."""
    if not CODE.fullmatch(code):
        return None
    shown = ("number", "code", "state", "printed", "file__sha256")  # of forty columns
    certificates = Certificate.objects.select_related("file").only(*shown)
    return certificates.filter(code=code, state__in=Certificate.PUBLIC).first()


def verdict_on(code, number=None):
    """The verdict on the certificate with this code (and, where one is given, this number).

    The code alone is looked up, by its unique index: 128 random bits cannot be felt for by time. A wrong code, a
    certificate that was never issued and a number that belongs to another code give one and the same answer.
    """
    found = certificate_with(code)
    if found is None or (number is not None and number != found.number):
        return Verdict()
    kinds = {Certificate.State.ISSUED: "valid", Certificate.State.SUPERSEDED: "superseded"}
    return Verdict(kinds.get(found.state, "revoked"), found.state, found.get_state_display(), _facts(found))


def _facts(certificate):
    """What was printed, word for word, in the reader's language; nothing else about the person."""
    printed = certificate.printed
    language = "ko" if get_language() == "ko" else "en"
    return {
        "number": certificate.number,
        "name": printed["name"],
        "is_demo": printed.get("demo", False),
        "program": printed[f"program_{language}"],
        "period": printed[f"period_{language}"],
        "issued_on": date.fromisoformat(printed["issued_on"]),
        "issuer": printed[f"signatory_title_{language}"],
        "sha256": certificate.file.sha256,
        "checked_at": clock.now(),
    }
