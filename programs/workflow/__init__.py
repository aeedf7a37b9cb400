"""The verbs of programs, one module a stateful record."""

from . import answers, certificate_names, certificates, cohorts, enrollments, issuing, placements, requests

__all__ = [
    "answers",
    "certificate_names",
    "certificates",
    "cohorts",
    "enrollments",
    "issuing",
    "placements",
    "requests",
]
