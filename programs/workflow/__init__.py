"""The verbs of programs, one module a stateful record."""

from . import certificates, cohorts, enrollments, placements, requests

__all__ = ["certificates", "cohorts", "enrollments", "placements", "requests"]
