"""The verbs of programs, one module a stateful record."""

from . import (
    answers,
    certificate_names,
    certificates,
    cohort_copies,
    cohorts,
    enrollments,
    headcounts,
    issuing,
    lines,
    papers,
    placements,
    programs,
    requests,
    retention,
)

__all__ = [
    "answers",
    "certificate_names",
    "certificates",
    "cohort_copies",
    "cohorts",
    "enrollments",
    "headcounts",
    "issuing",
    "lines",
    "papers",
    "placements",
    "programs",
    "requests",
    "retention",
]
