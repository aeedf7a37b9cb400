"""The verbs of participants, one module a stateful record."""

from . import consents, documents, duplicates, followups, graduates, own, passports, renewals, trainees

__all__ = [
    "consents",
    "documents",
    "duplicates",
    "followups",
    "graduates",
    "own",
    "passports",
    "renewals",
    "trainees",
]
