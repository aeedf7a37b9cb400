"""The verbs of participants, one module a stateful record."""

from . import duplicates, followups, trainees

__all__ = ["duplicates", "followups", "trainees"]
