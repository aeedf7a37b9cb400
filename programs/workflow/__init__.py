"""The verbs of programs, one module a stateful record."""

from . import answers, certificate_names, certificates, cohorts, enrollments, placements, requests

__all__ = ["answers", "certificate_names", "certificates", "cohorts", "enrollments", "placements", "requests"]
