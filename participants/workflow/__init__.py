"""The verbs of participants, one module a stateful record."""

from . import duplicates, followups, passports, trainees

__all__ = ["duplicates", "followups", "passports", "trainees"]
