"""The verbs of participants, one module a stateful record."""

from . import followups, trainees

__all__ = ["followups", "trainees"]
